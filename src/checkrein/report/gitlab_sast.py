"""GitLab's SAST report, security report schema 15.2.1."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from checkrein import __version__
from checkrein.model import Outcome, Place, Unread
from checkrein.model.result import Result
from checkrein.report.details import because, cut, solution
from checkrein.report.order import Told, without_findings, worst_first
from checkrein.report.run import Run

VERSION = "15.2.1"
NAME, SOLUTION = 255, 7000  # characters
IDENTIFIERS = 20  # that GitLab keeps of a vulnerability


def document(result: Result, run: Run) -> bytes:
    """Return the report, the worst vulnerabilities first."""
    time = run.at.strftime("%Y-%m-%dT%H:%M:%S")
    tool = {
        "id": "checkrein",
        "name": "checkrein",
        "version": __version__,
        "vendor": {"name": "checkrein"},
    }
    scan = {
        "analyzer": tool,
        "scanner": tool,
        "type": "sast",
        "start_time": time,
        "end_time": time,
        "status": "success",
        "messages": list(_messages(result)),
    }
    told = [_vulnerability(each, run) for each in worst_first(result)]
    content = {"version": VERSION, "scan": scan, "vulnerabilities": told}
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _messages(result: Result) -> Iterator[dict[str, str]]:
    for unread in result.app.every(Unread):
        yield {"level": "warn", "value": f"{unread.path}: {unread.reason} ({unread.effect})"}
    for outcome, level in ((Outcome.CRASHED, "warn"), (Outcome.UNDECIDED, "info")):
        for verdict in without_findings(result, outcome):
            told = f"{verdict.check} on {verdict.subject} is {outcome}: {verdict.reason}"
            yield {"level": level, "value": told}


def _vulnerability(told: Told, run: Run) -> dict[str, Any]:
    verdict, finding = told
    place = finding.place
    rule = run.rule(verdict.check)
    content = {
        "id": finding.fingerprint,
        "name": cut(rule.title, NAME),
        "description": "\n\n".join([finding.message, *because(finding, run), verdict.reason]),
        "severity": verdict.severity.capitalize(),
        "solution": cut(solution(verdict.check, finding, run), SOLUTION),
        "identifiers": _identifiers(verdict.check, finding.cwe, rule.frameworks),
        "location": {
            "file": run.path(place.path),
            "start_line": max(1, place.line),
            "end_line": max(1, place.line, place.end_line),
        },
    }
    flow = [step.place for step in finding.steps if step.place.path]
    return {**content, "details": {"flow": _flow([*flow, place], run)}} if flow else content


def _identifiers(check: str, cwe: str, frameworks: tuple[str, ...]) -> list[dict[str, str]]:
    """Return the check first, by which GitLab knows a vulnerability again, then the lists."""
    found = [{"type": "checkrein", "name": f"checkrein {check}", "value": check}]
    for id in dict.fromkeys(filter(None, [cwe, *frameworks])):
        kind, _, number = id.partition("-")
        if kind == "CWE":
            url = f"https://cwe.mitre.org/data/definitions/{number}.html"
            found.append({"type": "cwe", "name": id, "value": number, "url": url})
        elif id.startswith("OWASP-20"):
            year, _, name = number.partition(":")
            found.append({"type": "owasp", "name": f"{name}:{year}", "value": f"{name}:{year}"})
    return found[:IDENTIFIERS]


def _flow(places: list[Place], run: Run) -> dict[str, Any]:
    known = [place for n, place in enumerate(places) if not n or place != places[n - 1]]
    last = len(known) - 1
    kinds = ["sink" if n == last else "propagation" if n else "source" for n in range(len(known))]
    nodes = [_node(place, kind, run) for place, kind in zip(known, kinds, strict=True)]
    return {"name": "Way of the data", "type": "code-flows", "items": [nodes]}


def _node(place: Place, kind: str, run: Run) -> dict[str, Any]:
    line = max(1, place.line)
    location = {
        "type": "file-location",
        "file_name": run.path(place.path),
        "line_start": line,
        "line_end": max(line, place.end_line),
    }
    return {"type": "code-flow-node", "node_type": kind, "file_location": location}
