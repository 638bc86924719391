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
    template/Customers delete: dynamodb:DeleteItem  #! Show may no longer do dynamodb:DeleteItem on Customers: checkrein.lock still accepts it
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

import difflib
from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.locked.causes import MOVES, Cause
from checkrein.checks.locked.comparing import CELLS, current, locked, subjects
from checkrein.checks.locked.going import gone, unread
from checkrein.checks.locked.sentences import key_of, lost, place_of
from checkrein.checks.questions import listed
from checkrein.model import App, Evidence, Fact, Finding, Kind, Undecided
from checkrein.model.surface import Changed

BY_CODE = CELLS | MOVES  # what only who read the code can call gone
FEW = 2  # lines that the message spells out
LIKE = 0.8  # so near that it is rather a slip


@check(subjects(*Kind), fault=1, topics=("least-privilege",), frameworks=("CWE-1059",))
def gone_from_app(owner: Fact, app: App) -> Iterator[Finding]:
    lines = gone(app).get(owner.id)
    if not lines:
        return
    by_code = all(each.kind in BY_CODE for each in lines)
    if by_code and (reason := unread(app, owner.id)):
        raise Undecided(reason)
    said = [lost(app, each) for each in sorted(lines, key=_rank)]
    yield Finding(
        place_of(Cause(lines)),
        f"{listed(said, FEW)}: checkrein.lock still accepts it",
        (*_meant(app, owner.id), *(Evidence(text) for text in said[FEW:])),
        cwe="CWE-1059",
        key=key_of(Cause(lines)),
        lines=lines,
    )


def _meant(app: App, owner: str) -> Iterator[Evidence]:
    """Yield the name that somebody may have meant, where the application has none like this."""
    known = {line.owner for line in current(app).values()}
    near = [] if owner in known else difflib.get_close_matches(owner, known, 1, LIKE)
    if near and f"{Kind.INTENDED} {near[0]}" not in locked(app):
        yield Evidence(f"nothing is named {owner} here; did you mean {near[0]}?")


def _rank(each: Changed) -> tuple[bool, str]:
    return each.kind in {Kind.POTENTIAL, Kind.CODED}, each.key
