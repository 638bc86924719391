"""A secret stands in a function's code.

## Why

Whoever reads the repository, the deployment package or a log of the build has the secret. It is the
same on every stage, nobody can change it without a deployment, and it stays in every old version
after it was changed. A fallback is no better: it is what the code takes wherever the variable is
missing, and everybody knows it. With the key that signs tokens anyone makes tokens.

## Fix

Keep it in Secrets Manager or as a SecureString parameter and read it at run time. Where a variable
is missing, fail. Then change the secret: the one in the code is known.

## Examples

```yaml bad template.yaml
Resources:
  Login:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.14, Handler: login.handler, CodeUri: src/}
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs24.x, Handler: orders.handler, CodeUri: src/}
```

```python bad src/login.py
import os

import jwt
import psycopg2
from settings import SIGNING

DB_PASSWORD = os.environ.get("DB_PASSWORD", "orders-2024!")  #! DB_PASSWORD falls back to a text in the code of Login (password)


def handler(event, context):
    db = psycopg2.connect(host=os.environ["DB_HOST"], user="orders", password=DB_PASSWORD)
    row = db.cursor().execute("select id from users where name = %s", (event["name"],))
    return jwt.encode({"sub": row}, SIGNING, algorithm="HS256")
```

```python bad src/settings.py
SIGNING = "words that nobody guesses"  #! the key of jwt.encode stands in the code of Login (shared secret)
REGION = "eu-west-1"
```

```javascript bad src/orders.mjs
import mysql from "mysql2/promise";

const config = {
  host: process.env.DB_HOST,
  user: "orders",
  password: "password", //! password stands in the code of Orders (password)
};

export const handler = async (event) => {
  const db = await mysql.createConnection(config);
  await fetch("https://api.example.com/v1/orders", {
    headers: { Authorization: "Bearer 7fa31c0e9b2d4468" }, //! Authorization stands in the code of Orders (API key or access token)
  });
  if (event.headers["x-api-key"] !== "c0ffee-4468-orders") { //! x-api-key is compared with a text in the code of Orders (API key or access token)
    return { statusCode: 403 };
  }
  return db.query("select * from orders");
};
```

```yaml good template.yaml
Resources:
  Login:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.14, Handler: login.handler, CodeUri: src/}
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: nodejs24.x, Handler: orders.handler, CodeUri: src/}
```

```python good src/login.py
import os

import boto3
import jwt
import psycopg2

SECRET_NAME = "prod/login/signing1"
PASSWORD_FIELD = "password"
TOKEN_TYPE = "Bearer"
MESSAGES = {"password": "Wrong password!", "token": "Your token2 has expired"}


def handler(event, context):
    secret = boto3.client("secretsmanager").get_secret_value(SecretId=SECRET_NAME)["SecretString"]
    db = psycopg2.connect(
        host=os.environ["DB_HOST"], user="orders", password=os.environ.get("DB_PASSWORD", "")
    )
    if event["token_type"] != TOKEN_TYPE or event["grant_type"] == "password":
        return MESSAGES["token"]
    row = db.cursor().execute("select id from users where name = %s", (event["name"],))
    return jwt.encode({"sub": row, "secret_key": "CLIENT_SECRET"}, secret, algorithm="HS256")
```

```typescript good src/orders.ts
import { createHash } from "crypto";
import mysql from "mysql2/promise";

enum Header {
  ApiKey = "x-api-key",
  Token = "X-Amz-Security-Token",
}
const integrity = { token: "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=" };

export const handler = async (event: { headers: Record<string, string> }) => {
  const db = await mysql.createConnection({ host: "db", password: process.env.DB_PASSWORD });
  const etag = createHash("sha256").update("the same for everybody").digest("hex");
  if (event.headers[Header.ApiKey] !== process.env.API_KEY) {
    return { statusCode: 403, body: "apiKey123 is wrong" };
  }
  return { etag, rows: await db.query("select 1"), nextToken: "page2of3", integrity };
};
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.code_secrets import Held, held
from checkrein.checks.questions import listed, short
from checkrein.model import App, Evidence, Finding, Summary

FALLBACK = 2  # bad where the variable is missing


def _subjects(app: App) -> list[Summary]:
    return [summary for summary in app.every(Summary) if summary.files]


@check(
    _subjects,
    fault=3,
    topics=("secrets",),
    frameworks=("CWE-798", "CWE-321", "CWE-259"),
    peers=("awslambda_function_no_secrets_in_code",),
)
def hardcoded_secret(code: Summary, app: App) -> Iterator[Finding]:
    for found in held(app):
        if found.functions[0] == code.function:
            yield _finding(found)


def _finding(found: Held) -> Finding:
    again = (Evidence("the same text stands here too", place) for place in found.again)
    fault = min(found.secret.fault, FALLBACK) if found.role == "default" else found.secret.fault
    weak = found.weak
    return Finding(
        found.place,
        _said(found),
        (Evidence(weak, found.place),) if weak else (),
        (*found.uses, *again),
        cwe="CWE-321" if found.key or found.secret.data == "cred.key" else "CWE-798",
        endangers=() if weak else found.functions,
        key=(found.name or found.secret.title, found.role, found.place.path),
        confidence=found.secret.confidence,
        data=() if weak else (found.secret.data,),
        by=found.functions,
        fault=1 if weak else fault,
        secret=True,
    )


def _said(found: Held) -> str:
    where = f"the code of {listed(map(short, found.functions))} ({found.secret.title})"
    if found.role == "default":
        return f"{found.name} falls back to a text in {where}"
    if found.role == "compared":
        return f"{found.name} is compared with a text in {where}"
    return f"{found.name or 'a key'} stands in {where}"
