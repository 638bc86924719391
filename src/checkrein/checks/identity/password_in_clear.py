"""A password is stored, looked up or compared in clear.

## Why

Whoever reads the table, a backup, an export or the answer of one careless query has everybody's passwords, and people
use the same ones elsewhere. To know whether a password is right nobody needs it: a slow, salted hash does.

A comparison with what a store has, and a search by the password itself, say that it is stored in clear.

## Fix

Let a user pool keep passwords, or store `bcrypt`'s, scrypt's or Argon2's hash and compare with the library's own function. Then have everybody
choose a new password.

Code that hashes passwords anywhere (a mapper's hook often does) is not told for what it stores.

## Examples

```python bad
import json

import boto3

table = boto3.resource("dynamodb").Table("orders")


def handler(event, context):
    body = json.loads(event["body"])
    if event["rawPath"] == "/register":
        table.put_item(Item={"id": body["mail"], "password": body["password"]})  #! Example stores passwords in clear
    if event["rawPath"] == "/search":
        return table.scan(  #! Example looks passwords up in clear
            FilterExpression="#n = :n AND #p = :p",
            ExpressionAttributeNames={"#n": "mail", "#p": "password"},
            ExpressionAttributeValues={":n": body["mail"], ":p": body["password"]},
        )["Count"]
    user = table.get_item(Key={"id": body["mail"]})["Item"]
    if user["password"] != body["password"]:  #! Example compares passwords in clear
        return {"statusCode": 403}
    return {"statusCode": 200}
```

```typescript bad
import mongoose from "mongoose";

const User = mongoose.model("User", new mongoose.Schema({ name: String, password: String }));

export const handler = async (event: any) => {
  await mongoose.connect(process.env.MONGO_URL!);
  const { name, password } = JSON.parse(event.body);
  const user = await User.findOne({ name });
  return { statusCode: user.password === password ? 200 : 403 }; //! Example compares passwords in clear
};
```

```javascript bad
import mongoose from "mongoose";

const User = mongoose.model("User", new mongoose.Schema({ name: String, password: String }));

export const handler = async (event) => {
  await mongoose.connect(process.env.MONGO_URL);
  const { name, password } = JSON.parse(event.body);
  const user = new User({ name, password });
  await User.create(user); //! Example stores passwords in clear
  return { statusCode: 200 };
};
```

```python good
import json

import bcrypt
import boto3

table = boto3.resource("dynamodb").Table("orders")


def handler(event, context):
    body = json.loads(event["body"])
    if event["rawPath"] == "/register":
        hashed = bcrypt.hashpw(body["password"].encode(), bcrypt.gensalt())
        table.put_item(Item={"id": body["mail"], "password": hashed.decode()})
        table.put_item(Item={"id": "wifi", "wifiPassword": body["wifiPassword"]})
    if body["password"] != body["passwordConfirmation"]:
        return {"statusCode": 400}
    user = table.get_item(Key={"id": body["mail"]})["Item"]
    if not bcrypt.checkpw(body["password"].encode(), user["password"].encode()):
        return {"statusCode": 403}
    return {"statusCode": 200}
```

```python good
import json

import boto3

table = boto3.resource("dynamodb").Table("orders")


def handler(event, context):
    body = json.loads(event["body"])
    table.put_item(Item={"id": "wifi", "wifiPassword": body["wifiPassword"]})
    room = table.get_item(Key={"id": body["id"]})["Item"]
    if room["inviteToken"] != body["inviteToken"]:
        return {"statusCode": 403}
    return {"statusCode": 200}
```

```javascript good
import bcrypt from "bcryptjs";
import mongoose from "mongoose";

const schema = new mongoose.Schema({ name: String, password: String });
schema.pre("save", async function () {
  this.password = await bcrypt.hash(this.password, 10);
});
const User = mongoose.model("User", schema);

export const handler = async (event) => {
  await mongoose.connect(process.env.MONGO_URL);
  const { name, password } = JSON.parse(event.body);
  await User.create({ name, password });
  return { statusCode: 200 };
};
```

```typescript good
import { createHash, scryptSync } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";

const table = DynamoDBDocument.from(new DynamoDBClient({}));

export const handler = async (event: any) => {
  const { name, password, salt } = JSON.parse(event.body);
  const { Item } = await table.get({ TableName: "orders", Key: { id: name } });
  const hashed = scryptSync(password, Item.salt, 64).toString("hex");
  if (Item.password !== hashed) {
    return { statusCode: 403 };
  }
  await table.put({ TableName: "orders", Item: { id: name, password: hashed, hasPassword: true } });
  return { statusCode: 200 };
};
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.questions import short
from checkrein.detect.names import classify
from checkrein.detect.words import words
from checkrein.late import regex
from checkrein.model import App, Argument, CallSite, Finding, Summary, Symbol
from checkrein.model.values import alternatives

PASSWORD = "cred.password"  # noqa: S105 - a class
STORES = frozenset({"dynamodb", "database"})
ITEMS = ("Item.", "Items[].", "RequestItems.", "TransactItems[].", "AttributeUpdates.")
KEYS = ("Key.", "Where.", "KeyConditions.", "ScanFilter.", "QueryFilter.")
VALUES = "ExpressionAttributeValues."
SETS = "UpdateExpression"
ASKS = ("FilterExpression", "KeyConditionExpression", "ConditionExpression")
EQUAL = regex(r"([#\w.]+)\s*=\s*(:\w+)")
MARSHALLED = regex(r"\.S\Z|\[\]")
BESIDE = frozenset({  # words that leave a password what its owner signs in with
    *("new", "current", "old", "user", "login", "my", "account", "customer", "admin", "plain"),
    *("raw", "text", "input", "entered", "pass", "word", "member", "employee"),
})  # fmt: skip
HASHING = frozenset({  # packages whose users hash, often where a mapper saves: nobody sees that
    *("bcrypt", "bcryptjs", "bcrypt-nodejs", "@node-rs/bcrypt", "argon2", "@node-rs/argon2"),
    *("passlib", "werkzeug", "flask_bcrypt", "django", "nacl", "scrypt", "scrypt-js", "pbkdf2"),
    *("hash-wasm", "passport-local-mongoose", "mongoose-bcrypt", "password-hash", "pwdlib"),
    *("credential", "oslojs", "@oslojs/crypto", "libsodium-wrappers", "sodium-native"),
})  # fmt: skip
COMPARED = ("credential", "compared")
SAID = {
    "stores": "stores passwords",
    "looks": "looks passwords up",
    "compares": "compares passwords",
}


@check(
    every(Summary),
    fault=2,
    topics=("authentication", "encryption-at-rest"),
    frameworks=("CWE-256", "CWE-522", "CWE-916", "OWASP-2025:A04", "OWASP-2021:A02"),
)
def password_in_clear(code: Summary, _: App) -> Iterator[Finding]:
    told: set[tuple[str, int]] = set()
    hashes = _hashes(code)
    for site in code.calls:
        how = _how(site)
        at = site.place.path, site.place.line
        if how and at not in told and not (how == "stores" and hashes):
            told.add(at)
            yield Finding(
                site.place,
                f"{short(code.function)} {SAID[how]} in clear",
                steps=site.steps,
                cwe="CWE-256",
                endangers=(code.function,),
                key=(how,),
                data=(PASSWORD,),
                by=(code.function,),
                confidence="likely",
            )


def _hashes(code: Summary) -> bool:
    """Tell whether code hashes passwords somewhere: what it stores may be that."""
    used = (site for site in code.calls if (site.kind, site.service) == ("use", "hash"))
    shown = (s for site in used for each in site.arguments for s in each.sources)
    return not HASHING.isdisjoint(code.packages) or any(_is_password(s.attribute) for s in shown)


def _how(site: CallSite) -> str:
    """Return what code does with a password as it came, "" for nothing."""
    if (site.service, site.operation) == COMPARED:
        both = [_holds(each) for each in site.arguments]
        return "compares" if len(both) == len(("shown", "kept")) and all(both) else ""
    if site.kind != "sdk" or site.service not in STORES:
        return ""
    for argument in site.arguments:
        if argument.path.startswith(VALUES) and _shown(argument):
            by = _by(site, argument.path.removeprefix(VALUES))
            if by:
                return by
        elif argument.path.startswith((*ITEMS, *KEYS)) and _is_put(argument):
            return "stores" if argument.path.startswith(ITEMS) else "looks"
    return ""


def _by(site: CallSite, value: str) -> str:
    """Return what an expression does with a value, by the attribute that it is or must be."""
    given = {argument.path: argument.value for argument in site.arguments}
    for path, how in ((SETS, "stores"), *((path, "looks") for path in ASKS)):
        for option in alternatives(given.get(path)):
            for name, put in EQUAL.findall(option) if isinstance(option, str) else ():
                named = given.get(f"ExpressionAttributeNames.{name}", name)
                if put == MARSHALLED.sub("", value) and _is_password(str(named)):
                    return how
    return ""


def _is_put(argument: Argument) -> bool:
    return _is_password(argument.path) and _shown(argument)


def _shown(argument: Argument) -> bool:
    """Tell whether a value is a password that a caller sends, as it came."""
    return any(
        isinstance(option, Symbol) and option.owner == "event" and _is_password(option.attribute)
        for option in alternatives(argument.value)
    )


def _holds(argument: Argument) -> bool:
    """Tell whether one side of a comparison is a password."""
    options = alternatives(argument.value)
    return any(isinstance(each, Symbol) and _is_password(each.attribute) for each in options)


def _is_password(path: str) -> bool:
    """Tell whether a path's last name is that of a password which somebody signs in with."""
    name = MARSHALLED.sub("", path).rpartition(".")[2]
    found = classify(name)
    if found is None or found.data != PASSWORD or found.confidence == "possible":
        return False
    return BESIDE.union(("password",)).issuperset(words(name))
