"""GitLab's two reports, held against the schemas that GitLab itself validates them with.

``gitlab/`` holds security report schema 15.2.1 without its prose, examples and parts that we never
write (tracking, CVSS, observability), and the schema of Code Climate issues. The types below ask
for more: no field beyond those that we mean to write, and GitLab's limits on counts.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import jsonschema
import msgspec
import pytest
from msgspec import Meta, Struct

from checkrein.model.result import Result
from checkrein.report import gitlab_codequality, gitlab_sast
from checkrein.report.run import Run
from tests.report.application import SECRET

Text = Annotated[str, Meta(min_length=1)]
Time = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$")]
Line = Annotated[int, Meta(ge=1)]


class Vendor(Struct, forbid_unknown_fields=True):
    name: Text


class Tool(Struct, forbid_unknown_fields=True):
    id: Text
    name: Text
    version: Text
    vendor: Vendor


class Message(Struct, forbid_unknown_fields=True):
    level: Literal["info", "warn", "fatal"]
    value: Text


class Scanned(Struct, forbid_unknown_fields=True):
    analyzer: Tool
    scanner: Tool
    type: Literal["sast"]
    start_time: Time
    end_time: Time
    status: Literal["success", "failure"]
    messages: list[Message]


class Identifier(Struct, forbid_unknown_fields=True):
    type: Text
    name: Text
    value: Text
    url: Annotated[str, Meta(pattern="^(https?|ftp)://.+")] | msgspec.UnsetType = msgspec.UNSET


class Location(Struct, forbid_unknown_fields=True):
    file: Text
    start_line: Line
    end_line: Line


class FileLocation(Struct, forbid_unknown_fields=True, tag_field="type", tag="file-location"):
    file_name: Text
    line_start: Line
    line_end: Line


class Node(Struct, forbid_unknown_fields=True, tag_field="type", tag="code-flow-node"):
    node_type: Literal["source", "sink", "propagation"]
    file_location: FileLocation


class Flows(Struct, forbid_unknown_fields=True, tag_field="type", tag="code-flows"):
    name: Text
    items: Annotated[list[Annotated[list[Node], Meta(min_length=1)]], Meta(max_length=10)]


class Vulnerability(Struct, forbid_unknown_fields=True):
    id: Text
    name: Annotated[str, Meta(max_length=255)]
    description: Annotated[str, Meta(max_length=1048576)]
    severity: Literal["Info", "Unknown", "Low", "Medium", "High", "Critical"]
    solution: Annotated[str, Meta(max_length=7000)]
    identifiers: Annotated[list[Identifier], Meta(min_length=1, max_length=20)]
    location: Location
    details: dict[str, Flows] = {}


class Report(Struct, forbid_unknown_fields=True):
    version: Annotated[str, Meta(pattern=r"^[0-9]+\.[0-9]+\.[0-9]+$")]
    scan: Scanned
    vulnerabilities: list[Vulnerability]


def schema(name: str) -> jsonschema.Draft7Validator:
    file = Path(__file__).parent / "gitlab" / f"{name}.json"
    return jsonschema.Draft7Validator(json.loads(file.read_text()))


def test_both_reports_hold_gitlabs_schemas(result: Result, run: Run) -> None:
    sast = json.loads(gitlab_sast.document(result, run))
    issues = json.loads(gitlab_codequality.document(result, run))

    assert sast["vulnerabilities"]
    assert [e.message for e in schema("sast-15.2.1").iter_errors(sast)] == []
    assert [e.message for issue in issues for e in schema("codeclimate").iter_errors(issue)] == []


@pytest.fixture(scope="module")
def report(result: Result, run: Run) -> Report:
    return msgspec.json.decode(gitlab_sast.document(result, run), type=Report)


def test_the_sast_report_is_what_gitlab_reads(report: Report) -> None:
    assert [(v.severity, v.identifiers[0].value) for v in report.vulnerabilities] == [
        ("Critical", "command-injection"),
        ("Critical", "plaintext-secret"),
        ("High", "data-in-logs"),
        ("High", "public-route-to-powerful-function"),
        ("Medium", "unused-permission"),
    ]
    assert report.scan.start_time == "2026-03-01T12:30:05"


def test_a_vulnerability_says_where_how_and_what_to_do(report: Report) -> None:
    first = report.vulnerabilities[0]

    assert first.location == Location("services/shop/code | <1>/report.py", 7, 7)
    assert [(i.type, i.value) for i in first.identifiers][:2] == [
        ("checkrein", "command-injection"),
        ("cwe", "78"),
    ]
    nodes = first.details["flow"].items[0]
    assert [(node.node_type, node.file_location.line_start) for node in nodes] == [
        ("source", 17),
        ("propagation", 5),
        ("sink", 7),
    ]
    assert first.solution


def test_what_was_not_judged_is_a_message(report: Report) -> None:
    levels = [(message.level, message.value.partition(" ")[0]) for message in report.scan.messages]

    assert levels == [
        ("warn", "broken.yaml:"),
        ("info", "power-beyond-use"),
        ("info", "unused-permission"),
    ]


def test_code_quality_is_what_gitlab_reads(result: Result, run: Run) -> None:
    issues: list[dict[str, Any]] = json.loads(gitlab_codequality.document(result, run))

    assert issues[0] == {
        "type": "issue",
        "check_name": "command-injection",
        "description": "anyone can run commands as Report through event.queryStringParameters.name",
        "categories": ["Security"],
        "severity": "blocker",
        "fingerprint": result.findings[0].fingerprint,
        "location": {
            "path": "services/shop/code | <1>/report.py",
            "lines": {"begin": 7, "end": 7},
        },
    }
    assert {issue["severity"] for issue in issues} <= {
        "info",
        "minor",
        "major",
        "critical",
        "blocker",
    }
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)


def test_nothing_secret(result: Result, run: Run) -> None:
    for module in (gitlab_sast, gitlab_codequality):
        assert SECRET not in module.document(result, run).decode()
