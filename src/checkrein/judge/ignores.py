"""Findings that the user accepted: in a comment, or in a resource's Metadata; with a reason.

``# checkrein: ignore[check-id] reason`` (``//`` too) on the finding's line or the line above, or
``Metadata: {checkrein: {ignore: [{id, reason, expires: 2027-01-31}]}}`` on the resource. Without
a reason, or past its date, an ignore does not count and the verdict says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from checkrein.model import App, Finding, Outcome, Place, Resource, Verdict
from checkrein.model.result import Ignored

COMMENT = re.compile(r"(?:#|//)\s*checkrein:\s*ignore\[([\w\s,-]+)\][ \t]*(.*?)\s*(?:\*/)?\s*$")


class Wish(Struct, frozen=True):
    """One request to ignore a check, good or not; ``flaw`` says why it does not count."""

    reason: str
    flaw: str = ""


class Sources:
    """Where wishes stand: the lines of files, and the Metadata of resources."""

    def __init__(self, app: App, root: Path) -> None:
        self.root = root
        self.files: dict[str, list[str]] = {}
        self.sections: dict[str, list[Any]] = {}
        for resource in app.every(Resource):
            section = resource.metadata.get("checkrein")
            listed = section.get("ignore") if isinstance(section, dict) else None
            if isinstance(listed, list):
                self.sections.setdefault(resource.id, []).extend(listed)

    def line(self, path: str, number: int) -> str:
        """Return a line of a file by its number, "" where there is none."""
        if path not in self.files:
            self.files[path] = self._read(path) if path else []
        lines = self.files[path]
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def _read(self, path: str) -> list[str]:
        try:
            return (self.root / path).read_text("utf-8", errors="replace").splitlines()
        except OSError:
            return []


def ignore(
    verdicts: Iterable[Verdict], app: App, root: Path
) -> tuple[list[Verdict], list[Ignored]]:
    """Take accepted findings out of the verdicts; a verdict with none left passes."""
    sources = Sources(app, root)
    kept: list[Verdict] = []
    ignored: list[Ignored] = []
    for verdict in verdicts:
        wishes = [(finding, _wish(verdict, finding, sources)) for finding in verdict.findings]
        kept.append(_without(verdict, wishes))
        ignored += [
            Ignored(verdict.check, verdict.subject, finding.fingerprint, wish.reason)
            for finding, wish in wishes
            if wish and not wish.flaw
        ]
    return kept, ignored


def _without(verdict: Verdict, wishes: list[tuple[Finding, Wish | None]]) -> Verdict:
    asked = [wish for _, wish in wishes if wish]
    if not asked:
        return verdict
    left = tuple(finding for finding, wish in wishes if not wish or wish.flaw)
    if not left:
        reasons = "; ".join(dict.fromkeys(wish.reason for wish in asked))
        passed = Verdict(verdict.check, verdict.subject, Outcome.PASS, persona=verdict.persona)
        return replace(passed, reason=f"ignored: {reasons}")
    flaws = [wish.flaw for wish in asked if wish.flaw]
    return replace(verdict, findings=left, reason="; ".join([verdict.reason, *flaws]))


def _wish(verdict: Verdict, finding: Finding, sources: Sources) -> Wish | None:
    listed = sources.sections.get(verdict.subject, [])
    asked = [
        *_comments(verdict.check, finding.place, sources),
        *(_listed(item) for item in listed if _names(item, verdict.check)),
    ]
    good = [wish for wish in asked if not wish.flaw]
    return next(iter(good or asked), None)


def _comments(check: str, place: Place, sources: Sources) -> Iterator[Wish]:
    above = sources.line(place.path, place.line - 1)
    own_line = above.lstrip().startswith(("#", "//"))
    for line in (sources.line(place.path, place.line), above if own_line else ""):
        found = COMMENT.search(line)
        if found and check in re.split(r"[\s,]+", found[1].strip()):
            yield _judged(found[2], None)


def _names(item: Any, check: str) -> bool:
    return isinstance(item, dict) and item.get("id") == check


def _listed(item: dict[str, Any]) -> Wish:
    return _judged(str(item.get("reason") or ""), item.get("expires"))


def _judged(reason: str, expires: Any) -> Wish:
    if not reason.strip():
        return Wish("", "an ignore without a reason does not count")
    if expires is None:
        return Wish(reason)
    try:
        last = date.fromisoformat(str(expires))
    except ValueError:
        return Wish(reason, f"an ignore that expires on {expires!r} does not count: not a date")
    past = last < datetime.now(UTC).date()
    return Wish(reason, f"an ignore expired on {last}" if past else "")
