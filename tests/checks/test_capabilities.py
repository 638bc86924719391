"""What opens to whoever was told a secret of it, beside what only looks like that."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline

TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Resources:
  People:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: people
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Users: {Type: AWS::Cognito::UserPool}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      Auth: {Authorizers: {Users: {UserPoolArn: !GetAtt Users.Arn}}}
"""
FUNCTION = """  %(name)s:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: %(file)s.handler
      CodeUri: .
      Events:
        Ask:
          Type: Api
          Properties: {RestApiId: !Ref Api, Path: /%(file)s, Method: post%(auth)s}
"""
HEAD = """import boto3, json, random, secrets, uuid
from boto3.dynamodb.conditions import Attr, Key
people = boto3.resource("dynamodb").Table("people")
def handler(event, context):
    body = json.loads(event["body"])
"""
INVITE = """    people.put_item(Item={"id": str(uuid.uuid4()), "token": %s, "email": body["email"],
                          "diagnosis": body["diagnosis"]})
"""
BY_TOKEN = """    found = people.scan(FilterExpression=Attr("token").eq(body["token"]))["Items"][0]
    people.update_item(Key={"id": found["id"]}, UpdateExpression="SET email = :e",
                       ExpressionAttributeValues={":e": body["email"]})
    return {"statusCode": 200, "body": json.dumps(found)}
"""
BY_ID = """    found = people.get_item(Key={"id": body["id"]})["Item"]
    return {"statusCode": 200, "body": json.dumps(found)}
"""
OF_THE_APP = BY_ID.replace('body["id"]', '"first"')
PAID = """    people.update_item(Key={"id": body["id"]}, UpdateExpression="SET email = :e",
                       ExpressionAttributeValues={":e": body["email"]})
    return {"statusCode": 200, "body": json.dumps(people.get_item(Key={"id": body["id"]})["Item"])}
"""
ALL = """    return {"statusCode": 200, "body": json.dumps(people.scan()["Items"])}
"""
NAMES = """    found = people.scan()["Items"]
    return {"statusCode": 200, "body": json.dumps([each["email"] for each in found])}
"""
MINE = """    caller = event["requestContext"].get("authorizer", {}).get("claims", {}).get("sub")
    found = people.query(KeyConditionExpression=Key("owner").eq(caller or %s))["Items"]
    return {"statusCode": 200, "body": json.dumps(found)}
"""
BY_CODE = """    found = people.query(KeyConditionExpression=Key("token").eq(body["token"].strip()))["Items"]
    return {"statusCode": 200, "body": json.dumps(found)}
"""
ADDED = """    people.put_item(Item={"id": str(uuid.uuid4()), "token": secrets.token_urlsafe(32),
                          "email": body["email"]})
"""
SAFE = "secrets.token_urlsafe(32)"
OPEN, WRITE = "unauthenticated-route-to-valuable-data", "unauthenticated-write"


@pytest.mark.parametrize(
    ("made", "ask", "list_", "read", "written"),
    [
        (SAFE, BY_TOKEN, "", "medium", "medium"),
        ("str(uuid.uuid4())", BY_TOKEN, "", "medium", "medium"),
        (SAFE, BY_TOKEN, NAMES, "medium", "medium"),  # the list tells no token
        (SAFE, BY_TOKEN, ALL, "high", "high"),  # whoever lists them knows every token
        ("secrets.token_hex(3)", BY_TOKEN, "", "high", "high"),  # soon tried
        ("secrets.token_urlsafe(nbytes=4)", BY_TOKEN, "", "high", "high"),
        ("uuid.uuid4().hex[:6]", BY_TOKEN, "", "high", "high"),
        ("str(random.random())", BY_TOKEN, "", "high", "high"),
        ('body["token"]', BY_TOKEN, "", "high", "high"),
        (f'body.get("token", {SAFE})', BY_TOKEN, "", "high", "high"),
        (SAFE, BY_ID, "", "medium", ""),  # a random id, told to nobody else
        (SAFE, BY_ID, ALL, "high", ""),
        (
            SAFE,
            BY_ID,
            MINE % '"tests"',
            "medium",
            "",
        ),  # their own, or a text's where nobody is asked
        (SAFE, BY_ID, MINE % 'body["owner"]', "high", ""),
        (SAFE, BY_ID, BY_CODE, "medium", ""),  # who knows one random name is told the other
        ('body["token"]', BY_ID, BY_CODE, "high", ""),
        (SAFE, ADDED + BY_TOKEN, "", "medium", "medium"),  # beside what it adds
        (SAFE, OF_THE_APP, "", "high", ""),  # whoever asks says nothing
        (SAFE, PAID, "", "medium", "high"),  # who knows an order's id may not say that it is paid
    ],
)
def test_who_is_told_a_secret_is_not_anyone(
    tmp_path: Path, made: str, ask: str, list_: str, read: str, written: str
) -> None:
    assert severities(tmp_path, made, ask, list_) == (read, written)


UNREAD = """  Report:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: java21
      Handler: report.Handler
      CodeUri: report.jar
      Policies: [%s: {TableName: !Ref People}]
"""
USERS = """  Pool: {Type: AWS::Cognito::IdentityPool, Properties: {AllowUnauthenticatedIdentities: false}}
  Signed:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: all
          PolicyDocument:
            Statement: [{Effect: Allow, Action: "dynamodb:Scan", Resource: !GetAtt People.Arn}]
  Roles:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties: {IdentityPoolId: !Ref Pool, Roles: {authenticated: !GetAtt Signed.Arn}}
"""


@pytest.mark.parametrize(
    "more", [UNREAD % "DynamoDBReadPolicy", UNREAD % "DynamoDBWritePolicy", USERS]
)
def test_what_nobody_sees_may_tell_a_secret_or_make_it_known(tmp_path: Path, more: str) -> None:
    assert severities(tmp_path, SAFE, BY_TOKEN, "", more) == ("high", "high")


def test_code_unread_that_may_not_reach_it_tells_nothing(tmp_path: Path) -> None:
    more = UNREAD.replace("      Policies: [%s: {TableName: !Ref People}]\n", "")

    assert severities(tmp_path, SAFE, BY_TOKEN, "", more) == ("medium", "medium")


def severities(
    tmp_path: Path, made: str, ask: str, list_: str, more: str = ""
) -> tuple[str | None, str]:
    auth = ", Auth: {Authorizer: Users}"
    codes = {"invite": INVITE % made, "ask": ask, **({"all": list_} if list_ else {})}
    text = TEMPLATE + more
    for file, code in codes.items():
        said = {"name": file.capitalize(), "file": file, "auth": "" if file == "ask" else auth}
        text += FUNCTION % said
        (tmp_path / f"{file}.py").write_text(HEAD + code)
    (tmp_path / "template.yaml").write_text(text)
    verdicts = pipeline.scan((tmp_path,), lambda _: None).verdicts
    found = {v.check: str(v.severity) for v in verdicts if v.subject.endswith("Ask") and v.findings}
    return found.get(OPEN), found.get(WRITE, "")
