"""What one place asks of one of several stores is no certain claim about each of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline

TABLE = """
  NAMED:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: NAMED
      KeySchema: [{AttributeName: KEY, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: KEY, AttributeType: S}]"""
APP = """Resources:TABLES
  Show:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3, json
          dynamodb = boto3.resource("dynamodb")
          names = {EVERY}
          def handler(event, context):
              table = dynamodb.Table(names[WHICH])
              item = table.get_item(Key={"KEY": event["pathParameters"]["id"]})["Item"]
              return {"statusCode": 200, "body": json.dumps(item)}
  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !GetAtt Show.Arn, AuthType: NONE}
"""
TABLES = ("Customers", "Rooms", "Seats", "Halls")
UNKNOWN = 'event["pathParameters"]["kind"]'


@pytest.mark.parametrize(
    ("which", "many", "confidence"),
    [
        ('"Customers"', 4, "certain"),
        (UNKNOWN, 1, "certain"),
        (UNKNOWN, 2, "likely"),
        (UNKNOWN, 3, "likely"),
        (UNKNOWN, 4, "possible"),
        ('"Rooms"', 4, ""),
    ],
)
def test_which_of_several_stores_is_not_told(
    tmp_path: Path, which: str, many: int, confidence: str
) -> None:
    every = TABLES[:many]
    tables = [
        TABLE.replace("NAMED", name).replace("KEY", "id" if name != "Customers" else "email")
        for name in every
    ]
    text = APP.replace("TABLES", "".join(tables)).replace("WHICH", which).replace("KEY", "email")
    text = text.replace("EVERY", ", ".join(f'"{name}": "{name}"' for name in every))
    (tmp_path / "template.yaml").write_text(text)
    check = "unauthenticated-route-to-valuable-data"
    found = [v for v in pipeline.scan((tmp_path,)).verdicts if v.check == check and v.findings]
    assert [verdict.confidence for verdict in found] == ([confidence] if confidence else [])
