"""Findings of other tools stand on what they are about, and what cannot is counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checkrein import pipeline
from checkrein.cli import run
from checkrein.errors import InputError
from checkrein.model import Claim, Persona, Severity, Unread, Verdict
from checkrein.read.claims import read_claims

TEMPLATE = """Resources:
  Uploads:
    Type: AWS::S3::Bucket
  UploadsPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Uploads
      PolicyDocument: {Statement: []}
  SignUp:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: app.handler
      FunctionName: sign-up
      Role: !GetAtt Acting.Arn
      Code: src/
  Acting:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}]
"""
COMPOSED = """
  Receipts:
    Type: AWS::S3::Bucket
    Properties: {BucketName: !Sub "receipts-${AWS::AccountId}-${AWS::Region}"}
  Others:
    Type: AWS::S3::Bucket
    Properties: {BucketName: !Sub "${AWS::StackName}-${AWS::AccountId}-eu-west-1"}
  Queue:
    Type: AWS::SQS::Queue
    Properties: {QueueName: !Sub "${AWS::StackName}-receipts-failed"}
  Twin:
    Type: AWS::SQS::Queue
    Properties: {QueueName: !Sub "shop-${AWS::StackName}-twin"}
  Brother:
    Type: AWS::SQS::Queue
    Properties: {QueueName: !Sub "${AWS::StackName}-shop-twin"}
"""
CODE = "def handler(event, context):\n    print(event['email'])\n"


@pytest.fixture
def app(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "app.py").write_text(CODE)
    (tmp_path / "src" / "requirements.txt").write_text("requests==2.0\n")
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    return tmp_path


def sarif(*results: dict[str, Any], rules: list[dict[str, Any]] | None = None) -> str:
    driver = {"name": "linter", "rules": rules or []}
    return json.dumps(
        {"version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}
    )


def at(uri: str, line: int = 1, /, **more: Any) -> dict[str, Any]:
    location = {"artifactLocation": {"uri": uri}, "region": {"startLine": line}}
    return {
        "ruleId": "R1",
        "message": {"text": "is wrong"},
        "locations": [{"physicalLocation": location}],
        **more,
    }


def event(name: str, **more: Any) -> dict[str, Any]:
    return {
        "class_uid": 2003,
        "severity_id": 4,
        "message": "is wrong",
        "metadata": {"event_code": "e1", "product": {"name": "auditor"}},
        "resources": [{"uid": name}],
        **more,
    }


def judged(folder: Path, text: str) -> list[Verdict]:
    (folder / "theirs.json").write_text(text)
    wanted = pipeline.Wanted(Persona.AUDITOR, claims=(folder / "theirs.json",))
    verdicts = pipeline.scan((folder,), wanted=wanted).verdicts
    return [verdict for verdict in verdicts if verdict.check == "reported-by-others"]


@pytest.mark.parametrize(
    ("uri", "line", "nodes"),
    [
        ("src/app.py", 2, ("template/SignUp",)),
        ("/home/ci/build/src/app.py", 2, ("template/SignUp",)),
        ("file:///home/ci/src/app.py", 2, ("template/SignUp",)),
        ("src/requirements.txt", 1, ("template/SignUp",)),
        ("template.yaml", 3, ("template/Uploads",)),
        ("template.yaml", 7, ("template/Uploads",)),  # a policy is about its bucket
        ("template.yaml", 20, ("template/SignUp",)),  # a role about who acts as it
    ],
)
def test_a_place_is_of_what_stands_there(
    uri: str, line: int, nodes: tuple[str, ...], app: Path
) -> None:
    (verdict,) = judged(app, sarif(at(uri, line)))

    assert verdict.findings[0].endangers == nodes
    assert verdict.findings[0].message == "linter: is wrong"


@pytest.mark.parametrize(
    ("name", "node"),
    [
        ("arn:aws:lambda:eu-west-1:111122223333:function:sign-up", "SignUp"),
        ("arn:aws:s3:::shop-uploads-1a2b3c4d5e6f", "Uploads"),
        ("shop-SignUp-AbCdEfGh1234", "SignUp"),
        ("Uploads", "Uploads"),
    ],
)
def test_a_name_is_what_the_template_or_aws_called_so(name: str, node: str, app: Path) -> None:
    (verdict,) = judged(app, json.dumps(event(name)))

    assert verdict.findings[0].endangers == (f"template/{node}",)
    assert verdict.findings[0].place.path == "template.yaml"
    assert verdict.findings[0].message == f"auditor: is wrong ({node})"


@pytest.mark.parametrize(
    ("name", "nodes"),
    [
        ("arn:aws:s3:::receipts-111122223333-eu-west-1", ("template/Receipts",)),
        ("receipts-111122223333-us-gov-west-1", ("template/Receipts",)),
        ("arn:aws:s3:::web-111122223333-eu-west-1", ("template/Others",)),
        ("arn:aws:sqs:eu-west-1:111122223333:live-receipts-failed", ("template/Queue",)),
        ("arn:aws:sns:eu-west-1:111122223333:live-receipts-failed", ()),  # of another service
        ("arn:aws:s3:::receipts-of-tax-eu-west-1", ()),  # no account
        ("arn:aws:sqs:eu-west-1:111122223333:shop-shop-twin", ()),  # which of two nobody can say
    ],
)
def test_a_name_that_is_put_together(name: str, nodes: tuple[str, ...], app: Path) -> None:
    (app / "template.yaml").write_text(TEMPLATE + COMPOSED)

    (verdict,) = judged(app, json.dumps(event(name)))

    assert verdict.findings[0].endangers == nodes


def test_the_same_finding_weighs_what_the_data_weigh(app: Path) -> None:
    def severity() -> Severity:
        return judged(app, sarif(at("template.yaml", 3, level="error")))[0].severity

    assert severity() is Severity.LOW
    (app / "checkrein.yaml").write_text("resources:\n  template/Uploads: {holds: [pay.pan]}\n")
    assert severity() is Severity.HIGH


def test_what_is_on_nothing_is_for_auditors(app: Path) -> None:
    (verdict,) = judged(app, json.dumps([event("arn:aws:s3:::somebody-elses")]))

    assert verdict.persona is Persona.AUDITOR


def claims(folder: Path, text: str) -> list[Claim]:
    (folder / "theirs.json").write_text(text)
    return [f for f in read_claims(folder / "theirs.json", folder) if isinstance(f, Claim)]


@pytest.mark.parametrize(
    "text",
    [
        sarif(at("src/app.py", kind="pass")),
        sarif(at("src/app.py", suppressions=[{"kind": "inSource"}])),
        json.dumps([event("Uploads", status_code="PASS"), event("Uploads", status_id=4)]),
        json.dumps(event("Uploads", class_uid=3002)),
        sarif(),
        "[]",
    ],
)
def test_what_passed_or_was_settled_is_no_finding(text: str, app: Path) -> None:
    assert claims(app, text) == []


@pytest.mark.parametrize(
    ("result", "rule", "level"),
    [
        ({"level": "error"}, {}, 3),
        ({"level": "note"}, {}, 1),
        ({}, {"defaultConfiguration": {"level": "error"}}, 3),
        ({"level": "error"}, {"properties": {"security-severity": "3.1"}}, 1),
        ({"level": "error"}, {"properties": {"security-severity": "-1"}}, 1),
        ({"level": "error"}, {"properties": {"security-severity": "NaN"}}, 1),
        ({}, {}, 2),
    ],
)
def test_the_level_of_a_result(
    result: dict[str, Any], rule: dict[str, Any], level: int, app: Path
) -> None:
    text = sarif(at("src/app.py", **result), rules=[{"id": "R1", **rule}])

    assert [claim.level for claim in claims(app, text)] == [level]


def test_one_level_for_everything_is_none(app: Path) -> None:
    text = sarif(*(at("src/app.py", line, level="error") for line in range(1, 7)))

    assert {claim.level for claim in claims(app, text)} == {1}


def test_what_our_own_checks_judge_is_told_by_them(app: Path) -> None:
    text = (app / "template.yaml").read_text().replace("python3.14", "python3.8")
    (app / "template.yaml").write_text(text)
    text = sarif(at("template.yaml", 9, ruleId="CKV_AWS_363"), at("template.yaml", 9))
    personas = {verdict.persona: verdict.reason for verdict in judged(app, text)}

    assert sorted(personas) == [Persona.AUDITOR, Persona.REGULAR]
    assert personas[Persona.AUDITOR].endswith("; judged by our own runtime-end-of-life")


def test_the_weakness_is_read_from_tags(app: Path) -> None:
    tags = {"properties": {"tags": ["security", "external/cwe/cwe-089"]}}

    assert [c.cwe for c in claims(app, sarif(at("src/app.py"), rules=[{"id": "R1", **tags}]))] == [
        "CWE-89"
    ]


def test_lines_of_json_are_events_too(app: Path) -> None:
    text = "\n".join(json.dumps(event(name)) for name in ("Uploads", "SignUp"))

    assert [claim.names for claim in claims(app, text)] == [("Uploads",), ("SignUp",)]


def test_what_stands_elsewhere_is_counted(app: Path) -> None:
    text = sarif(at("src/app.py"), at("other/app.js"), at("../../etc/app.py"))
    (app / "theirs.json").write_text(text)
    found = list(read_claims(app / "theirs.json", app))

    assert [fact.reason for fact in found if isinstance(fact, Unread)] == [
        "2 of its 3 findings stand in files that were not read"
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "theirs.json is no JSON"),
        ("[" * 100_000, "theirs.json is no JSON"),
        (" \n", "theirs.json is empty"),
        ('{"a": 1}', "theirs.json is neither SARIF"),
        ("[1]", "theirs.json is neither SARIF"),
    ],
)
def test_what_is_no_report_is_one_sentence(text: str, problem: str, app: Path) -> None:
    with pytest.raises(InputError, match=problem):
        claims(app, text)
    assert run(["scan", str(app), "--import", str(app / "theirs.json")]) == 2


@pytest.mark.parametrize("part", [None, 1, "x", [], [None], {}, {"name": None}, {"tags": 5}])
def test_odd_parts_do_no_harm(part: Any, app: Path) -> None:
    keys = (
        *("tool", "results", "locations", "message", "properties", "suppressions", "ruleIndex"),
        *("kind", "level", "ruleId", "rule"),
    )
    for key in keys:
        claims(
            app, json.dumps({"runs": [{"results": [at("src/app.py", **{key: part})], key: part}]})
        )
    claims(app, sarif(at("http://[broken/app.py")))
    for key in ("metadata", "resources", "finding_info", "vulnerabilities", "severity_id"):
        claims(app, json.dumps(event("Uploads", **{key: part})))
