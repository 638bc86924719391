"""A public entry has no advanced protection against floods.

## Why

Every account has Shield Standard, which stops floods of packets. Shield Advanced adds those of requests, a response team,
and gives back what scaling under an attack cost. It is priced for companies.

## Fix

Subscribe, and add an `AWS::Shield::Protection` for the distribution, the load balancer or the hosted zone.

## Examples

```yaml bad template.yaml
Resources:
  Site:  #? Site has no Shield Advanced protection
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
        Origins: [{Id: shop, DomainName: shop.example.com, CustomOriginConfig: {OriginProtocolPolicy: https-only}}]
        DefaultCacheBehavior: {TargetOriginId: shop, ViewerProtocolPolicy: https-only}
  Protection:
    Type: AWS::Shield::Protection
    Properties: {Name: site, ResourceArn: !Sub "arn:aws:cloudfront::${AWS::AccountId}:distribution/${Site}"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import configuring
from checkrein.model import App, Finding, Resource

PROTECTED = (
    *("AWS::CloudFront::Distribution", "AWS::Route53::HostedZone", "AWS::EC2::EIP"),
    *("AWS::ElasticLoadBalancingV2::LoadBalancer", "AWS::GlobalAccelerator::Accelerator"),
)


@check(
    resource(*PROTECTED),
    fault=1,
    topics=("denial-of-service",),
    frameworks=("CWE-770", "NIST-800-53r5:SC-5"),
    peers=(
        "shield_advanced_protection_in_cloudfront_distributions",
        "shield_advanced_protection_in_route53_hosted_zones",
        "shield_advanced_protection_in_internet_facing_load_balancers",
        "shield_advanced_protection_in_global_accelerators",
        "shield_advanced_protection_in_associated_elastic_ips",
    ),
    hygiene=True,
)
def public_entry_without_shield(entry: Resource, app: App) -> Iterator[Finding]:
    private = entry.value("VPCs") or entry.value("Scheme") == "internal"
    if private or configuring(app, entry.id, "AWS::Shield::Protection", "ResourceArn"):
        return
    yield Finding(
        entry.place,
        f"{entry.name} has no Shield Advanced protection",
        endangers=(entry.id,),
    )
