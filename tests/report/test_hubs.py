"""OCSF against its schema, ASFF against the API's model."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import jsonschema
import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import ParamValidator
from msgspec.structs import replace
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema

from checkrein.errors import UsageError
from checkrein.model import Finding, Outcome, Place, Verdict
from checkrein.model.result import Result
from checkrein.report import asff, ocsf
from checkrein.report.run import Rule, Run
from tests.report.application import SECRET

NAMES = {2002: "vulnerability_finding", 2003: "compliance_finding"}
KNOWN = OcsfJsonSchemaEmbedded(get_ocsf_schema("1.5.0"))


@cache
def schema(uid: int, *profiles: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(KNOWN.get_class_schema(NAMES[uid], list(profiles)))


def faults(event: dict[str, Any]) -> list[str]:
    profiles = event["metadata"].get("profiles", ())
    return [e.message for e in schema(event["class_uid"], *profiles).iter_errors(event)]


def events(result: Result, run: Run) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(ocsf.document(result, run))
    return found


def test_events_are_valid(result: Result, run: Run) -> None:
    for each in (run, replace(run, account="", region="")):
        assert [fault for event in events(result, each) for fault in faults(event)] == []


def test_the_schema_would_say_so(result: Result, run: Run) -> None:
    event = events(result, run)[0] | {"severity_id": 77, "severety": "High"}

    assert len(faults(event)) == 2


def test_code_is_vulnerable_and_settings_do_not_comply(result: Result, run: Run) -> None:
    told = [(event["class_uid"], event["metadata"]["event_code"]) for event in events(result, run)]

    assert told == [
        (2002, "command-injection"),
        (2002, "plaintext-secret"),
        (2003, "data-in-logs"),
        (2003, "public-route-to-powerful-function"),
        (2003, "unused-permission"),
    ]


def test_an_event_says_where_and_which_framework(result: Result, run: Run) -> None:
    code, *_, setting = events(result, run)

    assert (code["type_uid"], setting["type_uid"]) == (200201, 200301)
    affected = code["vulnerabilities"][0]["affected_code"][0]
    assert (affected["file"]["path"], affected["start_line"], affected["start_column"]) == (
        *("services/shop/code | <1>/report.py", 7, 5),
    )
    assert setting["compliance"]["control"] == "unused-permission"
    assert "CWE" in setting["compliance"]["standards"]
    assert setting["time"] == 1772368205000


VALIDATOR = ParamValidator()


@pytest.fixture(scope="module")
def shape() -> Any:
    model = ServiceModel(Loader().load_service_model("securityhub", "service-2"))
    return model.operation_model("BatchImportFindings").input_shape


def test_findings_are_what_security_hub_takes(result: Result, run: Run, shape: Any) -> None:
    found = json.loads(asff.document(result, run))

    assert VALIDATOR.validate({"Findings": found}, shape).generate_report() == ""
    told = VALIDATOR.validate({"Findings": [{**found[0], "Severity": 7}]}, shape)
    assert "Findings[0].Severity" in told.generate_report()


def test_findings_keep_to_the_lengths(result: Result, run: Run) -> None:
    rule = Rule("odd", "code", "Odd", "## Fix\n\n" + "do " * 999, tuple(map(str, range(99))))
    finding = Finding(Place("a.py", 1), "word " * 999, fingerprint="0")
    odd = Verdict("odd", "t/A", Outcome.FAIL, findings=(finding,), reason="so " * 999)
    long = replace(result, verdicts=(*result.verdicts, odd))

    found_all = json.loads(asff.document(long, replace(run, rules={**run.rules, "odd": rule})))
    assert len(found_all) == 6
    for found in found_all:
        assert len(found["Title"]) <= 256
        assert len(found["Description"]) <= 1024
        assert len(found["Remediation"]["Recommendation"]["Text"]) <= 512
        assert all(0 < len(value) <= 2048 for value in found["ProductFields"].values())
        assert len(found["Compliance"]["RelatedRequirements"]) <= 32


def test_the_types_are_those_of_the_format(shape: Any) -> None:
    details = shape.members["Findings"].member.members["Resources"].member.members["Details"]

    assert {*asff.TYPES.values()} <= {*details.members}


def test_a_finding_is_filed_where_it_was_asked_to(result: Result, run: Run) -> None:
    first = json.loads(asff.document(result, replace(run, region="us-gov-west-1")))[0]

    assert first["ProductArn"] == (
        "arn:aws-us-gov:securityhub:us-gov-west-1:111122223333:product/111122223333/default"
    )
    assert first["Resources"][0]["Type"] == "AwsLambdaFunction"
    assert first["Severity"] == {"Label": "CRITICAL", "Original": "critical"}
    assert first["CreatedAt"] == "2026-03-01T12:30:05Z"


@pytest.mark.parametrize("lacks", [{"account": ""}, {"account": "shop"}, {"region": ""}])
def test_it_is_not_filed_nowhere(result: Result, run: Run, lacks: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="--format asff needs --"):
        asff.document(result, replace(run, **lacks))


def test_nothing_secret(result: Result, run: Run) -> None:
    for module in (ocsf, asff):
        assert SECRET not in module.document(result, run).decode()
