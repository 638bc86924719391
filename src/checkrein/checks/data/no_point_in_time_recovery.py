"""A table with valuable data cannot be restored to a point in time.

## Why

A wrong deployment, a bug or an attacker with the function's rights changes items in place, and DynamoDB
keeps no older version by itself: point-in-time recovery is off by default. With it the table can be
restored to any second of the last 35 days. It weighs more where nothing else has a copy: no backup plan,
and no other store that the code fills from it or it is filled from. Items that the table deletes by itself
are meant to go.

## Fix

Set `PointInTimeRecoveryEnabled`.

## Examples

```yaml bad template.yaml
Resources:
  Customers:  #! Customers (e-mail address) cannot be restored to a point in time, and nothing else has a copy
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Counters:  #? Counters cannot be restored to a point in time
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: name, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: name, AttributeType: S}]
```

```yaml good template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
      PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: true}
```

```yaml undecided template.yaml
Parameters:
  Recovery: {Type: String}
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
      PointInTimeRecoverySpecification: {PointInTimeRecoveryEnabled: !Ref Recovery}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from checkrein.checks import check, resource
from checkrein.checks.keeping import (
    PERSONAL,
    beside_the_point,
    is_transient,
    saved,
    spot,
    weighed,
    with_data,
)
from checkrein.checks.questions import setting
from checkrein.model import App, Finding, Path, Resource

RECOVERY = "PointInTimeRecoverySpecification"
SWITCH: Path = (RECOVERY, "PointInTimeRecoveryEnabled")


@check(
    resource("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable"),
    fault=1,
    topics=("backup",),
    frameworks=(
        "CWE-693",
        "AWS-FSBP:DynamoDB.2",
    ),
    peers=(
        *("CKV_AWS_28", "CKV_AWS_165", "DynamoDB.2", "W78", "AwsSolutions-DDB3"),
        *("dynamodb_tables_pitr_enabled", "DYNAMODB_PITR_ENABLED"),
    ),
)
def no_point_in_time_recovery(table: Resource, app: App) -> Iterator[Finding]:
    for path in _switches(table):
        if beside_the_point(app, table, path) or table[path]:
            continue
        message = f"{with_data(app, table.id)} cannot be restored to a point in time"
        fix = setting(table, path, value=True, title="keep 35 days to restore from", safe=True)
        found = Finding(spot(table, path), message + saved(app, table), fix=fix)
        judged = weighed(app, found, table.id, PERSONAL)
        yield replace(judged, hygiene=True) if is_transient(app, table) else judged
        return


def _switches(table: Resource) -> list[Path]:
    """Return where the switch stands, or should: a global table has one for each replica."""
    replicas = table.value("Replicas")
    if table.type.endswith("::Table") or not isinstance(replicas, list):
        return [SWITCH] if table.type.endswith("::Table") else []
    return [("Replicas", index, *SWITCH) for index in range(len(replicas))]
