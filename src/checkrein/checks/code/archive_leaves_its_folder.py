r"""An archive that somebody sends is unpacked with whatever paths and links stand in it.

## Why

The members of a tar archive may be named `../../other` or be links to `/proc/self/environ`. Before
Python 3.14, `extractall` and `unpack_archive` follow both unless they are asked not to.

## Fix

Pass `filter="data"`: members that lead out of the folder then raise. (Python's `zipfile` takes
such parts out of names by itself, so do adm-zip, unzipper and tar for Node.js.)

## Examples

```yaml bad template.yaml
Resources:
  Uploads:
    Type: AWS::S3::Bucket
  Form:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: form.handler
      CodeUri: .
      Environment:
        Variables:
          BUCKET: !Ref Uploads
      Policies:
        - S3WritePolicy:
            BucketName: !Ref Uploads
      FunctionUrlConfig:
        AuthType: NONE
  Unpack:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: unpack.handler
      CodeUri: .
      Policies:
        - S3ReadPolicy:
            BucketName: !Ref Uploads
      Events:
        Uploaded:
          Type: S3
          Properties:
            Bucket: !Ref Uploads
            Events: s3:ObjectCreated:*
```

```python bad form.py
import os
import boto3

def handler(event, context):
    boto3.client("s3").put_object(Bucket=os.environ["BUCKET"], Key="in", Body=event["body"])
```

```python bad unpack.py
import shutil, tarfile
import boto3

def handler(event, context):
    for record in event["Records"]:
        bucket, key = record["s3"]["bucket"]["name"], record["s3"]["object"]["key"]
        boto3.client("s3").download_file(bucket, key, "/tmp/in.tar")
        with tarfile.open("/tmp/in.tar") as archive:
            archive.extractall("/tmp/out")  #! anyone can write anywhere under /tmp of Unpack by an archive that it unpacks
        with tarfile.open("/tmp/in.tar") as archive:
            archive.extractall("/tmp/out", filter="data")
        shutil.unpack_archive("/tmp/in.tar", "/tmp/out")  #! anyone can write anywhere under /tmp of Unpack by an archive that it unpacks
```

```python good
import base64, io, tarfile, zipfile

def handler(event, context):
    content = io.BytesIO(base64.b64decode(event["body"]))
    zipfile.ZipFile(content).extractall("/tmp/out")
    with tarfile.open(fileobj=content) as archive:
        archive.extractall("/tmp/out", filter="data")
    with tarfile.open("defaults.tar") as archive:
        archive.extractall("/tmp/defaults")
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.context import writes_temporary_only
from checkrein.checks.questions import short
from checkrein.checks.tainted import Fault, faults, finding, said
from checkrein.late import regex
from checkrein.model import App, Finding, Function

RUNTIME = regex(r"python3\.(\d+)$")
SAFE = 14  # from which on "data" is the default
UNFILTERED = "fully_trusted"


@check(every(Function), fault=2, topics=("file-paths",), frameworks=("CWE-22", "CWE-59"))
def archive_leaves_its_folder(function: Function, app: App) -> Iterator[Finding]:
    runtime = RUNTIME.match(function.runtime)
    if runtime and int(runtime[1]) >= SAFE:
        return
    for fault in faults(function, app, "archive"):
        if not _is_filtered(fault):
            name = short(function.id)
            where = "under /tmp of" if writes_temporary_only(app, function.id) else "in"
            message = f"{fault.who} can write anywhere {where} {name} by an archive that it unpacks"
            yield finding(app, fault, message, "CWE-22")


def _is_filtered(fault: Fault) -> bool:
    """Tell whether the code names a filter, or picks the members itself."""
    picked = said(fault.site, "with.members") or said(fault.site, "members")
    filters = said(fault.site, "filter") or said(fault.site, "with.filter")
    return bool(picked) or any(one != UNFILTERED for one in filters)
