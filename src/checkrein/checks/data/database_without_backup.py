"""A database keeps no backup that one could come back to.

## Why

A wrong statement, a broken migration or somebody with a grudge takes data that has no other copy. Automated backups let a
database come back to any second within their period; zero days turn them off. Instances keep one day where nothing is
said (Aurora, DocumentDB and Neptune too), which is over before a long weekend is.

## Fix

Set `BackupRetentionPeriod` to at least 7 (`SnapshotRetentionLimit` for caches that are more than a cache).

## Examples

```yaml bad checkrein.yaml
resources:
  template/Patients: {holds: [phi.diagnosis]}
```

```yaml bad template.yaml
Resources:
  Patients:
    Type: AWS::RDS::DBInstance
    Properties:
      Engine: postgres
      MasterUsername: clinic
      ManageMasterUserPassword: true
      BackupRetentionPeriod: 0  #! Patients (diagnosis or condition) has no backup
```

```yaml bad template.yaml
Resources:
  Patients:  #? Patients keeps backups for 1 day only
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, MasterUsername: clinic, ManageMasterUserPassword: true}
```

```yaml good checkrein.yaml
resources:
  template/Patients: {holds: [phi.diagnosis]}
```

```yaml good template.yaml
Resources:
  Patients:
    Type: AWS::RDS::DBInstance
    Properties: {Engine: postgres, MasterUsername: clinic, ManageMasterUserPassword: true, BackupRetentionPeriod: 14}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import place_of
from checkrein.checks.databases import (
    CLUSTER,
    DOCUMENTS,
    GRAPH,
    GROUP,
    INSTANCE,
    MEMORY,
    WAREHOUSE,
    is_member,
    told,
)
from checkrein.checks.questions import setting
from checkrein.model import App, Finding, Resource

PERIODS = {  # the property, and its default in days
    INSTANCE: ("BackupRetentionPeriod", 1),
    CLUSTER: ("BackupRetentionPeriod", 1),
    DOCUMENTS: ("BackupRetentionPeriod", 1),
    GRAPH: ("BackupRetentionPeriod", 1),
    WAREHOUSE: ("AutomatedSnapshotRetentionPeriod", 1),
    GROUP: ("SnapshotRetentionLimit", 0),
    MEMORY: ("SnapshotRetentionLimit", 0),
}
WEEK = 7


@check(
    resource(*PERIODS),
    fault=2,
    topics=("backup",),
    frameworks=(
        *("CWE-693", "OWASP-2025:A02", "AWS-FSBP:RDS.11", "AWS-FSBP:ElastiCache.1"),
        *("NIST-800-53r5:CP-9", "HIPAA:164.308(a)(7)(ii)(A)"),
    ),
    peers=(
        *("RDS.11", "DocumentDB.2", "Neptune.5", "Redshift.3", "ElastiCache.1", "W75"),
        *("CKV_AWS_133", "CKV_AWS_134", "CKV_AWS_360", "CKV_AWS_361", "DB_INSTANCE_BACKUP_ENABLED"),
        *("AwsSolutions-RDS13", "AwsSolutions-DOC4", "AwsSolutions-N3", "AWS-0077", "AWS-0050"),
        *("rds_instance_backup_enabled", "documentdb_cluster_backup_enabled"),
        *("neptune_cluster_backup_enabled", "elasticache_redis_cluster_backup_enabled"),
        *("redshift_cluster_automated_snapshot", "MemoryDB.4"),
    ),
)
def database_without_backup(database: Resource, app: App) -> Iterator[Finding]:
    property, default = PERIODS[database.type]
    if is_member(database) or database.value("SourceDBInstanceIdentifier") is not None:
        return
    days = database[property]
    days = default if days is None else days
    if not isinstance(days, int) or days >= WEEK:
        return
    data, named = told(app, database)
    lost = not days
    yield Finding(
        place_of(database, property),
        f"{database.name}{named} has no backup"
        if lost
        else f"{database.name}{named} keeps backups for {days} day{'s' if days > 1 else ''} only",
        cwe="CWE-693",
        endangers=(database.id,),
        fix=setting(database, property, WEEK, "keep backups for a week", safe=True),
        key=(property, "none" if lost else "short"),
        data=data,
        hygiene=not (data and lost),
    )
