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
    user = session(event["headers"]["cookie"])  #! another website may have Order change Orders as its visitor: a cookie is enough to say who asks POST /order
    table.put_item(Item={"id": user, "order": event["body"]})
    return {"statusCode": 200, "headers": {"Set-Cookie": f"session={user}; HttpOnly; SameSite=None"}}
```

A token in a header does not help where code takes a cookie as well, and the cookie is meant for pages of others:

```yaml bad template.yaml
Resources:
  Order:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: order.handler
      CodeUri: .
      Environment: {Variables: {ORDERS: orders}}
      Events:
        Order: {Type: HttpApi, Properties: {Path: /order, Method: POST}}
```

```javascript bad order.js
const { DynamoDBClient, PutItemCommand } = require("@aws-sdk/client-dynamodb");
const client = new DynamoDBClient({});
const known = (token) => require("jsonwebtoken").verify(token, process.env.KEY);

exports.handler = async (event) => {
  const bearer = event.headers.authorization;
  const user = known(bearer ? bearer.slice(7) : event.cookies[0]);  //! another website may have Order change Table:orders as its visitor: a cookie is enough to say who asks POST /order
  await client.send(new PutItemCommand({ TableName: process.env.ORDERS, Item: { id: { S: user.id } } }));
  const local = process.env.STAGE === "local";
  return { statusCode: 200, headers: { "Set-Cookie": `id=${bearer}; SameSite=${local ? "Lax" : "None"}` } };
};
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

from checkrein.catalog.rights import deeds
from checkrein.checks import check, every
from checkrein.checks.exposure import anonymous
from checkrein.checks.questions import grouped, listed, short
from checkrein.late import regex
from checkrein.model import App, Call, Entry, EventRead, Finding, Function, Row, Summary
from checkrein.model.asking import of_app

COOKIE = regex(r"(?i)^(?:multiValue)?headers\.cookie\b|^cookies\b")
OTHER = regex(  # what a page of another website can not send, or not choose
    r"(?i)^(?:multiValue)?headers\..*(?:csrf|xsrf|origin|referer|sec-fetch|"
    r"x-requested-with|token|api[-_]?key|signature)|csrf|xsrf"
)
BEARER = regex(r"(?i)^(?:multiValue)?headers\..*authorization")  # which some clients send instead
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
    sets = _sets(app) if changed else ()
    abroad, home = any(map(NONE.search, sets)), any(map(STRICT.search, sets))
    if changed and (abroad or not home):
        routes = listed(entry.route or short(function.id) for entry in entries)
        yield Finding(
            cookies[0].place,
            f"another website may have {short(function.id)} change {listed(map(short, changed))} as"
            f" its visitor: a cookie is enough to say who asks {routes}",
            evidence=entries[0].evidence,
            cwe="CWE-352",
            endangers=tuple(id for id in changed if app.get(Row, id)) or (function.id,),
            key=(function.id, *changed),
            confidence="likely" if sets else "possible",  # browsers take no word for Lax
            by=(function.id,),
            fault=2 if abroad and not home else 1,
        )


def _cookies(app: App, function: str) -> list[EventRead]:
    """Return where a function, or an authorizer's, reads cookies, and nothing else that tells.

    Where a cookie is meant for pages of others, a bearer token is what other clients send instead.
    """
    reads = [
        read
        for summary in grouped(app, Summary, "function").get(function, [])
        for read in summary.reads
        if read.source.owner == "event"
    ]
    names = [read.source.attribute for read in reads]
    if any(map(OTHER.search, names)):
        return []
    if any(map(BEARER.search, names)) and not any(map(NONE.search, _sets(app))):
        return []
    return [read for read in reads if COOKIE.search(read.source.attribute)]


@of_app
def _sets(app: App) -> tuple[str, ...]:
    """Return the cookies that the application's functions set, as far as they are known."""
    return tuple(
        str(argument.value)
        for summary in app.every(Summary)
        for site in summary.calls
        if site.kind == "response"
        for argument in site.arguments
        if SET_COOKIE.search(argument.path)
    )


def _changed(app: App, function: Function) -> list[str]:
    """Return the resources whose content a function's code changes, declared here or not."""
    found = {
        call.target
        for call in grouped(app, Call, "function").get(function.id, [])
        if call.target and deeds(call.service, call.operation) & CHANGING
    }
    return sorted(found)
