"""Settings that look like faults and are none here: guards that stand elsewhere, and context."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein import pipeline
from checkrein.model import Persona
from checkrein.pipeline import Wanted

WRITES_BACK = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      StreamSpecification: {StreamViewType: NEW_IMAGE}
  Mark:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3
        def handler(event, context):
            GUARD
            boto3.resource("dynamodb").Table("orders").put_item(Item={"id": "1"})
      Events:
        Change: {Type: DynamoDB, Properties: {Stream: !GetAtt Orders.StreamArn, StartingPosition: LATEST FILTER}}
"""
CACHED = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Show:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3, json
          def handler(event, context):
              who = event["requestContext"]["authorizer"]["claims"]["email"]
              item = boto3.resource("dynamodb").Table("orders").get_item(Key={"email": who})
              return {"statusCode": 200, "body": json.dumps(item["Item"])}
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: orders}}
  Get:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: AWS_IAM
      Integration:
        Type: AWS_PROXY
        IntegrationHttpMethod: POST
        Uri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Show.Arn}/invocations"
        KEY
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties:
      RestApiId: !Ref Api
      StageName: prod
      DeploymentId: first
      CacheClusterEnabled: true
      MethodSettings: [{HttpMethod: "*", ResourcePath: "/*", CachingEnabled: true}]
"""
OPEN = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Pool: {Type: AWS::Cognito::UserPool, Properties: {UserPoolName: users}}
  Api:
    Type: AWS::Serverless::Api
    Properties: {StageName: prod ENDPOINT}
  Book:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: "def handler(event, context): pass"
      Events:
        Post: {Type: Api, Properties: {Path: /ROUTE, Method: post, RestApiId: !Ref Api}}
"""
EVENTS = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Topic: {Type: AWS::SNS::Topic}
  Book:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      SETTING
      InlineCode: "def handler(event, context): pass"
      Events:
        Order: {Type: SNS, Properties: {Topic: !Ref Topic}}
"""
CASES = [  # check, template, marks that are replaced, whether it then says something
    ("self-triggering-function", WRITES_BACK, {"GUARD": "pass", " FILTER": ""}, True),
    ("self-triggering-function", WRITES_BACK, {"GUARD": "print(event['Records'][0]['eventName'])", " FILTER": ""}, False),
    ("self-triggering-function", WRITES_BACK, {"GUARD": "pass", " FILTER": ", FilterCriteria: {Filters: [{Pattern: '{}'}]}"}, False),
    ("answers-shared-between-callers", CACHED, {"        KEY\n": ""}, True),
    ("answers-shared-between-callers", CACHED, {"KEY": "CacheKeyParameters: [method.request.header.Authorization]"}, False),
    ("unauthenticated-route", OPEN, {" ENDPOINT": "", "ROUTE": "rides"}, True),
    ("unauthenticated-route", OPEN, {" ENDPOINT": ", EndpointConfiguration: {Type: PRIVATE}", "ROUTE": "rides"}, False),
    ("internal-route-exposed", OPEN, {" ENDPOINT": "", "ROUTE": "admin/users"}, True),
    ("internal-route-exposed", OPEN, {" ENDPOINT": "", "ROUTE": "administer"}, False),
    ("lost-asynchronous-event", EVENTS, {"      SETTING\n": ""}, True),
    ("lost-asynchronous-event", EVENTS, {"SETTING": "EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: SQS}}}"}, False),
    ("lost-asynchronous-event", EVENTS, {"SETTING": "DeadLetterQueue: {Type: SQS, TargetArn: 'arn:aws:sqs:eu-west-1:111122223333:lost'}"}, False),
]  # fmt: skip


@pytest.mark.parametrize(("check", "template", "marks", "told"), CASES)
def test_what_stands_elsewhere_counts(
    check: str, template: str, marks: dict[str, str], *, told: bool, tmp_path: Path
) -> None:
    for mark, text in marks.items():
        assert mark in template
        template = template.replace(mark, text)
    (tmp_path / "template.yaml").write_text(template)
    result = pipeline.scan((tmp_path,), wanted=Wanted(persona=Persona.AUDITOR))
    assert any(v.check == check and v.findings for v in result.verdicts) is told
