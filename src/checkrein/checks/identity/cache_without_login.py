"""A cache asks nobody who they are.

## Why

Without a token or users of its own a cache answers whatever can reach its port: one function that is taken over, or a group
that lets in too much, is enough to read every session and to write what others will trust.

## Fix

Set `AuthToken` from a secret, or `UserGroupIds` (`ACLName` for MemoryDB), which need TLS on the way.

## Examples

```yaml bad checkrein.yaml
resources:
  template/Sessions: {holds: [cred.session]}
```

```yaml bad template.yaml
Resources:
  Sessions:  #! Sessions (session or signed token) asks no one who they are
    Type: AWS::ElastiCache::ReplicationGroup
    Properties: {ReplicationGroupDescription: sessions, TransitEncryptionEnabled: true}
```

```yaml bad template.yaml
Resources:
  Pages:
    Type: AWS::MemoryDB::Cluster
    Properties:
      NodeType: db.t4g.small
      ACLName: open-access  #? Pages asks no one who they are
```

```yaml good checkrein.yaml
resources:
  template/Sessions: {holds: [cred.session]}
```

```yaml good template.yaml
Resources:
  Sessions:
    Type: AWS::ElastiCache::ReplicationGroup
    Properties:
      ReplicationGroupDescription: sessions
      TransitEncryptionEnabled: true
      AuthToken: "{{resolve:secretsmanager:sessions:SecretString:token}}"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import place_of
from checkrein.checks.databases import CACHE, GROUP, MEMORY, SERVERLESS_CACHE, told
from checkrein.model import App, Finding, Resource

LOGINS = {
    GROUP: ("AuthToken", "UserGroupIds"),
    SERVERLESS_CACHE: ("UserGroupId",),
    MEMORY: ("ACLName",),
    CACHE: (),
}
OPEN = "open-access"


@check(
    resource(*LOGINS),
    fault=2,
    topics=("authentication",),
    frameworks=(
        *("CWE-306", "OWASP-2025:A07", "OWASP-2021:A07", "AWS-FSBP:ElastiCache.6"),
        *("PCI-DSS-4.0.1:8.3.1", "NIST-800-53r5:IA-2"),
    ),
    peers=(
        *("CKV_AWS_31", "ElastiCache.6", "F44", "AwsSolutions-AEC6"),
        "elasticache_redis_replication_group_auth_enabled",
    ),
)
def cache_without_login(cache: Resource, app: App) -> Iterator[Finding]:
    if cache.type == CACHE and cache["Engine"] == "memcached":
        return  # it knows no login
    given = [cache.value(name) for name in LOGINS[cache.type]]
    if any(value is not None and value != OPEN for value in given):
        return
    data, named = told(app, cache)
    yield Finding(
        place_of(cache, LOGINS[cache.type][0]) if LOGINS[cache.type] else cache.place,
        f"{cache.name}{named} asks no one who they are",
        cwe="CWE-306",
        endangers=(cache.id,),
        data=data,
        hygiene=not data,
    )
