"""What an audit log says can be deleted.

## Why

Who covers tracks begins with the logs. A bucket that CloudTrail or S3's access logs write to keeps what
was written only where object lock refuses to delete it, or at least versions bring it back.

## Fix

Enable object lock on the bucket (it must be made anew), or versioning.

## Examples

```yaml bad template.yaml
Resources:
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties: {IsLogging: true, S3BucketName: !Ref Logs}
  Logs:  #? what Trail writes into Logs can be deleted for good
    Type: AWS::S3::Bucket
```

```yaml good template.yaml
Resources:
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties: {IsLogging: true, S3BucketName: !Ref Logs}
  Logs:
    Type: AWS::S3::Bucket
    Properties: {ObjectLockEnabled: true}
  Others:
    Type: AWS::S3::Bucket
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import configuring, is_open
from checkrein.checks.questions import listed, setting
from checkrein.model import App, Finding, Resource

WRITERS = (
    ("AWS::CloudTrail::Trail", "S3BucketName"),
    ("AWS::S3::Bucket", "LoggingConfiguration.DestinationBucketName"),
)
STATUS = "VersioningConfiguration.Status"


@check(
    resource("AWS::S3::Bucket"),
    fault=2,
    topics=("log-protection",),
    frameworks=(
        "CWE-693",
        "AWS-FSBP:S3.15",
    ),
    peers=("S3.15", "s3_bucket_object_lock", "S3_BUCKET_DEFAULT_LOCK_ENABLED"),
    hygiene=True,
)
def audit_log_can_be_deleted(bucket: Resource, app: App) -> Iterator[Finding]:
    writers = [w.name for pair in WRITERS for w in configuring(app, bucket.id, *pair)]
    status = bucket.value(STATUS)
    if not writers or is_open(status) or status == "Enabled" or bucket.value("ObjectLockEnabled"):
        return
    message = f"what {listed(writers)} writes into {bucket.name} can be deleted for good"
    fix = setting(bucket, STATUS, "Enabled", "keep older versions", safe=True)
    yield Finding(bucket.place, message, cwe="CWE-693", endangers=(bucket.id,), fix=fix)
