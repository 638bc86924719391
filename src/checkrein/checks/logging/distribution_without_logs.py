"""A distribution keeps no log of who asked for what.

## Why

What is answered from the cache never reaches the origin: without CloudFront's own log nobody can say afterwards who
fetched what, or from where an attack came.

## Fix

Set `Logging`, or deliver `ACCESS_LOGS` with `AWS::Logs::DeliverySource` and `AWS::Logs::Delivery`.

## Examples

```yaml bad checkrein.yaml
resources:
  template/Invoices: {holds: [pii.email]}
```

```yaml bad template.yaml
Resources:
  Invoices: {Type: AWS::S3::Bucket}
  Site:  #! nobody can say who fetched e-mail address through Site
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{Id: invoices, DomainName: !GetAtt Invoices.RegionalDomainName, S3OriginConfig: {}}]
        DefaultCacheBehavior: {TargetOriginId: invoices, ViewerProtocolPolicy: https-only}
```

```yaml bad template.yaml
Resources:
  Site:  #? Site keeps no access log
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
  Logged:
    Type: AWS::Logs::DeliverySource
    Properties:
      Name: site
      LogType: ACCESS_LOGS
      ResourceArn: !Sub "arn:aws:cloudfront::${AWS::AccountId}:distribution/${Site}"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import configuring
from checkrein.checks.distributions import CONFIG, DISTRIBUTION, delivered
from checkrein.checks.questions import titles
from checkrein.model import App, Finding, Resource

SOURCE = "AWS::Logs::DeliverySource"


@check(
    resource(DISTRIBUTION),
    fault=1,
    topics=("logging",),
    frameworks=(
        *("CWE-778", "OWASP-2025:A09", "OWASP-2021:A09", "AWS-FSBP:CloudFront.5"),
        *("PCI-DSS-4.0.1:10.2.1", "NIST-800-53r5:AU-2"),
    ),
    peers=(
        *("CKV_AWS_86", "CloudFront.5", "W10", "AwsSolutions-CFR3", "AWS-0010"),
        *("CLOUDFRONT_ACCESSLOGS_ENABLED", "cloudfront_distributions_logging_enabled"),
    ),
)
def distribution_without_logs(distribution: Resource, app: App) -> Iterator[Finding]:
    logging = distribution.value(f"{CONFIG}.Logging")
    behaviour = distribution.value(f"{CONFIG}.DefaultCacheBehavior.RealtimeLogConfigArn")
    if logging or behaviour or configuring(app, distribution.id, SOURCE, "ResourceArn"):
        return
    data = delivered(app, distribution)
    yield Finding(
        distribution.place,
        f"nobody can say who fetched {titles(data)} through {distribution.name}"
        if data
        else f"{distribution.name} keeps no access log",
        cwe="CWE-778",
        endangers=(distribution.id,),
        key=("access-log",),
        data=tuple(data),
        hygiene=not data,
    )
