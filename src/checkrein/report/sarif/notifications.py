"""What a scan could not do, as SARIF's notifications: never a clean result where it looked away."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checkrein.model import Outcome, Place, Unread, Verdict
from checkrein.model.result import Result
from checkrein.report.order import without_findings
from checkrein.report.run import Run, place_of
from checkrein.report.sarif.places import location


def notifications(found: Result, run: Run, *, left_out: int, accepted: int) -> list[dict[str, Any]]:
    """Return what was not read, crashed checks, what is undecided, and what is left out."""
    cut = f"{left_out} results are left out: a file holds 25,000"
    apart = f"{accepted} findings are ignored or in the baseline: --all tells them, suppressed"
    return [
        *_unread(found, run),
        *_verdicts(found, Outcome.CRASHED, "error", run),
        *_verdicts(found, Outcome.UNDECIDED, "note", run),
        *(_note("told", "note", note) for note in found.notes),
        *([_note("accepted", "note", apart)] if accepted else []),
        *([_note("left-out", "warning", cut)] if left_out else []),
    ]


def _unread(found: Result, run: Run) -> Iterator[dict[str, Any]]:
    for unread in found.app.every(Unread):
        text = f"{unread.path}: {unread.reason} ({unread.effect})"
        note = _note("unread", "error" if unread.fatal else "warning", text)
        place = Place("" if unread.path == "." else unread.path, unread.place.line)
        yield {**note, "locations": [location(place, run)]} if place.path else note


def _verdicts(found: Result, outcome: Outcome, level: str, run: Run) -> Iterator[dict[str, Any]]:
    for verdict in without_findings(found, outcome):
        note = _note(outcome, level, _told(verdict))
        place = place_of(found.app, verdict.subject)
        yield {**note, "locations": [location(place, run)]} if place.path else note


def _told(verdict: Verdict) -> str:
    return f"{verdict.check} on {verdict.subject} is {verdict.outcome}: {verdict.reason}"


def _note(id: str, level: str, text: str) -> dict[str, Any]:
    return {"descriptor": {"id": id}, "level": level, "message": {"text": text}}
