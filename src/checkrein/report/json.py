"""The report a program reads: one document, schema 1; docs/schema/scan.schema.json."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec
from msgspec import UNSET

from checkrein import __version__
from checkrein.model import (
    App,
    Deployment,
    Evidence,
    Fact,
    Finding,
    Outcome,
    Place,
    Row,
    Unread,
    Verdict,
)
from checkrein.model.result import Remedy, Result
from checkrein.report import schema
from checkrein.report.counts import counts
from checkrein.report.groups import every_group, groups
from checkrein.report.schema import (
    Change,
    Deployed,
    Found,
    Judged,
    Line,
    Mend,
    Reason,
    Scan,
    Sentence,
    Tool,
)
from checkrein.report.secrets import secrets


def document(result: Result, *, facts: bool = False) -> bytes:
    """Return the document, indented, with every fact where ``facts`` is true."""
    app = result.app
    held = Counter(v.check for v in result.held if v.outcome is Outcome.FAIL)
    content = Scan(
        schema=1,
        tool=Tool("checkrein", __version__),
        read=counts(result),
        deployments=_deployed(app),
        table=[_line(row) for row in app.every(Row)],
        verdicts=[_judged(verdict, result) for verdict in result.verdicts],
        held_back=dict(sorted(held.items())),
        notes=result.notes,
        unread=[schema.Unread(u.path, u.reason, u.effect) for u in app.every(Unread)],
        facts=_facts(result) if facts else UNSET,
    )
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _deployed(app: App) -> list[Deployed]:
    first = {copy: group.deployment for group in groups(app) for copy in group.copies}
    stacks = {each.id: each.stacks for each in app.every(Deployment)}
    return [
        Deployed(
            id=each.deployment,
            stacks=stacks[each.deployment],
            files=each.files,
            rows=len(each.rows),
            risk=each.risk,
            same_as=first.get(each.deployment, ""),
        )
        for each in every_group(app)
        if each.deployment in stacks
    ]


def _line(row: Row) -> Line:
    reasons = [Reason(r.data, r.basis, r.level, told(r.steps)) for r in (*row.reasons, *row.seen)]
    return Line(
        resource=row.id,
        type=row.type,
        service=row.service,
        deployment=row.deployment,
        intended=row.intended,
        coded=row.coded,
        potential=row.potential,
        observed=row.observed,
        risk=row.risk,
        reasons=reasons,
    )


def _judged(verdict: Verdict, result: Result) -> Judged:
    return Judged(
        check=verdict.check,
        subject=verdict.subject,
        outcome=verdict.outcome,
        persona=verdict.persona,
        severity=verdict.severity,
        confidence=verdict.confidence,
        reason=verdict.reason,
        findings=[_found(finding, result) for finding in verdict.findings],
    )


def _found(finding: Finding, result: Result) -> Found:
    return Found(
        message=finding.message,
        place=place(finding.place),
        evidence=told(finding.evidence),
        steps=told(finding.steps),
        cwe=finding.cwe,
        endangers=finding.endangers,
        data=finding.data,
        by=finding.by,
        fix=_mend(finding, result.remedies.get(finding.fingerprint, Remedy())),
        fingerprint=finding.fingerprint,
        cause=place(finding.cause) if finding.cause else None,
    )


def _mend(finding: Finding, remedy: Remedy) -> Mend | None:
    if not finding.fix:
        return None
    edits = [Change(place(edit.place), edit.text) for edit in remedy.edits]
    return Mend(finding.fix.title, finding.fix.safe, edits, remedy.why_not)


def told(evidence: tuple[Evidence, ...]) -> list[Sentence]:
    """Return sentences with their places."""
    return [Sentence(each.text, place(each.place)) for each in evidence]


def place(place: Place) -> Place | None:
    """Return a span, None where there is none."""
    return place if place.path else None


def _facts(result: Result) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for fact in result.app:
        found.setdefault(type(fact).__name__, []).append(_fact(fact))
    hidden = secrets(result)
    if hidden.places:
        found = hidden.value(msgspec.to_builtins(found))
    return dict(sorted(found.items()))


def _fact(fact: Fact) -> dict[str, Any]:
    """Return a fact's fields and its place; paths that are keys become dotted strings."""
    fields = {name: _keyed(value) for name, value in msgspec.structs.asdict(fact).items()}
    return {**fields, "place": place(fact.place)}


def _keyed(value: Any) -> Any:
    if isinstance(value, dict) and any(isinstance(key, tuple) for key in value):
        return {".".join(map(str, key)): item for key, item in value.items()}
    return value
