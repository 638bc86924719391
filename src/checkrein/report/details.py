"""What every report says of a finding, in plain sentences."""

from __future__ import annotations

from checkrein.model import Finding, Place, Resource
from checkrein.model.result import Remedy, Result
from checkrein.report.run import Run


def because(finding: Finding, run: Run) -> list[str]:
    """Return why a finding is true and how the data gets there, each with its place."""
    told = [*finding.evidence, *finding.steps]
    return [
        f"{each.text} ({at(each.place, run)})" if each.place.path else each.text for each in told
    ]


def at(place: Place, run: Run) -> str:
    """Return a place from the repository's root: ``services/shop/app.py:12``."""
    return f"{run.path(place.path)}:{place.line}" if place.line else run.path(place.path)


def remedy_of(finding: Finding, result: Result) -> Remedy:
    """Return the edits that mend a finding, or why there are none."""
    return result.remedies.get(finding.fingerprint, Remedy())


def solution(check: str, finding: Finding, run: Run) -> str:
    """Return what to do: the fix's title, and what the check's documentation says."""
    title = f"{finding.fix.title[0].upper()}{finding.fix.title[1:]}." if finding.fix else ""
    advice = " ".join(run.rule(check).section("Fix").split())
    return " ".join(filter(None, [title, advice]))


def acceptance(finding: Finding) -> str:
    """Return how to accept what differs from the lock, "" for other findings."""
    return f"checkrein accept {finding.fingerprint[:8]} --reason …" if finding.lines else ""


def subject_type(result: Result, subject: str) -> str:
    """Return the CloudFormation type of a verdict's subject, "" where it is no resource."""
    found = result.app.alternatives(Resource, subject.partition("<")[0])
    return found[0].type if found else ""


def cut(text: str, most: int) -> str:
    """Return a text that is short enough, with a mark where it was cut."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
