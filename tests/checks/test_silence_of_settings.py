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
      InlineCode: "import boto3\n\ndef handler(event, context): boto3.client('s3').list_buckets()"
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
SCHEDULED = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Sweep:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3
        def handler(event, context):
            boto3.resource("dynamodb").Table("cards").put_item(Item={"card_number": event["card_number"]})
      Events:
        Nightly: {Type: Schedule, Properties: {Schedule: rate(1 day)}}
"""
MADE = """
Resources:
  Pool: {Type: AWS::Cognito::UserPool, Properties: {UserPoolName: users}}
  Invite:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Environment: {Variables: {POOL: !Ref Pool}}
      Code:
        ZipFile: |
          import boto3, os
          def handler(event, context):
              boto3.client("cognito-idp").admin_create_user(UserPoolId=os.environ["POOL"], Username="first")
  TRIGGER
"""
MADE_BY_CALL = (
    "Url: {Type: AWS::Lambda::Url, Properties: {AuthType: AWS_IAM, TargetFunctionArn: !Ref Invite}}"
)
MADE_AT_DEPLOYMENT = "First: {Type: Custom::User, Properties: {ServiceToken: !GetAtt Invite.Arn}}"
KEYED = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Book:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: "def handler(event, context): pass"
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      DefinitionBody:
        swagger: "2.0"
        info: {title: rides, version: "1"}
        securityDefinitions: {Shown: {type: apiKey, name: HEADER, in: header}}
        paths:
          /rides:
            get:
              security: [{Shown: []}]
              responses: {}
              x-amazon-apigateway-integration:
                httpMethod: POST
                type: aws_proxy
                uri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Book.Arn}/invocations"
"""
GRAPH = """
Resources:
  Pool: {Type: AWS::Cognito::UserPool, Properties: {AdminCreateUserConfig: {AllowAdminCreateUserOnly: true}}}
  Api:
    Type: AWS::AppSync::GraphQLApi
    Properties:
      Name: shop
      AuthenticationType: API_KEY
      AdditionalAuthenticationProviders: [{AuthenticationType: AMAZON_COGNITO_USER_POOLS, UserPoolConfig: {UserPoolId: !Ref Pool}}]
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties:
      ApiId: !GetAtt Api.ApiId
      Definition: "type Query { goods: [Thing] me(id: ID!): Person MARK }"
  People: {Type: AWS::DynamoDB::Table, Properties: {TableName: people, KeySchema: [{AttributeName: email, KeyType: HASH}], AttributeDefinitions: [{AttributeName: email, AttributeType: S}]}}
  Source: {Type: AWS::AppSync::DataSource, Properties: {ApiId: !GetAtt Api.ApiId, Name: people, Type: AMAZON_DYNAMODB, DynamoDBConfig: {TableName: !Ref People}}}
  Me: {Type: AWS::AppSync::Resolver, Properties: {ApiId: !GetAtt Api.ApiId, TypeName: Query, FieldName: me, DataSourceName: !GetAtt Source.Name}}
"""
CASES = [  # check, template, marks that are replaced, for whom it then says something ("" for nobody)
    ("self-triggering-function", WRITES_BACK, {"GUARD": "pass", " FILTER": ""}, "regular"),
    ("self-triggering-function", WRITES_BACK, {"GUARD": "print(event['Records'][0]['eventName'])", " FILTER": ""}, ""),
    ("self-triggering-function", WRITES_BACK, {"GUARD": "pass", " FILTER": ", FilterCriteria: {Filters: [{Pattern: '{}'}]}"}, ""),
    ("answers-shared-between-callers", CACHED, {"        KEY\n": ""}, "regular"),
    ("answers-shared-between-callers", CACHED, {"KEY": "CacheKeyParameters: [method.request.header.Authorization]"}, ""),
    ("unauthenticated-route", OPEN, {" ENDPOINT": "", "ROUTE": "rides"}, "regular"),
    ("unauthenticated-route", OPEN, {" ENDPOINT": ", EndpointConfiguration: {Type: PRIVATE}", "ROUTE": "rides"}, ""),
    ("internal-route-exposed", OPEN, {" ENDPOINT": "", "ROUTE": "admin/users"}, "regular"),
    ("internal-route-exposed", OPEN, {" ENDPOINT": "", "ROUTE": "administer"}, ""),
    ("lost-asynchronous-event", EVENTS, {"      SETTING\n": ""}, "auditor"),
    ("lost-asynchronous-event", EVENTS, {"SETTING": "EventInvokeConfig: {DestinationConfig: {OnFailure: {Type: SQS}}}"}, ""),
    ("lost-asynchronous-event", EVENTS, {"SETTING": "DeadLetterQueue: {Type: SQS, TargetArn: 'arn:aws:sqs:eu-west-1:111122223333:lost'}"}, ""),
    ("lost-asynchronous-event", SCHEDULED, {}, "auditor"),
    ("open-sign-up", MADE, {"TRIGGER": MADE_BY_CALL}, "regular"),
    ("open-sign-up", MADE, {"TRIGGER": MADE_AT_DEPLOYMENT}, "auditor"),
    ("api-key-as-only-credential", KEYED, {"HEADER": "x-api-key"}, "auditor"),
    ("api-key-as-only-credential", KEYED, {"HEADER": "Authorization"}, ""),
    ("api-key-as-only-credential", GRAPH, {"MARK": ""}, "regular"),
    ("api-key-as-only-credential", GRAPH, {"MARK": "@aws_api_key @aws_iam"}, "regular"),
    ("api-key-as-only-credential", GRAPH, {"MARK": "@aws_cognito_user_pools"}, "auditor"),
]  # fmt: skip


@pytest.mark.parametrize(("check", "template", "marks", "told"), CASES)
def test_what_stands_elsewhere_counts(
    check: str, template: str, marks: dict[str, str], told: str, tmp_path: Path
) -> None:
    for mark, text in marks.items():
        assert mark in template
        template = template.replace(mark, text)
    (tmp_path / "template.yaml").write_text(template)
    result = pipeline.scan((tmp_path,), wanted=Wanted(persona=Persona.AUDITOR))
    found = [v.persona.value for v in result.verdicts if v.check == check and v.findings]
    assert found == [told] * bool(told)


WRONG_KINDS = """
Resources:
  Failures:
    Type: AWS::SQS::Queue
    Properties: {MessageRetentionPeriod: {Days: 14}}
  Work:
    Type: AWS::SQS::Queue
    Properties:
      MessageRetentionPeriod: soon
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Failures.Arn, maxReceiveCount: 3}
  Key:
    Type: AWS::KMS::Key
    Properties: {PendingWindowInDays: {a: 1}, KeyPolicy: {}}
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      Schema: [custom:tier]
      Policies: {PasswordPolicy: {MinimumLength: [8]}}
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties: {UserPoolId: !Ref Pool, WriteAttributes: [custom:tier]}
"""


def test_a_value_of_a_wrong_kind_crashes_no_check(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text(WRONG_KINDS)
    result = pipeline.scan((tmp_path,), wanted=Wanted(Persona.AUDITOR))
    assert [(v.check, v.reason) for v in result.verdicts if v.outcome == "crashed"] == []
    undecided = {v.check: v.reason for v in result.verdicts if v.outcome == "undecided"}
    assert undecided["weak-password-policy"].endswith("MinimumLength is no number")
