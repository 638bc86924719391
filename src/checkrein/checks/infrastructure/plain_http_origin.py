"""A distribution fetches from its origin over plain HTTP, or with a protocol that is broken.

## Why

What CloudFront sends on crosses the internet like any other request: without TLS, or with SSL 3 and TLS 1.0 or 1.1,
somebody on the way reads it although the viewer's own connection is encrypted. `match-viewer` goes plain where the
viewer may. A bucket's website endpoint speaks no TLS at all.

## Fix

Set `OriginProtocolPolicy: https-only` and `OriginSSLProtocols: [TLSv1.2]`; name a bucket by its own endpoint.

## Examples

```yaml bad checkrein.yaml
resources:
  template/Site: {holds: [pii.email]}
```

```yaml bad template.yaml
Resources:
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins:
          - Id: shop
            DomainName: shop.example.com
            CustomOriginConfig:
              OriginProtocolPolicy: http-only  #! Site asks shop.example.com over plain HTTP, with e-mail address
        DefaultCacheBehavior: {TargetOriginId: shop, ViewerProtocolPolicy: redirect-to-https}
```

```yaml bad template.yaml
Resources:
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins:
          - Id: shop
            DomainName: shop.example.com
            CustomOriginConfig:
              OriginProtocolPolicy: https-only
              OriginSSLProtocols: [TLSv1, TLSv1.2]  #? Site accepts TLSv1 from shop.example.com
        DefaultCacheBehavior: {TargetOriginId: shop, ViewerProtocolPolicy: redirect-to-https}
```

```yaml good template.yaml
Resources:
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins:
          - Id: shop
            DomainName: shop.example.com
            CustomOriginConfig: {OriginProtocolPolicy: https-only, OriginSSLProtocols: [TLSv1.2]}
        DefaultCacheBehavior: {TargetOriginId: shop, ViewerProtocolPolicy: redirect-to-https}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checkrein.checks import check, resource
from checkrein.checks.context import set_fix
from checkrein.checks.distributions import (
    DISTRIBUTION,
    Part,
    behaviours,
    delivered,
    is_website_endpoint,
    origins,
    sources,
)
from checkrein.checks.questions import listed, titles
from checkrein.model import App, Finding, Fix, Resource
from checkrein.model.values import items_of

CUSTOM, POLICY, PROTOCOLS = "CustomOriginConfig", "OriginProtocolPolicy", "OriginSSLProtocols"
BROKEN = ("SSLv3", "TLSv1", "TLSv1.1")


@check(
    resource(DISTRIBUTION),
    fault=2,
    topics=("encryption-in-transit",),
    frameworks=(
        *("CWE-319", "CWE-327", "OWASP-2025:A04", "OWASP-2021:A02", "AWS-FSBP:CloudFront.9"),
        *("AWS-FSBP:CloudFront.10", "PCI-DSS-4.0.1:4.2.1", "NIST-800-53r5:SC-8"),
    ),
    peers=(
        *("CKV2_AWS_72", "CloudFront.9", "CloudFront.10", "AwsSolutions-CFR5"),
        "cloudfront_distributions_origin_traffic_encrypted",
        "cloudfront_distributions_using_deprecated_ssl_protocols",
    ),
)
def plain_http_origin(distribution: Resource, app: App) -> Iterator[Finding]:
    for origin in origins(distribution):
        custom = origin.settings.get(CUSTOM)
        if isinstance(custom, dict):
            yield from _judged(distribution, origin, custom, app)


def _judged(
    distribution: Resource, origin: Part, custom: dict[str, Any], app: App
) -> Iterator[Finding]:
    host = _named(origin, app)
    if _is_plain(distribution, custom):
        data = delivered(app, distribution)
        website = is_website_endpoint(origin.settings.get("DomainName"))
        told = f", with {titles(data)}" if data else ""
        yield Finding(
            distribution.where(origin.at(CUSTOM, POLICY)),
            f"{distribution.name} asks {host} over plain HTTP{told}",
            cwe="CWE-319",
            endangers=(distribution.id,),
            fix=_remedy(distribution, origin, website=website),
            key=(host, POLICY),
            data=tuple(data),
            hygiene=not data or website,
        )
    broken = [p for p in BROKEN if p in items_of(custom.get(PROTOCOLS), PROTOCOLS)]
    if broken and custom.get(POLICY) != "http-only":
        yield Finding(
            distribution.where(origin.at(CUSTOM, PROTOCOLS)),
            f"{distribution.name} accepts {listed(broken)} from {host}",
            cwe="CWE-327",
            endangers=(distribution.id,),
            fix=set_fix(distribution, [(origin.at(CUSTOM, PROTOCOLS), ["TLSv1.2"])], "TLS 1.2"),
            key=(host, PROTOCOLS),
            hygiene=True,  # the two agree on the newest protocol that both know
        )


def _is_plain(distribution: Resource, custom: dict[str, Any]) -> bool:
    if custom.get(POLICY) == "http-only":
        return True
    viewers = [b.settings.get("ViewerProtocolPolicy") for b in behaviours(distribution)]
    return custom.get(POLICY) == "match-viewer" and "allow-all" in viewers


def _named(origin: Part, app: App) -> str:
    behind = sources(app, origin)
    domain = origin.settings.get("DomainName")
    if behind:
        return behind[0].name
    return domain if isinstance(domain, str) else str(origin.settings.get("Id") or "its origin")


def _remedy(distribution: Resource, origin: Part, *, website: bool) -> Fix:
    if website:
        return Fix("name the bucket by its own endpoint, with an origin access control")
    return set_fix(distribution, [(origin.at(CUSTOM, POLICY), "https-only")], "ask over HTTPS")
