"""Templates and resources that are the same under another name: they are neither new nor gone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from msgspec.structs import replace

from checkrein.model import Line
from checkrein.model.difference import Known, Node, Recorded, Renamed

MOST = 0.6  # of a template's resources that must be there under its other name


def with_new_names(before: Recorded, after: Recorded) -> tuple[Recorded, tuple[Renamed, ...]]:
    """Return the version before in the names of the one after, and what was renamed."""
    stacks = _stacks(before.nodes, after.nodes)
    if stacks:
        before = _called(before, stacks, "(?=[/@])")
    resources = _resources(before.nodes, after.nodes)
    if resources:
        before = _called(before, resources, r"(?![\w.-])")
    return before, tuple(Renamed(old, new) for old, new in sorted({**stacks, **resources}.items()))


def _stacks(before: Mapping[str, Node], after: Mapping[str, Node]) -> dict[str, str]:
    """Return the templates that are gone, and the new ones that hold most of the same."""
    old, new = _by_stack(before), _by_stack(after)
    gone = {stack: held for stack, held in old.items() if stack not in new}
    come = {stack: held for stack, held in new.items() if stack not in old}
    pairs = sorted(
        (-_share(left, right), was, now)
        for was, left in gone.items()
        for now, right in come.items()
        if _share(left, right) >= MOST
    )
    found: dict[str, str] = {}
    for _, was, now in pairs:
        if was not in found and now not in found.values():
            found[was] = now
    return found


def _by_stack(nodes: Mapping[str, Node]) -> dict[str, set[tuple[str, str]]]:
    found: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for id, node in nodes.items():
        stack, slash, name = id.rpartition("/")
        if slash and node.alike:
            found[stack].add((name, node.type))
    return dict(found)


def _share(left: set[tuple[str, str]], right: set[tuple[str, str]]) -> float:
    return len(left & right) / max(len(left), len(right))


def _resources(before: Mapping[str, Node], after: Mapping[str, Node]) -> dict[str, str]:
    """Return the resources that are gone, and the only new ones that are equal to them."""
    gone = _by_likeness(before, after)
    come = _by_likeness(after, before)
    return {
        ids[0]: come[alike][0]
        for alike, ids in gone.items()
        if len(ids) == 1 and len(come.get(alike, ())) == 1
    }


def _by_likeness(nodes: Mapping[str, Node], others: Mapping[str, Node]) -> dict[str, list[str]]:
    """Return the nodes that the others lack, by what is alike and in the same template."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for id, node in nodes.items():
        if node.alike and id not in others:
            found[f"{id.rpartition('/')[0]} {node.alike}"].append(id)
    return dict(found)


def _called(version: Recorded, names: Mapping[str, str], end: str) -> Recorded:
    rename = _renamer(names, end)
    return replace(
        version,
        nodes={rename(id): node for id, node in version.nodes.items()},
        lines=tuple(_line(line, rename) for line in version.lines),
        findings=tuple(_finding(each, rename) for each in version.findings),
    )


def _renamer(names: Mapping[str, str], end: str) -> Callable[[str], str]:
    """Return what puts new names into a text, where they stand alone, before a certain end."""
    known = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    pattern = re.compile(rf"(?<![\w/.-])({known}){end}")
    return lambda text: pattern.sub(lambda found: names[found[1]], text)


def _line(line: Line, rename: Callable[[str], str]) -> Line:
    owner, key = rename(line.owner), rename(line.key)
    told = sorted(zip(_each(line.values, rename), line.steps, strict=True))
    return replace(
        line,
        id=" ".join(filter(None, (line.kind, owner, key))),
        owner=owner,
        key=key,
        values=tuple(value for value, _ in told),
        steps=tuple(steps for _, steps in told),
    )


def _finding(known: Known, rename: Callable[[str], str]) -> Known:
    return replace(known, subject=rename(known.subject), key=_each(known.key, rename))


def _each(words: Iterable[str], rename: Callable[[str], str]) -> tuple[str, ...]:
    return tuple(map(rename, words))
