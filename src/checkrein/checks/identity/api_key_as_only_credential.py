"""An API key is all that stands before valuable data.

## Why

An API key says which program asks, not who: every browser and every app that calls has it inside, and whoever
looks finds it. It is there to count and limit requests. AWS says not to use it to authenticate; a GraphQL API's
key lasts up to a year.

## Fix

Ask for a token of a user pool, a signature (`AWS_IAM`) or an authorizer; keep the key for the usage plan.

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
  Api:  #! an API key is all that stands before e-mail address behind Api
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Auth: {ApiKeyRequired: true}
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
      Auth: {ApiKeyRequired: true, DefaultAuthorizer: AWS_IAM}
```

```yaml bad template.yaml
Resources:
  Graph:
    Type: AWS::AppSync::GraphQLApi
    Properties:
      Name: rides
      AuthenticationType: API_KEY  #? an API key is all that stands before Graph
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.catalog.rights import deeds
from checkrein.catalog.services import kind
from checkrein.checks import check, resource
from checkrein.checks.adding import ADDING
from checkrein.checks.api_keys import asks_key
from checkrein.checks.context import place_of
from checkrein.checks.doors import GRAPHQL, REST, open_routes, reached
from checkrein.checks.graphql import opened
from checkrein.checks.meant_for_all import LONE
from checkrein.checks.questions import grouped, titles, treasures
from checkrein.checks.tainted import is_behind
from checkrein.model import App, Call, Entry, Finding, Resource, Row, Summary

KIND = "AuthenticationType"
SMALL = 1  # fault
STORE = "store"
TOUCHING = frozenset({"read", "write", "delete"})


@check(
    resource(REST, GRAPHQL),
    fault=2,
    topics=("authentication",),
    frameworks=("CWE-306", "CWE-287", "AWS-FSBP:AppSync.5"),
    peers=("AppSync.5", "appsync_graphql_api_no_api_key_authentication"),
)
def api_key_as_only_credential(api: Resource, app: App) -> Iterator[Finding]:
    if api.type == GRAPHQL:
        if api[KIND] != "API_KEY":
            return
        classes, place, gives = opened(app, api), place_of(api, KIND), True
    else:
        found = [entry for entry in open_routes(app, api.id) if asks_key(app, api, entry)]
        if not found:
            return
        classes, place = reached(app, found), api.place
        gives = any(_gives(app, entry) for entry in found)
    what = f"{titles(classes)} behind {api.name}" if classes else api.name
    yield Finding(
        place,
        f"an API key is all that stands before {what}",
        cwe="CWE-287",
        endangers=(api.id,),
        data=classes,
        fault=0 if gives and not LONE.issuperset(classes) else SMALL,
        hygiene=not classes,
    )


def _gives(app: App, entry: Entry) -> bool:
    """Tell whether who has the key gets at valuable content, not only hands in their own.

    Where its code was not read, they may.
    """
    known = grouped(app, Summary, "function").get(entry.function, [])
    if not known:
        return True
    for call in grouped(app, Call, "function").get(entry.function, []):
        row = app.get(Row, call.target) if call.target else None
        touches = deeds(call.service, call.operation) & TOUCHING
        adds = call.operation.startswith(ADDING) and "read" not in touches
        site = known[0].calls[call.site]
        asked = row is not None and kind(row.type) == STORE and is_behind(app, entry, site)
        if row and asked and touches and not adds and treasures(app, row, call.items):
            return True
    return False
