"""The machine contract: the document's shape, from a real scan."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checkrein import pipeline
from checkrein.report.json import document

TEMPLATE = """Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: customers
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: [dynamodb:GetItem, dynamodb:DeleteItem]
                Resource: !GetAtt Customers.Arn
  Reader:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          import boto3
          table = boto3.resource("dynamodb").Table("customers")
          def handler(event, context):
              return table.get_item(Key={"email": event["email"]})
"""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("app")
    (folder / "template.yaml").write_text(TEMPLATE)
    (folder / "broken.yaml").write_text("Resources:\n  A: {Type: AWS::SNS::Topic\n  B: [\n")
    result = pipeline.scan((folder,))
    content: dict[str, Any] = json.loads(
        document(pipeline.mend(result, result.findings), facts=True)
    )
    return content


def test_the_parts(report: dict[str, Any]) -> None:
    assert list(report) == [
        *(
            "schema",
            "tool",
            "read",
            "deployments",
            "table",
            "verdicts",
            "held_back",
            "notes",
            "unread",
            "facts",
        )
    ]
    assert (report["schema"], report["tool"]["name"]) == (1, "checkrein")
    named = ("templates", "deployments", "functions", "resources", "calls", "calls_bound", "unread")
    assert [report["read"][name] for name in named] == [1, 1, 1, 3, 1, 1, 1]


def test_a_row(report: dict[str, Any]) -> None:
    row = next(row for row in report["table"] if row["resource"] == "template/Customers")

    reasons = row.pop("reasons")
    assert row == {
        "resource": "template/Customers",
        "type": "AWS::DynamoDB::Table",
        "service": "DynamoDB",
        "deployment": "template",
        "intended": ["pii.email"],
        "coded": ["pii.email"],
        "potential": ["pii.email"],
        "observed": [],
        "risk": 2,
    }
    assert set(reasons[0]) == {"class", "basis", "level", "steps"}
    assert reasons[0]["steps"][0]["place"]["path"] == "template.yaml"


def test_a_finding(report: dict[str, Any]) -> None:
    verdict = next(v for v in report["verdicts"] if v["check"] == "power-beyond-use")
    finding = verdict["findings"][0]

    assert set(verdict) == {
        *("check", "subject", "outcome", "persona", "severity", "confidence", "reason", "findings")
    }
    assert (verdict["outcome"], verdict["confidence"]) == ("fail", "certain")
    assert finding["place"] == {
        "path": "template.yaml",
        "line": 17,
        "column": 44,
        "end_line": 17,
        "end_column": 63,
    }
    assert finding["endangers"] == ["template/Customers"]
    assert finding["cwe"] == "CWE-250"
    assert len(finding["fingerprint"]) == 16
    assert finding["fix"]["why_not"] == ""
    assert {"place", "text"} == set(finding["fix"]["edits"][0])


def test_unread_is_told(report: dict[str, Any]) -> None:
    assert [each["path"] for each in report["unread"]] == ["broken.yaml"]
    assert set(report["unread"][0]) == {"path", "reason", "effect"}


def test_facts(report: dict[str, Any]) -> None:
    call = report["facts"]["Call"][0]
    wanted = {
        "function": "template/Reader",
        "service": "dynamodb",
        "operation": "GetItem",
        "target": "template/Customers",
    }
    assert {name: call[name] for name in wanted} == wanted
    assert call["place"]["line"] == 30


def test_order_is_stable(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    assert document(pipeline.scan((tmp_path,)), facts=True) == document(
        pipeline.scan((tmp_path,)), facts=True
    )
