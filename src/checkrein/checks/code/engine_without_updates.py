"""A database does not take its minor updates.

## Why

Minor versions mend known holes. They come by themselves in the maintenance window, unless that is switched off; then somebody has to
remember.

## Fix

Set `AutoMinorVersionUpgrade: true`, or leave it out.

## Examples

```yaml bad template.yaml
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      MasterUsername: shop
      ManageMasterUserPassword: true
      AutoMinorVersionUpgrade: false  #? Orders does not take its minor updates
```

```yaml good template.yaml
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, MasterUsername: shop, ManageMasterUserPassword: true}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import set_fix
from checkrein.checks.databases import CACHE, CLUSTER, GROUP, INSTANCE, MEMORY
from checkrein.model import App, Finding, Resource

PROPERTY = "AutoMinorVersionUpgrade"


@check(
    resource(INSTANCE, CLUSTER, GROUP, CACHE, MEMORY, "AWS::Neptune::DBInstance"),
    fault=1,
    topics=("dependencies",),
    frameworks=(
        *("CWE-1104", "OWASP-2025:A03", "OWASP-2021:A06", "AWS-FSBP:RDS.13"),
        *("AWS-FSBP:RDS.35", "PCI-DSS-4.0.1:6.3.3", "NIST-800-53r5:SI-2"),
    ),
    peers=(
        *("RDS.13", "RDS.35", "ElastiCache.2", "CKV_AWS_226", "AwsSolutions-N2"),
        *(
            "RDS_AUTOMATIC_MINOR_VERSION_UPGRADE_ENABLED",
            "rds_cluster_minor_version_upgrade_enabled",
        ),
        *("rds_instance_minor_version_upgrade_enabled",),
        *("elasticache_redis_cluster_auto_minor_version_upgrades",),
        "memorydb_cluster_auto_minor_version_upgrades",
    ),
    hygiene=True,
)
def engine_without_updates(database: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
    if database.value(PROPERTY) is False:
        yield Finding(
            database.where(PROPERTY),
            f"{database.name} does not take its minor updates",
            cwe="CWE-1104",
            endangers=(database.id,),
            fix=set_fix(database, [(PROPERTY, True)], "take minor updates", safe=True),
        )
