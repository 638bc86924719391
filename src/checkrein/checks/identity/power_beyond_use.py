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
              - Effect: Allow
                Action:
                  - dynamodb:GetItem
                  - dynamodb:DeleteItem  #! Reader may delete e-mail address in Customers (dynamodb:DeleteItem), and no code of it does
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
from checkrein.checks.privilege import (
    first_grants,
    holders,
    narrowed,
    permit_of,
    place_of,
    powerful,
    unused_powers,
    written,
)
from checkrein.checks.questions import listed, public_entries, short
from checkrein.model import App, Finding, Grant


@check(
    first_grants,
    fault=2,
    frameworks=(
        *("CWE-250", "CWE-269", "OWASP-2021:A01", "SAS-4"),
        *("NIST-800-53r5:AC-6", "PCI-DSS-4.0.1:7.2.1"),
    ),
)
def power_beyond_use(grant: Grant, app: App) -> Iterator[Finding]:
    functions = holders(app, grant.identity)
    if any(public_entries(app, function) for function in functions):
        return  # told by public-route-to-powerful-function
    permit = permit_of(app, grant)
    powers = unused_powers(app, permit)
    if not powers:
        return
    actions = sorted({action for power in powers for action in power.actions})
    patterns = written(permit, actions)
    targets = sorted({power.target for power in powers})
    yield Finding(
        place_of(app, grant, patterns[0]),
        f"{listed(map(short, functions))} may {powerful(app, powers, patterns)},"
        " and no code of it does",
        permit.evidence,
        cwe="CWE-250",
        endangers=tuple(targets),
        fix=narrowed(app, permit, actions),
        key=(*patterns, *targets),
    )
