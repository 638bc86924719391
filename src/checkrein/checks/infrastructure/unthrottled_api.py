"""Anyone may call an API as often as they like.

## Why

Without a limit of its own an API shares the account's (by default 10,000 requests a second in a region) with
all others: one flood stops them all. Where each request sends a message or asks a model that is paid for by
use, or where data can be fetched or guessed one by one, the flood is also the attack.

An API without such routes, or that asks who calls, is for auditors.

## Fix

Set `ThrottlingRateLimit` and `ThrottlingBurstLimit` for all methods (`DefaultRouteSettings` for HTTP APIs), or
hand out API keys with a usage plan.

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
  Api:  #! anyone may call POST /orders without limit, behind which is e-mail address
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
      MethodSettings:
        - {HttpMethod: "*", ResourcePath: "/*", ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100}
```

```yaml good template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Invite:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3
        def handler(event, context):
            boto3.client("ses").send_email(Source="rides@example.com", Destination={}, Message={})
      Events:
        Post: {Type: Api, Properties: {Path: /invite, Method: post, RestApiId: !Ref Api}}
  Api:
    Type: AWS::Serverless::Api
    Properties: {StageName: prod}
  Filter:
    Type: AWS::WAFv2::WebACL
    Properties:
      Scope: REGIONAL
      DefaultAction: {Allow: {}}
      VisibilityConfig: {CloudWatchMetricsEnabled: true, MetricName: all, SampledRequestsEnabled: true}
      Rules:
        - Name: rate
          Priority: 0
          Action: {Block: {}}
          VisibilityConfig: {CloudWatchMetricsEnabled: true, MetricName: rate, SampledRequestsEnabled: true}
          Statement: {RateBasedStatement: {AggregateKeyType: IP, Limit: 100}}
  Association:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      ResourceArn: !Sub "arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/prod"
      WebACLArn: !GetAtt Filter.Arn
```

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Invite:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3
        def handler(event, context):
            boto3.client("ses").send_email(Source="rides@example.com", Destination={}, Message={})
      Events:
        Post: {Type: HttpApi, Properties: {Path: /invite, Method: post, ApiId: !Ref Api}}
  Api:  #! anyone may call POST /invite without limit, and each call of Invite is paid for (ses)
    Type: AWS::Serverless::HttpApi
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.context import configuring, resources
from checkrein.checks.distributions import DISTRIBUTION
from checkrein.checks.doors import (
    HTTP,
    api_of,
    every_method,
    inside,
    named,
    open_routes,
    reached,
    routes_of,
    stage_fix,
    stages,
)
from checkrein.checks.firewalls import acls_of, statements_of
from checkrein.checks.questions import grouped, listed, short, titles
from checkrein.model import App, Call, Entry, Finding, Fix, Resource
from checkrein.model.values import members_of, symbols

LIMITS = ("ThrottlingRateLimit", "ThrottlingBurstLimit")
PLAN = "AWS::ApiGateway::UsagePlan"
RATE, DEFAULT = "RateBasedStatement", "DefaultAction"
COSTLY = frozenset({  # clients of services that are paid for by the message, page or token
    "bedrock-runtime", "bedrock-agent-runtime", "sagemaker-runtime", "ses", "sesv2", "pinpoint",
    "pinpoint-sms-voice-v2", "textract", "rekognition", "comprehend", "comprehendmedical",
    "translate", "transcribe", "polly", "connect", "iotwireless",
})  # fmt: skip
EVERY_METHOD = [
    {
        "HttpMethod": "*",
        "ResourcePath": "/*",
        "ThrottlingRateLimit": 50,
        "ThrottlingBurstLimit": 100,
    }
]
EVERY_ROUTE = {"ThrottlingRateLimit": 50, "ThrottlingBurstLimit": 100}


@check(
    stages,
    fault=1,
    topics=("denial-of-service",),
    frameworks=("CWE-770",),
    peers=("ES2003", "W64", "W68"),
)
def unthrottled_api(stage: Resource, app: App) -> Iterator[Finding]:
    api = api_of(app, stage)
    if api is None or not routes_of(app, api.id) or _limited(app, stage, api):
        return
    told = _dear(app, open_routes(app, api.id))
    message = f"callers may use {api.name} without limit"
    if told:
        message = f"anyone may call {named(told)} without limit{_why(app, told)}"
    functions = tuple(sorted({entry.function for entry in told}))
    yield Finding(
        stage.place,
        message,
        cwe="CWE-770",
        endangers=(api.id,),
        data=reached(app, told),
        by=functions,
        fix=_fix(app, stage, api),
        key=tuple(sorted({entry.route for entry in told})),
        hygiene=not told,
    )


def _dear(app: App, entries: list[Entry]) -> list[Entry]:
    """Return the routes whose functions cost by use, or touch valuable data."""
    return [e for e in entries if _costs(app, e.function) or reached(app, [e])]


def _why(app: App, told: list[Entry]) -> str:
    costly = sorted({e.function for e in told if _costs(app, e.function)})
    if costly:
        services = sorted({service for function in costly for service in _costs(app, function)})
        return f", and each call of {listed(map(short, costly))} is paid for ({listed(services)})"
    return f", behind which is {titles(reached(app, told))}"


def _costs(app: App, function: str) -> set[str]:
    calls = grouped(app, Call, "function").get(function, [])
    texts = {"sns" for c in calls if c.service == "sns" and c.target is None and not c.addresses}
    return texts | {call.service for call in calls if call.service in COSTLY}


def _limited(app: App, stage: Resource, api: Resource) -> bool:
    settings = [stage.value("DefaultRouteSettings"), stage.value("RouteSettings")]
    settings += [each for _, each in every_method(stage)]
    settings.append(stage.value(inside(stage, "").rstrip(".")) if inside(stage, "") else None)
    inner = [v for s in settings if isinstance(s, dict) for v in (s, *s.values())]
    if any(isinstance(each, dict) and any(name in each for name in LIMITS) for each in inner):
        return True
    if any(plan.value("Throttle") is not None for plan in _plans(app, stage, api)):
        return True
    return any(_counts(app, each) for each in (api, stage)) or _fronted(app, stage, api)


def _counts(app: App, entry: Resource) -> bool:
    """Tell whether a web ACL before a resource counts each caller's requests."""
    return any(RATE in statements_of(app, acl) for acl in acls_of(app, entry))


def _fronted(app: App, stage: Resource, api: Resource) -> bool:
    """Tell whether a distribution counts requests, and a web ACL lets in no others than its."""
    closed = any(
        "Block" in members_of(acl.value(DEFAULT), DEFAULT)
        for each in (api, stage)
        for acl in acls_of(app, each)
    )
    return closed and any(
        api.id in {s.owner for s in symbols(front.value("DistributionConfig.Origins"))}
        and _counts(app, front)
        for front in resources(app, DISTRIBUTION)
    )


def _plans(app: App, stage: Resource, api: Resource) -> list[Resource]:
    """Return the usage plans of an API's stages."""
    found = (configuring(app, each.id, PLAN, "ApiStages") for each in (api, stage))
    return [plan for plans in found for plan in plans]


def _fix(app: App, stage: Resource, api: Resource) -> Fix | None:
    if api.type == HTTP:
        return stage_fix(app, stage, "DefaultRouteSettings", EVERY_ROUTE, "limit the rate")
    if every_method(stage):
        return None
    return stage_fix(app, stage, "MethodSettings", EVERY_METHOD, "limit the rate")
