"""A table can be deleted by one call.

## Why

`DeleteTable` takes a table with everything in it, at once. Deletion protection, off by default, makes
that call (and a stack's deletion) fail until somebody switches it off on purpose. It matters where some
role of the application may delete the table: a function that is taken over takes the data with it.

## Fix

Set `DeletionProtectionEnabled`.

## Examples

```yaml bad template.yaml
Resources:
  Customers:  #! Customers (e-mail address) has no deletion protection, and Clean may delete it
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: tables
          PolicyDocument:
            Statement: {Effect: Allow, Action: "dynamodb:*", Resource: !GetAtt Customers.Arn}
  Clean:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code: {ZipFile: "def handler(event, context): pass"}
  Others:  #? Others has no deletion protection
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
      DeletionProtectionEnabled: true
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from checkrein.checks import check, resource
from checkrein.checks.keeping import beside_the_point, spot, weighed, with_data
from checkrein.checks.privilege import holders
from checkrein.checks.questions import grouped, listed, setting, short
from checkrein.model import Access, App, Finding, Fix, Resource

PROTECTION = "DeletionProtectionEnabled"
DELETES = "dynamodb:DeleteTable"
SIMPLE = "AWS::Serverless::SimpleTable"


@check(
    resource("AWS::DynamoDB::Table"),
    fault=1,
    topics=(
        "backup",
        "availability",
    ),
    frameworks=(
        "CWE-693",
        "AWS-FSBP:DynamoDB.6",
    ),
    peers=("DynamoDB.6", "dynamodb_table_deletion_protection_enabled"),
)
def deletable_table(table: Resource, app: App) -> Iterator[Finding]:
    if beside_the_point(app, table, PROTECTION) or table[PROTECTION]:
        return
    able = _able(app, table.id)
    message = f"{with_data(app, table.id)} has no deletion protection"
    message += f", and {listed(map(short, able))} may delete it" if able else ""
    found = Finding(spot(table, PROTECTION), message, fix=_fix(table), by=tuple(able))
    judged = weighed(app, found, table.id)
    yield judged if able else replace(judged, hygiene=True)


def _able(app: App, table: str) -> list[str]:
    """Return the functions that may delete a table, or the roles that are no function's."""
    able = [
        access.identity
        for access in grouped(app, Access, "target").get(table, [])
        if access.certain and DELETES in access.actions
    ]
    return sorted({who for identity in able for who in holders(app, identity) or [identity]})


def _fix(table: Resource) -> Fix:
    if table.source_type == SIMPLE:
        return Fix("declare it as AWS::DynamoDB::Table, and set DeletionProtectionEnabled")
    return setting(table, PROTECTION, value=True, title="protect it from deletion", safe=True)
