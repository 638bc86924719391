"""How sure a finding is of what reaches a use, and whom it counts as able to choose."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline

TEMPLATE = """Resources:
  Example:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: .
  {name}:
    Type: {type}
    Properties: {properties}
"""
URL = ("ExampleUrl", "AWS::Lambda::Url", "{TargetFunctionArn: !GetAtt Example.Arn, AuthType: NONE}")
SIGNED = (
    "ExampleUrl",
    "AWS::Lambda::Url",
    "{TargetFunctionArn: !GetAtt Example.Arn, AuthType: AWS_IAM}",
)
RULE = (
    "Hourly",
    "AWS::Events::Rule",
    "{ScheduleExpression: rate(1 hour), Targets: [{Id: a, Arn: !GetAtt Example.Arn}]}",
)


def told(folder: Path, way_in: tuple[str, str, str], line: str) -> list[tuple[str, str]]:
    name, type_, properties = way_in
    template = TEMPLATE.format(name=name, type=type_, properties=properties)
    (folder / "template.yaml").write_text(template)
    head = "import os, re\ndef handler(event, context):\n    body = event['body']\n"
    (folder / "app.py").write_text(f"{head}    {line}\n")
    return [
        (finding.confidence, finding.message)
        for verdict in pipeline.scan((folder,)).verdicts
        if verdict.check == "command-injection"
        for finding in verdict.findings
    ]


@pytest.mark.parametrize(
    ("line", "confidence"),
    [
        ("os.system('ls ' + body)", "certain"),
        ("os.system(body.encode('idna').hex())", "likely"),
        ("os.system(body) if re.fullmatch(os.environ['NAMES'], body) else None", "possible"),
    ],
)
def test_confidence_says_how_the_content_arrives(
    tmp_path: Path, line: str, confidence: str
) -> None:
    said = "anyone can run commands as Example through event.body"
    assert told(tmp_path, URL, line) == [(confidence, said)]


def test_who_needs_rights_is_named(tmp_path: Path) -> None:
    said = "whoever may call it by IAM can run commands as Example through event.body"
    assert told(tmp_path, SIGNED, "os.system('ls ' + body)") == [("certain", said)]


def test_a_schedule_chooses_nothing(tmp_path: Path) -> None:
    assert told(tmp_path, RULE, "os.system('ls ' + body)") == []
