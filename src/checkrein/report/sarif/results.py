"""Findings as SARIF's results: the span, the path as a code flow, the fix as replacements."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from checkrein.model import Edit, Evidence, Finding, Outcome, Place, Verdict
from checkrein.model.result import Remedy, Result
from checkrein.report.order import Told
from checkrein.report.run import Run
from checkrein.report.sarif.places import artifact, location, span
from checkrein.report.sarif.rules import LEVELS, SECURITY, Rules, rule_id

SUPPRESSIONS = {Outcome.IGNORED: "inSource", Outcome.KNOWN: "external"}
STEPS = 1_000  # of a code flow; GitHub shows no more
WORST = 18  # a serious fault, valuable data, open to anyone


def result(told: Told, found: Result, run: Run, rules: Rules) -> dict[str, Any]:
    """Return a finding as a result."""
    verdict, finding = told
    content: dict[str, Any] = {
        "ruleId": rule_id(verdict.check, verdict.severity),
        "ruleIndex": rules.index(verdict.check, verdict.severity),
        "level": LEVELS[verdict.severity],
        "kind": "fail",
        "partialFingerprints": {"checkrein/v1": finding.fingerprint},
        "rank": round(min(100.0, 100 * verdict.score / WORST), 1),
        "message": {"text": f"{finding.message}\n\n{verdict.reason}"},
        "locations": [_at(finding.place, verdict.subject, run)],
        "relatedLocations": _related(finding, run),
        "codeFlows": _flows(finding, run),
        "fixes": _fixes(finding, found.remedies.get(finding.fingerprint, Remedy()), run),
        "taxa": list(filter(None, [rules.weakness(finding.cwe)])),
        "suppressions": _suppressions(verdict),
    }
    properties = {
        "security-severity": SECURITY[verdict.severity],
        "severity": verdict.severity,
        "confidence": verdict.confidence,
        "subject": verdict.subject,
        "data": list(dict.fromkeys(finding.data)),
        "endangers": list(dict.fromkeys(finding.endangers)),
        "by": list(dict.fromkeys(finding.by)),
    }
    told_of = {key: value for key, value in content.items() if value != []}
    return {**told_of, "properties": properties}


def _suppressions(verdict: Verdict) -> list[dict[str, Any]]:
    """Return why a finding counts no longer: ignored beside the code, or in the baseline."""
    kind = SUPPRESSIONS.get(verdict.outcome)
    accepted = {"status": "accepted", "justification": verdict.reason}
    return [{"kind": kind, **accepted}] if kind else []


def _at(place: Place, subject: str, run: Run) -> dict[str, Any]:
    return {
        **location(place, run),
        "logicalLocations": [
            {"fullyQualifiedName": subject, "name": subject.rpartition("/")[2], "kind": "resource"}
        ],
    }


def _related(finding: Finding, run: Run) -> list[dict[str, Any]]:
    """Return what makes the finding true and stands elsewhere."""
    told = [each for each in finding.evidence if each.place.path and each.place != finding.place]
    return [{"id": n, **location(e.place, run, e.text)} for n, e in enumerate(told, 1)]


def _flows(finding: Finding, run: Run) -> list[dict[str, Any]]:
    """Return the way that the data takes, from where it enters to the finding's own place."""
    steps = list(finding.steps)
    if not any(step.place.path for step in steps):
        return []
    if steps[-1].place.path and steps[-1].place != finding.place:
        steps.append(Evidence(finding.message, finding.place))
    if len(steps) > STEPS:
        steps = [*steps[: STEPS - 1], steps[-1]]
    locations = [
        {"location": location(place, run, step.text), "executionOrder": number}
        for number, (step, place) in enumerate(_placed(steps, finding.place), 1)
    ]
    return [{"threadFlows": [{"locations": locations}]}]


def _placed(steps: list[Evidence], last: Place) -> list[tuple[Evidence, Place]]:
    """Give a step that has no place of its own that of the next one."""
    found: list[tuple[Evidence, Place]] = []
    for step in reversed(steps):
        last = step.place if step.place.path else last
        found.append((step, last))
    return found[::-1]


def _fixes(finding: Finding, remedy: Remedy, run: Run) -> list[dict[str, Any]]:
    if not finding.fix or not remedy.edits:
        return []
    by_file: defaultdict[str, list[Edit]] = defaultdict(list)
    for edit in remedy.edits:
        by_file[edit.place.path].append(edit)
    unsafe = "" if finding.fix.safe else " (review it: this may change what works)"
    return [
        {
            "description": {"text": finding.fix.title + unsafe},
            "artifactChanges": [_change(edits, run) for edits in by_file.values()],
        }
    ]


def _change(edits: list[Edit], run: Run) -> dict[str, Any]:
    return {
        "artifactLocation": artifact(edits[0].place, run),
        "replacements": [
            {"deletedRegion": span(edit.place), "insertedContent": {"text": edit.text}}
            for edit in edits
        ],
    }
