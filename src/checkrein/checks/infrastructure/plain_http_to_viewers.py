"""A distribution answers over plain HTTP.

## Why

With `allow-all` CloudFront serves whoever asks without TLS: anybody on the way reads what is sent, and may change a
page before it arrives, its scripts and the address it sends a password to.

## Fix

Set `ViewerProtocolPolicy` to `redirect-to-https`, for an API to `https-only`.

## Examples

```yaml bad checkrein.yaml
resources:
  template/Invoices: {holds: [pii.email]}
```

```yaml bad template.yaml
Resources:
  Invoices: {Type: AWS::S3::Bucket}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{Id: invoices, DomainName: !GetAtt Invoices.RegionalDomainName, S3OriginConfig: {}}]
        DefaultCacheBehavior:
          TargetOriginId: invoices
          ViewerProtocolPolicy: allow-all  #! Site sends e-mail address over plain HTTP too
```

```yaml bad template.yaml
Resources:
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{Id: shop, DomainName: shop.example.com, CustomOriginConfig: {OriginProtocolPolicy: https-only}}]
        DefaultCacheBehavior: {TargetOriginId: shop, ViewerProtocolPolicy: redirect-to-https}
        CacheBehaviors:
          - PathPattern: /img/*
            TargetOriginId: shop
            ViewerProtocolPolicy: allow-all  #? Site answers /img/* over plain HTTP too
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
        Origins: [{Id: invoices, DomainName: !GetAtt Invoices.RegionalDomainName, S3OriginConfig: {}}]
        DefaultCacheBehavior: {TargetOriginId: invoices, ViewerProtocolPolicy: redirect-to-https}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import set_fix
from checkrein.checks.distributions import DISTRIBUTION, behaviours, delivered, signs_in
from checkrein.checks.questions import titles
from checkrein.model import App, Finding, Resource

PROPERTY = "ViewerProtocolPolicy"


@check(
    resource(DISTRIBUTION),
    fault=2,
    topics=("encryption-in-transit",),
    frameworks=(
        *("CWE-319", "OWASP-2025:A04", "OWASP-2021:A02", "AWS-FSBP:CloudFront.3"),
        *("PCI-DSS-4.0.1:4.2.1", "NIST-800-53r5:SC-8"),
    ),
    peers=(
        *("CKV_AWS_34", "CloudFront.3", "CLOUDFRONT_VIEWER_POLICY_HTTPS"),
        *("cloudfront_distributions_https_enabled", "AWS-0012"),
    ),
)
def plain_http_to_viewers(distribution: Resource, app: App) -> Iterator[Finding]:
    found = [b for b in behaviours(distribution) if b.settings.get(PROPERTY) == "allow-all"]
    data = delivered(app, distribution) if found else []
    pages = signs_in(app, distribution) if found else False
    for behaviour in found:
        pattern = str(behaviour.settings.get("PathPattern") or "every path")
        said = f"answers {pattern} over plain HTTP too"
        if pages:
            said = "hands out pages of an application that people sign in to, over plain HTTP too"
        if data:
            said = f"sends {titles(data)} over plain HTTP too"
        yield Finding(
            distribution.where(behaviour.at(PROPERTY)),
            f"{distribution.name} {said}",
            cwe="CWE-319",
            endangers=(distribution.id,),
            fix=set_fix(
                distribution,
                [(behaviour.at(PROPERTY), "redirect-to-https")],
                "send who comes over HTTP to HTTPS",
            ),
            key=(pattern,),
            data=tuple(data) or (("cred.password",) if pages else ()),
            by=("@anyone",) if data or pages else (),
            fault=0 if data else 1,
            confidence="certain" if data else "likely",
            hygiene=not data and not pages,
        )
