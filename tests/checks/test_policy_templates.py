"""Policies that SAM's templates name: the smaller one is offered, the smallest is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Persona
from checkrein.notation import splice

TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Resources:
  Plans:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{{AttributeName: id, KeyType: HASH}}]
      AttributeDefinitions: [{{AttributeName: id, AttributeType: S}}]
  Reader:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Environment:
        Variables:
          TABLE: !Ref Plans
      Policies:
        - {policy}:
            TableName: !Ref Plans
      InlineCode: |
        import boto3, os
        table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
        def handler(event, context):
            {code}
"""
GET = 'return table.get_item(Key={"id": event["id"]})'
PUT = 'table.put_item(Item={"id": event["id"]})'
DELETE = 'table.delete_item(Key={"id": event["id"]})'


def mended(folder: Path, policy: str, code: str) -> list[str]:
    """Return the policies as they stand after the fix of what is never used."""
    return mended_text(folder, TEMPLATE.format(policy=policy, code=code))


def mended_text(folder: Path, text: str) -> list[str]:
    (folder / "template.yaml").write_text(text)
    result = pipeline.scan((folder,))
    found = [f for v in result.verdicts if v.check == "unused-permission" for f in v.findings]
    remedies = pipeline.mend(result, found).remedies.values()
    after = splice(text, [edit for remedy in remedies for edit in remedy.edits])
    lines = after.splitlines()
    end = next(number for number, line in enumerate(lines) if "InlineCode" in line)
    start = next((number for number, line in enumerate(lines) if "Policies:" in line), end)
    return [line.strip() for line in lines[start + 1 : end]] if found else ["silent"]


@pytest.mark.parametrize(
    ("policy", "code", "after"),
    [
        pytest.param(
            *("DynamoDBCrudPolicy", GET, ["- DynamoDBReadPolicy:", "TableName: !Ref Plans"]),
            id="read",
        ),
        pytest.param(
            *("DynamoDBCrudPolicy", PUT, ["- DynamoDBWritePolicy:", "TableName: !Ref Plans"]),
            id="write",
        ),
        pytest.param("DynamoDBReadPolicy", GET, ["silent"], id="smallest"),
        pytest.param("DynamoDBCrudPolicy", f"{DELETE}; {GET}", ["silent"], id="none-fits"),
        pytest.param("DynamoDBReadPolicy", "return event", [], id="nothing-used"),
    ],
)
def test_the_smaller_template(policy: str, code: str, after: list[str], tmp_path: Path) -> None:
    assert mended(tmp_path, policy, code) == after


def test_the_only_policy_may_stand_without_a_list(tmp_path: Path) -> None:
    text = TEMPLATE.replace("- {policy}:", "{policy}:").replace(
        "            TableName", "          TableName"
    )
    read = text.format(policy="DynamoDBCrudPolicy", code=GET)
    assert mended_text(tmp_path, read) == ["DynamoDBReadPolicy:", "TableName: !Ref Plans"]
    none = text.format(policy="DynamoDBReadPolicy", code="return event")
    assert mended_text(tmp_path, none) == []


ATHENA = """Transform: AWS::Serverless-2016-10-31
Resources:
  Asker:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Policies:
        - AthenaQueryPolicy: {WorkGroupName: primary}
      InlineCode: |
        import boto3
        def handler(event, context):
            boto3.client("athena").start_query_execution(QueryString="SELECT 1")
"""


def test_a_policy_of_which_one_statement_is_used_stays(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(ATHENA)
    wanted = pipeline.Wanted(persona=Persona.AUDITOR)
    verdicts = pipeline.scan((tmp_path,), wanted=wanted).verdicts
    found = [f for v in verdicts if v.check == "unused-permission" for f in v.findings]
    assert [(finding.hygiene, finding.fix) for finding in found] == [(True, None)]


NAMED = """Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {{}}
      Policies:
        - PolicyName: settings
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: [ssm:*, ssm:GetParameter, ssm:DeleteParameter]
                Resource: !Sub arn:aws:ssm:${{AWS::Region}}:${{AWS::AccountId}}:parameter/colour
  Reader:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          import boto3
          ssm = boto3.client("ssm")
          def handler(event, context):
              {code}
"""


@pytest.mark.parametrize(
    ("code", "kept"),
    [
        ('return ssm.get_parameter(Name="colour")', ["ssm:GetParameter"]),
        ('return ssm.get_parameter(Name="colour"), ssm.get_parameters(Names=["colour"])', None),
    ],
    ids=["goes", "needed"],
)
def test_a_pattern_that_gives_again_what_is_taken(
    code: str, kept: list[str] | None, tmp_path: Path
) -> None:
    (tmp_path / "template.yaml").write_text(NAMED.format(code=code))
    verdicts = pipeline.scan((tmp_path,)).verdicts
    (found,) = (f for v in verdicts if v.check == "unused-permission" for f in v.findings)
    changes = found.fix.changes if found.fix else ()
    assert [change.value for change in changes] == ([kept] if kept else [])
