"""A public zone is not signed.

## Why

Answers of an unsigned zone can be forged on the way to a resolver; then a name leads to somebody else's host. Certificates
stand in the way of the rest.

## Fix

Add `AWS::Route53::KeySigningKey` and `AWS::Route53::DNSSEC`, and give the parent zone the DS record.

## Examples

```yaml bad template.yaml
Resources:
  Zone:  #? answers of Zone are not signed
    Type: AWS::Route53::HostedZone
    Properties: {Name: example.com}
```

```yaml good template.yaml
Resources:
  Zone:
    Type: AWS::Route53::HostedZone
    Properties: {Name: example.com}
  Signed:
    Type: AWS::Route53::DNSSEC
    Properties: {HostedZoneId: !Ref Zone}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import configuring
from checkrein.model import App, Finding, Resource


@check(
    resource("AWS::Route53::HostedZone"),
    fault=1,
    topics=("integrity",),
    frameworks=("CWE-345", "NIST-800-53r5:SC-20"),
    peers=("CKV2_AWS_38",),
    hygiene=True,
)
def unsigned_zone(zone: Resource, app: App) -> Iterator[Finding]:
    if zone.value("VPCs") or configuring(app, zone.id, "AWS::Route53::DNSSEC", "HostedZoneId"):
        return
    yield Finding(
        zone.place,
        f"answers of {zone.name} are not signed",
        cwe="CWE-345",
        endangers=(zone.id,),
    )
