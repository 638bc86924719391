"""Files of one request stay under `/tmp` when the next one comes.

## Why

`/tmp` is the execution environment's, not the request's: what one request leaves there, under a name
of its own, is there for hours. Another finds it where it lists the folder or can choose a path. And
each one more fills the folder, of which there are 512 MB unless you ask for more: then every request
fails that has to write.

## Fix

Remove the file when you are done, also when something failed: `with
tempfile.TemporaryDirectory() as folder`, `finally { fs.rmSync(folder, { recursive: true }) }`. Or
hand the content on without a file (`io.BytesIO`, a stream).

## Examples

```python bad
import json, os, tempfile, uuid, zipfile
import boto3

s3 = boto3.client("s3")

def handler(event, context):
    body = json.loads(event["body"])
    path = f"/tmp/{uuid.uuid4()}.txt"
    with open(path, "w") as file:
        file.write(body["creditCard"])  #! Example leaves event.body.creditCard of every request in files /tmp/…
    with tempfile.NamedTemporaryFile("w", delete=False) as kept:
        kept.write(body["email"])  #! Example leaves event.body.email of every request in a temporary file
    key = event["pathParameters"]["id"]
    s3.download_file("orders", key, "/tmp/" + os.path.basename(key))  #! Example leaves what it reads for every request in files /tmp/…
    return {"statusCode": 200, "body": "ok"}
```

```javascript bad
const fs = require("fs");
const os = require("os");
const path = require("path");

exports.handler = async (event, context) => {
  const { email } = JSON.parse(event.body);
  fs.writeFileSync(path.join(os.tmpdir(), `${context.awsRequestId}.txt`), email); //! Example leaves event.body.email of every request in files /tmp/…, and lists the folder
  return { statusCode: 200, body: fs.readdirSync("/tmp").join() };
};
```

What is removed, written over, or not there any more when its block ends does not stay:

```python good
import io, json, os, shutil, tempfile
import boto3

s3 = boto3.client("s3")

def handler(event, context):
    body = json.loads(event["body"])
    path = f"/tmp/{context.aws_request_id}.txt"
    try:
        with open(path, "w") as file:
            file.write(body["email"])
    finally:
        os.remove(path)
    with open("/tmp/label.txt", "w") as label:
        label.write(body["address"])
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "card.txt"), "w") as card:
            card.write(body["creditCard"])
    with tempfile.NamedTemporaryFile("w") as note:
        note.write(body["email"])
    made = tempfile.mkdtemp()
    s3.download_file("orders", event["pathParameters"]["id"], f"{made}/order")
    shutil.rmtree(made)
    text = io.StringIO()
    text.write(body["email"])
    return {"statusCode": 200, "body": "ok"}
```

```javascript good
const fs = require("fs/promises");
const path = require("path");

exports.handler = async (event, context) => {
  const { email } = JSON.parse(event.body);
  const folder = await fs.mkdtemp("/tmp/order-");
  try {
    await fs.writeFile(path.join(folder, "email.txt"), email);
  } finally {
    await fs.rm(folder, { recursive: true });
  }
  await fs.writeFile("/tmp/last.txt", email);
  return { statusCode: 200, body: "ok" };
};
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every, outliving
from checkrein.checks.questions import listed, short
from checkrein.checks.tainted import once, sites_of
from checkrein.checks.worth import valuable
from checkrein.model import App, CallSite, Evidence, Finding, Function, Symbol


@check(
    every(Function),
    fault=1,
    topics=("isolation", "denial-of-service"),
    frameworks=("CWE-459", "CWE-226"),
)
def left_in_temporary_folder(function: Function, app: App) -> Iterator[Finding]:
    if outliving.is_shared(app, function):
        yield from once(_findings(function, app))


def _findings(function: Function, app: App) -> Iterator[Finding]:
    for site in sites_of(app, function):
        if site.kind == "use" and site.service == "left":
            told = outliving.told(site)
            if told:
                yield _finding(function, app, site, told)


def _finding(function: Function, app: App, site: CallSite, told: list[Symbol]) -> Finding:
    name = short(function.id)
    fields = outliving.fields(told)
    content = f"{listed(fields)} of every request" if fields else "what it reads for every request"
    place = f"files {site.operation}" if site.operation.startswith("/") else site.operation
    lists = any(argument.path == "listed" and argument.value for argument in site.arguments)
    ending = ", and lists the folder" if lists else ""
    return Finding(
        site.place,
        f"{name} leaves {content} in {place}{ending}",
        steps=(*site.steps, Evidence("nothing removes it", site.place)),
        cwe="CWE-459",
        endangers=(function.id,),
        key=(site.operation, *fields),
        confidence="likely",
        data=tuple(valuable(app, outliving.classes(app, function, told))),
        by=(function.id,),
        fault=2 if lists else 1,
    )
