"""The application that all reports tell of: its faults, its secret, and what nobody can decide."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from checkrein import pipeline
from checkrein.model.result import Result

TEMPLATE = """Transform: AWS::Serverless-2016-10-31
Resources:
  Users:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: users
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Report:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: report.handler
      CodeUri: "code | <1>/"
      Environment: {Variables: {DB_PASSWORD: kRt7-correct-horse}}
      Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Users}}]
      Events: {Run: {Type: Api, Properties: {Path: /report, Method: post}}}
  Old:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.8  # checkrein: ignore[runtime-end-of-life] moves in spring, ticket 7
      Handler: index.handler
      InlineCode: "def handler(event, context): pass"
  Unclear:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Policies: [{DynamoDBReadPolicy: {TableName: !Ref Users}}]
      InlineCode: |
        import pynamodb
        def handler(event, context): pass
"""
CODE = """import os
import boto3

def handler(event, context):
    name = event["queryStringParameters"]["name"]
    boto3.client("dynamodb").get_item(TableName="users", Key={"email": {"S": name}})
    os.system("𝕏é " + name)
    print(event["headers"]["Authorization"])
"""
SECRET = "kRt7-correct-horse"
CHECKS = {  # those the tests speak of: a new check is no news to a report
    *("command-injection", "data-in-logs", "plaintext-secret", "power-beyond-use"),
    *("public-function-url", "public-route-to-powerful-function", "runtime-end-of-life"),
    *("unauthenticated-route-to-valuable-data", "unused-permission"),
}


def scanned(folder: Path) -> Result:
    """Return a scan with the verdicts of the checks that tests speak of."""
    found = pipeline.scan((folder,))
    kept = tuple(verdict for verdict in found.verdicts if verdict.check in CHECKS)
    return replace(found, verdicts=kept, held=())
