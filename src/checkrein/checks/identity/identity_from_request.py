"""Code takes who somebody is from the request, where the authorizer could tell.

## Why

A user id in a body, a query or a path is what the caller writes there. Code that looks up, changes or
decides by it does so for whomever the caller names.

## Fix

Take the identity from `requestContext.authorizer` (or from a token whose signature was checked); where
the request must name somebody, compare that with the caller, or ask for the caller's groups first.

## Examples

```python bad signed-in
import boto3, json

orders = boto3.resource("dynamodb").Table("orders")

def handler(event, context):
    user = json.loads(event["body"])["userId"]
    orders.update_item(  #! any signed-in caller can change the data of whom they name in event.body.userId (Orders)
        Key={"userId": user},
        UpdateExpression="SET street = :s",
        ExpressionAttributeValues={":s": json.loads(event["body"])["street"]},
    )
```

```javascript bad signed-in
const { DynamoDBClient, QueryCommand } = require("@aws-sdk/client-dynamodb");
const client = new DynamoDBClient({});

exports.handler = async (event) => {
  const { Items } = await client.send(new QueryCommand({ //! any signed-in caller can read the data of whom they name in event.queryStringParameters.customerId (Orders)
    TableName: "orders",
    KeyConditionExpression: "customerId = :c",
    ExpressionAttributeValues: { ":c": { S: event.queryStringParameters.customerId } },
  }));
  return { statusCode: 200, body: JSON.stringify(Items.map((item) => item.email.S)) };
};
```

Who writes as somebody else is a case of its own:

```python bad signed-in
import boto3, json

orders = boto3.resource("dynamodb").Table("orders")

def handler(event, context):
    body = json.loads(event["body"])
    orders.put_item(Item={"orderId": context.aws_request_id, "customerId": body["customerId"], "street": body["street"]})  #! any signed-in caller can write in the name of whom they name in event.body.customerId (Orders)
```

```python good signed-in
import boto3, json

orders = boto3.resource("dynamodb").Table("orders")

def handler(event, context):
    body = json.loads(event["body"])
    caller = event["requestContext"]["authorizer"]["claims"]["sub"]
    item = {"orderId": context.aws_request_id, "customerId": body["customerId"], "street": body["street"]}
    orders.put_item(Item={**item, "enteredBy": caller})
```

A copy of some of a record's fields puts none in the place of another:

```python good signed-in
import boto3, json

reports = boto3.resource("dynamodb").Table("reports")

def some(record, names):
    return {name: record[name] for name in set(names) & set(record.keys())}

def handler(event, context):
    body = json.loads(event["body"])
    body["owner"] = event["requestContext"]["authorizer"]["claims"]["sub"]
    kept = some(body, ["owner", "title"])
    kept["lines"] = [line["text"] for line in body["lines"]]
    reports.put_item(Item={"reportId": context.aws_request_id, **kept})
    return {"statusCode": 200, "body": json.dumps({"title": kept["title"]})}
```

Code must not take the caller's word, where there is one, for the authorizer's either:

```javascript bad
const { DynamoDBClient, PutItemCommand } = require("@aws-sdk/client-dynamodb");

exports.handler = async (event) => {
  let company = event.requestContext.authorizer?.company;
  const body = JSON.parse(event.body);
  if ("company" in body) company = body.company; //! anyone can put event.body.company in the place of what the authorizer says (event.requestContext.authorizer.company)
  const item = { id: { S: crypto.randomUUID() }, company: { S: company } };
  return new DynamoDBClient({}).send(new PutItemCommand({ TableName: "orders", Item: item }));
};
```

That holds where a test alone takes it:

```javascript bad
exports.handler = async (event) => {
  const body = JSON.parse(event.body);
  const company = body.company || event.requestContext.authorizer.company; //! anyone can put event.body.company in the place of what the authorizer says (event.requestContext.authorizer.company)
  const firm = body.work || event.requestContext.authorizer.firm; //! anyone can put event.body.work in the place of what the authorizer says (event.requestContext.authorizer.firm)
  return { statusCode: company === "acme" && firm === event.pathParameters.firm ? 200 : 403 };
};
```

Code that makes whatever stands in an object fit for a log tests everything in it, and decides nothing:

```javascript good signed-in
const fit = (data) => {
  const made = {};
  for (const [key, value] of Object.entries(data)) {
    if (typeof value === "object") made[key] = fit(value);
    else made[key] = value === "yes" || value.length;
  }
  return made;
};
const masked = (data) => Object.values(data).map((value) => (value.includes("@") ? "someone" : value));

exports.handler = async (event) => {
  const body = JSON.parse(event.body);
  const company = event.requestContext.authorizer.company;
  console.log(fit({ title: body.title, company }), masked({ owner: body.owner, company }));
  return { statusCode: 200 };
};
```

Whom a caller writes to is not the caller, whatever else goes the same way; nor is what code compares with the
authorizer's word:

```python good signed-in
import boto3, json

chats = boto3.resource("dynamodb").Table("orders")

def join(chat, member):
    chats.put_item(Item={"orderId": chat, "member": member})

def handler(event, context):
    body, known = json.loads(event["body"]), event["requestContext"]["authorizer"]["claims"]["sub"]
    for member in (known, body["recipientId"]):
        join(body["chat"], member)
```

```python good signed-in
import boto3, json

orders = boto3.resource("dynamodb").Table("orders")

def kept(*parts):
    return {"orderId": "#".join(parts), "last": parts[len(parts) - 1]}

def handler(event, context):
    body, known = json.loads(event["body"]), event["requestContext"]["authorizer"]["claims"]["sub"]
    orders.put_item(Item=kept(known, body["title"], body["kind"], body["schedule"]))
```

Who decides by the rights of a user that the caller names, decides nothing:

```python bad
import boto3

users = boto3.resource("dynamodb").Table("users")

def handler(event, context):
    user = users.get_item(Key={"userId": event["headers"]["x-user"]})["Item"]  #! anyone can have the rights (isAdmin) of whom they name in event.headers.x-user
    if user["isAdmin"]:
        return users.scan()["Items"]
```

A sign-in is another matter: there the caller shows to be who they name.

```javascript good
const AWS = require("aws-sdk");
const bcrypt = require("bcryptjs");
const users = new AWS.DynamoDB.DocumentClient();

exports.handler = async (event) => {
  const { email, password } = JSON.parse(event.body);
  const { Item } = await users.get({ TableName: "users", Key: { email } }).promise();
  if (!(await bcrypt.compare(password, Item.password))) return { statusCode: 401 };
  return { statusCode: 200, body: JSON.stringify({ role: Item.role }) };
};
```

So is one that Cognito asks for:

```python good
import boto3, json

users = boto3.resource("dynamodb").Table("users")
pool = boto3.client("cognito-idp")

def handler(event, context):
    given = json.loads(event["body"])
    pool.initiate_auth(ClientId="1f2e", AuthFlow="USER_PASSWORD_AUTH", AuthParameters={"USERNAME": given["email"], "PASSWORD": given["word"]})
    user = users.get_item(Key={"email": given["email"]})["Item"]
    return {"statusCode": 200, "body": json.dumps({"role": user["role"]})}
```

But asking a pool about somebody shows nothing:

```python bad
import boto3, json

users = boto3.resource("dynamodb").Table("users")
pool = boto3.client("cognito-idp")

def handler(event, context):
    given = json.loads(event["body"])
    pool.admin_get_user(UserPoolId="eu_1", Username=given["email"])
    user = users.get_item(Key={"email": given["email"]})["Item"]  #! anyone can have the rights (role) of whom they name in event.body.email
    return {"statusCode": 200, "body": json.dumps({"role": user["role"]})}
```

```python good signed-in
import boto3, json

orders = boto3.resource("dynamodb").Table("orders")

def handler(event, context):
    user = json.loads(event["body"])["userId"]
    if user != event["requestContext"]["authorizer"]["claims"]["sub"]:
        return {"statusCode": 403}
    orders.update_item(
        Key={"userId": user},
        UpdateExpression="SET street = :s",
        ExpressionAttributeValues={":s": json.loads(event["body"])["street"]},
    )
```

```javascript good signed-in
const { DynamoDBClient, QueryCommand } = require("@aws-sdk/client-dynamodb");
const client = new DynamoDBClient({});

exports.handler = async (event) => {
  const { userId, claims } = event.requestContext.authorizer;
  const { Items } = await client.send(new QueryCommand({
    TableName: "orders",
    KeyConditionExpression: "customerId = :c and orderId = :o",
    ExpressionAttributeValues: { ":c": { S: claims.sub }, ":o": { S: event.queryStringParameters.customerId } },
  }));
  return { statusCode: 200, body: JSON.stringify(Items.map((item) => item.email.S)) };
};
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.choices import (
    Choice,
    answered,
    choices,
    confidence,
    fault,
    field,
    in_the_name_of,
    names_somebody,
    overridden,
    read_at,
    rights_by_name,
)
from checkrein.checks.portions import called, held, is_owned, tables, told
from checkrein.checks.questions import listed
from checkrein.checks.tainted import within_reach
from checkrein.model import App, Finding, Function


@check(
    every(Function),
    fault=2,
    topics=("authorization",),
    frameworks=("CWE-639", "CWE-290", "CWE-807"),
)
def identity_from_request(function: Function, app: App) -> Iterator[Finding]:
    for choice in choices(function, app):
        if any(names_somebody(taint) for taint in choice.taints):
            yield from _finding(choice, app)
    for choice in in_the_name_of(function, app):
        yield from _finding(choice, app)
    yield from _by_name(function, app)
    yield from _overridden(function, app)


def _finding(choice: Choice, app: App) -> Iterator[Finding]:
    kept = held(app, choice.row, choice.items, 0)
    if not kept or (choice.verb == "read" and not answered(app, choice.function, choice.index)):
        return
    if choice.verb == "read":  # what has no class is somebody's all the same
        kept = told(app, choice.function.id, choice.row, kept) or kept
    named = [taint for taint in choice.taints if names_somebody(taint)]
    fields = listed(dict.fromkeys(map(field, named)))
    what = "in the name" if choice.verb == "write" else "the data"
    yield Finding(
        choice.site.place,
        f"any signed-in caller can {choice.verb} {what} of whom they name in {fields}"
        f" ({called(choice.row.id, tables(choice.items))})",
        steps=named[0].steps if named else choice.taints[0].steps,
        cwe="CWE-639",
        endangers=(choice.row.id,),
        key=(choice.site.operation, choice.row.id, fields),
        data=tuple(kept),
        confidence=confidence(choice, app),
        by=(choice.function.id,),
        fault=fault(choice, app),
        over=is_owned(app, choice.row, choice.items),
    )


def _by_name(function: Function, app: App) -> Iterator[Finding]:
    """Yield decisions by the rights of somebody whom the caller names, and what they said."""
    for site, taint, rights in rights_by_name(function, app):
        what = f"have the rights ({listed(rights)})" if rights else "read the messages"
        yield Finding(
            site.place,
            f"{taint.who} can {what} of whom they name in {field(taint)}",
            steps=taint.steps,
            cwe="CWE-807" if rights else "CWE-639",
            endangers=within_reach(app, function),
            key=(site.operation, field(taint), *rights),
            confidence="likely",
            by=(function.id,),
        )


def _overridden(function: Function, app: App) -> Iterator[Finding]:
    """Yield fields of the request that the code takes instead of what the authorizer says."""
    said: set[tuple[str, str]] = set()
    for site, taint, word in overridden(function, app):
        if (field(taint), word) in said:
            continue  # the same choice, passed on
        said.add((field(taint), word))
        yield Finding(
            read_at(app, function, taint) or site.place,
            f"{taint.who} can put {field(taint)} in the place of what the authorizer says"
            f" (event.{word})",
            steps=taint.steps,
            cwe="CWE-290",
            endangers=within_reach(app, function),
            key=(site.operation, field(taint), word),
            confidence="likely" if taint.who.startswith("anyone") else "possible",
            by=(function.id,),
        )
