"""Guests of an identity pool may reach valuable data.

## Why

An identity pool with unauthenticated identities hands AWS credentials to every visitor who asks. What
the role for guests may do, everybody on the internet may do.

## Fix

Set `AllowUnauthenticatedIdentities: false`, or take the right from the guests' role.

## Examples

```yaml bad template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Pool:
    Type: AWS::Cognito::IdentityPool
    Properties: {AllowUnauthenticatedIdentities: true}
  Guests:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: guests
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Customers.Arn}
  Roles:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties:
      IdentityPoolId: !Ref Pool
      Roles:
        unauthenticated: !GetAtt Guests.Arn  #! everybody on the internet may read e-mail address in Customers as a guest
```

```yaml good template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Pool:
    Type: AWS::Cognito::IdentityPool
    Properties: {AllowUnauthenticatedIdentities: true}
  Guests:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: guests
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "mobiletargeting:PutEvents", Resource: "*"}
  Roles:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties:
      IdentityPoolId: !Ref Pool
      Roles:
        unauthenticated: !GetAtt Guests.Arn
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.exposure import ANYONE
from checkrein.checks.questions import grouped, listed, short, titles, treasures
from checkrein.model import Access, App, Finding, Resource, Row
from checkrein.model.values import symbols

GUESTS = "Roles.unauthenticated"
RIGHTS = ("read", "write", "delete", "invoke")


@check(
    resource("AWS::Cognito::IdentityPoolRoleAttachment"),
    fault=3,
    topics=("authentication", "authorization"),
    frameworks=("CWE-306", "CWE-284"),
    peers=("CKV_AWS_366", "W57", "cognito_identity_pool_guest_access_disabled"),
)
def guest_access_to_valuable_data(attachment: Resource, app: App) -> Iterator[Finding]:
    if not _admits_guests(app, attachment):
        return
    roles = {symbol.owner for symbol in symbols(attachment.value(GUESTS))}
    found = [
        (access, row)
        for role in sorted(roles)
        for access in grouped(app, Access, "identity").get(role, [])
        if access.right in RIGHTS and (row := app.get(Row, access.target)) and treasures(app, row)
    ]
    if not found:
        return
    rights = {access.right for access, _ in found}
    verbs = listed(right for right in RIGHTS if right in rights)
    classes = sorted({data for _, row in found for data in treasures(app, row)})
    targets = sorted({access.target for access, _ in found})
    yield Finding(
        attachment.where(GUESTS),
        f"everybody on the internet may {verbs} {titles(classes)} in"
        f" {listed(map(short, targets))} as a guest",
        tuple(evidence for access, _ in found for evidence in access.evidence),
        cwe="CWE-306",
        endangers=tuple(targets),
        key=(*sorted(rights), *targets),
        confidence="certain" if any(access.certain for access, _ in found) else "likely",
        data=tuple(classes),
        by=(ANYONE,),
    )


def _admits_guests(app: App, attachment: Resource) -> bool:
    pools = grouped(app, Resource, "type").get("AWS::Cognito::IdentityPool", [])
    named = {symbol.owner for symbol in symbols(attachment.value("IdentityPoolId"))}
    return any(pool["AllowUnauthenticatedIdentities"] is True for pool in pools if pool.id in named)
