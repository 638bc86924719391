"""A name leads to a bucket that the application does not have.

## Why

Buckets have one name in the world. Where a DNS record, or a distribution, leads to one that was deleted or never made, whoever
makes a bucket of that name serves pages under the application's own domain: with its cookies, and its users' trust.

## Fix

Make the bucket in the same template and refer to it, or take the record away.

## Examples

```yaml bad template.yaml
Resources:
  Shop:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: Z1
      Name: shop.example.com
      Type: A
      AliasTarget:
        HostedZoneId: Z3AQBSTGFAJSTF
        DNSName: s3-website-us-east-1.amazonaws.com  #! shop.example.com leads to the bucket shop.example.com, which no template here makes: whoever does has the name
```

```yaml bad template.yaml
Resources:
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins:
          - Id: pages
            DomainName: pages-of-the-shop.s3.amazonaws.com  #! Site leads to the bucket pages-of-the-shop, which no template here makes: whoever does has the name
            S3OriginConfig: {}
        DefaultCacheBehavior: {TargetOriginId: pages, ViewerProtocolPolicy: https-only}
```

```yaml good template.yaml
Resources:
  Pages:
    Type: AWS::S3::Bucket
    Properties: {BucketName: shop.example.com, WebsiteConfiguration: {IndexDocument: index.html}}
  Shop:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: Z1
      Name: shop.example.com
      Type: A
      AliasTarget: {HostedZoneId: Z3AQBSTGFAJSTF, DNSName: s3-website-us-east-1.amazonaws.com}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checkrein.checks import check, resource
from checkrein.checks.context import resources
from checkrein.checks.distributions import BUCKET, DISTRIBUTION, origins
from checkrein.late import regex
from checkrein.model import App, Finding, Path, Resource

RECORD, RECORDS = "AWS::Route53::RecordSet", "AWS::Route53::RecordSetGroup"
WEBSITE = regex(r"s3-website[.-][a-z0-9-]+\.amazonaws\.com\.?")
OF_A_BUCKET = regex(r"(?P<name>[a-z0-9.-]+)\.s3(?:-website)?(?:[.-][a-z0-9-]+)*\.amazonaws\.com\.?")
Lead = tuple[Path, str, str]  # where it stands, what leads, the bucket's name


@check(
    resource(RECORD, RECORDS, DISTRIBUTION),
    fault=2,
    topics=("configuration",),
    frameworks=(
        *("CWE-350", "CWE-284", "OWASP-2025:A02", "OWASP-2021:A05", "AWS-FSBP:CloudFront.12"),
        "NIST-800-53r5:SC-20",
    ),
    peers=(
        *("CloudFront.12", "CKV2_AWS_23", "route53_dangling_ip_subdomain_takeover"),
        "cloudfront_distributions_s3_origin_non_existent_bucket",
    ),
)
def name_of_no_resource(source: Resource, app: App) -> Iterator[Finding]:
    made = [bucket.value("BucketName") for bucket in resources(app, "AWS::S3::Bucket")]
    if any(name is not None and not isinstance(name, str) for name in made):
        return  # one whose name is open may be it
    for path, leading, bucket in _leads(source):
        if bucket not in made:
            yield Finding(
                source.where(path),
                f"{leading} leads to the bucket {bucket}, which no template here makes:"
                " whoever does has the name",
                cwe="CWE-350",
                endangers=(source.id,),
                key=(leading, bucket),
                confidence="possible",
            )


def _leads(source: Resource) -> Iterator[Lead]:
    if source.type == DISTRIBUTION:
        for origin in origins(source):
            domain = origin.settings.get("DomainName")
            if isinstance(domain, str) and (found := BUCKET.fullmatch(domain)):
                yield origin.at("DomainName"), source.name, found["name"]
    elif source.type == RECORD:
        yield from _record((), source.properties)
    else:
        listed = source.value("RecordSets")
        for index, record in enumerate(listed if isinstance(listed, list) else ()):
            yield from _record(("RecordSets", index), record)


def _record(path: Path, record: dict[str, Any]) -> Iterator[Lead]:
    name = record.get("Name")
    if not isinstance(name, str):
        return
    alias = record.get("AliasTarget")
    target = alias.get("DNSName") if isinstance(alias, dict) else None
    if isinstance(target, str) and WEBSITE.fullmatch(target):
        yield (*path, "AliasTarget", "DNSName"), name, name.rstrip(".")
    values = record.get("ResourceRecords")
    for index, value in enumerate(values if isinstance(values, list) else ()):
        found = OF_A_BUCKET.fullmatch(value) if isinstance(value, str) else None
        if found and record.get("Type") == "CNAME":
            yield (*path, "ResourceRecords", index), name, found["name"]
