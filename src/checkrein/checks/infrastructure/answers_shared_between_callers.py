"""An API gives one caller the answer that another got.

## Why

A cache answers without asking the function. Its key is the path and the parameters that are named as such,
not who asks: where the answer depends on the caller (their own orders), the first caller's answer is given to
all others until it expires, authorizer or not.

## Fix

Cache only what is the same for everybody, or make the header that says who asks part of the key
(`RequestParameters` with `method.request.header.Authorization` and `CacheKeyParameters`).

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
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, json
        def handler(event, context):
            who = event["requestContext"]["authorizer"]["claims"]["email"]
            item = boto3.resource("dynamodb").Table("orders").get_item(Key={"email": who})
            return {"statusCode": 200, "body": json.dumps(item["Item"])}
      Events:
        Get: {Type: Api, Properties: {Path: /orders, Method: get, RestApiId: !Ref Api}}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Auth:
        DefaultAuthorizer: Users
        Authorizers: {Users: {UserPoolArn: "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_abc"}}
      CacheClusterEnabled: true
      MethodSettings:
        - {HttpMethod: "*", ResourcePath: "/*", CachingEnabled: true}  #! callers of GET /orders get each other's answers (e-mail address): its cache does not ask who they are
```

```yaml good template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Rides:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        def handler(event, context):
            return {"statusCode": 200, "body": "all rides"}
      Events:
        Get: {Type: Api, Properties: {Path: /rides, Method: get, RestApiId: !Ref Api}}
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Auth:
        DefaultAuthorizer: Users
        Authorizers: {Users: {UserPoolArn: "arn:aws:cognito-idp:eu-west-1:111122223333:userpool/eu-west-1_abc"}}
      CacheClusterEnabled: true
      MethodSettings:
        - {HttpMethod: "*", ResourcePath: "/*", CachingEnabled: true}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.context import configuring
from checkrein.checks.doors import api_of, every_method, inside, named, reached, routes_of, stages
from checkrein.checks.exposure import anonymous
from checkrein.checks.questions import grouped, titles
from checkrein.model import App, Entry, Finding, Resource, Summary

METHOD = "AWS::ApiGateway::Method"
WHO = ("authorizer.", "identity.", "headers.authorization", "headers.cookie")


@check(
    stages,
    fault=3,
    topics=("authorization", "isolation"),
    frameworks=("CWE-524", "CWE-639"),
)
def answers_shared_between_callers(stage: Resource, app: App) -> Iterator[Finding]:
    api = api_of(app, stage)
    if api is None or stage[inside(stage, "CacheClusterEnabled")] is not True:
        return
    if _asks_who(app, api):
        return
    for path, settings in every_method(stage):
        if settings.get("CachingEnabled") is not True:
            continue
        shared = [
            e for e in routes_of(app, api.id) if _is_personal(app, e) and _covers(settings, e)
        ]
        classes = reached(app, shared)
        if shared and classes:
            yield Finding(
                stage.where(path),
                f"callers of {named(shared)} get each other's answers ({titles(classes)}): its cache"
                " does not ask who they are",
                tuple(evidence for entry in shared for evidence in entry.evidence),
                cwe="CWE-524",
                endangers=(api.id,),
                data=classes,
                by=tuple(sorted({entry.function for entry in shared})),
                key=tuple(sorted({entry.route for entry in shared})),
                confidence="likely",
            )


def _asks_who(app: App, api: Resource) -> bool:
    """Tell whether a header that says who asks is part of some cache key."""
    methods = configuring(app, api.id, METHOD, "RestApiId")
    keys = [method.value("Integration.CacheKeyParameters") for method in methods]
    said = f"{keys} {api.value('Body')}".lower()
    return "cachekeyparameters" in said or "header.authorization" in said


def _is_personal(app: App, entry: Entry) -> bool:
    """Tell whether a route is read by known callers, and its code looks at who they are."""
    if anonymous(entry.identity) or not entry.route.startswith("GET"):
        return False
    return any(
        any(word in read.source.attribute.lower() for word in WHO)
        for summary in grouped(app, Summary, "function").get(entry.function, [])
        for read in summary.reads
        if read.source.owner == "event"
    )


def _covers(settings: object, entry: Entry) -> bool:
    path = settings.get("ResourcePath") if isinstance(settings, dict) else None
    return path in (None, "/*", "*") or str(path).replace("~1", "/").endswith(
        entry.route.partition(" ")[2]
    )
