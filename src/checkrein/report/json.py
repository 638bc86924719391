"""The report a program reads: one document, schema 1; see docs/model.md for its parts."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

from checkrein import __version__
from checkrein.model import App, Evidence, Fact, Finding, Outcome, Place, Row, Unread, Verdict
from checkrein.model.result import Remedy, Result
from checkrein.report.counts import counts


def document(result: Result, *, facts: bool = False) -> bytes:
    """Return the document, indented, with every fact where ``facts`` is true."""
    app = result.app
    content = {
        "schema": 1,
        "tool": {"name": "checkrein", "version": __version__},
        "read": msgspec.structs.asdict(counts(result)),
        "table": [_row(row) for row in app.every(Row)],
        "verdicts": [_verdict(verdict, result) for verdict in result.verdicts],
        "held_back": dict(
            sorted(Counter(v.check for v in result.held if v.outcome is Outcome.FAIL).items())
        ),
        "notes": result.notes,
        "unread": [
            {"path": u.path, "reason": u.reason, "effect": u.effect} for u in app.every(Unread)
        ],
    }
    if facts:
        content["facts"] = _facts(app)
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _row(row: Row) -> dict[str, Any]:
    return {
        "resource": row.id,
        "type": row.type,
        "service": row.service,
        "deployment": row.deployment,
        "intended": row.intended,
        "coded": row.coded,
        "potential": row.potential,
        "observed": row.observed,
        "risk": row.risk,
        "reasons": [
            {"class": r.data, "basis": r.basis, "level": r.level, "steps": told(r.steps)}
            for r in row.reasons
        ],
    }


def _verdict(verdict: Verdict, result: Result) -> dict[str, Any]:
    return {
        "check": verdict.check,
        "subject": verdict.subject,
        "outcome": verdict.outcome,
        "persona": verdict.persona,
        "severity": verdict.severity,
        "confidence": verdict.confidence,
        "reason": verdict.reason,
        "findings": [_finding(finding, result) for finding in verdict.findings],
    }


def _finding(finding: Finding, result: Result) -> dict[str, Any]:
    return {
        "message": finding.message,
        "place": place(finding.place),
        "evidence": told(finding.evidence),
        "steps": told(finding.steps),
        "cwe": finding.cwe,
        "endangers": finding.endangers,
        "data": finding.data,
        "by": finding.by,
        "fix": _fix(finding, result.remedies.get(finding.fingerprint, Remedy())),
        "fingerprint": finding.fingerprint,
    }


def _fix(finding: Finding, remedy: Remedy) -> dict[str, Any] | None:
    if not finding.fix:
        return None
    edits = [{"place": place(edit.place), "text": edit.text} for edit in remedy.edits]
    fix = {"title": finding.fix.title, "safe": finding.fix.safe, "edits": edits}
    return {**fix, "why_not": remedy.why_not}


def told(evidence: tuple[Evidence, ...]) -> list[dict[str, Any]]:
    """Return sentences with their places."""
    return [{"text": each.text, "place": place(each.place)} for each in evidence]


def place(place: Place) -> dict[str, Any] | None:
    """Return a span's fields, None where there is none."""
    return msgspec.structs.asdict(place) if place.path else None


def _facts(app: App) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for fact in app:
        found.setdefault(type(fact).__name__, []).append(_fact(fact))
    return dict(sorted(found.items()))


def _fact(fact: Fact) -> dict[str, Any]:
    """Return a fact's fields and its place; paths that are keys become dotted strings."""
    fields = {name: _keyed(value) for name, value in msgspec.structs.asdict(fact).items()}
    return {**fields, "place": place(fact.place)}


def _keyed(value: Any) -> Any:
    if isinstance(value, dict) and any(isinstance(key, tuple) for key in value):
        return {".".join(map(str, key)): item for key, item in value.items()}
    return value
