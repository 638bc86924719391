"""A function behind several routes is blamed for what it does on the route that gets there."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Outcome

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      Auth: {Authorizers: {Pool: {UserPoolArn: !GetAtt Pool.Arn}}}
  Pool: {Type: "AWS::Cognito::UserPool"}
  Desk:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: RUNTIME
      Handler: app.handler
      CodeUri: src
      Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Customers}}]
      Events:
        Get: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /desk, Method: get}}
        Post: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /desk, Method: post}}
        Put:
          Type: Api
          Properties: {RestApiId: !Ref Api, Path: /desk, Method: put, Auth: {Authorizer: Pool}}
"""
PYTHON = """
import boto3, json, subprocess
table = boto3.resource("dynamodb").Table("customers")
def handler(event, context):
    method = event["httpMethod"]
    if METHOD == "GET":
        found = table.get_item(Key={"email": event["queryStringParameters"]["email"]})
        return {"statusCode": 200, "body": json.dumps(found["Item"])}
    if METHOD == "PUT":
        table.update_item(Key={"email": "a"}, UpdateExpression="SET seen = :now")
        subprocess.run("ls " + event["body"], shell=True)
    return {"statusCode": 204}
"""
JAVASCRIPT = """
const { DynamoDB } = require("aws-sdk");
const { execSync } = require("child_process");
const table = new DynamoDB.DocumentClient();
exports.handler = async (event) => {
  const method = event.httpMethod;
  if (METHOD === "GET") {
    const Key = { email: event.queryStringParameters.email };
    const found = await table.get({ TableName: "customers", Key }).promise();
    return { statusCode: 200, body: JSON.stringify(found.Item) };
  }
  if (METHOD === "PUT") {
    const Key = { email: "a" }, UpdateExpression = "SET seen = :now";
    await table.update({ TableName: "customers", Key, UpdateExpression }).promise();
    execSync("ls " + event.body);
  }
  return { statusCode: 204 };
};
"""
LANGUAGES = {
    "python": (PYTHON, "python3.14", "app.py"),
    "javascript": (JAVASCRIPT, "nodejs24.x", "app.js"),
}
CHECKS = ("unauthenticated-route-to-valuable-data", "unauthenticated-write", "command-injection")


def told(root: Path, language: str, method: str, template: str = TEMPLATE) -> list[str]:
    """Return what is said of the three faults; ``method`` is what the code compares."""
    code, runtime, file = LANGUAGES[language]
    (root / "src").mkdir()
    (root / "src" / file).write_text(code.replace("METHOD", method))
    (root / "template.yaml").write_text(template.replace("RUNTIME", runtime))
    result = pipeline.scan((root,), lambda _: None)
    return sorted(
        finding.message
        for verdict in result.verdicts
        if verdict.check in CHECKS and verdict.outcome is Outcome.FAIL
        for finding in verdict.findings
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_route_is_blamed_for_its_own(tmp_path: Path, language: str) -> None:
    assert told(tmp_path, language, "method") == [
        "a signed-in caller can run commands as Desk through event.body",
        "anyone may read e-mail address of Customers through GET /desk",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_tells_no_request_is_every_routes(tmp_path: Path, language: str) -> None:
    other = {"python": 'event["headers"]["x-method"]', "javascript": 'event.headers["x-method"]'}
    assert told(tmp_path, language, other[language]) == [
        "anyone can run commands as Desk through event.body",
        "anyone may change what Customers holds (e-mail address) through POST /desk",
        "anyone may read e-mail address of Customers through GET /desk and POST /desk",
    ]


HTTP = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Desk:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: RUNTIME
      Handler: app.handler
      CodeUri: src
      Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Customers}}]
      Events:
        Get: {Type: HttpApi, Properties: {Path: /desk, Method: getFORM}}
"""
URL = HTTP.partition("      Events:")[0] + "      FunctionUrlConfig: {AuthType: NONE}\n"
READS = {
    "python": {
        "1.0": 'event.get("httpMethod")',
        "2.0": 'event["requestContext"]["http"]["method"]',
        "either": '(event.get("httpMethod") or event["requestContext"]["http"]["method"])',
    },
    "javascript": {
        "1.0": "event.httpMethod",
        "2.0": "event.requestContext.http.method",
        "either": "(event.httpMethod || event.requestContext.http.method)",
    },
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("form", "asked", "runs"),
    [
        (HTTP.replace("FORM", ""), "1.0", False),
        (HTTP.replace("FORM", ""), "2.0", True),
        (HTTP.replace("FORM", ""), "either", True),
        (HTTP.replace("FORM", ", PayloadFormatVersion: 1.0"), "1.0", True),
        (HTTP.replace("FORM", ', PayloadFormatVersion: "1.0"'), "2.0", False),
        (URL, "1.0", False),
        (URL, "2.0", True),
        (TEMPLATE, "1.0", True),
        (TEMPLATE, "2.0", False),
    ],
    ids=[
        *("http-1", "http-2", "http-either", "http1-1", "http1-2", "url-1", "url-2"),
        *("rest-1", "rest-2"),
    ],
)
def test_a_field_of_another_form_of_event_is_never_that(
    tmp_path: Path, language: str, form: str, asked: str, *, runs: bool
) -> None:
    found = told(tmp_path, language, READS[language][asked], form)
    assert any("may read" in each for each in found) is runs
    assert bool(found) is runs


PREFLIGHT = TEMPLATE.replace("Path: /desk, Method: get", "Path: /desk, Method: options").replace(
    "Path: /desk, Method: post", "Path: /desk, Method: post, Auth: {Authorizer: Pool}"
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_browsers_ask_before_a_request_lets_nobody_in(tmp_path: Path, language: str) -> None:
    other = {"python": 'event["headers"]["x-method"]', "javascript": 'event.headers["x-method"]'}
    assert told(tmp_path, language, other[language], PREFLIGHT) == [
        "a signed-in caller can run commands as Desk through event.body"
    ]


def test_whom_browsers_ask_for_makes_nothing_more_exposed(tmp_path: Path) -> None:
    told(tmp_path, "python", "method", PREFLIGHT)
    verdicts = pipeline.scan((tmp_path,)).verdicts
    (kept,) = [v for v in verdicts if v.check == "deleted-with-stack" and "Customers" in v.subject]
    assert "signed-in callers can reach it" in kept.reason
