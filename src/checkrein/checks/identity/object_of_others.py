"""Signed-in callers reach things of others by an id, and nothing asks whose these are.

## Why

An id is no secret and no right: who has an account and sees or guesses the id of somebody else's order
reads, changes or deletes it. That the caller has signed in says who they are, not what is theirs.

## Fix

Make the caller's identity, from `requestContext.authorizer`, a part of the key or of the condition; or
compare the owner of what was found with it before answering.

## Examples

```python bad signed-in
import boto3, json

orders = boto3.resource("dynamodb").Table("orders")

def handler(event, context):
    owner = event["requestContext"]["authorizer"]["claims"]["sub"]
    body = json.loads(event["body"])
    if event["httpMethod"] == "POST":
        orders.put_item(Item={"orderId": context.aws_request_id, "userId": owner, "email": body["email"]})
    if event["httpMethod"] == "DELETE":
        orders.delete_item(Key={"orderId": event["pathParameters"]["id"]})  #! any signed-in caller can delete what others have in Orders: nothing ties event.pathParameters.id to the caller
    found = orders.get_item(Key={"orderId": event["pathParameters"]["id"]})  #! any signed-in caller can read what others have in Orders (e-mail address): nothing ties event.pathParameters.id to the caller
    return {"statusCode": 200, "body": json.dumps(found["Item"])}
```

```javascript bad signed-in
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, PutCommand, UpdateCommand } = require("@aws-sdk/lib-dynamodb");
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

exports.handler = async (event) => {
  const { sub } = event.requestContext.authorizer.claims;
  const { street, id } = JSON.parse(event.body);
  if (!id) {
    return client.send(new PutCommand({ TableName: "orders", Item: { orderId: crypto.randomUUID(), owner: sub, street } }));
  }
  return client.send(new UpdateCommand({ //! any signed-in caller can change what others have in Orders: nothing ties event.body.id to the caller
    TableName: "orders", Key: { orderId: id }, UpdateExpression: "SET street = :s", ExpressionAttributeValues: { ":s": street },
  }));
};
```

What is kept for an organisation is its own, too:

```python bad signed-in
import boto3, json

orders = boto3.resource("dynamodb").Table("orders")

def handler(event, context):
    organisation = event["requestContext"]["authorizer"]["claims"]["custom:org"]
    body = json.loads(event["body"])
    if event["httpMethod"] == "POST":
        orders.put_item(Item={"orderId": context.aws_request_id, "orgId": organisation, "email": body["email"]})
    found = orders.get_item(Key={"orderId": event["pathParameters"]["id"]})  #! any signed-in caller can read what others have in Orders (e-mail address): nothing ties event.pathParameters.id to the caller
    return {"statusCode": 200, "body": json.dumps(found["Item"])}
```

A condition, a comparison after reading, or a look at the caller's groups ties it to them:

```python good signed-in
import boto3, json
from boto3.dynamodb.conditions import Attr

orders = boto3.resource("dynamodb").Table("orders")

def handler(event, context):
    owner = event["requestContext"]["authorizer"]["claims"]["sub"]
    body = json.loads(event["body"])
    if event["httpMethod"] == "POST":
        orders.put_item(Item={"orderId": context.aws_request_id, "userId": owner, "email": body["email"]})
    return orders.delete_item(Key={"orderId": event["pathParameters"]["id"]}, ConditionExpression=Attr("userId").eq(owner))
```

```javascript good signed-in
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, GetCommand, PutCommand } = require("@aws-sdk/lib-dynamodb");
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

const isTheirs = (order, caller) => order.owner === caller;

exports.handler = async (event) => {
  const { sub } = event.requestContext.authorizer.claims;
  const { street, id } = JSON.parse(event.body);
  if (!id) {
    return client.send(new PutCommand({ TableName: "orders", Item: { orderId: crypto.randomUUID(), owner: sub, street } }));
  }
  const { Item } = await client.send(new GetCommand({ TableName: "orders", Key: { orderId: id } }));
  return isTheirs(Item, sub) ? { statusCode: 200, body: JSON.stringify(Item) } : { statusCode: 404 };
};
```

```python good signed-in
import boto3, json

orders = boto3.resource("dynamodb").Table("orders")

def handler(event, context):
    caller = event["requestContext"]["authorizer"]["claims"]
    orders.put_item(Item={"orderId": context.aws_request_id, "userId": caller["sub"]})
    if "staff" not in caller["cognito:groups"]:
        return {"statusCode": 403}
    found = orders.get_item(Key={"orderId": event["pathParameters"]["id"]})
    return {"statusCode": 200, "body": json.dumps(found["Item"])}
```

What is an organization's is not everybody's either:

```python bad signed-in
import boto3, json

orders = boto3.resource("dynamodb").Table("orders")

def handler(event, context):
    said = json.loads(event["body"])
    orders.put_item(Item={"orderId": context.aws_request_id, "orgId": said["org"], "email": said["email"]})
    found = orders.get_item(Key={"orderId": event["pathParameters"]["id"]})  #! any signed-in caller can read what others have in Orders (e-mail address): nothing ties event.pathParameters.id to the caller
    return {"statusCode": 200, "body": json.dumps(found["Item"])}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import capabilities, check, every
from checkrein.checks.choices import (
    Choice,
    choices,
    confidence,
    fault,
    field,
    names_somebody,
)
from checkrein.checks.portions import called, held, is_of_somebody, is_owned, tables, told
from checkrein.checks.questions import listed, titles
from checkrein.checks.tainted import goes_out, sites_of
from checkrein.checks.worth import VALUABLE
from checkrein.model import App, Finding, Function


@check(every(Function), fault=2, topics=("authorization",), frameworks=("CWE-639", "CWE-862"))
def object_of_others(function: Function, app: App) -> Iterator[Finding]:
    for choice in choices(function, app):
        named = any(names_somebody(taint) for taint in choice.taints)
        if not named and is_of_somebody(app, choice.row, choice.items):
            yield from _finding(choice, app)


def _finding(choice: Choice, app: App) -> Iterator[Finding]:
    kept = held(app, choice.row, choice.items, VALUABLE)
    if tables(choice.items):  # whose each row is, is known: what they keep there is theirs
        kept = kept or held(app, choice.row, choice.items, 0)
    if choice.verb == "read":
        kept = told(app, choice.function.id, choice.row, kept)
    results = {f"call:{choice.index}"}
    if choice.verb == "read" and not (kept and goes_out(sites_of(app, choice.function), results)):
        return
    fields = listed(dict.fromkeys(field(taint) for taint in choice.taints))
    what = f" ({titles(kept)})" if choice.verb == "read" else ""
    who = "any signed-in caller" if not choice.site.ranked else "whoever has the role for it"
    secret = capabilities.held(app, choice.function.id, choice.index, choice.row.id)
    yield Finding(
        choice.site.place,
        f"{who} can {choice.verb} what others have in {called(choice.row.id, tables(choice.items))}{what}:"
        f" nothing ties {fields} to the caller",
        steps=choice.taints[0].steps,
        cwe="CWE-639",
        endangers=(choice.row.id,),
        key=(choice.site.operation, choice.row.id, fields),
        data=tuple(kept),
        confidence=confidence(choice, app),
        by=(choice.function.id,),
        fault=1 if secret or choice.site.ranked else fault(choice, app),
        over=is_owned(app, choice.row, choice.items) and not (secret or choice.site.ranked),
    )
