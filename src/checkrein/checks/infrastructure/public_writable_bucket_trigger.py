"""Anyone may write to a bucket that triggers a function.

## Why

Whoever may put an object runs the function, with a name and content of their choice and with the
function's rights: an entry without authentication that no list of routes shows.

## Fix

Let uploads through a presigned URL of a function that knows its caller, and close the bucket.

## Examples

```yaml bad template.yaml
Resources:
  Uploads:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: uploads-of-everybody
      AccessControl: PublicReadWrite  #! anyone may write to Uploads, and every object runs Resize
      NotificationConfiguration:
        LambdaConfigurations:
          - {Event: "s3:ObjectCreated:*", Function: !GetAtt Resize.Arn}
  Resize:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
```

```yaml good template.yaml
Resources:
  Uploads:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: uploads-of-everybody
      NotificationConfiguration:
        LambdaConfigurations:
          - {Event: "s3:ObjectCreated:*", Function: !GetAtt Resize.Arn}
  Resize:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.exposure import anonymous
from checkrein.checks.questions import grouped, listed, short
from checkrein.model import Access, App, Entry, Finding, Resource


@check(
    resource("AWS::S3::Bucket"),
    fault=3,
    topics=("public-storage",),
    frameworks=("CWE-284", "CWE-306", "SAS-1", "AWS-FSBP:S3.3", "CIS-AWS-7.0:3.1.4"),
)
def public_writable_bucket_trigger(bucket: Resource, app: App) -> Iterator[Finding]:
    triggered = [e for e in grouped(app, Entry, "source").get(bucket.id, []) if e.kind == "bucket"]
    if not triggered:
        return
    functions = sorted({entry.function for entry in triggered})
    for access in grouped(app, Access, "target").get(bucket.id, []):
        if access.right == "write" and anonymous(access.identity):
            yield Finding(
                access.place,
                f"anyone may write to {bucket.name}, and every object runs"
                f" {listed(map(short, functions))}",
                steps=tuple(evidence for entry in triggered for evidence in entry.evidence),
                cwe="CWE-284",
                endangers=(bucket.id, *functions),
                key=tuple(functions),
                by=(access.identity,),
                confidence="certain" if access.certain else "likely",
            )
