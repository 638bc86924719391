"""Cuts for programs: one document, schema 1; docs/whatif.md has its parts."""

from __future__ import annotations

from typing import Any

import msgspec

from checkrein.model.cuts import Cut, Cuts, Kept
from checkrein.model.result import Result
from checkrein.report.answers import document as answered
from checkrein.report.diff import diff
from checkrein.report.json import place, told
from checkrein.report.secrets import Secrets


def document(result: Result, found: Cuts) -> bytes:
    """Return the cuts of a row as a document."""
    content = {
        "subject": found.subject,
        "service": found.service,
        "text": found.text,
        "intended": found.intended,
        "coded_beyond_intent": found.coded,
        "excess": found.excess,
        "goals": [_goal(result, kept) for kept in found.kept],
        "stays": [{"data": each.data, "steps": told(each.steps)} for each in found.stays],
        "notes": found.notes,
    }
    return answered(result, content)


def _goal(result: Result, kept: Kept) -> dict[str, Any]:
    return {
        "data": kept.data,
        "triggers_too": kept.switching,
        "cuts": [_cut(result, cut) for cut in kept.cuts],
        "least": kept.least,
        "enough": _cut(result, kept.enough) if kept.enough else None,
        "looked": kept.looked,
        "stopped": kept.stopped,
    }


def _cut(result: Result, cut: Cut) -> dict[str, Any]:
    return {
        "removed": [
            {"kind": each.kind, "text": each.text, "place": place(each.place)}
            for each in cut.removed
        ],
        "proved": cut.proved,
        "breaks": told(cut.breaks),
        "doubts": cut.doubts,
        "rows": cut.rows,
        "edits": [msgspec.structs.asdict(edit) for edit in cut.edits],
        "diff": list(diff(cut.edits, result.root, Secrets())),
        "why_not": cut.why_not,
    }
