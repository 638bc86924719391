"""Objects with valuable data are overwritten and deleted for good.

## Why

Without versions (S3's default) a `PutObject` on a name that is taken, a wrong sync or a `DeleteObject`
ends what was there. It matters where the bucket keeps valuable data, and more where functions of the
application may delete or overwrite it and nothing else has a copy.

## Fix

Enable versioning, with a lifecycle rule that ends old versions when the law asks for deletion.

## Examples

```yaml bad template.yaml
Resources:
  Invoices:  #! what Invoices (e-mail address) holds can be overwritten and deleted for good, and nothing else has a copy
    Type: AWS::S3::Bucket
  Pages:  #? what Pages holds can be overwritten and deleted for good
    Type: AWS::S3::Bucket
```

```yaml bad checkrein.yaml
resources:
  template/Invoices: {holds: [pii.email]}
```

```yaml good template.yaml
Resources:
  Invoices:
    Type: AWS::S3::Bucket
    Properties:
      VersioningConfiguration: {Status: Enabled}
```

```yaml good checkrein.yaml
resources:
  template/Invoices: {holds: [pii.email]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.keeping import PERSONAL, beside_the_point, saved, spot, weighed, with_data
from checkrein.checks.questions import setting
from checkrein.model import App, Finding, Resource

STATUS = "VersioningConfiguration.Status"


@check(
    resource("AWS::S3::Bucket"),
    fault=1,
    topics=(
        "backup",
        "integrity",
    ),
    frameworks=(
        "CWE-693",
        "AWS-FSBP:S3.14",
    ),
    peers=(
        *("CKV_AWS_21", "S3.14", "AWS-0090", "s3_bucket_object_versioning"),
        "S3_BUCKET_VERSIONING_ENABLED",
    ),
)
def bucket_without_versions(bucket: Resource, app: App) -> Iterator[Finding]:
    if beside_the_point(app, bucket, STATUS) or bucket[STATUS] == "Enabled":
        return
    if bucket["ObjectLockEnabled"]:
        return  # S3 enables versions with it
    message = f"what {with_data(app, bucket.id)} holds can be overwritten and deleted for good"
    fix = setting(bucket, STATUS, "Enabled", "keep older versions", safe=True)
    found = Finding(spot(bucket, STATUS), message + saved(app, bucket), fix=fix)
    yield weighed(app, found, bucket.id, PERSONAL)
