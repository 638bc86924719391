"""What functions and a store send each other is not encrypted.

## Why

Inside a network too, traffic can be mirrored, and hosts be taken over: card and health rules ask for encryption on the
way everywhere. A replication group of ElastiCache is without TLS unless `TransitEncryptionEnabled` is set; databases,
proxies and search domains take connections without it where the setting that demands it is off (PostgreSQL demands it by default since
version 15).

## Fix

Set `TransitEncryptionEnabled`, `TLSEnabled`, `RequireTLS`, `EnforceHTTPS` or the parameter (`rds.force_ssl: 1`,
`require_secure_transport: ON`, `tls: enabled`), and let clients connect with TLS.

## Examples

```yaml bad checkrein.yaml
resources:
  template/Sessions: {holds: [cred.session]}
```

```yaml bad template.yaml
Resources:
  Sessions:  #! Sessions (session or signed token) takes connections without TLS
    Type: AWS::ElastiCache::ReplicationGroup
    Properties: {ReplicationGroupDescription: sessions, AtRestEncryptionEnabled: true}
```

```yaml bad template.yaml
Resources:
  Settings:
    Type: AWS::RDS::DBParameterGroup
    Properties:
      Family: postgres17
      Description: legacy clients
      Parameters:
        rds.force_ssl: "0"  #? databases with Settings take connections without TLS
```

```yaml good checkrein.yaml
resources:
  template/Sessions: {holds: [cred.session]}
```

```yaml good template.yaml
Resources:
  Sessions:
    Type: AWS::ElastiCache::ReplicationGroup
    Properties: {ReplicationGroupDescription: sessions, AtRestEncryptionEnabled: true, TransitEncryptionEnabled: true}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import configuring, kept, place_of, refers, resources, set_fix
from checkrein.checks.databases import (
    CACHE,
    CLUSTER,
    DOCUMENTS,
    GROUP,
    INSTANCE,
    MEMORY,
    OLD_SEARCH,
    SEARCH,
    WAREHOUSE,
)
from checkrein.checks.questions import titles
from checkrein.checks.worth import valuable
from checkrein.model import App, Finding, Path, Resource

PROXY = "AWS::RDS::DBProxy"
HTTPS, NODES = ("DomainEndpointOptions", "EnforceHTTPS"), ("NodeToNodeEncryptionOptions", "Enabled")
SETTINGS: dict[str, tuple[tuple[Path, bool], ...]] = {  # properties, whether on by default
    GROUP: ((("TransitEncryptionEnabled",), False),),
    CACHE: ((("TransitEncryptionEnabled",), False),),
    MEMORY: ((("TLSEnabled",), True),),
    PROXY: ((("RequireTLS",), False),),
    SEARCH: ((HTTPS, False), (NODES, False)),
    OLD_SEARCH: ((HTTPS, False), (NODES, False)),
}
PARAMETERS = {  # what turns TLS off, or no longer demands it, in parameter groups
    "rds.force_ssl": ("0", "off", "1"),
    "require_secure_transport": ("0", "off", "ON"),
    "tls": ("disabled", "disabled", "enabled"),
    "require_ssl": ("false", "off", "true"),
    "neptune_enforce_ssl": ("0", "0", "1"),
}
GROUPS = {
    "AWS::RDS::DBParameterGroup": (INSTANCE, "DBParameterGroupName"),
    "AWS::RDS::DBClusterParameterGroup": (CLUSTER, "DBClusterParameterGroupName"),
    "AWS::DocDB::DBClusterParameterGroup": (DOCUMENTS, "DBClusterParameterGroupName"),
    "AWS::Redshift::ClusterParameterGroup": (WAREHOUSE, "ClusterParameterGroupName"),
}


@check(
    resource(*SETTINGS, *GROUPS),
    fault=2,
    topics=("encryption-in-transit",),
    frameworks=(
        *("CWE-319", "OWASP-2025:A04", "OWASP-2021:A02", "AWS-FSBP:ElastiCache.5"),
        *("AWS-FSBP:RDS.38", "AWS-FSBP:RDS.39", "PCI-DSS-4.0.1:4.2.1", "NIST-800-53r5:SC-8"),
        "HIPAA:164.312(e)(1)",
    ),
    peers=(
        *("CKV_AWS_30", "CKV_AWS_83", "CKV_AWS_90", "CKV_AWS_105", "ElastiCache.5", "RDS.38"),
        *(
            "RDS.39",
            "Redshift.2",
            "ES.8",
            "Opensearch.8",
            "OpenSearch.8",
            "ES.3",
            "OpenSearch.3",
            "CKV_AWS_6",
            "W85",
            "F33",
            "AwsSolutions-AEC3",
            "AWS-0051",
        ),
        *("ELASTICACHE_REPLICATION_GROUP_TRANSIT_ENCRYPTION", "OPENSEARCH_HTTPS_REQUIRED"),
        *("ELASTICSEARCH_HTTPS_REQUIRED", "rds_instance_transport_encrypted", "AWS-0046"),
        *("elasticache_redis_cluster_in_transit_encryption_enabled",),
        *("memorydb_cluster_in_transit_encryption_enabled",),
        *("AwsSolutions-OS2", "ELASTICSEARCH_NODE_TO_NODE_ENCRYPTION_CHECK", "AWS-0043"),
        "OPENSEARCH_NODE_TO_NODE_ENCRYPTION_CHECK",
        "opensearch_service_domains_node_to_node_encryption_enabled",
        "opensearch_service_domains_https_communications_enforced",
    ),
)
def plaintext_connection(store: Resource, app: App) -> Iterator[Finding]:
    if store.type in GROUPS:
        yield from _parameters(store, app)
        return
    for path, by_default in SETTINGS[store.type]:
        if store.type == CACHE and store["Engine"] == "memcached" and store[path] is None:
            return  # most of its clients know no TLS
        on = store[path]
        if not (by_default if on is None else on):
            yield _finding(store, app, path)


def _finding(store: Resource, app: App, path: Path) -> Finding:
    data = kept(app, store.id)
    if store.type == PROXY:
        data = _behind(app, store)
    does = "sends its nodes data" if path == NODES else "takes connections"
    return Finding(
        place_of(store, path),
        f"{store.name}{f' ({titles(data)})' if data else ''} {does} without TLS",
        cwe="CWE-319",
        endangers=(store.id,),
        fix=set_fix(store, [(path, True)], "demand TLS"),
        key=tuple(map(str, path)),
        data=tuple(data),
        hygiene=not data,
    )


def _behind(app: App, proxy: Resource) -> list[str]:
    """Return the valuable classes of the databases behind a proxy."""
    groups = configuring(app, proxy.id, "AWS::RDS::DBProxyTargetGroup", "DBProxyName")
    named = [g.value(n) for g in groups for n in ("DBClusterIdentifiers", "DBInstanceIdentifiers")]
    stores = [s for s in resources(app, CLUSTER, INSTANCE) if refers(app, named, s.id)]
    return valuable(app, {data for store in stores for data in kept(app, store.id)})


def _parameters(group: Resource, app: App) -> Iterator[Finding]:
    given = group.value("Parameters")
    type, property = GROUPS[group.type]
    users = configuring(app, group.id, type, property)
    for name, (off, other, on) in PARAMETERS.items():
        value = given.get(name) if isinstance(given, dict) else None
        if not isinstance(value, (str, int, bool)) or str(value).lower() not in (off, other):
            continue
        data = valuable(app, {data for user in users for data in kept(app, user.id)})
        named = titles(data) if data else ""
        yield Finding(
            group.where(("Parameters", name)),
            f"databases with {group.name}{f' ({named})' if named else ''}"
            " take connections without TLS",
            cwe="CWE-319",
            endangers=tuple(user.id for user in users),
            fix=set_fix(group, [(("Parameters", name), on)], "demand TLS"),
            key=(name,),
            data=tuple(data),
            hygiene=not data,
        )
