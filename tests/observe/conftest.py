"""One application, and what records tell of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checkrein import pipeline
from checkrein.model import App, Observation
from checkrein.observe import Given, observed

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Parameters: {Stage: {Type: String}}
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Uploads: {Type: AWS::S3::Bucket, Properties: {BucketName: !Sub "uploads-${Stage}-of-shop"}}
  Site: {Type: AWS::S3::Bucket}
  Jobs: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs}}
  Keys: {Type: AWS::SecretsManager::Secret, Properties: {Name: shop/keys}}
  Edge:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Aliases: [shop.at-home.org]
        Enabled: true
        DefaultCacheBehavior: {TargetOriginId: s, ViewerProtocolPolicy: https-only}
        Origins: [{Id: s, DomainName: !GetAtt Site.RegionalDomainName, S3OriginConfig: {}}]
  SaveOrderOfCustomer:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Environment: {Variables: {TABLE: !Ref Orders}}
      Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Orders}}]
      InlineCode: |
        import boto3, os
        def handler(event, context):
            table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
            table.put_item(Item={"id": event["id"], "email": event["email"]})
  Mail:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: !Sub "shop-mail-${Stage}"
      Runtime: python3.14
      Handler: index.handler
      InlineCode: "def handler(event, context): return {}"
"""

Told = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> App:
    folder = tmp_path_factory.mktemp("shop")
    (folder / "template.yaml").write_text(TEMPLATE)
    return pipeline.learn([folder]).app


@pytest.fixture
def told(shop: App, tmp_path: Path) -> Told:
    """Return what a file of records tells: the fields asked for, of each observation."""

    def of(content: object, *fields: str, name: str = "records.json") -> list[tuple[Any, ...]]:
        text = content if isinstance(content, str) else json.dumps(content)
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
        app = observed(shop, [Given(tmp_path)])
        return sorted(
            tuple(getattr(each, field) for field in fields) for each in app.every(Observation)
        )

    return of
