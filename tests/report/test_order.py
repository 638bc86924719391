"""One place, one finding: what several subjects share is told once, and names them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from checkrein import pipeline
from checkrein.model import Finding, Outcome, Place, Severity, Verdict
from checkrein.model.result import Result
from checkrein.report import order, sarif
from checkrein.report.order import worst_first
from checkrein.report.run import Run

SHARED = """service: shop
provider:
  name: aws
  runtime: python3.14
  iam:
    role:
      statements:
        - {Effect: Allow, Action: 'dynamodb:*', Resource: '*'}
functions:
  ask: {handler: app.handler, events: [{httpApi: GET /ask}]}
  buy: {handler: app.handler, events: [{httpApi: POST /buy}]}
  pay: {handler: app.handler, events: [{httpApi: POST /pay}]}
  pay-back: {handler: app.handler, events: [{httpApi: POST /back}]}
  send: {handler: app.handler, events: [{httpApi: POST /send}]}
resources:
  Resources:
    Orders:
      Type: AWS::DynamoDB::Table
      Properties:
        KeySchema: [{AttributeName: email, KeyType: HASH}]
        AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
"""
APART = """Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
"""
OWN = """
  %(name)sRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies: [{PolicyName: all, PolicyDocument: {Statement: [{Effect: Allow, Action: "dynamodb:*", Resource: "*"}]}}]
  %(name)s:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt %(name)sRole.Arn
      Code: {ZipFile: "def handler(event, context): pass"}
  %(name)sUrl: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref %(name)s, AuthType: NONE}}
"""
POWERFUL = "public-route-to-powerful-function"


def scanned(root: Path, name: str, text: str) -> Result:
    (root / name).write_text(text)
    (root / "app.py").write_text("def handler(event, context):\n    return {}\n")
    return pipeline.scan((root,))


def messages(result: Result) -> list[str]:
    return [told.finding.message for told in worst_first(result) if told.verdict.check == POWERFUL]


def test_a_statement_that_functions_share_is_one_finding(tmp_path: Path) -> None:
    result = scanned(tmp_path, "serverless.yml", SHARED)

    assert messages(result) == [
        (
            "anyone may call ask, which is allowed dynamodb:* on everything;"
            " the same of buy, pay, pay-back and send"
        )
    ]
    told = next(told for told in worst_first(result) if told.verdict.check == POWERFUL)
    ids = {f"serverless/{name}" for name in ("ask", "buy", "pay", "pay-back", "send")}
    assert ids <= {*told.finding.endangers}
    document = json.loads(sarif.document(result, Run(at=datetime(2026, 3, 1, tzinfo=UTC))))
    results = [r for r in document["runs"][0]["results"] if POWERFUL in r["ruleId"]]
    assert len(results) == 1
    verdicts = [v for v in result.verdicts if v.check == POWERFUL and v.findings]
    assert len(verdicts) == len(ids)  # each is judged and can be accepted by itself


def test_statements_of_their_own_are_findings_of_their_own(tmp_path: Path) -> None:
    """They say the same on lines of their own: who mends one has not mended the other."""
    text = APART + OWN % {"name": "Ask"} + OWN % {"name": "Buy"}

    assert messages(scanned(tmp_path, "template.yaml", text)) == [
        "anyone may call Ask, which is allowed dynamodb:* on everything",
        "anyone may call Buy, which is allowed dynamodb:* on everything",
    ]


def test_each_finding_of_a_subject_has_its_own_severity(tmp_path: Path) -> None:
    """What gives power over nothing here is told beside what gives it all, not as the same."""
    statement = '{Effect: Allow, Action: "dynamodb:*", Resource: "*"}'
    both = f'{statement}, {{Effect: Allow, Action: "kms:CreateGrant", Resource: "*"}}'
    steered = "import os\\ndef handler(event, context): os.system(event['body'])"
    own = (OWN % {"name": "Ask"}).replace("def handler(event, context): pass", steered)
    text = APART + own.replace(statement, both)
    result = scanned(tmp_path, "template.yaml", text)
    told = [each for each in worst_first(result) if each.verdict.check == POWERFUL]

    assert [(str(each.verdict.severity), each.finding.message) for each in told] == [
        ("high", "anyone may call Ask, which is allowed dynamodb:* on everything"),
        ("medium", "anyone may call Ask, which is allowed kms:CreateGrant on everything"),
    ]
    assert told[1].verdict.reason.startswith("medium: ")


EQUAL = """Resources:
  Keys:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: keys
      KeySchema: [{AttributeName: password, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: password, AttributeType: S}]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: keys
          PolicyDocument: {Statement: [{Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Keys.Arn}]}
  Ask:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          import boto3, os, psycopg2
          db = psycopg2.connect(host="db", user="app", password="Kx9#vPq2Lm7z")
          def handler(event, context):
              key = boto3.resource("dynamodb").Table("keys").get_item(Key={"password": "a"})
              db.cursor().execute("select * from t where a = '" + event["body"] + "'")
              os.system("ls " + event["body"])
  Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: !Ref Ask, AuthType: NONE}}
"""


def test_of_equals_what_one_request_does_comes_before_what_has_to_be_read(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(EQUAL)
    told = worst_first(pipeline.scan((tmp_path,)))
    critical = [each.verdict for each in told if each.verdict.severity == "critical"]

    assert critical[1].score == critical[2].score
    assert [verdict.check for verdict in critical] == [
        "command-injection",
        "sql-injection",
        "hardcoded-secret",
    ]


@given(
    name=st.text("aA_b-.é", min_size=1, max_size=3),
    parts=st.lists(st.sampled_from(["", *"aA_b-.é \u2003'"]), max_size=8),
    at=st.integers(0, 8),
)
def test_a_name_is_left_out_where_it_stands_alone(name: str, parts: list[str], at: int) -> None:
    said = "".join([*parts[:at], name, *parts[at:]])

    alone = rf"(?<![\w-]){re.escape(name)}(?![\w-])"
    assert order._of_any(said, name) == re.sub(alone, order.SUBJECT, said)


def told(
    check: str, severity: Severity, score: float, cwe: str, confidence: str = "likely"
) -> Verdict:
    finding = Finding(Place("t.yaml", 1), check, cwe=cwe)
    return Verdict(check, check, Outcome.FAIL, severity, confidence, (finding,), score=score)


def test_what_somebody_can_use_comes_first_and_what_grows_old_last() -> None:
    verdicts = [
        told("runtime-end-of-life", Severity.HIGH, 12, "CWE-1104", "certain"),
        told("doubted", Severity.HIGH, 12, "CWE-306", "possible"),
        told("in-a-log", Severity.HIGH, 12, "CWE-532", "certain"),
        told("known", Severity.HIGH, 9, "CWE-306", "certain"),
        told("reached", Severity.HIGH, 12, "CWE-306"),
        told("sure", Severity.HIGH, 12, "CWE-306", "certain"),
        told("worst", Severity.CRITICAL, 13, "CWE-1104"),
    ]

    ranked = [each.check for each in sorted(verdicts, key=order.rank)]

    assert ranked == [
        *("worst", "sure", "reached", "in-a-log", "known", "doubted", "runtime-end-of-life"),
    ]
