"""Least privilege for people (a line for each role, and the diff) and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import unified_diff
from typing import Any

import msgspec

from checkrein.model import Edit, Place
from checkrein.model.least import Least, Leasts, Right
from checkrein.notation import decode, splice
from checkrein.report.harmless import line
from checkrein.report.wording import listed

MANY = 3  # names that a line lists


def document(found: Iterable[Least]) -> bytes:
    """Return the list that a program reads, one entry for each function; see docs/least.md."""
    content = [
        {
            "function": one.function,
            "identity": one.identity or None,
            "needed": [
                {"action": r.action, "resource": r.resource, "reason": r.reason, **_at(r)}
                for r in one.needed
            ],
            "excess": [{"action": r.action, "resource": r.resource, **_at(r)} for r in one.excess],
            "missing": [
                {"action": r.action, "resource": r.resource, **_at(r)} for r in one.missing
            ],
            "policy": one.policy,
        }
        for one in found
    ]
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _at(right: Right) -> dict[str, Any]:
    return {"place": _place(right.place)}


def _place(place: Place) -> dict[str, Any] | None:
    return msgspec.structs.asdict(place) if place.path else None


def text(found: Leasts) -> str:
    """Return what a person reads: each role's excess and lack in words, then the diff."""
    lines = [line(said) for one in _by_role(found.leasts) for said in _said(one)]
    diff = _diff(found)
    return "\n".join([*lines, *(["", *diff] if diff else []), ""])


def _diff(found: Leasts) -> list[str]:
    """Return the lines of a unified diff of the files that the edits change."""
    by_file: dict[str, list[Edit]] = {}
    for edit in found.edits:
        by_file.setdefault(edit.place.path, []).append(edit)
    lines: list[str] = []
    for path, some in sorted(by_file.items()):
        old = decode((found.root / path).read_bytes(), path)
        new = splice(old, some)
        names = f"a/{path}", f"b/{path}"
        lines += unified_diff(old.splitlines(), new.splitlines(), *names, lineterm="")
    return lines


def _by_role(found: Iterable[Least]) -> Iterator[Least]:
    """Yield one of the functions of each role."""
    seen: set[str] = set()
    for one in found:
        if not one.identity or one.identity not in seen:
            seen.add(one.identity)
            yield one


def _said(one: Least) -> Iterator[str]:
    whose = listed([_short(id) for id in (one.function, *one.shared)], MANY)
    whose += f" (role {_short(one.identity)})" if one.shared else ""
    if one.excess:
        yield f"{whose}: {_counted(one.excess, 'they' if one.shared else 'it')}"
    for right in one.missing:
        yield f"{whose}: lacks {right.action} on {right.resource}, used at {right.place}"
    if not one.excess and not one.missing:
        yield f"{whose}: least already"
    for reason in one.kept:
        yield f"  kept: {reason}"
    for reason in one.why_not:
        yield f"  no fix: {reason}"


def _counted(excess: tuple[Right, ...], who: str) -> str:
    """Say how much is too much: ``27 actions it never uses, on Orders and Users``."""
    actions = {right.action for right in excess}
    resources = sorted({right.resource for right in excess}, key=lambda r: (r != "*", r))
    if "*" in resources:
        shown = ["everything"]
    else:
        shown = resources[:MANY]
        shown += [f"{len(resources) - MANY} more"] if resources[MANY:] else []
    count = next(iter(actions)) if len(actions) == 1 else f"{len(actions)} actions"
    where = " and ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
    return f"{count} {who} never {'use' if who == 'they' else 'uses'}, on {where}"


def _short(id: str) -> str:
    return id.rpartition("/")[2]
