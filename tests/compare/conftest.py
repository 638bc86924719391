from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checkrein.cli import run
from checkrein.model import App
from checkrein.pipeline import learn

# A shop. Anyone may read what is under public/ in Photos, and order; Builder may replace the code
# of Orders, which may read Customers; a mail goes from Orders through a queue to Mailer.
SHOP = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties: {StageName: prod}
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
      KeySchema: [{AttributeName: email, KeyType: HASH}]
  Mails:
    Type: AWS::SQS::Queue
  Photos:
    Type: AWS::S3::Bucket
    Properties: {BucketName: shop-photos}
  PhotosPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Photos
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: s3:GetObject
            Resource: !Sub "${Photos.Arn}/public/*"
          - Effect: Deny
            Principal: "*"
            Action: s3:DeleteObject
            Resource: !Sub "${Photos.Arn}/*"
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: |
        import boto3, os
        def handler(event, context):
            boto3.resource("dynamodb").Table(os.environ["CUSTOMERS"]).get_item(Key={"email": event["email"]})
            boto3.client("sqs").send_message(QueueUrl=os.environ["MAILS"], MessageBody=event["email"])
      Environment: {Variables: {CUSTOMERS: !Ref Customers, MAILS: !Ref Mails}}
      Policies:
        - Statement:
            - {Effect: Allow, Action: "dynamodb:*Item", Resource: !GetAtt Customers.Arn}
            - {Effect: Allow, Action: sqs:SendMessage, Resource: !GetAtt Mails.Arn}
      Events:
        Order: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /orders, Method: post}}
  Mailer:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: |
        import boto3
        def handler(event, context):
            boto3.client("s3").put_object(Bucket="shop-photos", Key="sent", Body=event["Records"][0]["body"])
      Policies:
        - Statement:
            - {Effect: Allow, Action: "s3:*", Resource: [!GetAtt Photos.Arn, !Sub "${Photos.Arn}/*"]}
      Events:
        Mail: {Type: SQS, Properties: {Queue: !GetAtt Mails.Arn}}
  Builder:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: "def handler(event, context): pass"
      Policies:
        - Statement:
            - {Effect: Allow, Action: lambda:UpdateFunctionCode, Resource: !GetAtt Orders.Arn}
  Planner:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: "def handler(event, context): pass"
      Policies:
        - Statement:
            - {Effect: Allow, Action: lambda:UpdateFunctionCode, Resource: !GetAtt Builder.Arn}
  Deployer:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: codebuild.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: deploy
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: iam:PassRole
                Resource: !GetAtt OrdersRole.Arn
                Condition: {StringEquals: {iam:PassedToService: ecs-tasks.amazonaws.com}}
              - {Effect: Allow, Action: [lambda:CreateFunction, lambda:InvokeFunction], Resource: "*"}
"""

Ask = Callable[..., tuple[int, str]]
AskJson = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def shop_app(tmp_path_factory: pytest.TempPathFactory) -> App:
    """The shop, read once, for questions that need no command line."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "shop.yaml").write_text(SHOP)
    return learn([folder]).app


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "shop.yaml").write_text(SHOP)
    return tmp_path


@pytest.fixture
def ask(shop: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    """Run a command on the shop and return its exit code and what it prints."""

    def run_at_shop(*arguments: str) -> tuple[int, str]:
        code = run([*arguments, "--in", str(shop)])
        printed = capsys.readouterr()
        return code, printed.out or printed.err

    return run_at_shop


@pytest.fixture
def ask_json(ask: Ask) -> AskJson:
    def run_as_json(*arguments: str) -> dict[str, Any]:
        _, printed = ask(*arguments, "--format", "json")
        document: dict[str, Any] = json.loads(printed)
        return document

    return run_as_json
