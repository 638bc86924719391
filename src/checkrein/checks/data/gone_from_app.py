"""checkrein.lock accepts what the application does not do any more.

## Why

What is accepted and does not happen any more may come back unseen: the lock still allows it. A right that is
gone from a role that needs it breaks the application, too.

## Fix

Bring it back, or accept that it is gone: `checkrein accept FINDING --reason WHY` takes it out of
`checkrein.lock`.

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
```

```yaml bad checkrein.lock
lock: 1
intended:
  template/Customers: pii.email, pii.name
  template/Show: pii.email, pii.name
coded:
  template/Customers: pii.email, pii.name
  template/Show: pii.email, pii.name
right:
  template/ShowRole:
    template/Customers delete: dynamodb:DeleteItem  #! Show may no longer dynamodb:DeleteItem on Customers: checkrein.lock still accepts it
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
```

```yaml good checkrein.lock
lock: 1
intended:
  template/Customers: pii.email, pii.name
  template/Show: pii.email, pii.name
coded:
  template/Customers: pii.email, pii.name
  template/Show: pii.email, pii.name
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.locked.causes import Cause
from checkrein.checks.locked.comparing import subjects
from checkrein.checks.locked.going import gone, unread
from checkrein.checks.locked.sentences import key_of, lost, place_of
from checkrein.checks.questions import listed
from checkrein.model import App, Evidence, Fact, Finding, Kind, Undecided
from checkrein.model.surface import Changed

FEW = 2  # lines that the message spells out


@check(subjects(*Kind), fault=1, topics=("least-privilege",), frameworks=("CWE-1059",))
def gone_from_app(owner: Fact, app: App) -> Iterator[Finding]:
    lines = gone(app).get(owner.id)
    if not lines:
        return
    moves = all(each.kind in {Kind.FLOW, Kind.CALL} for each in lines)
    if moves and (reason := unread(app, owner.id)):
        raise Undecided(reason)
    said = [lost(app, each) for each in sorted(lines, key=_rank)]
    yield Finding(
        place_of(Cause(lines)),
        f"{listed(said, FEW)}: checkrein.lock still accepts it",
        tuple(Evidence(text) for text in said[FEW:]),
        cwe="CWE-1059",
        key=key_of(Cause(lines)),
        lines=lines,
    )


def _rank(each: Changed) -> tuple[bool, str]:
    return each.kind in {Kind.POTENTIAL, Kind.CODED}, each.key
