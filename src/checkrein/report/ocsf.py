"""OCSF 1.5: faults in code as Vulnerability Findings, all others as Compliance Findings."""

from __future__ import annotations

from collections import defaultdict
from pathlib import PurePosixPath
from typing import Any

import msgspec

from checkrein import __version__
from checkrein.model import Place, Severity
from checkrein.model.result import Result
from checkrein.report.details import because, remedy_of, solution, subject_type
from checkrein.report.order import Told, worst_first
from checkrein.report.run import Run

VERSION = "1.5.0"
FINDINGS, COMPLIANCE, VULNERABILITY = 2, 2003, 2002
CREATE, NEW, FAIL, RULE, REGULAR_FILE = 1, 1, 3, 1, 1
SEVERITIES = {
    Severity.LOW: 2,
    Severity.MEDIUM: 3,
    Severity.HIGH: 4,
    Severity.CRITICAL: 5,
}
CONFIDENCES = {"possible": 1, "likely": 2, "certain": 3}


def document(result: Result, run: Run) -> bytes:
    """Return a list of events, the worst first."""
    events = [_event(told, result, run) for told in worst_first(result)]
    return msgspec.json.format(msgspec.json.encode(events), indent=2) + b"\n"


def _event(told: Told, result: Result, run: Run) -> dict[str, Any]:
    """Return what the two classes share, and what makes it one of them."""
    verdict, finding = told
    code = run.rule(verdict.check).domain == "code" and finding.cwe.startswith("CWE-")
    kind = VULNERABILITY if code else COMPLIANCE
    event = {
        "activity_id": CREATE,
        "category_uid": FINDINGS,
        "class_uid": kind,
        "type_uid": kind * 100 + CREATE,
        "time": int(run.at.timestamp() * 1000),  # milliseconds
        "severity_id": SEVERITIES[verdict.severity],
        "severity": verdict.severity.capitalize(),
        "status_id": NEW,
        "confidence_id": CONFIDENCES[verdict.confidence],
        "message": finding.message,
        "metadata": _metadata(verdict.check, run),
        "finding_info": _information(told, run),
        "resources": [_resource(told, result, run)],
        "unmapped": {"checkrein": _own(told, run)},
        **_cloud(run),
    }
    return event | (_vulnerability(told, result, run) if code else _compliance(told, run))


def _own(told: Told, run: Run) -> dict[str, Any]:
    """Return what OCSF has no place for: where it stands in the code, and the data it is about."""
    finding = told.finding
    classes = list(dict.fromkeys(finding.data))
    return {"file": run.path(finding.place.path), **_span(finding.place), "data": classes}


def _metadata(check: str, run: Run) -> dict[str, Any]:
    product = {"name": "checkrein", "vendor_name": "checkrein", "version": __version__}
    cloud = {"profiles": ["cloud"]} if run.account else {}
    return {"version": VERSION, "product": product, "event_code": check, **cloud}


def _information(told: Told, run: Run) -> dict[str, Any]:
    verdict, finding = told
    rule = run.rule(verdict.check)
    return {
        "uid": finding.fingerprint,
        "title": rule.title,
        "desc": "\n".join([finding.message, *because(finding, run), verdict.reason]),
        "types": [rule.domain or "checkrein"],
        "created_time": int(run.at.timestamp() * 1000),
        "analytic": {"type_id": RULE, "type": "Rule", "uid": verdict.check, "name": rule.title},
    }


def _resource(told: Told, result: Result, run: Run) -> dict[str, Any]:
    subject = told.verdict.subject
    type = subject_type(result, subject)
    found = {"uid": subject, "name": subject.partition("<")[0].rpartition("/")[2]}
    return found | ({"type": type} if type else {}) | ({"region": run.region} if run.region else {})


def _compliance(told: Told, run: Run) -> dict[str, Any]:
    verdict, finding = told
    standards: defaultdict[str, list[str]] = defaultdict(list)
    for id in dict.fromkeys(filter(None, [finding.cwe, *run.rule(verdict.check).frameworks])):
        name = id.partition(":")[0] if ":" in id else id.partition("-")[0]
        standards[name].append(id)
    return {
        "compliance": {
            "control": verdict.check,
            "status_id": FAIL,
            "status": "Fail",
            "status_detail": verdict.reason,
            "standards": list(standards) or ["checkrein"],
            "requirements": [id for listed in standards.values() for id in listed],
        },
        **_remedy(verdict.check, told, run),
    }


def _vulnerability(told: Told, result: Result, run: Run) -> dict[str, Any]:
    verdict, finding = told
    path = run.path(finding.place.path)
    file = {"name": PurePosixPath(path).name, "path": path, "type_id": REGULAR_FILE}
    return {
        "vulnerabilities": [
            {
                "title": finding.message,
                "desc": run.rule(verdict.check).section("Why") or finding.message,
                "severity": verdict.severity.capitalize(),
                "cwe": {"uid": finding.cwe},
                "affected_code": [{"file": file, **_span(finding.place)}],
                "is_fix_available": bool(remedy_of(finding, result).edits),
                **_remedy(verdict.check, told, run),
            }
        ]
    }


def _remedy(check: str, told: Told, run: Run) -> dict[str, Any]:
    advice = solution(check, told.finding, run)
    return {"remediation": {"desc": advice}} if advice else {}


def _span(place: Place) -> dict[str, int]:
    span = {"start_line": place.line, "start_column": place.column}
    end = {"end_line": place.end_line, "end_column": place.end_column}
    return (span | end if place.end_line else span) if place.line else {}


def _cloud(run: Run) -> dict[str, Any]:
    """Say which account findings are about, where somebody said it: templates know none."""
    if not run.account:
        return {}
    region = {"region": run.region} if run.region else {}
    return {"cloud": {"provider": "AWS", "account": {"uid": run.account}, **region}}
