"""An API writes whole requests and answers into its log.

## Why

`DataTraceEnabled` makes API Gateway log the body, the parameters and the answer of every request: passwords,
cards and addresses stand in the log in clear, for everybody who may read logs and for as long as logs are
kept. It is meant for finding a fault in development. API Gateway redacts the authorization header only.

## Fix

Turn `DataTraceEnabled` off, and log what is needed in the access log.

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
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      MethodSettings:
        - HttpMethod: "*"
          ResourcePath: "/*"
          LoggingLevel: INFO
          DataTraceEnabled: true  #! the log of Api takes down whole requests and answers (e-mail address)
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
      MethodSettings:
        - {HttpMethod: "*", ResourcePath: "/*", LoggingLevel: ERROR, DataTraceEnabled: false}
```

```yaml bad template.yaml
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: chat, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action}
  Stage:
    Type: AWS::ApiGatewayV2::Stage
    Properties:
      ApiId: !Ref Api
      StageName: prod
      DefaultRouteSettings:
        LoggingLevel: INFO
        DataTraceEnabled: true  #? the log of Api takes down whole requests and answers
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.context import kept, set_fix
from checkrein.checks.doors import CREDENTIALS, api_of, behind, every_method, inside, stages
from checkrein.checks.questions import titles
from checkrein.model import App, Finding, Path, Resource
from checkrein.model.facts import as_path

TRACE = "DataTraceEnabled"


@check(
    stages,
    fault=2,
    topics=("data-exposure", "logging"),
    frameworks=("CWE-532",),
)
def request_bodies_in_logs(stage: Resource, app: App) -> Iterator[Finding]:
    api = api_of(app, stage)
    for path, level in _traced(stage):
        if stage[(*path, TRACE)] is not True or level == "OFF":
            continue
        classes = _logged(app, api) if api else ()
        held = f" ({titles(classes)})" if classes else ""
        yield Finding(
            stage.where((*path, TRACE)),
            f"the log of {(api or stage).name} takes down whole requests and answers{held}",
            cwe="CWE-532",
            endangers=(api.id,) if api else (),
            data=classes,
            by=(stage.id,),
            fix=set_fix(stage, [((*path, TRACE), False)], "log no bodies", safe=True),
            key=tuple(map(str, path)),
            hygiene=not classes,
        )


def _traced(stage: Resource) -> Iterator[tuple[Path, object]]:
    """Yield the settings that say what is traced: where they stand, and the level of logging."""
    for path, settings in every_method(stage):
        yield path, settings.get("LoggingLevel")
    for name in ("DefaultRouteSettings", inside(stage, "").rstrip(".")):
        path = as_path(name)
        if path and isinstance(stage.value(path), dict):
            yield path, stage.value((*path, "LoggingLevel"))


def _logged(app: App, api: Resource) -> tuple[str, ...]:
    """Return what goes through an API: what stays in stores behind it does not reach the log."""
    passed = [data for data in kept(app, api.id) if not data.startswith(CREDENTIALS)]
    return tuple(data for data in behind(app, api.id) if data in passed)
