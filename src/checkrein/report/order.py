"""Findings in the order that a person wants them: the worst first, each once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from msgspec.structs import replace

from checkrein.model import Finding, Outcome, Severity, Verdict
from checkrein.model.result import Result

ORDER = tuple(Severity)
SURE = ("possible", "likely", "certain")


class Told(NamedTuple):
    """A finding, and the verdict that says how bad it is."""

    verdict: Verdict
    finding: Finding


def worst_first(result: Result, *outcomes: Outcome) -> list[Told]:
    """Return every finding once, the worst first: what a limit cuts off is the least.

    Of verdicts that fail, if no other outcomes are named.
    """
    told = distinct(result, *outcomes)
    return [Told(verdict, found) for verdict in told for found in verdict.findings]


def distinct(result: Result, *outcomes: Outcome) -> list[Verdict]:
    """Return the failing verdicts, the worst first, each finding once.

    What several subjects share (a section of Globals, a layer's line) is the worst one's.
    """
    told: set[tuple[str, str, int, str]] = set()
    kept = []
    wanted = outcomes or (Outcome.FAIL,)
    for verdict in sorted((v for v in result.verdicts if v.outcome in wanted), key=rank):
        findings = []
        for finding in verdict.findings:
            said = verdict.check, finding.place.path, finding.place.line, finding.message
            if said not in told:
                findings.append(finding)
            told.add(said)
        if findings:
            kept.append(replace(verdict, findings=tuple(findings)))
    return kept


def rank(verdict: Verdict) -> tuple[int, int, float, str, str]:
    """Return what sorts verdicts: severity, certainty, score; then names, so that it is stable."""
    severity, sure = ORDER.index(verdict.severity), SURE.index(verdict.confidence)
    return -severity, -sure, -verdict.score, verdict.check, verdict.subject


def without_findings(result: Result, outcome: Outcome) -> Iterator[Verdict]:
    """Yield the verdicts of an outcome that tells no findings, in the order of the scan."""
    return (verdict for verdict in result.verdicts if verdict.outcome is outcome)
