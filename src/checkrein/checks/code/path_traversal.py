r"""What a caller sends becomes the path of a file.

## Why

`..` in a path leads out of the folder that the code means. A function's folder holds its code, and
`/proc/self/environ` its credentials; what is written under `/tmp` stays for the callers that follow.

## Fix

Take the last part of the name (`os.path.basename`, `path.basename`), let through only names that match
an expression without slashes, or resolve the path and test that it still begins with the folder.

## Examples

```python bad
import os

def handler(event, context):
    name = event["queryStringParameters"]["name"]
    with open("/tmp/" + name) as file:  #! anyone can read any file of Example through event.queryStringParameters.name
        return {"body": file.read()}
```

```python bad
from pathlib import Path

ROOT = Path("/tmp/reports")

def handler(event, context):
    asked = event["pathParameters"]["report"]
    path = (ROOT / asked).absolute()
    if "reports" in str(path):
        (ROOT / asked).unlink()  #! anyone can delete any file under /tmp of Example through event.pathParameters.report
    return (ROOT / f"{asked}.json").read_text()  #! anyone can read files of Example whose names end with .json through event.pathParameters.report
```

```javascript bad
const fs = require("fs");
const path = require("path");

exports.handler = async (event) => {
  const { name, text } = JSON.parse(event.body);
  fs.writeFileSync(path.join("/tmp", name), text); //! anyone can write any file under /tmp of Example through event.body.name
  const safe = name.replace("../", "");
  return { body: fs.readFileSync(`./pages/${safe}`, "utf8") }; //! anyone can read any file of Example through event.body.name
};
```

```python good
import os, re
from pathlib import Path
from werkzeug.utils import secure_filename

ROOT = "/tmp/reports"

def handler(event, context):
    asked = event["queryStringParameters"]
    path = os.path.realpath(os.path.join(ROOT, asked["name"]))
    if not path.startswith(ROOT + os.sep):
        return {"statusCode": 400}
    open(path).read()
    open("/tmp/" + os.path.basename(asked["file"])).read()
    open("/tmp/" + asked["page"].split("/")[-1]).read()
    open("/tmp/" + re.sub(r"[^\w.]", "_", asked["image"])).read()
    open(os.path.join(ROOT, secure_filename(asked["upload"])), "wb").write(b"")
    open(f"/tmp/{int(asked['id'])}.txt").read()
    other = (Path(ROOT) / asked["other"]).resolve()
    if not other.is_relative_to(ROOT):
        raise ValueError(other)
    return {"body": other.read_text()}
```

```javascript good
const fs = require("fs/promises");
const path = require("path");

const ROOT = "/tmp/reports";

exports.handler = async (event) => {
  const { name, page, image } = event.queryStringParameters;
  if (name.includes("..")) return { statusCode: 400 };
  await fs.readFile(`${ROOT}/${name}`);
  await fs.readFile(path.join(ROOT, path.basename(page)));
  const target = path.resolve(ROOT, image);
  if (!target.startsWith(ROOT + path.sep)) throw new Error("no such image");
  return { body: (await fs.readFile(target)).toString("base64") };
};
```

An object's key never leads out of the folder that it is joined to: Amazon S3 takes none with more
`..` than folders before them.

```yaml good template.yaml
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
  Resize:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: resize.handler
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

```python good form.py
import os
import boto3

def handler(event, context):
    s3 = boto3.client("s3")
    s3.put_object(Bucket=os.environ["BUCKET"], Key="in/" + event["body"], Body=b"")
```

```python good resize.py
import boto3

def handler(event, context):
    for record in event["Records"]:
        key = record["s3"]["object"]["key"]
        boto3.client("s3").download_file(record["s3"]["bucket"]["name"], key, "/tmp/" + key)
        with open("/tmp/" + key, "rb") as file:
            file.read()
```
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from checkrein.checks import check, every
from checkrein.checks.context import writes_temporary_only
from checkrein.checks.questions import short
from checkrein.checks.tainted import Fault, faults, finding
from checkrein.model import App, Finding, Function, Taint, Text
from checkrein.model.values import alternatives

OBJECT_KEYS = ("s3.object.key", "detail.object.key", "Contents[].Key", "Versions[].Key")
DELETING = frozenset(
    {"remove", "unlink", "rmdir", "removedirs", "rmtree", "rm", "removeSync", "unlinkSync"}
    | {"rmSync", "rmdirSync"}
)
WRITING = ("write", "append", "createWrite", "output", "mkdir", "makedirs", "touch", "symlink")
MOVING = ("rename", "replace", "copy", "cp", "move", "link")
LISTING = ("listdir", "scandir", "walk", "readdir", "iterdir")
SCRATCH = 1  # fault: what a function keeps there is its own, and gone with it
MODES = ("with.mode", "with.flags", "with.options.flags")


@check(every(Function), fault=3, topics=("file-paths",), frameworks=("CWE-22",))
def path_traversal(function: Function, app: App) -> Iterator[Finding]:
    for fault in faults(function, app, "path"):
        kept = tuple(taint for taint in fault.taints if not _is_key(taint))
        if kept and not _has_root(fault):
            narrowed = replace(fault, taints=kept)
            what, bad = _done(app, narrowed)
            message = f"{fault.who} can {what} through {narrowed.fields}"
            yield replace(finding(app, narrowed, message, "CWE-22"), fault=bad)


def _is_key(taint: Taint) -> bool:
    """Tell whether a path is made of an object's key, which never leaves a folder."""
    return taint.source.attribute.endswith(OBJECT_KEYS)


def _has_root(fault: Fault) -> bool:
    """Tell whether the function itself keeps to a folder: Express' ``sendFile(name, {root})``."""
    return any(argument.path == "with.options.root" for argument in fault.site.arguments)


def _done(app: App, fault: Fault) -> tuple[str, int]:
    """Say what somebody can do with which files, and how bad that is."""
    last = fault.site.operation.rpartition(".")[2]
    owner = short(fault.function.id)
    where, bad = (
        (f"under /tmp of {owner}", SCRATCH)
        if writes_temporary_only(app, fault.function.id)
        else (f"of {owner}", 3)
    )
    if last in DELETING:
        return f"delete any file {where}", bad
    if last.startswith(WRITING) or _mode(fault) & set("wax+"):
        return f"write any file {where}", bad
    if last.startswith(MOVING):
        return f"copy or move any file of {owner}", 3
    if last in LISTING:
        return f"list any folder of {owner}", 1
    ending = _ending(fault)
    if ending:
        return f"read files of {owner} whose names end with {ending}", 1
    return f"read any file of {owner}", 3


def _mode(fault: Fault) -> set[str]:
    modes = [argument.value for argument in fault.site.arguments if argument.path in MODES]
    return {letter for mode in modes if isinstance(mode, str) for letter in mode}


def _ending(fault: Fault) -> str:
    """Return what every name ends with, "" where it may end with anything."""
    taint = fault.taints[0]
    for argument in fault.site.arguments:
        if argument.path == taint.argument:
            ends = {
                option.parts[-1] if isinstance(option, Text) else None
                for option in alternatives(argument.value)
            }
            end = next(iter(ends)) if len(ends) == 1 else None
            return end if isinstance(end, str) else ""
    return ""
