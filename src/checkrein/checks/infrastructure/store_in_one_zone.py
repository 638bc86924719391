"""A store stands in one zone.

## Why

A zone fails now and then, with the hosts in it. A store with a standby in another one goes on; one without is away, and what was
written last may be lost. (Aurora keeps its data in three zones whatever the number of its instances.)

## Fix

Set `MultiAZ`, `AutomaticFailoverEnabled` with `MultiAZEnabled`, or `ZoneAwarenessEnabled`.

## Examples

```yaml bad template.yaml
Resources:
  Orders:  #? Orders stands in one zone
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, MasterUsername: shop, ManageMasterUserPassword: true}
```

```yaml good template.yaml
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, MasterUsername: shop, ManageMasterUserPassword: true, MultiAZ: true}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import place_of, set_fix
from checkrein.checks.databases import GROUP, INSTANCE, OLD_SEARCH, SEARCH, is_member, told
from checkrein.model import App, Finding, Path, Resource

SETTINGS: dict[str, Path] = {
    INSTANCE: ("MultiAZ",),
    GROUP: ("AutomaticFailoverEnabled",),
    SEARCH: ("ClusterConfig", "ZoneAwarenessEnabled"),
    OLD_SEARCH: ("ElasticsearchClusterConfig", "ZoneAwarenessEnabled"),
}


@check(
    resource(*SETTINGS),
    fault=1,
    topics=("availability",),
    frameworks=("CWE-693", "AWS-FSBP:RDS.5", "AWS-FSBP:ElastiCache.3", "NIST-800-53r5:CP-10"),
    peers=(
        *("CKV_AWS_157", "RDS.5", "RDS.15", "ElastiCache.3", "ES.6", "OpenSearch.6"),
        *("AwsSolutions-RDS3", "AwsSolutions-AEC4", "AwsSolutions-OS7", "RDS_MULTI_AZ_SUPPORT"),
        *("ELASTICSEARCH_DATA_NODE_FAULT_TOLERANCE", "OPENSEARCH_DATA_NODE_FAULT_TOLERANCE"),
        *("rds_instance_multi_az", "elasticache_redis_cluster_automatic_failover_enabled"),
        *("elasticache_redis_cluster_multi_az_enabled",),
        "opensearch_service_domains_fault_tolerant_data_nodes",
    ),
    hygiene=True,
)
def store_in_one_zone(store: Resource, app: App) -> Iterator[Finding]:
    path = SETTINGS[store.type]
    if is_member(store) or store[path]:
        return
    data, _ = told(app, store)
    yield Finding(
        place_of(store, path),
        f"{store.name} stands in one zone",
        cwe="CWE-693",
        endangers=(store.id,),
        fix=set_fix(store, [(path, True)], "keep a standby in another zone"),
        data=data,
    )
