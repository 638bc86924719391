"""A distribution has no root object.

## Why

Who asks for `/` is passed to the bucket, which answers with a list of its objects if CloudFront may list it
(`s3:ListBucket`), and with an error that tells its kind if not.

## Fix

Set `DefaultRootObject: index.html`, and give CloudFront `s3:GetObject` only.

## Examples

```yaml bad template.yaml
Resources:
  Pages: {Type: AWS::S3::Bucket}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Pages
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Service: cloudfront.amazonaws.com}
            Action: s3:ListBucket
            Resource: !GetAtt Pages.Arn
            Condition: {StringEquals: {"aws:SourceArn": !Sub "arn:aws:cloudfront::${AWS::AccountId}:distribution/${Site}"}}
  Site:  #! anyone who asks Site for / gets a list of what is in Pages
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{Id: pages, DomainName: !GetAtt Pages.RegionalDomainName, OriginAccessControlId: E1, S3OriginConfig: {}}]
        DefaultCacheBehavior: {TargetOriginId: pages, ViewerProtocolPolicy: https-only}
```

```yaml bad template.yaml
Resources:
  Pages: {Type: AWS::S3::Bucket}
  Site:  #? Site has no root object
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{Id: pages, DomainName: !GetAtt Pages.RegionalDomainName, OriginAccessControlId: E1, S3OriginConfig: {}}]
        DefaultCacheBehavior: {TargetOriginId: pages, ViewerProtocolPolicy: https-only}
```

```yaml good template.yaml
Resources:
  Pages: {Type: AWS::S3::Bucket}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        DefaultRootObject: index.html
        Origins: [{Id: pages, DomainName: !GetAtt Pages.RegionalDomainName, OriginAccessControlId: E1, S3OriginConfig: {}}]
        DefaultCacheBehavior: {TargetOriginId: pages, ViewerProtocolPolicy: https-only}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.distributions import (
    CONFIG,
    DISTRIBUTION,
    Part,
    behaviours,
    buckets,
    origin_of,
)
from checkrein.checks.exposure import anonymous
from checkrein.checks.questions import grouped, setting
from checkrein.iam.patterns import matches
from checkrein.model import App, Finding, Grant, Resource

ROOT = f"{CONFIG}.DefaultRootObject"


@check(
    resource(DISTRIBUTION),
    fault=1,
    topics=("data-exposure",),
    frameworks=("CWE-548", "OWASP-2025:A02", "OWASP-2021:A05", "AWS-FSBP:CloudFront.1"),
    peers=(
        *("CloudFront.1", "CLOUDFRONT_DEFAULT_ROOT_OBJECT_CONFIGURED", "CKV_AWS_305"),
        "cloudfront_distributions_default_root_object",
    ),
)
def distribution_without_root_object(distribution: Resource, app: App) -> Iterator[Finding]:
    if distribution.value(ROOT) is not None:
        return
    default = next(iter(behaviours(distribution)), None)
    origin = origin_of(distribution, default) if default else None
    if origin is None or default is None or _rewrites(default):
        return
    for found, bucket in buckets(app, distribution):
        if found.path == origin.path:
            listing = _lists(app, bucket)
            yield Finding(
                distribution.place,
                f"anyone who asks {distribution.name} for / gets a list of what is in {bucket.name}"
                if listing
                else f"{distribution.name} has no root object",
                cwe="CWE-548",
                endangers=(bucket.id,),
                fix=setting(distribution, ROOT, "index.html", "answer / with a page"),
                key=(bucket.id,),
                by=("@anyone",) if listing else (),
                hygiene=not listing,
            )


def _rewrites(behaviour: Part) -> bool:
    """Tell whether code at the edge may answer for /."""
    return bool(
        behaviour.settings.get("FunctionAssociations")
        or behaviour.settings.get("LambdaFunctionAssociations")
    )


def _lists(app: App, bucket: Resource) -> bool:
    """Tell whether CloudFront, or everybody, may list a bucket."""
    return any(
        grant.effect == "Allow"
        and (anonymous(grant.identity) or "cloudfront" in grant.identity.lower())
        and any(matches(action, "s3:ListBucket", fold=True) for action in grant.actions)
        for grant in grouped(app, Grant, "holder").get(bucket.id, [])
    )
