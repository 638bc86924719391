"""Who can do it, where the code of an open route asks first: whoever holds its secret."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Entry, Outcome, Persona
from checkrein.model.result import Result

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Guests:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: guests
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Hook:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: RUNTIME
      Handler: app.handler
      CodeUri: src
      Policies: [{Statement: [{Effect: Allow, Action: "dynamodb:*", Resource: "*"}]}]
      Environment: {Variables: {HOOK_SECRET: "{{resolve:ssm-secure:hook}}"}}
      FunctionUrlConfig: {AuthType: NONE}
      Events:
        Post: {Type: HttpApi, Properties: {Path: /admin/guests, Method: post}}
"""
PYTHON = """
import boto3, hashlib, hmac, json, os, subprocess
def signed(event):
    mac = hmac.new(os.environ["HOOK_SECRET"].encode(), event["body"].encode(), hashlib.sha256)
    return hmac.compare_digest(mac.hexdigest(), event["headers"]["x-mark"])
def handler(event, context):
    GUARD
    said = json.loads(event["body"])
    subprocess.run("ls " + said["folder"], shell=True)
    table = boto3.resource("dynamodb").Table("guests")
    table.put_item(Item={"email": said["email"], "name": said["name"]})
    return {"statusCode": 200, "body": json.dumps(table.get_item(Key={"email": said["email"]})["Item"])}
"""
JAVASCRIPT = """
const crypto = require("crypto"); const { execSync } = require("child_process");
const AWS = require("aws-sdk"); const db = new AWS.DynamoDB.DocumentClient();
const signed = (event) => {
  const mac = crypto.createHmac("sha256", process.env.HOOK_SECRET).update(event.body).digest("hex");
  return crypto.timingSafeEqual(Buffer.from(mac), Buffer.from(event.headers["x-mark"]));
};
exports.handler = async (event) => {
  GUARD
  const said = JSON.parse(event.body);
  execSync("ls " + said.folder);
  await db.put({ TableName: "guests", Item: { email: said.email, name: said.name } }).promise();
  const found = await db.get({ TableName: "guests", Key: { email: said.email } }).promise();
  return { statusCode: 200, body: JSON.stringify(found.Item) };
};
"""
GUARDS = {
    "python": (PYTHON, "python3.14", "app.py", 'if not signed(event): return {"statusCode": 401}'),
    "javascript": (JAVASCRIPT, "nodejs24.x", "app.js", "if (!signed(event)) return { statusCode: 401 };"),
}  # fmt: skip
DECEIVING = {"python": "print(signed(event))", "javascript": "console.log(signed(event));"}
ANYONE = {
    "command-injection": "critical anyone can run commands as Hook through event.body.folder",
    "internal-route-exposed": "anyone may call POST /admin/guests, which is named for insiders",
    "public-function-url": "anyone on the internet may call Hook",
    "public-route-to-powerful-function": "anyone may call Hook, which is allowed dynamodb:* on everything",
    "unauthenticated-route-to-valuable-data": (
        "anyone may read e-mail address and name of a person of Guests"
    ),
    "unauthenticated-write": "anyone may change what Guests holds",
}
ENDS = ("Hook", "Url", "Api", "Counted")  # of the subjects' ids


def scan(root: Path, language: str, guard: str, template: str = TEMPLATE) -> Result:
    code, runtime, file, _ = GUARDS[language]
    (root / "src").mkdir()
    (root / "src" / "package.json").write_text('{"dependencies": {"aws-sdk": "2.1692.0"}}')
    (root / "src" / file).write_text(code.replace("GUARD", guard))
    (root / "template.yaml").write_text(template.replace("RUNTIME", runtime))
    return pipeline.scan((root,), lambda _: None)


def scanned(
    root: Path, language: str, guard: str, template: str = TEMPLATE
) -> tuple[dict[str, list[str]], list[str]]:
    """Return what is found, by check, and what the ways in ask for."""
    result = scan(root, language, guard, template)
    found: dict[str, list[str]] = {}
    for verdict in result.verdicts:
        if verdict.outcome is Outcome.FAIL and verdict.subject.endswith(ENDS):
            said = [f"{verdict.severity} {each.message}" for each in verdict.findings]
            found.setdefault(verdict.check, []).extend(said)
    return found, sorted(entry.proof for entry in result.app.every(Entry))


@pytest.mark.parametrize("language", GUARDS)
def test_who_holds_the_secret_is_not_anyone(tmp_path: Path, language: str) -> None:
    found, proofs = scanned(tmp_path, language, GUARDS[language][3])

    assert proofs == ["secret", "secret"]
    assert found["command-injection"] == [
        "high whoever holds its secret can run commands as Hook through event.body.folder"
    ]
    assert found["public-function-url"] == [
        "low anyone on the internet may call Hook, where only the code asks for a secret"
    ]
    told = [text for texts in found.values() for text in texts]
    assert not [text for text in told if "anyone may" in text and "until no function" not in text]


def test_the_open_door_says_who_gets_past_the_code(tmp_path: Path) -> None:
    verdicts = scan(tmp_path, "python", GUARDS["python"][3]).verdicts
    (reason,) = (v.reason for v in verdicts if v.check == "public-function-url")
    assert reason.endswith("; whoever holds its secret can reach it")


@pytest.mark.parametrize("language", GUARDS)
def test_a_signature_that_is_only_logged_keeps_nobody_out(tmp_path: Path, language: str) -> None:
    found, proofs = scanned(tmp_path, language, DECEIVING[language])

    assert proofs == ["", ""]
    for check, text in ANYONE.items():
        assert any(text in said for said in found[check]), check


@pytest.mark.parametrize("language", GUARDS)
def test_what_stands_before_the_question_is_anyones(tmp_path: Path, language: str) -> None:
    """A function that does one thing for anyone and the rest for holders of its secret."""
    before = {
        "python": 'subprocess.run("ls " + event["rawPath"], shell=True)\n    ',
        "javascript": "execSync('ls ' + event.rawPath);\n  ",
    }
    found, proofs = scanned(tmp_path, language, before[language] + GUARDS[language][3])

    assert proofs == ["", ""]
    assert sorted(found["command-injection"]) == [
        "critical anyone can run commands as Hook through event.rawPath",
        "high whoever holds its secret can run commands as Hook through event.body.folder",
    ]
    assert "unauthenticated-write" not in found
    assert "unauthenticated-route-to-valuable-data" not in found


EXPECTING = {
    "python": 'who = event["requestContext"]["authorizer"]["claims"]["sub"]',
    "javascript": "const who = event.requestContext.authorizer.claims.sub;",
}


@pytest.mark.parametrize("language", GUARDS)
def test_a_route_whose_code_waits_for_an_authorizer_lets_nobody_in(
    tmp_path: Path, language: str
) -> None:
    found, proofs = scanned(tmp_path, language, EXPECTING[language])

    assert proofs == ["claims", "claims"]
    assert found["command-injection"] == [
        "critical a signed-in caller can run commands as Hook through event.body.folder"
    ]
    assert "unauthenticated-write" not in found
    assert "unauthenticated-route-to-valuable-data" not in found
    (route,) = found["unauthenticated-route"]
    assert "refuses everybody without an authorizer" in route


@pytest.mark.parametrize("language", GUARDS)
def test_code_that_only_looks_for_an_authorizer_lets_everybody_in(
    tmp_path: Path, language: str
) -> None:
    looking = {
        "python": 'who = event["requestContext"].get("authorizer", {}).get("claims", {})',
        "javascript": "const who = event.requestContext.authorizer?.claims?.sub;",
    }
    found, proofs = scanned(tmp_path, language, looking[language])

    assert proofs == ["", ""]
    for check, text in ANYONE.items():
        assert any(text in said for said in found[check]), check


KEYED = """      Events:
        Post: {Type: Api, Properties: {RestApiId: !Ref Counted, Path: /admin/guests, Method: post}}
  Counted:
    Type: AWS::Serverless::Api
    Properties: {StageName: live, Auth: {ApiKeyRequired: REQUIRED}}
"""


@pytest.mark.parametrize("language", GUARDS)
@pytest.mark.parametrize(("required", "proof"), [("true", "key"), ("false", "")])
def test_an_api_key_is_a_weak_right_and_more_than_none(
    tmp_path: Path, language: str, required: str, proof: str
) -> None:
    before = TEMPLATE.partition("      FunctionUrlConfig")[0]
    template = before + KEYED.replace("REQUIRED", required)
    found, proofs = scanned(tmp_path, language, "", template)
    keyed = proof == "key"

    assert proofs == [proof]
    who = "high whoever holds its API key" if keyed else "critical anyone"
    assert found["command-injection"] == [
        f"{who} can run commands as Hook through event.body.folder"
    ]
    assert ("unauthenticated-write" in found) is not keyed
    told = [text.partition(" ")[0] for text in found.get("api-key-as-only-credential", ())]
    assert told == (["high"] if keyed else [])


HTTP_API = """
Resources:
  Guests:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: guests
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties:
      Body:
        openapi: 3.0.1
        components: {securitySchemes: {key: {type: apiKey, name: x-api-key, in: header}}}
        paths:
          /admin/guests:
            post:
              security: [{key: []}]
              x-amazon-apigateway-integration: {type: aws_proxy, uri: !GetAtt Hook.Arn}
  Hook:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3, json
          def handler(event, context):
              table = boto3.resource("dynamodb").Table("guests")
              table.put_item(Item={"email": json.loads(event["body"])["email"]})
"""


def test_an_http_api_knows_no_api_keys_and_lets_everybody_in(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(HTTP_API)
    result = pipeline.scan((tmp_path,), wanted=pipeline.Wanted(Persona.AUDITOR))

    assert [entry.proof for entry in result.app.every(Entry)] == [""]
    found = {v.check for v in result.verdicts if v.outcome is Outcome.FAIL}
    assert {"unauthenticated-write", "unauthenticated-route"} <= found
