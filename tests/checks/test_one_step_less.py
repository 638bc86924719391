"""Faults that are real and weigh less than they look, each beside one that weighs what it does."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline

SENDER = """Resources:
  Alerts: {Type: AWS::SNS::Topic}
  Policy:
    Type: AWS::SNS::TopicPolicy
    Properties:
      Topics: [!Ref Alerts]
      PolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {Service: WHO}, Action: "sns:Publish", Resource: !Ref Alerts}
  Told:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref Alerts, Protocol: lambda, Endpoint: !GetAtt Tell.Arn}
  Tell:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Environment: {Variables: {API_KEY: "{{resolve:ssm:key}}"}}
      Code: {ZipFile: "def handler(event, context): return len(event['password'])"}
"""
POOL = """Transform: AWS::Serverless-2016-10-31
Resources:
  Users:
    Type: AWS::Cognito::UserPool
    Properties:
      Policies: {PasswordPolicy: {MinimumLength: 6}}
      MORE
  Web:
    Type: AWS::Cognito::UserPoolClient
    Properties: {UserPoolId: !Ref Users, ExplicitAuthFlows: [ALLOW_USER_SRP_AUTH]}
  Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: things}}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: live
      Auth: {DefaultAuthorizer: Users, Authorizers: {Users: {UserPoolArn: !GetAtt Users.Arn}}}
  Ask:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Policies: [{DynamoDBCrudPolicy: {TableName: !Ref Table}}]
      InlineCode: |
        import boto3, json
        table = boto3.resource("dynamodb").Table("things")
        def handler(event, context):
            body = json.loads(event["body"])
            table.put_item(Item={"id": "1", "HELD": body["HELD"]})
            return table.get_item(Key={"id": "1"})
      Events: {Ask: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /ask, Method: post}}}
"""
CLOSED = "AdminCreateUserConfig: {AllowAdminCreateUserOnly: true}"
TOKEN = """Transform: AWS::Serverless-2016-10-31
Resources:
  Faces: {Type: AWS::S3::Bucket, Properties: {BucketName: faces}}
  Ask:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Policies: [{S3CrudPolicy: {BucketName: faces}}]
      InlineCode: |
        import boto3, json, jwt
        def handler(event, context):
            body = json.loads(event["body"])
            who = jwt.decode(body["idToken"], options={"verify_signature": False})
            boto3.client("s3").put_object(Bucket="faces", Key=who["sub"], Body=body["email"])
      Events:
        Ask:
          Type: Api
          Properties: {Path: /ask, Method: post, Auth: {Authorizer: WHO}}
"""


@pytest.mark.parametrize(
    ("text", "check", "severity"),
    [
        (SENDER.replace("WHO", "events.amazonaws.com"), "service-without-source", "low"),
        (SENDER.replace("WHO", "s3.amazonaws.com"), "service-without-source", "medium"),
        (POOL.replace("MORE", "").replace("HELD", "note"), "weak-password-policy", "low"),
        (POOL.replace("MORE", "").replace("HELD", "diagnosis"), "weak-password-policy", "medium"),
        (POOL.replace("MORE", CLOSED).replace("HELD", "note"), "weak-password-policy", "medium"),
        (TOKEN.replace("WHO", "AWS_IAM"), "unverified-token", "high"),
        (TOKEN.replace("WHO", "NONE"), "unverified-token", "critical"),
    ],
)
def test_severity(tmp_path: Path, text: str, check: str, severity: str) -> None:
    (tmp_path / "template.yaml").write_text(text)
    verdicts = pipeline.scan((tmp_path,), lambda _: None).verdicts
    assert [str(v.severity) for v in verdicts if v.check == check and v.findings] == [severity]
