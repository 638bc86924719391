"""A distribution answers every country.

## Why

Where nobody is served, nobody has to be let in: fewer countries mean fewer attackers, and some data may not leave.

## Fix

Set `Restrictions.GeoRestriction`, or a geo match rule in the web ACL.

## Examples

```yaml bad template.yaml
Resources:
  Site:  #? Site answers every country
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{Id: shop, DomainName: shop.example.com, CustomOriginConfig: {OriginProtocolPolicy: https-only}}]
        DefaultCacheBehavior: {TargetOriginId: shop, ViewerProtocolPolicy: https-only}
```

```yaml good template.yaml
Resources:
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Restrictions: {GeoRestriction: {RestrictionType: whitelist, Locations: [FR, DE]}}
        Origins: [{Id: shop, DomainName: shop.example.com, CustomOriginConfig: {OriginProtocolPolicy: https-only}}]
        DefaultCacheBehavior: {TargetOriginId: shop, ViewerProtocolPolicy: https-only}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.distributions import CONFIG, DISTRIBUTION
from checkrein.checks.firewalls import acls_of, statements_of
from checkrein.model import App, Finding, Resource

GEO = f"{CONFIG}.Restrictions.GeoRestriction.RestrictionType"


@check(
    resource(DISTRIBUTION),
    fault=1,
    topics=("network",),
    frameworks=("CWE-284", "NIST-800-53r5:SC-7"),
    peers=(
        *("AwsSolutions-CFR1", "CKV_AWS_374"),
        "cloudfront_distributions_geo_restrictions_enabled",
    ),
    hygiene=True,
)
def distribution_open_to_every_country(distribution: Resource, app: App) -> Iterator[Finding]:
    if distribution.value(GEO) not in (None, "none"):
        return
    acls = acls_of(app, distribution)
    if any("GeoMatchStatement" in statements_of(app, acl) for acl in acls):
        return
    yield Finding(
        distribution.place,
        f"{distribution.name} answers every country",
        endangers=(distribution.id,),
    )
