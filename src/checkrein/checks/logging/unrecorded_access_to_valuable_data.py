"""The audit trail does not record who reads valuable data.

## Why

A trail records what is done to buckets, tables and functions, but not who gets an object, reads an item or calls: these are data
events, which have to be asked for. When data has leaked they are the only list of what was read.

## Fix

Add `EventSelectors` (or `AdvancedEventSelectors`) with `DataResources` for the stores that keep valuable data.

## Examples

```yaml bad checkrein.yaml
resources:
  template/Scans: {holds: [phi.diagnosis]}
```

```yaml bad template.yaml
Resources:
  Scans: {Type: AWS::S3::Bucket}
  Trail:  #! Trail does not record who reads Scans (diagnosis or condition)
    Type: AWS::CloudTrail::Trail
    Properties: {S3BucketName: trails, IsLogging: true}
```

```yaml good checkrein.yaml
resources:
  template/Scans: {holds: [phi.diagnosis]}
```

```yaml good template.yaml
Resources:
  Scans: {Type: AWS::S3::Bucket}
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties:
      S3BucketName: trails
      IsLogging: true
      EventSelectors: [{DataResources: [{Type: "AWS::S3::Object", Values: ["arn:aws:s3"]}]}]
```

What a parameter decides is not told:

```yaml good checkrein.yaml
resources:
  template/Scans: {holds: [phi.diagnosis]}
```

```yaml good template.yaml
Parameters: {Detailed: {Type: String}}
Conditions: {IsDetailed: !Equals [!Ref Detailed, "yes"]}
Resources:
  Scans: {Type: AWS::S3::Bucket}
  Trail:
    Type: AWS::CloudTrail::Trail
    Properties:
      S3BucketName: trails
      IsLogging: true
      EventSelectors:
        - IncludeManagementEvents: true
          DataResources: !If [IsDetailed, [{Type: "AWS::S3::Object", Values: [!Sub "${Scans.Arn}/"]}], !Ref AWS::NoValue]
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checkrein.checks import check, resource
from checkrein.checks.context import is_open, kept, owners, resources, together
from checkrein.checks.questions import listed, titles
from checkrein.checks.worth import valuable, value
from checkrein.model import App, Finding, Resource
from checkrein.model.values import items_of, members_of

STORES = {
    "AWS::S3::Bucket": "AWS::S3::Object",
    "AWS::DynamoDB::Table": "AWS::DynamoDB::Table",
}
RESOURCES = "DataResources"
PARTS = 4  # colons of an ARN that names more than a service
HIGH = 7  # a class from here on is worth a list of who read it


@check(
    resource("AWS::CloudTrail::Trail"),
    fault=1,
    topics=("logging",),
    frameworks=(
        *("CWE-778", "OWASP-2025:A09", "OWASP-2021:A09", "PCI-DSS-4.0.1:10.2.1.1"),
        *("HIPAA:164.312(b)", "NIST-800-53r5:AU-2"),
    ),
    peers=(
        *("CLOUDTRAIL_S3_DATAEVENTS_ENABLED", "S3.22", "S3.23"),
        *("cloudtrail_s3_dataevents_read_enabled", "cloudtrail_s3_dataevents_write_enabled"),
    ),
)
def unrecorded_access_to_valuable_data(trail: Resource, app: App) -> Iterator[Finding]:
    selectors = [trail.value("EventSelectors"), trail.value("AdvancedEventSelectors")]
    if any(map(_is_open, selectors)):
        return
    missed = [
        store
        for store in resources(app, *STORES)
        if together(app, store, trail)
        and any(value(app, data) >= HIGH for data in kept(app, store.id))
        and not _covers(app, _values(selectors, STORES[store.type]), store)
    ]
    if missed:
        data = valuable(app, {d for store in missed for d in kept(app, store.id)})
        yield Finding(
            trail.place,
            f"{trail.name} does not record who reads {listed(s.name for s in missed)}"
            f" ({titles(data)})",
            cwe="CWE-778",
            endangers=tuple(store.id for store in missed),
            data=tuple(data),
        )


def _is_open(selectors: Any) -> bool:
    """Tell whether nobody here can see what is recorded."""
    named = selectors if isinstance(selectors, list) else []
    return is_open(selectors) or any(
        not isinstance(each, dict) or is_open(each.get(RESOURCES)) for each in named
    )


def _values(selectors: list[Any], type: str) -> list[Any] | None:
    """Return the ARNs of a type that are recorded, None for none; an empty list is all."""
    basic, advanced = selectors
    found: list[Any] = []
    for selector in items_of(basic, "EventSelectors"):
        for each in items_of(members_of(selector, "EventSelectors").get(RESOURCES), RESOURCES):
            resource = members_of(each, RESOURCES)
            if resource.get("Type") == type:
                found += items_of(resource.get("Values"), "Values") or ["*"]
    if any(type in str(selector) for selector in items_of(advanced, "AdvancedEventSelectors")):
        found.append("*")
    return found or None


def _covers(app: App, recorded: list[Any] | None, store: Resource) -> bool:
    if recorded is None:
        return False
    wide = any(isinstance(arn, str) and (arn == "*" or arn.count(":") < PARTS) for arn in recorded)
    return wide or store.id in owners(app, recorded)
