"""What answers leave out, and the words of what is doubtful: one team's careless roles."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.compare import can, explain
from checkrein.model import App, Explanation
from checkrein.pipeline import learn

FUNCTION = """
  {name}:
    Type: AWS::Lambda::Function
    Properties: {{Runtime: python3.13, Handler: index.handler, Role: {role}, Code: {{ZipFile: "{code}"}}}}
"""
PASS = "def handler(event, context): pass"
CALL = "import boto3\\ndef handler(e, c): boto3.client('lambda').invoke(FunctionName='second')"
ROLE = """
  {name}:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {{Effect: Allow, Principal: {{Service: lambda.amazonaws.com}}, Action: sts:AssumeRole}}
          - {{Effect: Deny, Principal: {{AWS: "arn:aws:iam::444455556666:root"}}, Action: sts:AssumeRole}}
      Policies: [{{PolicyName: own, PolicyDocument: {{Statement: [{statements}]}}}}]
"""
READ = "{Effect: Allow, Action: dynamodb:GetItem, Resource: !GetAtt Table.Arn}"
COPY = (
    "{Effect: Allow, Action: ['s3:GetObject', 's3:PutObjectAcl'], Resource: !Sub '${Files.Arn}/*'}"
)
TAKE = "{Effect: Allow, Action: [lambda:UpdateFunctionCode, lambda:InvokeFunction], Resource: !GetAtt Second.Arn}"
PERHAPS = (
    "{Effect: Allow, Action: lambda:UpdateFunctionCode, Resource: !GetAtt Second.Arn, "
    "Condition: {StringEquals: {aws:PrincipalTag/team: a}}}"
)
SOMETIMES = (
    "{Effect: Allow, Action: s3:GetObject, Resource: !Sub '${Files.Arn}/*', "
    "Condition: {StringEquals: {aws:PrincipalTag/team: a}}}"
)
STORES = """
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Files: {Type: AWS::S3::Bucket}
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {AdminCreateUserConfig: {AllowAdminCreateUserOnly: true}}
"""


def _function(name: str, statements: str, code: str = PASS) -> str:
    role = ROLE.format(name=f"{name}Role", statements=statements)
    made = FUNCTION.format(name=name, role=f"!GetAtt {name}Role.Arn", code=code)
    return role + made.replace("{Runtime", f"{{FunctionName: {name.lower()}, Runtime")


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> App:
    folder: Path = tmp_path_factory.mktemp("team")
    functions = [
        _function("First", f"{READ}, {TAKE}", CALL),
        _function("Second", f"{READ}, {COPY}"),
        _function("Third", PERHAPS),
        _function("Fourth", SOMETIMES),
        FUNCTION.format(name="Guest", role="arn:aws:iam::111122223333:role/guest", code=PASS),
    ]
    (folder / "team.yaml").write_text(STORES + "".join(functions))
    return learn([folder]).app


def lines(found: Explanation, id: str) -> list[str]:
    return [way.text for part in found.parts if part.id == id for way in part.ways]


def test_equal_rights_stand_in_one_line(team: App) -> None:
    assert lines(explain(team, "Table"), "direct") == [
        "First and Second may read it; their code does not use it"
    ]


def test_what_one_may_already_is_not_gained(team: App) -> None:
    takeover = lines(explain(team, "Table"), "takeover")

    assert takeover == ["Third may, under conditions, take over Second, and so read it"]
    assert lines(explain(team, "Second"), "takeover") == []


def test_conditions_are_told_of_rights_and_chains(team: App) -> None:
    assert "Fourth may, under conditions, read it; its code does not use it" in lines(
        explain(team, "Files"), "direct"
    )
    assert lines(explain(team, "Second"), "owners") == [
        "First may take it over",
        "Third may, under conditions, take it over",
    ]


def test_a_caller_in_code_is_told_once(team: App) -> None:
    assert lines(explain(team, "Second"), "runs") == ["First calls it"]


def test_trust_and_denials_are_told_apart(team: App) -> None:
    assert lines(explain(team, "FirstRole"), "trust") == [
        "lambda.amazonaws.com may assume it",
        "account:444455556666 may not assume it",
    ]


def test_a_pool_by_invitation_is_not_open(team: App) -> None:
    assert explain(team, "Pool").text == "Pool: people whom administrators add can sign in"


def test_a_role_outside_leaves_the_answer_open(team: App) -> None:
    found = can(team, "Guest", "dynamodb:GetItem", "Table", {})

    assert found.answer == "maybe"
    assert "stand in no template here" in found.answers[0].depends[0]
