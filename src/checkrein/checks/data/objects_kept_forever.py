"""Objects are kept for ever.

## Why

Without a lifecycle rule S3 deletes nothing: uploads, exports and old versions gather, and what is not there
cannot leak. Laws on personal data ask for an end.

## Fix

Set `LifecycleConfiguration` with a rule that ends what is not needed any more.

## Examples

```yaml bad template.yaml
Resources:
  Uploads:  #? Uploads keeps its objects for ever
    Type: AWS::S3::Bucket
```

```yaml good template.yaml
Resources:
  Uploads:
    Type: AWS::S3::Bucket
    Properties:
      LifecycleConfiguration:
        Rules: [{Status: Enabled, ExpirationInDays: 365}]
  Pages:
    Type: AWS::S3::Bucket
    Properties: {WebsiteConfiguration: {IndexDocument: index.html}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.keeping import with_data
from checkrein.model import App, Finding, Resource


@check(
    resource("AWS::S3::Bucket"),
    fault=1,
    topics=("retention",),
    frameworks=(
        "CWE-459",
        "AWS-FSBP:S3.13",
    ),
    peers=("S3.13", "s3_bucket_lifecycle_enabled", "S3_LIFECYCLE_POLICY_CHECK"),
    hygiene=True,
)
def objects_kept_forever(bucket: Resource, app: App) -> Iterator[Finding]:
    site = bucket.value("WebsiteConfiguration") is not None
    if not site and bucket.value("LifecycleConfiguration") is None:
        message = f"{with_data(app, bucket.id)} keeps its objects for ever"
        yield Finding(bucket.place, message, cwe="CWE-459", endangers=(bucket.id,))
