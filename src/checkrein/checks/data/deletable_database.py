"""A database can be deleted by one call.

## Why

Deletion protection makes two steps of what a wrong script, or somebody with the right to delete, does in one. CloudFormation
takes a last snapshot of clusters and instances by default; whoever deletes with the API needs not.

## Fix

Set `DeletionProtection: true`.

## Examples

```yaml bad template.yaml
Resources:
  Orders:  #? Orders can be deleted by one call
    Type: AWS::RDS::DBCluster
    Properties: {Engine: aurora-postgresql, MasterUsername: shop, ManageMasterUserPassword: true}
```

```yaml good template.yaml
Resources:
  Orders:
    Type: AWS::RDS::DBCluster
    Properties:
      {Engine: aurora-postgresql, MasterUsername: shop, ManageMasterUserPassword: true, DeletionProtection: true}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import place_of, set_fix
from checkrein.checks.databases import CLUSTER, DOCUMENTS, GRAPH, INSTANCE, is_member, told
from checkrein.model import App, Finding, Resource

PROPERTIES = {
    INSTANCE: "DeletionProtection",
    CLUSTER: "DeletionProtection",
    DOCUMENTS: "DeletionProtection",
    GRAPH: "DeletionProtection",
    "AWS::DSQL::Cluster": "DeletionProtectionEnabled",
}


@check(
    resource(*PROPERTIES),
    fault=1,
    topics=("backup",),
    frameworks=("CWE-693", "AWS-FSBP:RDS.7", "AWS-FSBP:RDS.8", "NIST-800-53r5:CP-9"),
    peers=(
        *("RDS.7", "RDS.8", "DocumentDB.5", "Neptune.4", "F80", "AwsSolutions-RDS10"),
        *("RDS_INSTANCE_DELETION_PROTECTION_ENABLED", "CKV_AWS_139", "CKV_AWS_293"),
        *("rds_instance_deletion_protection", "rds_cluster_deletion_protection"),
        *("documentdb_cluster_deletion_protection", "neptune_cluster_deletion_protection"),
    ),
    hygiene=True,
)
def deletable_database(database: Resource, app: App) -> Iterator[Finding]:
    property = PROPERTIES[database.type]
    if is_member(database) or database[property]:
        return
    data, named = told(app, database)
    yield Finding(
        place_of(database, property),
        f"{database.name}{named} can be deleted by one call",
        cwe="CWE-693",
        endangers=(database.id,),
        fix=set_fix(database, [(property, True)], "protect against deletion", safe=True),
        data=data,
    )
