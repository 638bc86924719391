"""Sentences that say what is so: chat messages, answers that no browser asks for, open targets."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Outcome, Verdict

TALKS = """Transform: AWS::Serverless-2016-10-31
Resources:
  Talks:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: talks
      KeySchema: [{AttributeName: userId, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: userId, AttributeType: S}]
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Policies: [{DynamoDBReadPolicy: {TableName: !Ref Talks}}]
      Events: {Get: {Type: HttpApi, Properties: {Path: /talk, Method: get}}}
      InlineCode: |
        import boto3
        table = boto3.resource("dynamodb").Table("talks")
        def handler(event, context):
            item = table.get_item(Key={"userId": event["queryStringParameters"]["userId"]})["Item"]
            return %s
"""
TURNS = '[{"role": m["role"], "content": m["content"].strip()} for m in item["messages"]]'
RIGHTS = 'item["email"] if item["role"] == "admin" else ""'
WHOM = "of whom they name in event.queryStringParameters.userId"


def found(folder: Path, text: str, check: str) -> list[Verdict]:
    (folder / "template.yaml").write_text(text)
    result = pipeline.scan((folder,))
    return [v for v in (*result.verdicts, *result.held) if v.check == check]


def messages(verdicts: list[Verdict]) -> list[str]:
    return [finding.message for verdict in verdicts for finding in verdict.findings]


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (TURNS, f"anyone can read the messages {WHOM}"),
        (RIGHTS, f"anyone can have the rights (role) {WHOM}"),
    ],
)
def test_the_role_of_who_speaks_is_no_right(answer: str, said: str, tmp_path: Path) -> None:
    assert messages(found(tmp_path, TALKS % answer, "identity-from-request")) == [said]


OPEN = """Transform: AWS::Serverless-2016-10-31
Resources:
  Example:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      Events: {Get: {Type: HttpApi, Properties: {Path: /notes, Method: post}}}
      InlineCode: |
        const mongoose = require("mongoose");
        const Note = mongoose.models.note || mongoose.model("note", new mongoose.Schema({}));
        exports.handler = async (event) => {
          const { to } = JSON.parse(event.body);
          await Note.find({ to });
          return Note.findOne({ to });
        };
"""


def test_a_call_on_one_of_two_models_is_told_once(tmp_path: Path) -> None:
    verdicts = found(tmp_path, OPEN, "nosql-injection")
    places = [each.place.line for verdict in verdicts for each in verdict.findings]
    assert sorted(places) == [14, 15]  # the worst first


MAKING = """Transform: AWS::Serverless-2016-10-31
Resources:
  Example:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Events: {Get: {Type: HttpApi, Properties: {Path: /users, Method: post}}}
      InlineCode: |
        import boto3, random
        pool = boto3.client("cognito-idp")
        def handler(event, context):
            made = "A1!" + str(random.random())
            %s
"""
SETS = 'pool.admin_set_user_password(UserPoolId="p", Username=event["body"], Password=made)'
OFFERS = 'pool.initiate_auth(ClientId="c", AuthFlow="x", AuthParameters={"PASSWORD": made})'


@pytest.mark.parametrize(("line", "told"), [(SETS, 1), (OFFERS, 0)])
def test_who_offers_a_password_makes_none(line: str, told: int, tmp_path: Path) -> None:
    verdicts = found(tmp_path, MAKING % line, "predictable-secret")
    assert len(messages(verdicts)) == told


PAGE = """Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Auth: {DefaultAuthorizer: Own, Authorizers: {Own: {%s}}}
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Events: {Post: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /hook, Method: post}}}
      InlineCode: |
        import json
        def handler(event, context):
            name = json.loads(event["body"])["name"]
            return {"headers": {"Content-Type": "text/html"}, "body": f"<b>{name}</b>"}
"""
FUNCTION = "FunctionArn: 'arn:aws:lambda:eu-west-1:111122223333:function:own', FunctionPayloadType: REQUEST, Identity: {Headers: [%s]}"


@pytest.mark.parametrize(("header", "faults"), [("x-api-key", 0), ("Cookie", 1)])
def test_no_form_of_another_site_brings_a_key_along(
    header: str, faults: int, tmp_path: Path
) -> None:
    verdicts = found(tmp_path, PAGE % (FUNCTION % header), "cross-site-scripting")
    assert len(messages(verdicts)) == faults


RULE = """Conditions: {Kept: !Equals [!Ref AWS::Region, eu-west-1]}
Resources:
  Failed: {Type: AWS::SQS::Queue}
  Taken: {Type: AWS::SQS::Queue}
  Rule:
    Type: AWS::Events::Rule
    Properties:
      EventPattern: {source: [shop]}
      Targets:
        - !If
          - Kept
          - {Id: a, Arn: !GetAtt Taken.Arn, DeadLetterConfig: {Arn: !GetAtt Failed.Arn}}
          - {Id: a, Arn: !GetAtt Taken.Arn}
"""


def test_a_target_that_depends_on_a_condition_is_judged(tmp_path: Path) -> None:
    verdicts = found(tmp_path, RULE, "undelivered-event")

    assert not [each for each in verdicts if each.outcome is Outcome.CRASHED]
    assert messages(verdicts) == ["an event of Rule that Taken does not take is dropped"]


SESSION = """Transform: AWS::Serverless-2016-10-31
Resources:
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Events: {Get: {Type: HttpApi, Properties: {Path: /talk, Method: get}}}
      InlineCode: |
        import base64, boto3, json
        def handler(event, context):
            said = json.loads(base64.b64decode(%s))
            table = boto3.resource("dynamodb").Table("talks")
            return table.get_item(Key={"userId": said["user_id"]})["Item"]
"""


@pytest.mark.parametrize(
    "token",
    ['event["headers"]["authorization"]', 'event["headers"]["authorization"].split(".")[1]'],
)
def test_what_is_parsed_is_not_passed_to_a_form(tmp_path: Path, token: str) -> None:
    (verdict,) = (v for v in found(tmp_path, SESSION % token, "unverified-token") if v.findings)
    steps = [step.text for finding in verdict.findings for step in finding.steps]
    assert any(text.endswith("reads it as JSON") for text in steps), steps
