"""Nobody can see who read a bucket.

## Why

S3 logs no request for objects by itself. After a leak the question is who read what: without access logs
or CloudTrail's data events there is no answer, and everything counts as read.

## Fix

Set `LoggingConfiguration` to a bucket for logs, or select the bucket's data events in a trail.

## Examples

```yaml bad template.yaml
Resources:
  Cards:  #! nobody can see who read Cards (payment card number)
    Type: AWS::S3::Bucket
  Pages:  #? nobody can see who read Pages
    Type: AWS::S3::Bucket
```

```yaml bad checkrein.yaml
resources:
  template/Cards: {holds: [pay.pan]}
```

```yaml good template.yaml
Resources:
  Cards:
    Type: AWS::S3::Bucket
    Properties:
      LoggingConfiguration: {DestinationBucketName: !Ref Logs}
  Logs:
    Type: AWS::S3::Bucket
```

```yaml good checkrein.yaml
resources:
  template/Cards: {holds: [pay.pan]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import configuring
from checkrein.checks.keeping import GRAVE, is_log_store, weighed, with_data
from checkrein.model import App, Finding, Resource

TRAIL = "AWS::CloudTrail::Trail"
SELECTORS = ("EventSelectors", "AdvancedEventSelectors")


@check(
    resource("AWS::S3::Bucket"),
    fault=1,
    topics=("logging",),
    frameworks=(
        "CWE-778",
        "AWS-FSBP:S3.9",
    ),
    peers=(
        *("CKV_AWS_18", "S3.9", "W35", "AwsSolutions-S1", "AWS-0089"),
        *("s3_bucket_server_access_logging_enabled", "S3_BUCKET_LOGGING_ENABLED"),
    ),
)
def bucket_access_not_logged(bucket: Resource, app: App) -> Iterator[Finding]:
    if bucket.value("LoggingConfiguration") is not None or is_log_store(app, bucket.id):
        return
    if any(configuring(app, bucket.id, TRAIL, selector) for selector in SELECTORS):
        return
    message = f"nobody can see who read {with_data(app, bucket.id)}"
    yield weighed(app, Finding(bucket.place, message, cwe="CWE-778"), bucket.id, GRAVE)
