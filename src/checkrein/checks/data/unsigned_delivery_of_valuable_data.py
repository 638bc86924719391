"""A distribution hands files with valuable data to whoever knows their address.

## Why

A bucket that only CloudFront may read is closed; the distribution before it is not. Without signed URLs or cookies
everybody who learns or guesses an address has the file, and so has the cache.

## Fix

Set `TrustedKeyGroups` and let a function that knows its caller sign URLs or cookies, or ask in a function at the edge
(`viewer-request`).

## Examples

```yaml bad checkrein.yaml
resources:
  template/Invoices: {holds: [pii.address]}
```

```yaml bad template.yaml
Resources:
  Invoices: {Type: AWS::S3::Bucket}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{Id: invoices, DomainName: !GetAtt Invoices.RegionalDomainName, OriginAccessControlId: E1, S3OriginConfig: {}}]
        DefaultCacheBehavior:
          TargetOriginId: invoices  #! anyone who knows an address gets what Invoices holds (postal address) from Site
          ViewerProtocolPolicy: https-only
```

```yaml good checkrein.yaml
resources:
  template/Invoices: {holds: [pii.address]}
```

```yaml good template.yaml
Resources:
  Invoices: {Type: AWS::S3::Bucket}
  Site:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{Id: invoices, DomainName: !GetAtt Invoices.RegionalDomainName, OriginAccessControlId: E1, S3OriginConfig: {}}]
        DefaultCacheBehavior:
          TargetOriginId: invoices
          ViewerProtocolPolicy: https-only
          TrustedKeyGroups: [11111111-2222-3333-4444-555555555555]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import kept
from checkrein.checks.distributions import (
    DISTRIBUTION,
    Part,
    behaviours,
    origin_of,
    runs_at_edge,
    sources,
)
from checkrein.checks.questions import titles
from checkrein.model import App, Finding, Resource

BUCKET = "AWS::S3::Bucket"
SMALL = 1  # fault
SHOWN = frozenset({"pii.photo", "pii.name"})  # often for all to see: avatars, banners
ASKING = ("TrustedKeyGroups", "TrustedSigners")


@check(
    resource(DISTRIBUTION),
    fault=2,
    topics=("authentication",),
    frameworks=("CWE-306", "CWE-552", "OWASP-2025:A01", "OWASP-2021:A01", "NIST-800-53r5:AC-3"),
)
def unsigned_delivery_of_valuable_data(distribution: Resource, app: App) -> Iterator[Finding]:
    for behaviour in behaviours(distribution):
        origin = origin_of(distribution, behaviour)
        for bucket in sources(app, origin) if origin else ():
            data = kept(app, bucket.id) if bucket.type == BUCKET else []
            if data and not _asks(behaviour):
                yield Finding(
                    distribution.where(behaviour.at("TargetOriginId")),
                    f"anyone who knows an address gets what {bucket.name} holds"
                    f" ({titles(data)}) from {distribution.name}",
                    cwe="CWE-552",
                    endangers=(bucket.id, distribution.id),
                    key=(bucket.id, str(behaviour.settings.get("PathPattern"))),
                    confidence="likely",
                    data=tuple(data),
                    by=("@anyone",),
                    fault=SMALL if SHOWN.issuperset(data) else 0,
                )


def _asks(behaviour: Part) -> bool:
    """Tell whether a behaviour asks for a signature, or code at the edge may ask who calls."""
    asks = any(behaviour.settings.get(name) for name in ASKING)
    return asks or runs_at_edge(behaviour, "request")
