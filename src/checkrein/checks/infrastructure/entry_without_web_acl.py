"""Nothing filters what strangers send to an entry with valuable data behind it.

## Why

A web ACL refuses known attacks (SQL injection, scripts, addresses of bad repute) and too many requests before
any code runs: time to mend a function that turns out to be open to one. It is worth its price where anyone
can reach valuable data; REST APIs, GraphQL APIs and user pools take one. HTTP and WebSocket APIs can not.

An ACL of a CloudFront distribution in front counts.

## Fix

Make an `AWS::WAFv2::WebACL` with AWS's managed rules and a rate rule, and associate it.

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
  Api:  #! no web ACL stands before Api, and anyone may call what handles e-mail address
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
    Properties: {StageName: prod}
  Filter:
    Type: AWS::WAFv2::WebACLAssociation
    Properties:
      ResourceArn: !Sub "arn:aws:apigateway:${AWS::Region}::/restapis/${Api}/stages/prod"
      WebACLArn: arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/filter/1234
```

```yaml bad template.yaml
Resources:
  Pool:  #? no web ACL stands before Pool
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolName: riders}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import resources
from checkrein.checks.doors import GRAPHQL, REST, open_routes, reached, routes_of, stages_of
from checkrein.checks.firewalls import is_filtered
from checkrein.checks.questions import titles
from checkrein.model import App, Change, Finding, Fix, Resource, Symbol
from checkrein.model.values import symbols

POOL = "AWS::Cognito::UserPool"
FRONT = "AWS::CloudFront::Distribution"
ACL = {
    "Scope": "REGIONAL",
    "DefaultAction": {"Allow": {}},
    "VisibilityConfig": {
        "CloudWatchMetricsEnabled": True,
        "MetricName": "web-acl",
        "SampledRequestsEnabled": True,
    },
    "Rules": [
        {
            "Name": "known-attacks",
            "Priority": 0,
            "OverrideAction": {"None": {}},
            "Statement": {
                "ManagedRuleGroupStatement": {
                    "VendorName": "AWS",
                    "Name": "AWSManagedRulesCommonRuleSet",
                }
            },
            "VisibilityConfig": {
                "CloudWatchMetricsEnabled": True,
                "MetricName": "known-attacks",
                "SampledRequestsEnabled": True,
            },
        }
    ],
}


@check(
    resource(REST, GRAPHQL, POOL),
    fault=1,
    topics=("waf",),
    frameworks=("CWE-693", "AWS-FSBP:APIGateway.4"),
    peers=(
        *(
            "APIGateway.4",
            "CKV2_AWS_33",
            "AwsSolutions-APIG3",
            "apigateway_restapi_waf_acl_attached",
        ),
        "cognito_user_pool_waf_acl_attached",
    ),
)
def entry_without_web_acl(entry: Resource, app: App) -> Iterator[Finding]:
    if entry.type != POOL and not routes_of(app, entry.id):
        return
    if _guarded(app, entry):
        return
    classes = reached(app, open_routes(app, entry.id))
    through = f", and anyone may call what handles {titles(classes)}" if classes else ""
    yield Finding(
        entry.place,
        f"no web ACL stands before {entry.name}{through}",
        cwe="CWE-693",
        endangers=(entry.id,),
        data=classes,
        fix=_fix(entry) if entry.type in {GRAPHQL, POOL} else None,
        hygiene=not classes,
    )


def _guarded(app: App, entry: Resource) -> bool:
    known = {entry.id, *stages_of(app).get(entry.id, ())}
    return any(is_filtered(app, id) for id in known) or any(
        is_filtered(app, front.id)
        and known & {s.owner for s in symbols(front.value("DistributionConfig.Origins"))}
        for front in resources(app, FRONT)
    )


def _fix(entry: Resource) -> Fix:
    acl = f"{entry.id}Filter"
    joined = {"ResourceArn": Symbol(entry.id, "Arn"), "WebACLArn": Symbol(acl, "Arn")}
    return Fix(
        "put a web ACL with AWS's common rules before it",
        changes=(
            Change(acl, (), "add", {"Type": "AWS::WAFv2::WebACL", "Properties": ACL}),
            Change(
                f"{acl}Association",
                (),
                "add",
                {"Type": "AWS::WAFv2::WebACLAssociation", "Properties": joined},
            ),
        ),
    )
