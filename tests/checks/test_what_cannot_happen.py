"""Harm that the code cannot do, each beside what looks like it and does."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Severity, Verdict

APPLICATION = """Transform: AWS::Serverless-2016-10-31
Resources:
  People:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: people
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Ask:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: RUNTIME
      Handler: app.handler
      CodeUri: .
      Environment: {Variables: {JWT_SECRET: SECRET}}
      Events: {Ask: {Type: HttpApi, Properties: {Path: "/people/{id}", Method: put}}}
"""


def found(folder: Path, file: str, code: str, check: str, secret: str = "x") -> list[Verdict]:
    runtime = "python3.14" if file.endswith(".py") else "nodejs24.x"
    template = APPLICATION.replace("RUNTIME", runtime).replace("SECRET", secret)
    (folder / "template.yaml").write_text(template)
    (folder / file).write_text(code)
    return [v for v in pipeline.scan((folder,)).verdicts if v.check == check and v.findings]


CHANGING = """import boto3, json
people = boto3.resource("dynamodb").Table("people")
def handler(event, context):
    body = json.loads(event["body"])
    people.put_item(Item={"id": "1", "email": body["email"]})
    answer = people.update_item(
        Key={"id": event["pathParameters"]["id"]},
        UpdateExpression="SET note = :note",
        ExpressionAttributeValues={":note": body["note"]},
        ReturnValues="%s",
    )
    return {"statusCode": 200, "body": json.dumps(answer["Attributes"])}
"""


@pytest.mark.parametrize(("asked", "told"), [("ALL_NEW", 1), ("UPDATED_NEW", 0)])
def test_what_the_request_itself_set_tells_nobody_anything(
    tmp_path: Path, asked: str, told: int
) -> None:
    verdicts = found(tmp_path, "app.py", CHANGING % asked, "unauthenticated-route-to-valuable-data")
    assert len(verdicts) == told


REPLACING = """import boto3, json
people = boto3.resource("dynamodb").Table("people")
def handler(event, context):
    body = json.loads(event["body"])
    people.put_item(Item={"id": "1", "email": body["email"]%s})
    answer = people.update_item(
        Key={"id": event["pathParameters"]["id"]},
        UpdateExpression="SET #e = %s",
        ExpressionAttributeNames={"#e": "email"},
        ExpressionAttributeValues={":email": body["email"]},
        ReturnValues="ALL_%s",
    )
    return {"statusCode": 200, "body": json.dumps(answer["Attributes"])}
"""


@pytest.mark.parametrize(
    ("more", "set_to", "state", "told"),
    [
        ("", ":email", "NEW", 0),
        ("", ":email", "OLD", 1),
        ("", "if_not_exists(email, :email)", "NEW", 1),
        (', "passport": body["passport"]', ":email", "NEW", 1),  # which stays as it was
    ],
)
def test_who_replaces_all_of_an_item_is_told_what_he_said(
    tmp_path: Path, more: str, set_to: str, state: str, told: int
) -> None:
    code = REPLACING % (more, set_to, state)
    verdicts = found(tmp_path, "app.py", code, "unauthenticated-route-to-valuable-data")
    assert len(verdicts) == told


MAILING = """import boto3, json
def handler(event, context):
    to = %s
    boto3.client("ses").send_email(
        Source="a@example.org", Destination={"ToAddresses": [to]}, Message={"Body": "hello"}
    )
"""


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ('json.loads(event["body"])["to"]', 1),
        ('event["Records"][0]["Sns"]["MessageAttributes"]["email"]["Value"]', 0),
    ],
)
def test_who_asks_over_http_fills_in_no_event_of_another_service(
    tmp_path: Path, address: str, told: int
) -> None:
    verdicts = found(tmp_path, "app.py", MAILING % address, "unauthenticated-write")
    assert len(verdicts) == told


SCRATCH = """const fs = require("fs");
exports.handler = async (event) => {
  fs.unlinkSync("/tmp/" + JSON.parse(event.body).name);
};
"""


def test_what_a_function_keeps_while_it_runs_is_its_own(tmp_path: Path) -> None:
    (verdict,) = found(tmp_path, "app.js", SCRATCH, "path-traversal")
    assert verdict.severity is Severity.LOW


COUNTING = """const mysql = require("mysql2/promise");
exports.handler = async (event) => {
  const most = %s(JSON.parse(event.body).most);
  const db = await mysql.createConnection({});
  return db.query(`SELECT name FROM people LIMIT ${most}`);
};
"""


@pytest.mark.parametrize(("made", "told"), [("Math.trunc", 0), ("Math.abs", 0), ("String", 1)])
def test_what_gives_a_number_lets_no_text_through(tmp_path: Path, made: str, told: int) -> None:
    assert len(found(tmp_path, "app.js", COUNTING % made, "sql-injection")) == told


VERIFYING = """import os, jwt
def handler(event, context):
    return jwt.decode(event["headers"]["authorization"], os.environ["JWT_SECRET"], algorithms=["HS256"])
"""


@pytest.mark.parametrize(
    ("secret", "told"), [("your-secret-key", 1), ("your_jwt_secret", 1), ("<your-key>", 0)]
)
def test_a_secret_left_as_it_was_signs_for_everybody(
    tmp_path: Path, secret: str, told: int
) -> None:
    assert len(found(tmp_path, "app.py", VERIFYING, "plaintext-secret", secret)) == told


KEEPING = """  Keep:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: keep.handler
      CodeUri: .
      Events: {Keep: {Type: HttpApi, Properties: {Path: /me, Method: post, Auth: {Authorizer: AWS_IAM}}}}
"""
KEPT = """import boto3, json
def handler(event, context):
    body = json.loads(event["body"])
    boto3.resource("dynamodb").Table("people").put_item(Item={"id": "1", "email": body["email"]})
"""
STORED = 'boto3.resource("dynamodb").Table("people").get_item(Key={"id": "1"})["Item"]["email"]'


def test_an_address_that_only_others_gave_is_named_by_no_stranger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keep.py").write_text(KEPT)
    monkeypatch.setattr(f"{__name__}.APPLICATION", APPLICATION + KEEPING)
    assert found(tmp_path, "app.py", MAILING % STORED, "unauthenticated-write") == []
