"""Callers set the field that says what somebody may do.

## Why

Where a request is stored as it comes, or copied field by field in a loop, callers write fields that no form
shows: a role, a flag of administrators, a balance. The next request of theirs then has the rights. Where no code
read here asks for a role, it waits for code that will, be it only a page that hides a button: that is medium.

## Fix

Copy the fields that callers may set, by name; set roles, balances and owners in the code, or on a route
that only administrators may use.

## Examples

```python bad signed-in
import boto3, json

users = boto3.resource("dynamodb").Table("orders")

def handler(event, context):
    body = json.loads(event["body"])
    users.put_item(Item=body)  #! a signed-in caller can set isAdmin in Orders: all of event.body is stored
    names = {f"#{key}": key for key in body}
    users.update_item(  #! a signed-in caller can set isAdmin in Orders: every field of event.body is stored
        Key={"orderId": event["requestContext"]["authorizer"]["claims"]["sub"]},
        UpdateExpression="SET " + ", ".join(f"#{key} = :{key}" for key in body),
        ExpressionAttributeNames=names,
        ExpressionAttributeValues={f":{key}": value for key, value in body.items()},
    )
    user = users.get_item(Key={"orderId": body["manager"]})["Item"]
    if user["isAdmin"]:
        return {"statusCode": 200, "body": user["email"]}
```

```javascript bad signed-in
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, PutCommand } = require("@aws-sdk/lib-dynamodb");
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

exports.handler = async (event) => {
  const { sub } = event.requestContext.authorizer.claims;
  const { email, role } = JSON.parse(event.body);
  await client.send(new PutCommand({ TableName: "orders", Item: { orderId: sub, email, role } })); //! a signed-in caller can set role in Orders through event.body.role, by which no code read here decides
  await client.send(new PutCommand({ TableName: "orders", Item: { ...JSON.parse(event.body), orderId: sub } })); //! a signed-in caller can set role in Orders: all of event.body is stored, by which no code read here decides
};
```

A database's rows are no other; which fields there are its schema says:

```javascript bad
const mongoose = require("mongoose");
mongoose.connect(process.env.DB_URL);
const User = mongoose.model("users", new mongoose.Schema({ email: String, name: String, role: String }));

exports.handler = async (event) => {
  const made = await User.create(JSON.parse(event.body)); //! anyone can set role in MongoDB:DB_URL: all of event.body is stored, by which no code read here decides
  return { statusCode: 201, body: made.id };
};
```

```javascript good
const mongoose = require("mongoose");
mongoose.connect(process.env.DB_URL);
const User = mongoose.model("users", new mongoose.Schema({ email: String, name: String }));
const Admin = mongoose.model("admins", new mongoose.Schema({ email: String, role: String }));

exports.handler = async (event) => {
  const made = await User.create(JSON.parse(event.body));
  return { statusCode: 201, body: made.id };
};
```

A schema that drops what it does not name leaves what it names; of what it was asked about all is left:

```javascript bad signed-in
const { z } = require("zod");
const { DynamoDBDocument } = require("@aws-sdk/lib-dynamodb");
const db = DynamoDBDocument.from({});
const Profile = z.object({ email: z.string(), role: z.string() });

exports.handler = async (event) => {
  const body = JSON.parse(event.body);
  await db.put({ TableName: "orders", Item: Profile.parse(body) }); //! a signed-in caller can set role in Orders through event.body.role, by which no code read here decides
  Profile.omit({ role: true }).parse(body);
  await db.put({ TableName: "orders", Item: body }); //! a signed-in caller can set role in Orders: all of event.body is stored, by which no code read here decides
};
```

```javascript good signed-in
const { z } = require("zod");
const { DynamoDBDocument } = require("@aws-sdk/lib-dynamodb");
const db = DynamoDBDocument.from({});
const Profile = z.object({ email: z.string(), name: z.string() });
const Guest = Profile.extend({ role: z.enum(["guest", "friend"]) });

exports.handler = async (event) => {
  const body = JSON.parse(event.body);
  await db.put({ TableName: "orders", Item: Profile.parse(body) });
  await db.put({ TableName: "orders", Item: Guest.parse(body) });
  const { Item } = await db.get({ TableName: "orders", Key: { orderId: body.orderId } });
  return { statusCode: 200, body: Item.role };
};
```

```python good signed-in
import boto3, json
from pydantic import BaseModel

users = boto3.resource("dynamodb").Table("orders")

class Profile(BaseModel):
    email: str
    name: str

def handler(event, context):
    users.put_item(Item=Profile.model_validate_json(event["body"]).model_dump())
    user = users.get_item(Key={"orderId": "1"})["Item"]
    return {"statusCode": 200, "body": user["role"]}
```

Fields by name, or fields that the code sets after the rest, leave no choice:

```python good signed-in
import boto3, json

users = boto3.resource("dynamodb").Table("orders")
OPEN = ("name", "street")

def handler(event, context):
    body = json.loads(event["body"])
    caller = event["requestContext"]["authorizer"]["claims"]["sub"]
    users.put_item(Item={"orderId": caller, "email": body["email"], "role": "customer"})
    changed = {key: body[key] for key in OPEN if key in body}
    users.update_item(
        Key={"orderId": caller},
        UpdateExpression="SET " + ", ".join(f"#{key} = :{key}" for key in changed),
        ExpressionAttributeNames={f"#{key}": key for key in changed},
        ExpressionAttributeValues={f":{key}": value for key, value in changed.items()},
    )
```

```javascript good signed-in
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, PutCommand } = require("@aws-sdk/lib-dynamodb");
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

exports.handler = async (event) => {
  const { sub } = event.requestContext.authorizer.claims;
  const body = JSON.parse(event.body);
  if (!["reader", "writer"].includes(body.role)) return { statusCode: 400 };
  await client.send(new PutCommand({ TableName: "orders", Item: { orderId: sub, email: body.email, role: body.role } }));
  await client.send(new PutCommand({ TableName: "orders", Item: { ...body, orderId: sub, role: "reader" } }));
};
```

```python good signed-in
import boto3, json

users = boto3.resource("dynamodb").Table("orders")

def handler(event, context):
    if "admins" not in event["requestContext"]["authorizer"]["claims"]["cognito:groups"]:
        return {"statusCode": 403}
    body = json.loads(event["body"])
    users.put_item(Item={"orderId": body["email"], "email": body["email"], "role": body["role"]})
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from checkrein.catalog.rights import DATABASE
from checkrein.checks import check, every
from checkrein.checks.callers import (
    asks_for_privilege,
    personal,
    privilege,
    rows_at,
    without_turns,
)
from checkrein.checks.choices import field
from checkrein.checks.portions import tables
from checkrein.checks.questions import grouped, listed, short
from checkrein.checks.tainted import sites_of, tainted
from checkrein.late import regex
from checkrein.model import App, Call, CallSite, Finding, Function, Row, Taint
from checkrein.model.asking import of_app
from checkrein.model.values import alternatives

GRANTING = regex(  # attributes that no caller should set, whatever else the item holds
    r"(?i)^((is|has)?_?-?(super_?)?(admin|administrator|superuser|verified|approved|staff)"
    r"|(user|account)?_?-?roles?|permissions?|privileges?|scopes|groups|entitlements?|access_?level"
    r"|(account_?)?balance|credits?)$"
)
WHOLE = regex(r"(.*\.)?Item(\{\})?$")
ATTRIBUTE = regex(r"(?:.*\.)?Item\.([^.\[\]{}]+)(?:\.[A-Z]+)?$")
ROW = regex(r"Item\.([^.\[\]{}]+)$")  # of a database, by its table
COLUMN = regex(r"Item\.([^.\[\]{}]+)\.([^.\[\]{}]+)$")
UPDATED = "ExpressionAttributeNames{}"
WRITING = {
    "dynamodb": frozenset({"PutItem", "UpdateItem", "BatchWriteItem", "TransactWriteItems"}),
    DATABASE: frozenset({"Insert", "Update"}),
}
CALLERS = ("anyone", "a signed-in caller")
UNASKED = ", by which no code read here decides"
SMALL = 1  # the fault of what waits for code that will


class Setting(Struct, frozen=True):
    """An attribute of a store that callers set, and how."""

    names: tuple[str, ...]
    how: str
    taint: Taint
    table: str = ""  # of a database


@check(
    every(Function),
    fault=3,
    topics=("mass-assignment",),
    frameworks=("CWE-915", "CWE-269", "OWASP-2021:A01"),
)
def mass_assignment(function: Function, app: App) -> Iterator[Finding]:
    if asks_for_privilege(app, function):
        return
    sites = sites_of(app, function)
    for index, taints in tainted(function, app).items():
        site = sites[index]
        if site.operation in WRITING.get(site.service, ()):
            sent = [t for t in taints if t.who in CALLERS and _is_sent(t)]
            for row in rows_at(app, function, index) if sent else ():
                if personal(app, row, 0):
                    yield from _finding(function, app, site, row, sent)


def _finding(
    function: Function, app: App, site: CallSite, row: Row, taints: list[Taint]
) -> Iterator[Finding]:
    for setting in _settings(app, site, row, taints):
        idle = all(map(privilege, setting.names)) and not _is_asked_for(app, setting.table)
        said = f"{setting.how}{UNASKED if idle else ''}"
        yield Finding(
            site.place,
            f"{setting.taint.who} can set {listed(setting.names)} in {short(row.id)}{said}",
            steps=setting.taint.steps,
            cwe="CWE-915",
            endangers=(row.id,),
            key=(row.id, *setting.names, field(setting.taint)),
            # what code only reads is often shown to people, and decides nothing
            confidence="likely" if _is_read(app, row, setting) else "possible",
            by=(function.id,),
            fault=SMALL if idle else 0,
        )
        return


def _is_read(app: App, row: Row, setting: Setting) -> bool:
    """Tell whether code that knows of rights reads one of these attributes from the same store.

    What callers may do often stands in a claim of theirs, and the attribute is only shown.
    """
    if not _is_decided_by(app) or setting.table or not all(map(privilege, setting.names)):
        return _is_decided_by(app)
    wanted = set(setting.names)
    for call in grouped(app, Call, "target").get(row.id, []):
        function = app.get(Function, call.function)
        sites = sites_of(app, function) if function else ()
        reads = without_turns(sites[call.site].reads) if call.site < len(sites) else []
        if any(step.removesuffix("[]") in wanted for path in reads for step in path.split(".")):
            return True
    return False


@of_app
def _is_decided_by(app: App) -> bool:
    """Tell whether any code lets callers do more for what is known of their rights."""
    return any(asks_for_privilege(app, each) for each in app.every(Function))


@of_app
def _is_asked_for(app: App, table: str) -> bool:
    """Tell whether code asks what somebody may do, or is of a language that nothing reads.

    Of a database that must stand in the same ``table``: the role in a film is nobody's right.
    """
    return any(
        (not table and asks_for_privilege(app, each)) or _decides(app, each, table)
        if each.language
        else bool(each.code)
        for each in app.every(Function)
    )


def _decides(app: App, function: Function, table: str) -> bool:
    """Tell whether code reads what a store says that somebody may do, and not only to tell it."""
    sites = sites_of(app, function)
    told = {
        (source.owner, source.attribute)
        for site in sites
        if site.kind == "response"
        for argument in site.arguments
        for source in argument.sources
    }
    others = _of_other_tables(app, function, table) if table else frozenset()
    return any(
        privilege(path) and (f"call:{n}", path) not in told
        for n, site in enumerate(sites)
        if n not in others
        for path in without_turns(site.reads)
    )


def _of_other_tables(app: App, function: Function, table: str) -> frozenset[int]:
    """Return the calls that surely ask a database for rows of other tables, or no database."""
    calls = grouped(app, Call, "function").get(function.id, [])
    asking = {call.site for call in calls if table in (tables(call.items) or [table])}
    return frozenset(range(len(sites_of(app, function)))) - asking


def _settings(app: App, site: CallSite, row: Row, taints: list[Taint]) -> Iterator[Setting]:
    """Yield what callers set with one call, the worst first."""
    given = {a.path: a for a in site.arguments}
    attribute, every = (COLUMN, ROW) if site.service == DATABASE else (ATTRIBUTE, WHOLE)
    for taint in taints:
        match = attribute.match(taint.argument)
        if match and GRANTING.match(match[match.re.groups]):
            table = match[1] if attribute is COLUMN else ""
            yield Setting((match[match.re.groups],), f" through {field(taint)}", taint, table)
    whole = [t for t in taints if every.match(t.argument) and _is_everything(t)]
    looped = [t for t in taints if t.argument == UPDATED and t.source.attribute.endswith("[]")]
    for taint in (*whole, *looped):
        table = ROW.match(taint.argument) if every is ROW else None
        known = _granting(app, row, table)
        names = tuple(name for name in known if f"{taint.argument}.{name}" not in given)
        if names:
            stored = "all" if taint in whole else "every field"
            what = field(taint).removesuffix("[]")
            how = f": {stored} of {what} is stored"
            yield Setting(names, how, taint, table[1] if table else "")


def _is_sent(taint: Taint) -> bool:
    """Tell whether an argument is what the caller sent, unread."""
    return (
        taint.source.owner == "event"
        and taint.enters == taint.function
        and taint.certain
        and "all" not in taint.harmless
    )


def _is_everything(taint: Taint) -> bool:
    """Tell whether a source is a whole body, rather than a part of it that is named."""
    return taint.source.attribute.partition(".")[0] in {
        "body",
        "arguments",
        "queryStringParameters",
    }


def _granting(app: App, row: Row, table: re.Match[str] | None) -> list[str]:
    """Return the attributes of a store that say what somebody may do, as any code names them.

    Of a database those of one ``table``.
    """
    found: dict[str, None] = {}
    for call in grouped(app, Call, "target").get(row.id, []):
        function = app.get(Function, call.function)
        if function is not None:
            site = sites_of(app, function)[call.site]
            named = _columns(site, table[1]) if table else _attributes(site)
            found |= dict.fromkeys(named)
    return sorted(name for name in found if GRANTING.match(name))


def _columns(site: CallSite, table: str) -> Iterator[str]:
    """Yield the names of a table's columns that a statement or a schema of a database names."""
    for argument in site.arguments:
        match = COLUMN.match(argument.path)
        if match and match[1] == table:
            yield match[2]


def _attributes(site: CallSite) -> Iterator[str]:
    """Yield the names of attributes that a call on a table reads or writes."""
    for path in without_turns(site.reads):
        yield from (step.removesuffix("[]") for step in path.split("."))
    for argument in site.arguments:
        if "ExpressionAttributeNames." in argument.path:
            yield from map(str, alternatives(argument.value))
        yield argument.path.rpartition("Item.")[2].partition(".")[0]
