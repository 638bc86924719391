"""A store is in no backup plan.

## Why

Point-in-time recovery and versions lie beside the data, in the same account, and go when the table or
the bucket goes. A backup plan keeps copies in a vault of their own, for as long as the data's owner is
obliged to.

## Fix

Select the store, or its tag, in an `AWS::Backup::BackupSelection`.

## Examples

```yaml bad template.yaml
Resources:
  Customers:  #? Customers (e-mail address) is in no backup plan
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
```

```yaml good template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Others:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
      Tags: [{Key: backup, Value: daily}]
  Selection:
    Type: AWS::Backup::BackupSelection
    Properties:
      BackupPlanId: plan
      BackupSelection:
        IamRoleArn: arn:aws:iam::111122223333:role/backup
        SelectionName: all
        Resources: [!GetAtt Customers.Arn]
        ListOfTags: [{ConditionKey: backup, ConditionType: STRINGEQUALS, ConditionValue: daily}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.keeping import is_backed_up, is_treasured, with_data
from checkrein.model import App, Finding, Resource


@check(
    resource("AWS::DynamoDB::Table", "AWS::EFS::FileSystem", "AWS::S3::Bucket"),
    fault=1,
    topics=("backup",),
    frameworks=(
        "CWE-693",
        "AWS-FSBP:DynamoDB.4",
        "AWS-FSBP:EFS.2",
    ),
    peers=(
        *("DynamoDB.4", "EFS.2", "dynamodb_table_protected_by_backup_plan"),
        *("DYNAMODB_IN_BACKUP_PLAN", "EFS_IN_BACKUP_PLAN"),
        *("DYNAMODB_RESOURCES_PROTECTED_BY_BACKUP_PLAN",),
    ),
    hygiene=True,
)
def not_in_a_backup_plan(store: Resource, app: App) -> Iterator[Finding]:
    if is_treasured(app, store.id) and not is_backed_up(app, store):
        message = f"{with_data(app, store.id)} is in no backup plan"
        yield Finding(store.place, message, endangers=(store.id,))
