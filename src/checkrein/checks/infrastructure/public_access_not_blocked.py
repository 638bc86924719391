"""A bucket switches off the block of public access.

## Why

Since April 2023 new buckets block public policies and access lists unless a template says otherwise:
leaving the setting out is safe, switching a part of it off is not. From then on a single statement, or
the list of a single object, opens what the bucket holds.

Where a statement beside it lets anyone read, as of a website's bucket, it is open on purpose: that is for
auditors here, and `open-resource-policy` tells what it holds that nobody meant for the public.

## Fix

Set all four, and let readers in by CloudFront or presigned URLs.

## Examples

```yaml bad template.yaml
Resources:
  Invoices:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration:
        BlockPublicAcls: false  #! Invoices (e-mail address) may be opened to the public: BlockPublicAcls and IgnorePublicAcls are off
        BlockPublicPolicy: true
        IgnorePublicAcls: false
        RestrictPublicBuckets: true
```

```yaml bad checkrein.yaml
resources:
  template/Invoices: {holds: [pii.email]}
```

```yaml good template.yaml
Resources:
  Invoices:
    Type: AWS::S3::Bucket
  Others:
    Type: AWS::S3::Bucket
    Properties:
      PublicAccessBlockConfiguration:
        BlockPublicAcls: true
        BlockPublicPolicy: true
        IgnorePublicAcls: true
        RestrictPublicBuckets: true
```

```yaml good checkrein.yaml
resources:
  template/Invoices: {holds: [pii.email]}
```

```yaml bad template.yaml
Resources:
  Pages:
    Type: AWS::S3::Bucket
    Properties:
      WebsiteConfiguration: {IndexDocument: index.html}
      PublicAccessBlockConfiguration:
        BlockPublicAcls: true
        IgnorePublicAcls: true
        BlockPublicPolicy: false  #? Pages (configuration) is open to the public on purpose: BlockPublicPolicy and RestrictPublicBuckets are off
        RestrictPublicBuckets: false
  Readers:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Pages
      PolicyDocument:
        Statement:
          - {Effect: Allow, Principal: "*", Action: s3:GetObject, Resource: !Sub "${Pages.Arn}/*"}
```

```yaml bad checkrein.yaml
resources:
  template/Pages: {holds: [public.content, code.config]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import set_fix
from checkrein.checks.exposure import anonymous
from checkrein.checks.keeping import beside_the_point, spot, weighed, with_data
from checkrein.checks.questions import grouped, listed
from checkrein.model import Access, App, Finding, Resource

BLOCK = "PublicAccessBlockConfiguration"
PARTS = ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets")


@check(
    resource("AWS::S3::Bucket", "AWS::S3::AccessPoint"),
    fault=2,
    topics=("public-storage",),
    frameworks=(
        "CWE-284",
        "CWE-732",
        "AWS-FSBP:S3.8",
    ),
    peers=(
        *("CKV_AWS_53", "CKV_AWS_54", "CKV_AWS_55", "CKV_AWS_56", "S3.8", "S3.19"),
        *("AwsSolutions-S2", "s3_bucket_level_public_access_block", "AWS-0086", "AWS-0087"),
        *("S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED", "s3_access_point_public_access_block"),
    ),
)
def public_access_not_blocked(bucket: Resource, app: App) -> Iterator[Finding]:
    if bucket.value(BLOCK) is None or beside_the_point(app, bucket, BLOCK):
        return
    off = [part for part in PARTS if _is_off(app, bucket, part)]
    if not off:
        return
    said = f"{listed(off, len(off))} {'is' if len(off) == 1 else 'are'} off"
    if _is_open(app, bucket):  # what is wrong with that is told by open-resource-policy
        message = f"{with_data(app, bucket.id)} is open to the public on purpose: {said}"
        where = spot(bucket, (BLOCK, off[0]))
        yield Finding(where, message, endangers=(bucket.id,), hygiene=True)
    else:
        message = f"{with_data(app, bucket.id)} may be opened to the public: {said}"
        fix = set_fix(bucket, [((BLOCK, part), True) for part in off], "block public access")
        yield weighed(app, Finding(spot(bucket, (BLOCK, off[0])), message, fix=fix), bucket.id)


def _is_open(app: App, bucket: Resource) -> bool:
    """Tell whether a statement here lets anyone read, which the block would forbid."""
    ways = grouped(app, Access, "target").get(bucket.id, [])
    return any(way.right == "read" and anonymous(way.identity) for way in ways)


def _is_off(app: App, bucket: Resource, part: str) -> bool:
    path = (BLOCK, part)
    return not beside_the_point(app, bucket, path) and not bucket[path]
