"""Routes that are open on purpose: prices, names to be seen, and what its name says is for all."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Outcome

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  NAME:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: things
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Put:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, json
        def handler(event, context):
            said = json.loads(event["body"])
            boto3.resource("dynamodb").Table("things").put_item(Item={ITEM})
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, json
        def handler(event, context):
            found = boto3.resource("dynamodb").Table("things").scan()
            return {"statusCode": 200, "body": json.dumps(found["Items"])}
      Events:
        Get: {Type: HttpApi, Properties: {Path: PATH, Method: get}}
"""
WARE = '"id": said["id"], "price": said["price"]'
OWNED = f'{WARE}, "userId": said["user"]'
PERSON = '"id": said["id"], "email": said["email"]'
SHOWN = '"id": said["id"], "displayName": said["displayName"]'
CASES = [
    ("Agents", SHOWN, "/agents", "medium"),
    ("Agents", f'{SHOWN}, "fullName": said["fullName"]', "/agents", "high"),
    ("Agents", f'{SHOWN}, "email": said["email"]', "/agents", "high"),
    ("Products", WARE, "/products", "medium"),
    ("Orders", WARE, "/orders", "high"),
    ("Products", OWNED, "/products", "high"),
    ("People", PERSON, "/people", "high"),
    ("People", PERSON, "/people/public", "medium"),
    ("People", PERSON, "/republic", "high"),
    ("People", PERSON, "/guest/people", "medium"),
    ("People", PERSON, "/guests", "high"),  # of a hotel
]


@pytest.mark.parametrize(("name", "item", "path", "wanted"), CASES)
def test_severity(tmp_path: Path, name: str, item: str, path: str, wanted: str) -> None:
    text = TEMPLATE.replace("NAME", name).replace("ITEM", item).replace("PATH", path)
    (tmp_path / "template.yaml").write_text(text)
    found = [
        str(verdict.severity)
        for verdict in pipeline.scan((tmp_path,), lambda _: None).verdicts
        if verdict.check == "unauthenticated-route-to-valuable-data"
        and verdict.outcome is Outcome.FAIL
    ]
    assert found == [wanted]
