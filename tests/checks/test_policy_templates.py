"""Policies that SAM's templates name: the smaller one is offered, the smallest is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
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
    text = TEMPLATE.format(policy=policy, code=code)
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
