"""OCSF findings (Open Cybersecurity Schema Framework): compliance, detection, vulnerability.

Classes 2001 to 2007; what passed (``status_code`` PASS, as Prowler writes it) or was resolved or
suppressed is no finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from checkrein.model import Claim, Evidence, Place

FINDINGS = range(2001, 2008)
LEVELS = {0: 2, 1: 1, 2: 1, 3: 2, 4: 3, 5: 3, 6: 3}  # severity_id: unknown to fatal
DONE = {3, 4, 5}  # status_id of a finding: suppressed, resolved, archived
PASSED = {"pass", "passed", "manual", "muted"}


def claims(events: list[dict[str, Any]]) -> Iterator[Claim]:
    """Yield a Claim for each finding that is open; other classes of event are skipped."""
    for event in events:
        status = str(event.get("status_code") or _dict(event.get("compliance")).get("status") or "")
        is_open = status.lower() not in PASSED and event.get("status_id") not in DONE
        if event.get("class_uid") in FINDINGS and is_open:
            yield _claim(event)


def _claim(event: dict[str, Any]) -> Claim:
    metadata, info = _dict(event.get("metadata")), _dict(event.get("finding_info"))
    tool = str(_dict(metadata.get("product")).get("name") or "another tool")
    rule = str(metadata.get("event_code") or info.get("uid") or info.get("title") or "")
    text = str(event.get("message") or info.get("title") or rule).strip().split("\n")[0]
    listed = event.get("resources")
    resources = [r for r in listed if isinstance(r, dict)] if isinstance(listed, list) else []
    names = [str(r[key]) for r in resources for key in ("uid", "name") if r.get(key)]
    level = event.get("severity_id")
    told = "\0".join((tool, rule, *names, text))
    return Claim(
        id=f"claim:{sha256(told.encode()).hexdigest()[:16]}",
        evidence=(Evidence(f"{tool} says so ({rule})", Place("", 0)),),
        tool=tool,
        rule=rule,
        message=text,
        level=LEVELS.get(level, 2) if isinstance(level, int) else 2,
        cwe=_cwe(event),
        names=tuple(dict.fromkeys(names)),
    )


def _cwe(event: dict[str, Any]) -> str:
    found = event.get("vulnerabilities")
    for each in found if isinstance(found, list) else []:
        cwe = _dict(_dict(each).get("cwe")).get("uid") or _dict(_dict(each).get("cve")).get(
            "cwe_uid"
        )
        if cwe:
            return str(cwe)
    return ""


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
