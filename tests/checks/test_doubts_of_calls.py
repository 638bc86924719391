"""What weighs less for where code runs, what it makes itself, and what callers get of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Severity, Verdict

APP = """Resources:
  Files: {Type: AWS::S3::Bucket, Properties: {BucketName: files}}
  Ask:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Environment: {Variables: {API_KEY: "{{resolve:secretsmanager:key}}"}}
      MORE
      Code:
        ZipFile: |
          import boto3, os, requests
          KEY = os.environ["API_KEY"]
          def handler(event, context):
              DOES
  Url:
    Type: AWS::Lambda::Url
    Properties: {TargetFunctionArn: !GetAtt Ask.Arn, AuthType: NONE}
"""
INSIDE = "VpcConfig: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}"
FETCHED = 'requests.get("https://db.example.org", headers={"x-api-key": KEY}, verify=False)'
DELETED = 'boto3.client("s3").delete_object(Bucket="files", Key=%s)'
NAMED = 'event["body"]'


def found(root: Path, check: str, does: str, more: str = "") -> Verdict:
    (root / "template.yaml").write_text(APP.replace("MORE", more).replace("DOES", does))
    verdicts = pipeline.scan((root,)).verdicts
    (verdict,) = [v for v in verdicts if v.check == check and v.findings]
    return verdict


@pytest.mark.parametrize(("more", "confidence"), [("", "certain"), (INSIDE, "possible")])
def test_in_a_network_of_its_own_nobody_may_stand_between(
    tmp_path: Path, more: str, confidence: str
) -> None:
    assert found(tmp_path, "certificate-not-verified", FETCHED, more).confidence == confidence


@pytest.mark.parametrize(
    ("key", "confidence"), [(NAMED, "likely"), (f'"report-" + {NAMED}', "possible")]
)
def test_a_key_with_a_part_of_the_codes_own_may_be_theirs(
    tmp_path: Path, key: str, confidence: str
) -> None:
    assert found(tmp_path, "object-key-chosen-by-caller", DELETED % key).confidence == confidence


@pytest.mark.parametrize(
    ("does", "severity"),
    [
        ('return {"statusCode": 200}', Severity.MEDIUM),
        (DELETED % NAMED, Severity.HIGH),
        (f'return {{"body": {FETCHED}.text}}', Severity.HIGH),
    ],
)
def test_who_gets_and_changes_nothing_by_a_url_has_little_of_it(
    tmp_path: Path, does: str, severity: Severity
) -> None:
    assert found(tmp_path, "public-function-url", does).severity == severity


MAILS = """Transform: AWS::Serverless-2016-10-31
Resources:
  People:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: people
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Join:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, json
        def handler(event, context):
            said = json.loads(event["body"])
            boto3.resource("dynamodb").Table("people").put_item(Item={"id": said["id"], "email": said["email"]})
      Events: {Join: {Type: HttpApi, Properties: {Path: /people, Method: post}}}
  Write:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, json
        def handler(event, context):
            said = json.loads(event["body"])
            whom = boto3.resource("dynamodb").Table("people").get_item(Key={"id": said["id"]})["Item"]
            boto3.client("ses").send_email(
                Source="us@example.org", Destination={"ToAddresses": [WHOM["email"]]}, Message=said["text"])
      Events: {Write: {Type: HttpApi, Properties: {Path: /letters, Method: post}}}
"""


@pytest.mark.parametrize(("whom", "confidence"), [("said", "likely"), ("whom", "possible")])
def test_whom_a_store_names_others_may_have_named(
    tmp_path: Path, whom: str, confidence: str
) -> None:
    (tmp_path / "template.yaml").write_text(MAILS.replace("WHOM", whom))
    told = [v for v in pipeline.scan((tmp_path,)).verdicts if v.check == "unauthenticated-write"]
    (verdict,) = [v for v in told for f in v.findings if "send e-mail" in f.message]
    assert verdict.confidence == confidence
