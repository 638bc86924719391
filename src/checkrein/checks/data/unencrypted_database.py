"""A database keeps its data unencrypted.

## Why

Storage, backups and snapshots that are not encrypted can be read by whoever gets at them, and shared with any account. It
cannot be changed later without a copy. Aurora clusters made since February 2026, DynamoDB, MemoryDB and serverless
caches are always encrypted; instances of RDS, Neptune, DocumentDB, replication groups and search domains are where they are told to be.

## Fix

Set `StorageEncrypted: true` (`AtRestEncryptionEnabled`, `EncryptionAtRestOptions.Enabled`). An existing database is
replaced by that: restore it from an encrypted copy of a snapshot.

## Examples

```yaml bad checkrein.yaml
resources:
  template/Patients: {holds: [phi.diagnosis]}
```

```yaml bad template.yaml
Resources:
  Patients:  #! Patients (diagnosis or condition) is not encrypted at rest
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, MasterUsername: clinic, ManageMasterUserPassword: true}
```

```yaml bad template.yaml
Resources:
  Cache:
    Type: AWS::ElastiCache::ReplicationGroup
    Properties:
      ReplicationGroupDescription: pages
      AtRestEncryptionEnabled: false  #? Cache is not encrypted at rest
```

```yaml good checkrein.yaml
resources:
  template/Patients: {holds: [phi.diagnosis]}
```

```yaml good template.yaml
Resources:
  Patients:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, MasterUsername: clinic, ManageMasterUserPassword: true, StorageEncrypted: true}
  Orders:
    Type: AWS::RDS::DBCluster
    Properties: {Engine: aurora-postgresql, MasterUsername: shop, ManageMasterUserPassword: true}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import place_of, set_fix
from checkrein.checks.databases import (
    CLUSTER,
    DOCUMENTS,
    GRAPH,
    GROUP,
    INSTANCE,
    OLD_SEARCH,
    SEARCH,
    WAREHOUSE,
    is_aurora,
    is_copy,
    is_member,
    told,
)
from checkrein.model import App, Finding, Resource

PROPERTIES = {
    INSTANCE: "StorageEncrypted",
    CLUSTER: "StorageEncrypted",
    DOCUMENTS: "StorageEncrypted",
    GRAPH: "StorageEncrypted",
    WAREHOUSE: "Encrypted",
    GROUP: "AtRestEncryptionEnabled",
    SEARCH: "EncryptionAtRestOptions.Enabled",
    OLD_SEARCH: "EncryptionAtRestOptions.Enabled",
    "AWS::EFS::FileSystem": "Encrypted",
    "AWS::EC2::Volume": "Encrypted",
}
BY_DEFAULT = frozenset({WAREHOUSE})  # new warehouses are encrypted unless told otherwise


@check(
    resource(*PROPERTIES),
    fault=2,
    topics=("encryption-at-rest",),
    frameworks=(
        "CWE-311",
        "AWS-FSBP:RDS.3",
        "AWS-FSBP:RDS.27",
        "AWS-FSBP:Opensearch.1",
        "AWS-FSBP:ElastiCache.4",
        "CIS-AWS-7.0:3.2.1",
    ),
    peers=(
        *("CKV_AWS_16", "CKV_AWS_96", "CKV_AWS_74", "CKV_AWS_44", "CKV_AWS_64", "CKV_AWS_29"),
        *("CKV_AWS_5", "CKV_AWS_42", "CKV_AWS_3", "RDS.3", "RDS.27", "DocumentDB.1", "Neptune.1"),
        *("Redshift.10", "ElastiCache.4", "ES.1", "Opensearch.1", "OpenSearch.1", "EFS.1", "EC2.3"),
        *("F26", "F27", "F30", "F25", "W54", "AwsSolutions-RDS2", "AwsSolutions-DOC1"),
        *("AwsSolutions-N4", "AwsSolutions-AEC3", "AwsSolutions-OS8", "AwsSolutions-EC26"),
        *("RDS_STORAGE_ENCRYPTED", "ELASTICSEARCH_ENCRYPTED_AT_REST", "ENCRYPTED_VOLUMES"),
        *("ELASTICACHE_REPLICATION_GROUP_ENCRYPTION_AT_REST", "OPENSEARCH_ENCRYPTED_AT_REST"),
        *("rds_instance_storage_encrypted", "rds_cluster_storage_encrypted"),
        *("documentdb_cluster_storage_encrypted", "neptune_cluster_storage_encrypted"),
        *("opensearch_service_domains_encryption_at_rest_enabled", "ec2_ebs_volume_encryption"),
        *("elasticache_redis_cluster_rest_encryption_enabled", "efs_encryption_at_rest_enabled"),
        *("AWS-0080", "AWS-0079", "AWS-0045", "AWS-0048", "AWS-0026", "AWS-0037"),
    ),
)
def unencrypted_database(database: Resource, app: App) -> Iterator[Finding]:
    property = PROPERTIES[database.type]
    by_default = database.type in BY_DEFAULT or (database.type == CLUSTER and is_aurora(database))
    if is_member(database) or is_copy(database) or database.value("GlobalClusterIdentifier"):
        return
    if database.value("KmsKeyId") is not None or (by_default and database.value(property) is None):
        return
    if database[property]:
        return
    data, named = told(app, database)
    yield Finding(
        place_of(database, property),
        f"{database.name}{named} is not encrypted at rest",
        cwe="CWE-311",
        endangers=(database.id,),
        fix=set_fix(
            database, [(property, True)], "encrypt at rest (replaces an existing database)"
        ),
        data=data,
        hygiene=not data,
    )
