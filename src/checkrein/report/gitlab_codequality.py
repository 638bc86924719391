"""GitLab's Code Quality report: Code Climate's fields, as merge requests show them."""

from __future__ import annotations

from typing import Any

import msgspec

from checkrein.model import Severity
from checkrein.model.result import Result
from checkrein.report.order import Told, worst_first
from checkrein.report.run import Run

SEVERITIES = {
    Severity.LOW: "minor",
    Severity.MEDIUM: "major",
    Severity.HIGH: "critical",
    Severity.CRITICAL: "blocker",
}


def document(result: Result, run: Run) -> bytes:
    """Return a list of issues, the worst first."""
    issues = [_issue(told, run) for told in worst_first(result)]
    return msgspec.json.format(msgspec.json.encode(issues), indent=2) + b"\n"


def _issue(told: Told, run: Run) -> dict[str, Any]:
    verdict, finding = told
    place = finding.place
    lines = {"begin": max(1, place.line), "end": max(1, place.line, place.end_line)}
    return {
        "type": "issue",
        "check_name": verdict.check,
        "description": finding.message,
        "categories": ["Security"],
        "severity": SEVERITIES[verdict.severity],
        "fingerprint": finding.fingerprint,
        "location": {"path": run.path(place.path), "lines": lines},
    }
