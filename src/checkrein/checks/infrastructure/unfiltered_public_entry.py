"""No web ACL stands before a site or a load balancer with valuable data.

## Why

Without a web ACL every request reaches what is behind: floods, lists of stolen passwords, scanners. A distribution is the
one place where all of them pass, and the one that stops them far from the application. (For APIs and user pools
`entry-without-web-acl` tells it.)

## Fix

Set `WebACLId` to a web ACL of scope `CLOUDFRONT`, with a rate rule and AWS's managed rules; associate a regional one with a load
balancer.

## Examples

```yaml bad checkrein.yaml
resources:
  template/Invoices: {holds: [pii.email]}
```

```yaml bad template.yaml
Resources:
  Invoices: {Type: AWS::S3::Bucket}
  Site:  #! no web ACL stands before Site, which hands out e-mail address
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{Id: invoices, DomainName: !GetAtt Invoices.RegionalDomainName, S3OriginConfig: {}}]
        DefaultCacheBehavior: {TargetOriginId: invoices, ViewerProtocolPolicy: https-only}
```

```yaml bad template.yaml
Resources:
  Balancer:  #? no web ACL stands before Balancer
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Type: application, Scheme: internet-facing}
```

```yaml good checkrein.yaml
resources:
  template/Invoices: {holds: [pii.email]}
```

```yaml good template.yaml
Resources:
  Invoices: {Type: AWS::S3::Bucket}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        WebACLId: arn:aws:wafv2:us-east-1:111122223333:global/webacl/site/1
        Origins: [{Id: invoices, DomainName: !GetAtt Invoices.RegionalDomainName, S3OriginConfig: {}}]
        DefaultCacheBehavior: {TargetOriginId: invoices, ViewerProtocolPolicy: https-only}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.distributions import DISTRIBUTION
from checkrein.checks.firewalls import behind, is_filtered
from checkrein.checks.questions import titles
from checkrein.model import App, Finding, Resource

BALANCER = "AWS::ElasticLoadBalancingV2::LoadBalancer"


@check(
    resource(DISTRIBUTION, BALANCER),
    fault=1,
    topics=("waf",),
    frameworks=("CWE-693", "CWE-770", "AWS-FSBP:CloudFront.6", "AWS-FSBP:ELB.16"),
    peers=(
        *("CKV_AWS_68", "CKV2_AWS_47", "CloudFront.6", "ELB.16", "AwsSolutions-CFR2", "AWS-0011"),
        *("CLOUDFRONT_ASSOCIATED_WITH_WAF", "ALB_WAF_ENABLED", "elbv2_waf_acl_attached"),
        "cloudfront_distributions_using_waf",
    ),
)
def unfiltered_public_entry(entry: Resource, app: App) -> Iterator[Finding]:
    inner = entry.value("Scheme") == "internal" or entry.value("Type") == "network"
    if inner or is_filtered(app, entry.id):
        return
    data = behind(app, entry)
    yield Finding(
        entry.place,
        f"no web ACL stands before {entry.name}"
        + (f", which hands out {titles(data)}" if data else ""),
        cwe="CWE-693",
        endangers=(entry.id,),
        key=("web-acl",),
        data=tuple(data),
        by=("@anyone",) if data else (),
        hygiene=not data,
    )
