"""A search domain can be reached from the internet.

## Why

A domain outside a VPC has a public address: its access policy is all that stands before the index. A collection of OpenSearch
Serverless is public where its network policy says `AllowFromPublic`; then the data access policy alone decides.

## Fix

Put the domain into the VPC of its functions (`VPCOptions`), the collection behind a VPC endpoint (`SourceVPCEs`).

## Examples

```yaml bad checkrein.yaml
resources:
  template/Patients: {holds: [phi.diagnosis]}
```

```yaml bad template.yaml
Resources:
  Patients:  #! Patients (diagnosis or condition) has a public address
    Type: AWS::OpenSearchService::Domain
    Properties: {EncryptionAtRestOptions: {Enabled: true}}
```

```yaml bad template.yaml
Resources:
  Rides:
    Type: AWS::OpenSearchServerless::Collection
    Properties: {Name: rides, Type: SEARCH}
  Network:  #? Network lets the internet reach the collection rides
    Type: AWS::OpenSearchServerless::SecurityPolicy
    Properties:
      Name: rides
      Type: network
      Policy: '[{"Rules": [{"ResourceType": "collection", "Resource": ["collection/rides"]}], "AllowFromPublic": true}]'
```

```yaml good checkrein.yaml
resources:
  template/Patients: {holds: [phi.diagnosis]}
```

```yaml good template.yaml
Resources:
  Patients:
    Type: AWS::OpenSearchService::Domain
    Properties: {EncryptionAtRestOptions: {Enabled: true}, VPCOptions: {SubnetIds: [subnet-1], SecurityGroupIds: [sg-1]}}
```
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

from checkrein.checks import check, resource
from checkrein.checks.context import kept, resources, together
from checkrein.checks.databases import OLD_SEARCH, SEARCH, told
from checkrein.checks.questions import listed, titles
from checkrein.checks.worth import valuable
from checkrein.model import App, Finding, Resource, Text, Value
from checkrein.model.values import items_of, members_of

POLICY, COLLECTION = (
    "AWS::OpenSearchServerless::SecurityPolicy",
    "AWS::OpenSearchServerless::Collection",
)


@check(
    resource(SEARCH, OLD_SEARCH, POLICY),
    fault=2,
    topics=("public-access",),
    frameworks=(
        *("CWE-668", "OWASP-2025:A01", "OWASP-2021:A01", "AWS-FSBP:Opensearch.2"),
        *("PCI-DSS-4.0.1:1.4.4", "NIST-800-53r5:SC-7"),
    ),
    peers=(
        *("ES.2", "Opensearch.2", "OpenSearch.2", "W90", "CKV_AWS_137", "AwsSolutions-OS1"),
        *("ELASTICSEARCH_IN_VPC_ONLY", "OPENSEARCH_IN_VPC_ONLY"),
        "opensearch_service_domains_not_publicly_accessible",
    ),
)
def public_search_domain(store: Resource, app: App) -> Iterator[Finding]:
    if store.type == POLICY:
        yield from _collections(store, app)
        return
    if store.value("VPCOptions") is not None:
        return
    data, named = told(app, store)
    yield Finding(
        store.place,
        f"{store.name}{named} has a public address",
        cwe="CWE-668",
        endangers=(store.id,),
        data=data,
        hygiene=not data,
    )


def _collections(policy: Resource, app: App) -> Iterator[Finding]:
    if policy.value("Type") != "network":
        return
    for rule in _parsed(policy.value("Policy")):
        if rule.get("AllowFromPublic") is not True:
            continue
        patterns = _patterns(rule)
        near = [c for c in resources(app, COLLECTION) if together(app, c, policy)]
        found = [c for c in near if _is_of(c, patterns)]
        data = valuable(app, {data for each in found for data in kept(app, each.id)})
        names = listed(str(p).removeprefix("collection/") for p in patterns) if patterns else "all"
        named = f" ({titles(data)})" if data else ""
        yield Finding(
            policy.place,
            f"{policy.name} lets the internet reach the collection {names}{named}",
            cwe="CWE-668",
            endangers=tuple(each.id for each in found),
            key=(names,),
            data=tuple(data),
            hygiene=not data,
        )


def _patterns(rule: dict[str, Any]) -> list[Any]:
    """Return what a rule of a policy is for, as it names it."""
    inner = [members_of(each, "Rules") for each in items_of(rule.get("Rules"), "Rules")]
    return [pattern for each in inner for pattern in items_of(each.get("Resource"), "Resource")]


def _is_of(collection: Resource, patterns: list[Any]) -> bool:
    name = collection.value("Name")
    if not isinstance(name, str):
        return True
    return any(fnmatchcase(f"collection/{name}", str(pattern)) for pattern in patterns)


def _parsed(value: Value) -> list[dict[str, Any]]:
    """Return the rules of a policy's JSON text; a symbol in it stands for a name."""
    parts = value.parts if isinstance(value, Text) else (value,)
    text = "".join(p if isinstance(p, str) else str(getattr(p, "owner", "*")) for p in parts)
    try:
        found = json.loads(text)
    except ValueError:
        return []
    return [
        rule for rule in (found if isinstance(found, list) else [found]) if isinstance(rule, dict)
    ]
