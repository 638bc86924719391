"""A table has a fixed capacity that nothing scales.

## Why

A table with provisioned capacity refuses what goes beyond it: a burst of requests, or somebody who makes
one, stops the application for everybody. On-demand tables grow by themselves; provisioned ones need
Application Auto Scaling.

## Fix

Set `BillingMode: PAY_PER_REQUEST`, or register a scaling target.

## Examples

```yaml bad template.yaml
Resources:
  Counters:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: name, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: name, AttributeType: S}]
      ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}  #? Counters has a fixed capacity that nothing scales
```

```yaml good template.yaml
Resources:
  Counters:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: name, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: name, AttributeType: S}]
  Rides:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: name, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: name, AttributeType: S}]
      ProvisionedThroughput: {ReadCapacityUnits: 5, WriteCapacityUnits: 5}
  Scaling:
    Type: AWS::ApplicationAutoScaling::ScalableTarget
    Properties:
      MaxCapacity: 100
      MinCapacity: 5
      ResourceId: !Sub table/${Rides}
      ScalableDimension: dynamodb:table:ReadCapacityUnits
      ServiceNamespace: dynamodb
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import configuring, is_open
from checkrein.checks.keeping import spot
from checkrein.model import App, Change, Finding, Fix, Resource

TARGET = "AWS::ApplicationAutoScaling::ScalableTarget"
FIXED = "ProvisionedThroughput"


@check(
    resource("AWS::DynamoDB::Table"),
    fault=1,
    topics=(
        "availability",
        "denial-of-service",
    ),
    frameworks=(
        "CWE-770",
        "AWS-FSBP:DynamoDB.1",
    ),
    peers=(
        "DynamoDB.1",
        "W73",
        "dynamodb_table_autoscaling_enabled",
        *(
            "DYNAMODB_AUTOSCALING_ENABLED",
            "DYNAMODB_BILLING_MODE_RULE",
        ),
    ),
    hygiene=True,
)
def fixed_capacity(table: Resource, app: App) -> Iterator[Finding]:
    mode = table.value("BillingMode")
    if is_open(mode) or mode == "PAY_PER_REQUEST" or table.value(FIXED) is None:
        return
    if configuring(app, table.id, TARGET, "ResourceId"):
        return
    yield Finding(
        spot(table, FIXED),
        f"{table.name} has a fixed capacity that nothing scales",
        cwe="CWE-770",
        endangers=(table.id,),
        fix=_fix(table),
    )


def _fix(table: Resource) -> Fix:
    title = "pay for each request"
    if table.value("GlobalSecondaryIndexes") is not None or table.origin(()).resource != table.id:
        return Fix(f"{title} (BillingMode: PAY_PER_REQUEST), or register a scaling target")
    changes = (
        Change(table.id, ("BillingMode",), "set", "PAY_PER_REQUEST"),
        Change(table.id, (FIXED,), "remove"),
    )
    return Fix(title, changes=changes)
