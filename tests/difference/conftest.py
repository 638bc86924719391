"""A shop: anyone may order with a card, staff list the orders, photos are public."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from checkrein.cli import run

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Photos:
    Type: AWS::S3::Bucket
    Properties: {BucketName: shop-photos}
  PhotosPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Photos
      PolicyDocument:
        Statement:
          - {Effect: Allow, Principal: "*", Action: s3:GetObject, Resource: !Sub "${Photos.Arn}/*"}
  Cards:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: order, AttributeType: S}]
      KeySchema: [{AttributeName: order, KeyType: HASH}]
  Staff:
    Type: AWS::Cognito::UserPool
    Properties: {AdminCreateUserConfig: {AllowAdminCreateUserOnly: true}}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Auth:
        Authorizers: {People: {UserPoolArn: !GetAtt Staff.Arn}}
  Order:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: order.handler
      CodeUri: code/
      Environment: {Variables: {CARDS: !Ref Cards}}
      Policies:
        - Statement:
            - {Effect: Allow, Action: dynamodb:PutItem, Resource: !GetAtt Cards.Arn}
      Events:
        Post: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /orders, Method: post}}
  List:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: list.handler
      CodeUri: code/
      Environment: {Variables: {CARDS: !Ref Cards}}
      Policies:
        - Statement:
            - {Effect: Allow, Action: dynamodb:Scan, Resource: !GetAtt Cards.Arn}
      Events:
        Get:
          Type: Api
          Properties:
            RestApiId: !Ref Api
            Path: /orders
            Method: get
            Auth: {Authorizer: People}
"""
ORDER = """\
import boto3, json, os

def handler(event, context):
    body = json.loads(event["body"])
    table = boto3.resource("dynamodb").Table(os.environ["CARDS"])
    table.put_item(Item={"order": body["order"], "cardNumber": body["cardNumber"]})
    return {"statusCode": 200}
"""
LIST = """\
import boto3, os

def handler(event, context):
    found = boto3.resource("dynamodb").Table(os.environ["CARDS"]).scan()
    return {"statusCode": 200, "body": str(found["Items"])}
"""
PUT = "{Effect: Allow, Action: dynamodb:PutItem, Resource: !GetAtt Cards.Arn}"
WIDER = (
    PUT + '\n            - {Effect: Allow, Action: s3:PutObject, Resource: !Sub "${Photos.Arn}/*"}'
)

Write = Callable[..., Path]
Ask = Callable[..., tuple[int, str, str]]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return what writes the shop into a folder; pairs of texts are put in place of others."""

    def made(name: str, *changes: tuple[str, str]) -> Path:
        texts = {"template.yaml": TEMPLATE, "code/order.py": ORDER, "code/list.py": LIST}
        for old, new in changes:
            assert any(old in text for text in texts.values())
            texts = {path: text.replace(old, new) for path, text in texts.items()}
        for path, text in texts.items():
            (tmp_path / name / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name / path).write_text(text)
        return tmp_path / name

    return made


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Ask:
    """Return what asks ``checkrein diff``: the exit, what it prints, what it complains of."""
    monkeypatch.setenv("COLUMNS", "400")

    def asked(*words: str | Path) -> tuple[int, str, str]:
        code = run(["diff", *map(str, words)])
        said = capsys.readouterr()
        return code, said.out, said.err

    return asked


def git(folder: Path, *words: str) -> str:
    """Run git as somebody, with nothing of the machine's own configuration."""
    settings = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
    settings += ["-c", "protocol.file.allow=always"]
    asked = ["git", *settings, "-C", str(folder), *words]
    return subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path) -> str:
    """Commit all that a folder holds, in a repository of its own, and return the id."""
    if not (folder / ".git").exists():
        git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", "as it is")
    return git(folder, "rev-parse", "HEAD")
