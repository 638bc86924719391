"""An API keeps no record of who called it.

## Why

An access log holds a line for each request: when, from where, who, which route, which answer. Without it
nobody can say afterwards whose data a stranger read, or when it began.

API Gateway writes none unless told to. For an API that no data goes through this is for auditors.

## Fix

Give the stage a log group in `AccessLogSetting` (`AccessLogSettings` for HTTP and WebSocket APIs) and a
format with the caller, the route and the status; leave the request's own content out.

## Examples

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Book:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3
        def handler(event, context):
            boto3.resource("dynamodb").Table("orders").put_item(Item={"email": event["queryStringParameters"]["email"]})
      Events:
        Post: {Type: Api, Properties: {Path: /orders, Method: post, RestApiId: !Ref Api}}
  Api:  #! nobody can tell who called Api, behind which is e-mail address
    Type: AWS::Serverless::Api
    Properties: {StageName: prod}
```

```yaml good template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Book:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3
        def handler(event, context):
            boto3.resource("dynamodb").Table("orders").put_item(Item={"email": event["queryStringParameters"]["email"]})
      Events:
        Post: {Type: Api, Properties: {Path: /orders, Method: post, RestApiId: !Ref Api}}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      AccessLogSetting:
        DestinationArn: arn:aws:logs:eu-west-1:111122223333:log-group:orders-api
        Format: '{"caller":"$context.identity.caller","route":"$context.resourcePath","status":"$context.status"}'
```

```yaml bad template.yaml
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: rides, ProtocolType: HTTP}
  Stage:  #? nobody can tell who called Api
    Type: AWS::ApiGatewayV2::Stage
    Properties: {ApiId: !Ref Api, StageName: prod}
```

What only the token of a caller says of that caller lies behind no API.

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Pool: {Type: AWS::Cognito::UserPool, Properties: {UsernameAttributes: [email]}}
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        def handler(event, context):
            return {"statusCode": 200, "body": "hello"}
      Events:
        Get: {Type: Api, Properties: {Path: /hello, Method: get, RestApiId: !Ref Api}}
  Api:  #? nobody can tell who called Api
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Auth: {DefaultAuthorizer: Users, Authorizers: {Users: {UserPoolArn: !GetAtt Pool.Arn}}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.doors import STAGES, api_of, behind, inside, stages
from checkrein.checks.questions import titles
from checkrein.model import App, Change, Finding, Fix, Function, Resource, Symbol

REST_STAGE, HTTP_STAGE = STAGES
FIELDS = {  # what a line says, for each kind of API; nothing of the request's own content
    REST_STAGE: {
        "time": "$context.requestTime",
        "ip": "$context.identity.sourceIp",
        "caller": "$context.identity.caller",
        "user": "$context.authorizer.principalId",
        "route": "$context.httpMethod $context.resourcePath",
        "status": "$context.status",
        "request": "$context.requestId",
    },
    HTTP_STAGE: {
        "time": "$context.requestTime",
        "ip": "$context.identity.sourceIp",
        "user": "$context.authorizer.principalId",
        "route": "$context.routeKey",
        "status": "$context.status",
        "request": "$context.requestId",
    },
}


@check(
    stages,
    fault=1,
    topics=("logging",),
    frameworks=("CWE-778", "AWS-FSBP:APIGateway.9", "CIS-AWS-7.0:4.10"),
    peers=(
        *("CKV_AWS_76", "CKV_AWS_95", "W69", "W46", "AWS-0001", "APIGateway.9", "ES2000"),
        *("AwsSolutions-APIG1", "apigatewayv2_api_access_logging_enabled"),
        *(
            "API_GWV2_ACCESS_LOGS_ENABLED",
            "API_GW_STAGE_ACCESS_LOGGING_RULE",
        ),
    ),
)
def api_without_access_log(stage: Resource, app: App) -> Iterator[Finding]:
    path = "AccessLogSettings" if stage.type == HTTP_STAGE else "AccessLogSetting"
    api = api_of(app, stage)
    if api is None or stage.value(inside(stage, path)) is not None:
        return
    classes = behind(app, api.id)
    held = f", behind which is {titles(classes)}" if classes else ""
    yield Finding(
        stage.place,
        f"nobody can tell who called {api.name}{held}",
        cwe="CWE-778",
        endangers=(api.id,),
        data=classes,
        fix=_fix(app, stage, api, path),
        key=(api.id,),
        hygiene=not classes,
    )


def _fix(app: App, stage: Resource, api: Resource, path: str) -> Fix | None:
    """Return the fix that makes a log group for an API that the user wrote."""
    written = stage.origin(()).resource
    if app.get(Function, written) is not None:
        return None
    group = f"{api.id}AccessLog"
    fields = FIELDS.get(stage.type, FIELDS[REST_STAGE])
    line = ",".join(f'"{name}":"{value}"' for name, value in fields.items())
    settings = {"DestinationArn": Symbol(group, "Arn"), "Format": f"{{{line}}}"}
    made = {"Type": "AWS::Logs::LogGroup", "Properties": {"RetentionInDays": 365}}
    origin = stage.origin(inside(stage, path))
    changes = (Change(group, (), "add", made), Change(written, origin.path, "set", settings))
    return Fix("log who calls", changes=changes)
