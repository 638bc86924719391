r"""A caller chooses the key of an object, all of it.

## Why

S3 knows no `..`: who chooses a key needs none. Every object of the bucket is theirs to read, to
overwrite or to delete, whoever it belongs to; a signed URL for a key of their choice is the same.

## Fix

Begin the key with the caller's identity, from the claims of the authorizer, or with a folder that holds
only what every caller may have; for uploads make the key yourself.

## Examples

```yaml bad template.yaml
Resources:
  Documents:
    Type: AWS::S3::Bucket
  Read:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: read.handler
      CodeUri: .
      Environment:
        Variables:
          BUCKET: !Ref Documents
      Policies:
        - S3CrudPolicy:
            BucketName: !Ref Documents
      FunctionUrlConfig:
        AuthType: NONE
  Sign:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Handler: sign.handler
      CodeUri: .
      Environment:
        Variables:
          BUCKET: !Ref Documents
      Policies:
        - S3CrudPolicy:
            BucketName: !Ref Documents
      FunctionUrlConfig:
        AuthType: NONE
```

```python bad read.py
import os
import boto3

s3 = boto3.client("s3")

def handler(event, context):
    key = event["queryStringParameters"]["key"]
    s3.delete_object(Bucket=os.environ["BUCKET"], Key=f"{key}.tmp")  #! anyone can delete objects of Documents, whose keys are like `….tmp`, through event.queryStringParameters.key
    if key.startswith("cdn") and key.startswith(event["queryStringParameters"]["album"] + "/"):
        s3.delete_object(Bucket=os.environ["BUCKET"], Key=key)  #! anyone can delete objects of Documents, whatever their key, through event.queryStringParameters.key
    if key.startswith("reference/") or key.split("/")[0] == "reference":
        s3.put_object_acl(Bucket=os.environ["BUCKET"], Key=key)  #! anyone can share objects of Documents, whatever their key, through event.queryStringParameters.key
    if key.endswith("cdn/") or key.split("/")[1] == os.environ["FOLDER"]:
        s3.put_object(Bucket=os.environ["BUCKET"], Key=key)  #! anyone can overwrite objects of Documents, whatever their key, through event.queryStringParameters.key
    found = s3.get_object(Bucket=os.environ["BUCKET"], Key=key)  #! anyone can read objects of Documents, whatever their key, through event.queryStringParameters.key
    return {"body": found["Body"].read().decode()}
```

```javascript bad sign.js
const { S3Client, PutObjectCommand } = require("@aws-sdk/client-s3");
const { getSignedUrl } = require("@aws-sdk/s3-request-presigner");
const client = new S3Client({});

exports.handler = async (event) => {
  const { name } = JSON.parse(event.body);
  const command = new PutObjectCommand({ Bucket: process.env.BUCKET, Key: name });
  return { body: await getSignedUrl(client, command, { expiresIn: 60 }) }; //! anyone can overwrite objects of Documents, whatever their key, through event.body.name
};
```

```python good
import os, uuid
import boto3

s3 = boto3.client("s3")
BUCKET = os.environ["BUCKET"]

def handler(event, context):
    asked = event["queryStringParameters"]
    user = event["requestContext"]["authorizer"]["jwt"]["claims"]["sub"]
    s3.put_object(Bucket=BUCKET, Key=f"{uuid.uuid4()}-{asked['name']}", Body=event["body"])
    s3.delete_object(Bucket=BUCKET, Key=user + "/" + asked["name"])
    s3.put_object(Bucket=BUCKET, Key=asked["album"] + "/" + str(uuid.uuid4()), Body=event["body"])
    if not asked["file"].startswith(f"cdn/{asked['album']}/"):
        return {"statusCode": 403}
    s3.delete_object(Bucket=BUCKET, Key=asked["file"])
    if asked["own"].split("/")[0] != user:
        return {"statusCode": 403}
    s3.delete_object(Bucket=BUCKET, Key=asked["own"])
    found = s3.get_object(Bucket=BUCKET, Key="public/" + asked["name"])
    return {"body": found["Body"].read().decode()}
```

```javascript good
const { S3Client, PutObjectCommand } = require("@aws-sdk/client-s3");
const { getSignedUrl } = require("@aws-sdk/s3-request-presigner");
const client = new S3Client({});
const KINDS = ["terms.pdf", "prices.pdf"];

exports.handler = async (event) => {
  const { name, photo, own } = event.queryStringParameters;
  const user = event.requestContext.authorizer.jwt.claims.sub;
  if (!photo.startsWith(`photos/${name}/`) || !own.startsWith(user + "/")) return { statusCode: 403 };
  await client.send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: photo }));
  await client.send(new PutObjectCommand({ Bucket: process.env.BUCKET, Key: own }));
  if (!KINDS.includes(name)) return { statusCode: 404 };
  const command = new PutObjectCommand({ Bucket: process.env.BUCKET, Key: name });
  return { body: await getSignedUrl(client, command) };
};
```
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from checkrein.checks import check, every
from checkrein.checks.exposure import OUTSIDE
from checkrein.checks.questions import grouped, listed, short, weakest
from checkrein.checks.tainted import Fault, finding, is_answered, reached, said, sites_of
from checkrein.model import App, Call, CallSite, Entry, Finding, Function, Row, Symbol, Taint, Text

DONE = {
    "GetObject": "read",
    "SelectObjectContent": "read",
    "PutObject": "overwrite",
    "CopyObject": "overwrite",
    "CreateMultipartUpload": "overwrite",
    "DeleteObject": "delete",
    "DeleteObjects": "delete",
    "PutObjectAcl": "share",
}
ANY = "whatever their key"
FOLDER = "key"  # families of texts that begin with a folder for one of many
KEYS = ("Key", "Delete.Objects[].Key")


@check(every(Function), fault=2, topics=("authorization",), frameworks=("CWE-639",))
def object_key_chosen_by_caller(function: Function, app: App) -> Iterator[Finding]:
    for fault in reached(function, app, "all", _is_theirs):
        asked = tuple(taint for taint in fault.taints if _comes_with_a_request(app, taint))
        done = DONE[fault.site.operation]
        if asked and (done != "read" or is_answered(fault, app)):
            yield _finding(app, replace(fault, taints=asked), done)


def _finding(app: App, fault: Fault, done: str) -> Finding:
    buckets = _buckets(app, fault)
    name = listed(short(bucket.id) for bucket in buckets) if buckets else "a bucket"
    which = _which(fault)
    message = f"{fault.who} can {done} objects of {name}, {which}, through {fault.fields}"
    found = finding(app, fault, message, "CWE-639")
    # the code may ask; and what it writes into a key itself may be a folder of theirs
    sure = "likely" if which == ANY else "possible"
    return replace(
        found,
        endangers=tuple(row.id for row in buckets),
        confidence=weakest((sure, found.confidence)),
    )


def _which(fault: Fault) -> str:
    """Return which objects they can name: all, or those whose keys have the code's own parts."""
    keys = [key for path in KEYS for key in said(fault.site, path)]
    texts = [key for key in keys if isinstance(key, Text) and any(map(_is_written, key.parts))]
    sources = {taint.source for taint in fault.taints}
    if not texts or sources.intersection(key for key in keys if isinstance(key, Symbol)):
        return ANY
    shown = "".join(part if isinstance(part, str) else "…" for part in texts[0].parts)
    return f"whose keys are like `{shown}`"


def _is_written(part: object) -> bool:
    return isinstance(part, str) and bool(part.strip("/"))


def _comes_with_a_request(app: App, taint: Taint) -> bool:
    """Tell whether content comes in by a door for callers that are known by no right of IAM."""
    entries = grouped(app, Entry, "function").get(taint.enters, [])
    return "IAM" not in taint.who and any(e.kind in OUTSIDE and e.proxy for e in entries)


def _is_theirs(site: CallSite, taint: Taint) -> bool:
    """Tell whether a key is made of nothing but what comes in with one request, and constants."""
    if (site.kind, taint.argument in KEYS) != ("sdk", True) or site.service != "s3":
        return False
    if FOLDER in taint.harmless:
        return False
    return site.operation in DONE and any(
        _is_whole(option, taint.source) for option in said(site, taint.argument)
    )


def _is_whole(key: object, source: Symbol) -> bool:
    if source.owner != "event" or source.attribute.startswith("Records[]"):
        return False
    if key == source:
        return True
    if not isinstance(key, Text) or source not in key.parts:
        return False
    first = key.parts[0]
    foldered = isinstance(first, str) and "/" in first.lstrip("/")
    return not foldered and all(_is_chosen(part) for part in key.parts)


def _is_chosen(part: object) -> bool:
    """Tell whether a part of a key is no identity, nothing made by the code, and not unknown."""
    if isinstance(part, Symbol):
        return part.owner == "event" and not part.attribute.startswith("requestContext")
    return isinstance(part, str)


def _buckets(app: App, fault: Fault) -> list[Row]:
    site = sites_of(app, fault.function).index(fault.site)
    calls = grouped(app, Call, "function").get(fault.function.id, [])
    found = [app.get(Row, call.target) for call in calls if call.site == site and call.target]
    return [row for row in found if row is not None]
