"""A way into a function, or somebody who may use it, is not in checkrein.lock.

## Why

A way in decides who may set the function to work, with all its rights. One that is new, or open to more
people than the team accepted, is looked at before it is deployed.

## Fix

Take it back, or accept it: `checkrein accept FINDING --reason WHY` writes it into `checkrein.lock`.

## Examples

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Policies:
        - Statement:
            - {Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Customers.Arn}
      InlineCode: |
        import boto3
        def handler(event, context):
            return boto3.resource("dynamodb").Table("customers").get_item(Key={"email": event["email"]})["Item"]
      Events:
        Get: {Type: HttpApi, Properties: {Path: /me, Method: get}}  #! anyone may use GET /me of Show: checkrein.lock has it for Staff
```

```yaml bad checkrein.lock
lock: 1
intended:
  template/Customers: pii.email, pii.name
  template/Show: pii.email, pii.name
coded:
  template/Customers: pii.email, pii.name
  template/Show: pii.email, pii.name
entry:
  template/Show:
    http template/ServerlessHttpApi GET /me: template/Staff, whatever body they send
```

A way in that is new:

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Policies:
        - Statement:
            - {Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Customers.Arn}
      InlineCode: |
        import boto3
        def handler(event, context):
            return boto3.resource("dynamodb").Table("customers").get_item(Key={"email": event["email"]})["Item"]
      Events:
        Get: {Type: HttpApi, Properties: {Path: /me, Method: get}}  #! anyone may use GET /me of Show: checkrein.lock has no such way in
```

```yaml bad checkrein.lock
lock: 1
intended:
  template/Customers: pii.email, pii.name
  template/Show: pii.email, pii.name
coded:
  template/Customers: pii.email, pii.name
  template/Show: pii.email, pii.name
```

```yaml good template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Policies:
        - Statement:
            - {Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Customers.Arn}
      InlineCode: |
        import boto3
        def handler(event, context):
            return boto3.resource("dynamodb").Table("customers").get_item(Key={"email": event["email"]})["Item"]
      Events:
        Get: {Type: HttpApi, Properties: {Path: /me, Method: get}}
```

```yaml good checkrein.lock
lock: 1
intended:
  template/Customers: pii.email, pii.name
  template/Show: pii.email, pii.name
coded:
  template/Customers: pii.email, pii.name
  template/Show: pii.email, pii.name
entry:
  template/Show:
    http template/ServerlessHttpApi GET /me: "@anyone, whatever body they send"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.exposure import DOORS, anonymous
from checkrein.checks.locked.causes import ENTRY, Cause, of_kind
from checkrein.checks.locked.comparing import subjects
from checkrein.checks.locked.sentences import key_of, place_of, sentence, told, visitors
from checkrein.checks.questions import grouped, listed, treasures
from checkrein.checks.worth import valuable
from checkrein.model import Access, App, Fact, Finding, Function, Kind, Row
from checkrein.model.surface import Changed


@check(
    subjects(Kind.ENTRY),
    fault=2,
    topics=("authentication",),
    frameworks=("CWE-284", "CWE-306"),
)
def entry_not_in_lock(function: Fact, app: App) -> Iterator[Finding]:
    cause = of_kind(app, ENTRY).get(function.id)
    if cause is None:
        return
    entries = [each for each in cause.first if each.kind is Kind.ENTRY]
    first = max(entries, key=_openness)
    behind = _behind(app, function.id)
    outside = first.key.partition(" ")[0] in DOORS
    public = outside and any(map(anonymous, first.added))
    more = f", and {len(entries) - 1} more ways in" if len(entries) > 1 else ""
    known = listed(visitors(app, first.before.values)) if first.before else ""
    before = f"checkrein.lock has it for {known}" if known else "checkrein.lock has no such way in"
    message = f"{sentence(app, first)}{more}: {before}"
    yield Finding(
        place_of(Cause((first,))),
        message,
        told(app, cause, sentence(app, first)),
        cwe="CWE-306" if public else "CWE-284",
        endangers=(function.id, *_reached(app, function.id)),
        key=key_of(cause),
        data=tuple(behind),
        by=(function.id,),
        fault=3 if public else 2 if outside else 1,
        lines=cause.lines,
    )


def _openness(entry: Changed) -> tuple[bool, bool, str]:
    """Rank entries: those that anyone may use from outside first."""
    outside = entry.key.partition(" ")[0] in DOORS
    return outside and any(map(anonymous, entry.added)), outside, entry.key


def _reached(app: App, function: str) -> list[str]:
    """Return the rows that a function has rights over."""
    found = app.get(Function, function)
    held = grouped(app, Access, "identity").get(found.identity if found else "", [])
    return sorted({access.target for access in held if app.get(Row, access.target)})


def _behind(app: App, function: str) -> list[str]:
    """Return the valuable classes that a function handles."""
    row = app.get(Row, function)
    return valuable(app, treasures(app, row)) if row else []
