"""A failover record never fails over.

## Why

Route 53 answers with the secondary record only while it takes the primary for ill. Without a health check, and for an alias
without `EvaluateTargetHealth`, the primary is always well: the second region is paid for and never used.

## Fix

Set `HealthCheckId`, or `EvaluateTargetHealth: true` on an alias.

## Examples

```yaml bad template.yaml
Resources:
  Primary:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: Z1
      Name: api.example.com
      Type: CNAME
      TTL: "60"
      SetIdentifier: first
      Failover: PRIMARY  #! api.example.com never fails over: nothing tells whether first is well
      ResourceRecords: [first.example.com]
```

```yaml good template.yaml
Resources:
  Primary:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: Z1
      Name: api.example.com
      Type: CNAME
      TTL: "60"
      SetIdentifier: first
      Failover: PRIMARY
      HealthCheckId: !Ref Health
      ResourceRecords: [first.example.com]
  Health:
    Type: AWS::Route53::HealthCheck
    Properties: {HealthCheckConfig: {Type: HTTPS, FullyQualifiedDomainName: first.example.com}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checkrein.checks import check, resource
from checkrein.model import App, Finding, Path, Resource
from checkrein.model.values import at_path

RECORD, RECORDS = "AWS::Route53::RecordSet", "AWS::Route53::RecordSetGroup"


@check(
    resource(RECORD, RECORDS),
    fault=2,
    topics=("availability",),
    frameworks=("CWE-693", "NIST-800-53r5:CP-10", "NIST-800-53r5:SC-5"),
)
def failover_without_health_check(source: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
    for path, record in _records(source):
        evaluated = at_path(record, ("AliasTarget", "EvaluateTargetHealth"))
        if record.get("Failover") != "PRIMARY" or record.get("HealthCheckId") or evaluated:
            continue
        name = record.get("Name")
        named = name if isinstance(name, str) else source.name
        which = record.get("SetIdentifier")
        yield Finding(
            source.where((*path, "Failover")),
            f"{named} never fails over: nothing tells whether"
            f" {which if isinstance(which, str) else 'the primary'} is well",
            cwe="CWE-693",
            endangers=(source.id,),
            key=(str(named),),
        )


def _records(source: Resource) -> Iterator[tuple[Path, dict[str, Any]]]:
    if source.type == RECORD:
        yield (), source.properties
        return
    listed = source.value("RecordSets")
    for index, record in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(record, dict):
            yield ("RecordSets", index), record
