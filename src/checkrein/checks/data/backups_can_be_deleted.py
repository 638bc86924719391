"""Whoever may delete the data may delete its backups.

## Why

A backup vault protects against mistakes; against somebody with an administrator's rights, or ransomware
that has them, only a vault that is locked does: nobody can delete a recovery point before its time.

## Fix

Set `LockConfiguration` with a `MinRetentionDays`.

## Examples

```yaml bad template.yaml
Resources:
  Vault:  #! what is backed up in Vault can be deleted by whoever may delete Customers (e-mail address)
    Type: AWS::Backup::BackupVault
    Properties: {BackupVaultName: vault}
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Selection:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: plan
      BackupSelection: {SelectionName: all, Resources: [!GetAtt Customers.Arn]}
```

```yaml good template.yaml
Resources:
  Vault:
    Type: AWS::Backup::BackupVault
    Properties:
      BackupVaultName: vault
      LockConfiguration: {MinRetentionDays: 7}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import owners, resources
from checkrein.checks.keeping import SELECTION, is_treasured, with_data
from checkrein.checks.questions import listed
from checkrein.model import App, Finding, Resource


@check(
    resource("AWS::Backup::BackupVault"),
    fault=1,
    topics=("backup",),
    frameworks=("CWE-693",),
)
def backups_can_be_deleted(vault: Resource, app: App) -> Iterator[Finding]:
    if vault.value("LockConfiguration") is not None:
        return
    kept_there = sorted(
        owner
        for selection in resources(app, SELECTION)
        for owner in owners(app, selection.value("BackupSelection.Resources"))
        if is_treasured(app, owner)
    )
    named = listed(with_data(app, id) for id in kept_there) if kept_there else "the data"
    yield Finding(
        vault.place,
        f"what is backed up in {vault.name} can be deleted by whoever may delete {named}",
        cwe="CWE-693",
        endangers=tuple(kept_there) or (vault.id,),
        hygiene=not kept_there,
    )
