"""A bucket can be read beside the distribution that stands before it.

## Why

What a distribution checks (a firewall, countries, signed URLs, a log of who asked) counts for those who come through it.
If CloudFront reads the bucket as an anonymous caller, without an access control of its own, the bucket has to be open, and
whoever knows its name goes around all of that. An origin access identity works, but knows no KMS keys and no
newer regions; AWS recommends the origin access control.

## Fix

Set `OriginAccessControlId`, let the bucket's policy name `cloudfront.amazonaws.com` with the distribution's ARN as
`aws:SourceArn`, and close the bucket to everybody else.

## Examples

```yaml bad template.yaml
Resources:
  Lessons: {Type: AWS::S3::Bucket}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Lessons
      PolicyDocument:
        Statement: [{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: !Sub "${Lessons.Arn}/*"}]
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        WebACLId: arn:aws:wafv2:us-east-1:111122223333:global/webacl/site/1
        Origins:
          - Id: lessons
            DomainName: !GetAtt Lessons.RegionalDomainName  #! whoever reads Lessons directly goes around the firewall of Site
            S3OriginConfig: {}
        DefaultCacheBehavior: {TargetOriginId: lessons, ViewerProtocolPolicy: https-only}
```

```yaml bad template.yaml
Resources:
  Lessons: {Type: AWS::S3::Bucket}
  Reader:
    Type: AWS::CloudFront::CloudFrontOriginAccessIdentity
    Properties: {CloudFrontOriginAccessIdentityConfig: {Comment: site}}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins:
          - Id: lessons
            DomainName: !GetAtt Lessons.RegionalDomainName  #? Site reads Lessons with an origin access identity, not an access control
            S3OriginConfig: {OriginAccessIdentity: !Sub "origin-access-identity/cloudfront/${Reader}"}
        DefaultCacheBehavior: {TargetOriginId: lessons, ViewerProtocolPolicy: https-only}
```

```yaml good template.yaml
Resources:
  Lessons: {Type: AWS::S3::Bucket}
  Reader:
    Type: AWS::CloudFront::OriginAccessControl
    Properties:
      OriginAccessControlConfig:
        {Name: site, OriginAccessControlOriginType: s3, SigningBehavior: always, SigningProtocol: sigv4}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        WebACLId: arn:aws:wafv2:us-east-1:111122223333:global/webacl/site/1
        Origins:
          - Id: lessons
            DomainName: !GetAtt Lessons.RegionalDomainName
            OriginAccessControlId: !Ref Reader
            S3OriginConfig: {}
        DefaultCacheBehavior: {TargetOriginId: lessons, ViewerProtocolPolicy: https-only}
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
    delivered,
    origins,
    sources,
)
from checkrein.checks.exposure import anonymous
from checkrein.checks.questions import grouped, listed
from checkrein.model import Access, App, Finding, Resource
from checkrein.model.values import at_path

BUCKET = "AWS::S3::Bucket"
GEO = f"{CONFIG}.Restrictions.GeoRestriction.RestrictionType"


@check(
    resource(DISTRIBUTION),
    fault=2,
    topics=("public-storage",),
    frameworks=(
        *("CWE-424", "CWE-284", "OWASP-2025:A01", "OWASP-2021:A01", "AWS-FSBP:CloudFront.13"),
        "NIST-800-53r5:AC-3",
    ),
    peers=(
        *("CloudFront.2", "CloudFront.13", "AwsSolutions-CFR6", "AwsSolutions-CFR7"),
        *("CLOUDFRONT_ORIGIN_ACCESS_IDENTITY_ENABLED", "CKV2_AWS_46"),
        "cloudfront_distributions_s3_origin_access_control",
    ),
)
def bucket_open_beside_distribution(distribution: Resource, app: App) -> Iterator[Finding]:
    for origin in origins(distribution):
        for bucket in sources(app, origin):
            if bucket.type == BUCKET and not origin.settings.get("OriginAccessControlId"):
                yield from _judged(distribution, origin, bucket, app)


def _judged(distribution: Resource, origin: Part, bucket: Resource, app: App) -> Iterator[Finding]:
    place = distribution.where(origin.at("DomainName"))
    guards = _guards(distribution)
    if guards and _is_open(app, bucket):
        data = tuple(delivered(app, distribution))
        yield Finding(
            place,
            f"whoever reads {bucket.name} directly goes around {listed(guards)}"
            f" of {distribution.name}",
            cwe="CWE-424",
            endangers=(bucket.id,),
            key=(bucket.id, "open"),
            data=data,
            by=("@anyone",),
        )
    else:
        identity = at_path(origin.settings, ("S3OriginConfig", "OriginAccessIdentity"))
        how = "with an origin access identity, not an access control" if identity else "as anyone"
        yield Finding(
            place,
            f"{distribution.name} reads {bucket.name} {how}",
            cwe="CWE-284",
            endangers=(bucket.id,),
            key=(bucket.id,),
            hygiene=True,
        )


def _is_open(app: App, bucket: Resource) -> bool:
    return any(
        anonymous(access.identity) and access.right == "read" and access.certain
        for access in grouped(app, Access, "target").get(bucket.id, [])
    )


def _guards(distribution: Resource) -> list[str]:
    """Return what a distribution checks that a bucket does not."""
    found = []
    if distribution.value(f"{CONFIG}.WebACLId"):
        found.append("the firewall")
    if distribution.value(GEO) in ("whitelist", "blacklist"):
        found.append("the countries")
    if any(
        b.settings.get(name)
        for b in behaviours(distribution)
        for name in ("TrustedKeyGroups", "TrustedSigners")
    ):
        found.append("the signed URLs")
    return found
