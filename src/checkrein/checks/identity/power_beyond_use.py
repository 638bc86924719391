"""A role may do to valuable data what no function of it does.

## Why

Whoever takes over the function (through an injection, a bad dependency, a leaked key) gets the
role's rights, not the code's habits. A right over valuable data that nothing uses is pure risk.

## Fix

Take the actions out of the statement, or narrow its resources to what the code addresses.

## Examples

```yaml bad template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: customers
          PolicyDocument:
            Statement:
              - Effect: Allow  #! Reader may delete e-mail address of Customers (dynamodb:DeleteItem), and no code of it does
                Action: [dynamodb:GetItem, dynamodb:DeleteItem]
                Resource: !GetAtt Customers.Arn
  Reader:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          import boto3
          table = boto3.resource("dynamodb").Table("customers")
          def handler(event, context):
              return table.get_item(Key={"email": event["email"]})
```

```yaml good template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: customers
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: [dynamodb:GetItem]
                Resource: !GetAtt Customers.Arn
  Reader:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          import boto3
          table = boto3.resource("dynamodb").Table("customers")
          def handler(event, context):
              return table.get_item(Key={"email": event["email"]})
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.privilege import Power, holders, narrowed, role_grants, unused, unused_powers
from checkrein.checks.questions import listed, short, titles, treasures
from checkrein.iam.patterns import matches
from checkrein.model import App, Finding, Grant, Row

VERBS = {
    "read": "read",
    "write": "change",
    "delete": "delete",
    "permission": "give others rights over",
    "configure": "remove or reconfigure what holds",
}


@check(
    role_grants,
    fault=2,
    frameworks=(
        *("CWE-250", "CWE-269", "OWASP-2021:A01", "SAS-4"),
        *("NIST-800-53r5:AC-6", "PCI-DSS-4.0.1:7.2.1"),
    ),
)
def power_beyond_use(grant: Grant, app: App) -> Iterator[Finding]:
    powers = list(unused_powers(app, grant))
    if not powers:
        return
    actions = sorted({action for power in powers for action in power.actions})
    targets = sorted({power.target for power in powers})
    who = listed(map(short, holders(app, grant)))
    yield Finding(
        grant.place,
        f"{who} may {_may(app, powers)} ({listed(actions)}), and no code of it does",
        grant.evidence,
        cwe="CWE-250",
        endangers=tuple(targets),
        fix=narrowed(grant, _taken(app, grant, actions)),
        key=(*actions, *targets),
    )


def _may(app: App, powers: list[Power]) -> str:
    rights = {power.right for power in powers}
    verbs = listed((verb for right, verb in VERBS.items() if right in rights), len(VERBS))
    rows = [row for power in powers if (row := app.get(Row, power.target))]
    classes = sorted({data for row in rows for data in treasures(app, row)})
    return f"{verbs} {titles(classes)} in {listed(short(row.id) for row in rows)}"


def _taken(app: App, grant: Grant, actions: list[str]) -> list[str]:
    """Return the actions as written that give nothing but the unused power."""
    needless = unused(app, grant)
    return [p for p in needless if any(matches(p, action, fold=True) for action in actions)]
