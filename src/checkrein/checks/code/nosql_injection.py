r"""What a caller sends changes the condition of a query, not only a value in it.

## Why

A body is JSON: where a text was meant it may hold an object. `{"password": {"$ne": ""}}` matches every
user, and `$where` runs code. In DynamoDB's expressions, a name or word joined into the text does the same.

## Fix

Make a text of each value (`String(body.user)`, a schema) or compare with `$eq`. Where code calls what only texts
have (`mail.trim()`), an object ends it before. Put values into
`ExpressionAttributeValues`, and names into `ExpressionAttributeNames` from a list.

## Examples

```python bad
import json, os
import boto3
from pymongo import MongoClient

users = MongoClient(os.environ["URL"]).shop.users
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])

def handler(event, context):
    body = json.loads(event["body"])
    users.find(event.get("queryStringParameters") or {})  #! anyone can change what Example asks of a database through event.queryStringParameters
    users.find_one({"parts": {"$elemMatch": {"at": body["part"]}}})  #! anyone can change what Example asks of a database through event.body.part
    table.update_item(  #! anyone can change what Example asks of a database through event.body.field
        Key={"id": body["id"]},
        UpdateExpression="SET " + body["field"] + " = :value",
        ExpressionAttributeValues={":value": body["value"]},
    )
    return users.find_one({"user": body["user"], "password": body["password"]})  #! anyone can change what Example asks of a database through event.body.password and event.body.user
```

```javascript bad
const { MongoClient } = require("mongodb");
const connected = MongoClient.connect(process.env.URL);

exports.handler = async (event) => {
  const users = (await connected).db("shop").collection("users");
  const name = event.queryStringParameters.name;
  await users.find({ $where: `this.name == "${name.trim()}"` }).toArray(); //! anyone can change what Example asks of a database through event.queryStringParameters.name
  return users.findOne(JSON.parse(event.body)); //! anyone can change what Example asks of a database through event.body
};
```

```typescript bad
import mongoose from "mongoose";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";

const User = mongoose.model("User", new mongoose.Schema({ token: String }));
const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = async (event: { body: string; pathParameters: { state: string } }) => {
  const { token } = JSON.parse(event.body);
  const FilterExpression = `orderState = ${event.pathParameters.state}`;
  await documents.send(new ScanCommand({ TableName: "orders", FilterExpression })); //! anyone can change what Example asks of a database through event.pathParameters.state
  return User.deleteOne({ token }); //! anyone can change what Example asks of a database through event.body.token
};
```

```python good
import json, os
import boto3
from boto3.dynamodb.conditions import Attr
from bson import ObjectId
from pymongo import MongoClient

users = MongoClient(os.environ["URL"]).shop.users
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
FIELDS = ("name", "street")

def handler(event, context):
    body = json.loads(event["body"])
    users.find_one({"_id": ObjectId(body["id"]), "user": str(body["user"]), "age": {"$eq": body["age"]}})
    users.find_one({"name": event["queryStringParameters"]["name"], "key": "k-" + body["key"]})
    users.find_one({"at": {"$near": {"$geometry": {"type": "Point", "coordinates": body["at"]}}}})
    users.insert_one(body)
    if body["field"] in FIELDS:
        table.update_item(
            Key={"id": body["id"]},
            UpdateExpression=f"SET {body['field']} = :value",
            ExpressionAttributeValues={":value": body["value"]},
        )
    return table.scan(FilterExpression=Attr("state").eq(body["state"]))
```

```javascript good
const { MongoClient } = require("mongodb");
const connected = MongoClient.connect(process.env.URL);

exports.handler = async (event) => {
  const users = (await connected).db("shop").collection("users");
  const { user, password } = JSON.parse(event.body);
  if (typeof password !== "string") return { statusCode: 400 };
  const found = [{ user: "a" }].find((one) => one.user === user);
  await users.deleteOne({ mail: `${user}` });
  await users.findOne({ at: { $near: { $geometry: { type: "Point", coordinates: event.body.at } } } });
  await users.findOne({ kind: { $in: [{ name: user }] } });
  return users.findOne({ user: String(user), password, token: event.headers.token, found: { $in: [user] } });
};
```

A list puts no operator in the place of a value, and what is parsed out of a text may be an object again.

```javascript good
const express = require("express");
const serverless = require("serverless-http");
const { body, validationResult } = require("express-validator");
const User = require("mongoose").model("User", {});
const app = express();

app.post("/login", [body("mail").trim(), body("code").isNumeric()], async (req, res) => {
  if (!validationResult(req).isEmpty()) return res.status(400).end();
  const { mail, code, name } = req.body;
  if (name.includes("@")) return res.status(400).end();
  res.json(await User.findOne({ mail, code, name }));
});
exports.handler = serverless(app);
```

```javascript bad
const express = require("express");
const serverless = require("serverless-http");
const { body } = require("express-validator");
const User = require("mongoose").model("User", {});
const app = express();

app.post("/login", [body("mail").trim(), body("code").isNumeric()], async (req, res) => {
  const { mail, code, name } = req.body;
  mail.startsWith("{");
  await User.findOne(JSON.parse(mail)); //! anyone can change what Example asks of a database through event.body.mail
  res.json(await User.findOne({ mail, code, name })); //! anyone can change what Example asks of a database through event.body.code and event.body.name
});
exports.handler = serverless(app);
```

```python bad
import json, os
import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])

def handler(event, context):
    body = json.loads(event["body"])
    if not isinstance(body["field"], str):
        return None
    return table.update_item(  #! anyone can change what Example asks of a database through event.body.field
        Key={"id": body["id"]},
        UpdateExpression="SET " + body["field"].strip() + " = :value",
        ExpressionAttributeValues={":value": body["value"]},
    )
```

Where only a mapper to tables is loaded, a method of that name asks no documents; of what nobody knows
it may.

```typescript good
import { Client } from "@elastic/elasticsearch";
import { BaseEntity, Entity, PrimaryColumn } from "typeorm";

@Entity()
class Organization extends BaseEntity {
  @PrimaryColumn() id: string;
}

export const handler = async (event: { body: string }) => {
  const { id } = JSON.parse(event.body);
  return Organization.findOne({ id }, { relations: ["tags"] });
};
```

```typescript bad
import { Organization } from "@company/store";

export const handler = async (event: { body: string }) => {
  const { id } = JSON.parse(event.body);
  return Organization.findOne({ id }); //! anyone can change what Example asks of a database through event.body.id
};
```
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from checkrein.checks import check, every
from checkrein.checks.questions import short
from checkrein.checks.tainted import Fault, asked, faults, finding, goes_out, kept, once, sites_of
from checkrein.checks.texts import is_itself, may_be_object
from checkrein.detect.names import classify
from checkrein.late import regex
from checkrein.model import App, Finding, Function, Taint

EXPRESSIONS = (
    *("FilterExpression", "KeyConditionExpression", "ConditionExpression"),
    *("ProjectionExpression", "UpdateExpression"),
)
TRANSACTED = tuple(
    f"TransactItems[].{each}.{expression}"
    for each in ("Put", "Update", "Delete", "ConditionCheck")
    for expression in EXPRESSIONS
)
REQUESTS = {
    ("dynamodb", operation): (*EXPRESSIONS, *TRANSACTED)
    for operation in (
        *("Query", "Scan", "GetItem", "PutItem", "UpdateItem", "DeleteItem"),
        *("TransactWriteItems", "BatchGetItem"),
    )
}
JOINING = frozenset({"$or", "$and", "$nor", "$not", "$elemMatch", "$match"})
WHOLE = frozenset({"$geometry", "$in", "$nin", "$eq", "$ne"})  # in these nothing is an operator
RUNNING = frozenset({"$where", "$function", "$accumulator"})
TEXT = "text"
LOOKING = regex(r"find|find(?:One|_one|ById)?|aggregate|count(?:Documents|_documents)")
CREDENTIAL = "cred."
PASSWORDS = frozenset({"cred.password", "cred.hash"})
QUERIES = frozenset({"queryStringParameters", "multiValueQueryStringParameters"})
SEARCHED = frozenset({"request.body", "request.body.query", "request.query", "with.body"})


@check(every(Function), fault=2, topics=("injection",), frameworks=("CWE-943",))
def nosql_injection(function: Function, app: App) -> Iterator[Finding]:
    yield from once(_found(function, app))


def _found(function: Function, app: App) -> Iterator[Finding]:
    found = [kept(fault, _is_condition) for fault in faults(function, app, "nosql")]
    found += [kept(fault, _is_text) for fault in asked(function, app, "nosql", REQUESTS)]
    for fault in found:
        if fault.taints:
            name = short(function.id)
            message = (
                f"{fault.who} can change what {name} asks of a database through {fault.fields}"
            )
            told = finding(app, fault, message, "CWE-943")
            yield replace(told, fault=1) if _only_looks(fault, app) else told


def _only_looks(fault: Fault, app: App) -> bool:
    """Tell whether an operator makes a look-up find another record, of which nothing goes out.

    What that opens, the code behind it decides: it may still compare the password, or only count.
    Not where the password itself is looked for, or they choose the whole question or what runs.
    """
    method = fault.site.operation.rpartition(".")[2]
    if not LOOKING.fullmatch(method):
        return False
    for taint in fault.taints:
        steps = taint.argument.split(".")
        if len(steps) == 1 or RUNNING & {*steps}:
            return False
        match = classify(steps[-1].removesuffix("[]"))
        if match is not None and match.data.startswith(CREDENTIAL):
            return False
    sites = sites_of(app, fault.function)
    found = {n: site for n, site in enumerate(sites) if site.place == fault.site.place}
    reads = (path for site in found.values() for path in site.reads)
    return any(map(_is_password, reads)) or not goes_out(sites, {f"call:{n}" for n in found})


def _is_password(path: str) -> bool:
    """Tell whether code looks at a record's password, as it does where somebody signs in."""
    match = classify(path.removesuffix("[]").rpartition(".")[2])
    return match is not None and match.data in PASSWORDS


def _is_condition(fault: Fault, taint: Taint) -> bool:
    """Tell whether they may put an operator where a value was meant, or choose what runs."""
    steps = taint.argument.split(".")
    last = steps[-1].removesuffix("[]")
    if RUNNING & {*steps}:
        return True
    if steps[0] == "request":
        return taint.argument in SEARCHED and _may_be_object(fault, taint)
    if len(steps) == 1 and taint.source.attribute in QUERIES and is_itself(fault.site, taint):
        return True  # its values are texts, its keys are theirs: $where runs such a text
    compares = last.startswith("$") and last not in JOINING
    compares = compares or any(step.removesuffix("[]") in WHOLE for step in steps)
    return not compares and "where" not in steps and _may_be_object(fault, taint)


def _may_be_object(fault: Fault, taint: Taint) -> bool:
    """Tell whether an operator may stand where a value was meant: no text is one, nor a list."""
    return TEXT not in taint.harmless and may_be_object(taint) and is_itself(fault.site, taint)


def _is_text(_: Fault, taint: Taint) -> bool:
    """Tell whether their text stands in the expression: not what only decides about it."""
    return taint.certain
