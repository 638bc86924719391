r"""A cookie alone says who asks, where something is changed.

## Why

A browser adds cookies to requests that another website makes it send: a form on that page then acts
as the visitor. Tokens in a header are not added by themselves.

## Fix

Set the cookie with `SameSite=Lax` or `Strict`, and compare the `Origin` header, or a token of the form
with one of the session.

## Examples

```yaml bad template.yaml
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Order:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: order.handler
      CodeUri: .
      Environment:
        Variables:
          ORDERS: !Ref Orders
      Policies:
        - DynamoDBCrudPolicy:
            TableName: !Ref Orders
      Events:
        Order:
          Type: HttpApi
          Properties:
            Path: /order
            Method: POST
```

```python bad order.py
import os
import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS"])

def handler(event, context):
    user = session(event["headers"]["cookie"])  #! another website may have Order change Orders as its visitor: only a cookie says who asks POST /order
    table.put_item(Item={"id": user, "order": event["body"]})
    return {"statusCode": 200, "headers": {"Set-Cookie": f"session={user}; HttpOnly; SameSite=None"}}
```

```yaml good template.yaml
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Order:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: order.handler
      CodeUri: .
      Environment:
        Variables:
          ORDERS: !Ref Orders
      Policies:
        - DynamoDBCrudPolicy:
            TableName: !Ref Orders
      Events:
        Order:
          Type: HttpApi
          Properties:
            Path: /order
            Method: POST
  Lax:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: lax.handler
      CodeUri: .
      Environment:
        Variables:
          ORDERS: !Ref Orders
      Policies:
        - DynamoDBCrudPolicy:
            TableName: !Ref Orders
      Events:
        Order:
          Type: HttpApi
          Properties:
            Path: /lax
            Method: POST
```

```python good order.py
import os
import boto3

table = boto3.resource("dynamodb").Table(os.environ["ORDERS"])

def handler(event, context):
    if event["headers"]["origin"] != "https://shop.example.com":
        return {"statusCode": 403}
    table.put_item(Item={"id": session(event["headers"]["cookie"]), "order": event["body"]})
```

```javascript good lax.js
const { DynamoDBClient, PutItemCommand } = require("@aws-sdk/client-dynamodb");
const client = new DynamoDBClient({});

exports.handler = async (event) => {
  const id = event.headers.cookie || "new";
  await client.send(new PutItemCommand({ TableName: process.env.ORDERS, Item: { id: { S: id } } }));
  return { statusCode: 200, headers: { "Set-Cookie": `session=${id}; SameSite=Lax` } };
};
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.catalog.operations import actions
from checkrein.catalog.rights import rights
from checkrein.checks import check, every
from checkrein.checks.exposure import anonymous
from checkrein.checks.questions import grouped, listed, short
from checkrein.late import regex
from checkrein.model import App, Call, Entry, EventRead, Finding, Function, Row, Summary

COOKIE = regex(r"(?i)^(?:multiValue)?headers\.cookie\b|^cookies\b")
OTHER = regex(  # what a page of another website can not send, or not choose
    r"(?i)^(?:multiValue)?headers\..*(?:authorization|csrf|xsrf|origin|referer|sec-fetch|"
    r"x-requested-with|token|api[-_]?key|signature)|csrf|xsrf"
)
SET_COOKIE = regex(r"(?i)headers\.set-cookie\b|^cookies\b")
STRICT = regex(r"(?i)samesite\s*=\s*(?:lax|strict)")
NONE = regex(r"(?i)samesite\s*=\s*none")
CHANGING = frozenset({"write", "delete"})
SAFE = ("GET", "HEAD", "OPTIONS")


@check(every(Function), fault=1, topics=("request-forgery",), frameworks=("CWE-352",))
def cross_site_request_forgery(function: Function, app: App) -> Iterator[Finding]:
    entries = [
        entry
        for entry in grouped(app, Entry, "function").get(function.id, [])
        if entry.kind in {"http", "url"} and not entry.route.startswith(SAFE)
    ]
    cookies = [
        read
        for entry in entries
        for read in _cookies(app, function.id if anonymous(entry.identity) else entry.identity)
    ]
    changed = _changed(app, function) if cookies else []
    sets = _sets(app) if changed else []
    if changed and not any(map(STRICT.search, sets)):
        routes = listed(entry.route or short(function.id) for entry in entries)
        yield Finding(
            cookies[0].place,
            f"another website may have {short(function.id)} change {listed(map(short, changed))} as"
            f" its visitor: only a cookie says who asks {routes}",
            evidence=entries[0].evidence,
            cwe="CWE-352",
            endangers=tuple(changed),
            key=(function.id, *changed),
            confidence="likely" if sets else "possible",  # browsers take no word for Lax
            by=(function.id,),
            fault=2 if any(map(NONE.search, sets)) else 1,
        )


def _cookies(app: App, function: str) -> list[EventRead]:
    """Return where a function, or an authorizer's, reads cookies, and nothing else that tells."""
    reads = [
        read
        for summary in grouped(app, Summary, "function").get(function, [])
        for read in summary.reads
        if read.source.owner == "event"
    ]
    if any(OTHER.search(read.source.attribute) for read in reads):
        return []
    return [read for read in reads if COOKIE.search(read.source.attribute)]


def _sets(app: App) -> list[str]:
    """Return the cookies that the application's functions set, as far as they are known."""
    return [
        str(argument.value)
        for summary in app.every(Summary)
        for site in summary.calls
        if site.kind == "response"
        for argument in site.arguments
        if SET_COOKIE.search(argument.path)
    ]


def _changed(app: App, function: Function) -> list[str]:
    """Return the resources whose content a function's code changes."""
    found = {
        call.target
        for call in grouped(app, Call, "function").get(function.id, [])
        if call.target
        and app.get(Row, call.target)
        and {r for a in actions(call.service, call.operation) for r in rights(a)} & CHANGING
    }
    return sorted(found)
