"""Somebody whom nothing here declares used a store of valuable data.

## Why

What an application keeps is meant for its own code and for whom it lets in. Somebody else was seen to read or change
it: a person with rights of the whole account, another application, or somebody with stolen credentials.

## Fix

Find out who that is. Whom it is meant for, declare in `checkrein.yaml` (as a role with what it may do), so that it is
seen in every table; keep the others out by the resource's own policy, or with a key of its own.

## Examples

```yaml bad template.yaml
Resources:
  Orders:  #! role/Contractor, whom nothing here declares, read Orders (e-mail address)
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
```

```json bad observed/trail.json
{"Records": [
  {"eventVersion": "1.09", "eventSource": "dynamodb.amazonaws.com", "eventName": "Scan", "userAgent": "aws-cli/2.18",
   "userIdentity": {"type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/Contractor/session",
     "sessionContext": {"sessionIssuer": {"type": "Role", "arn": "arn:aws:iam::111122223333:role/Contractor"}}},
   "requestParameters": {"tableName": "orders"},
   "resources": [{"type": "AWS::DynamoDB::Table", "ARN": "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"}]}]}
```

Who was refused, and what a service of AWS does in its own name, is none:

```yaml good template.yaml
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
```

```json good observed/trail.json
{"Records": [
  {"eventVersion": "1.09", "eventSource": "dynamodb.amazonaws.com", "eventName": "Scan", "errorCode": "AccessDenied",
   "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/ada"},
   "requestParameters": {"tableName": "orders"}},
  {"eventVersion": "1.09", "eventSource": "dynamodb.amazonaws.com", "eventName": "Scan",
   "userIdentity": {"type": "AWSService", "invokedBy": "backup.amazonaws.com"},
   "requestParameters": {"tableName": "orders"}}]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.exposure import ANYONE
from checkrein.checks.happened import declared, evidence, seen_on, told_of
from checkrein.checks.questions import is_store, listed, short, titles, treasures
from checkrein.model import Access, App, Finding, Observation, Row

DONE = {"read": "read", "write": "wrote to", "delete": "deleted from"}
PUBLIC = "anyone"


@check(
    told_of(Row, "node"),
    fault=2,
    topics=("threat-detection", "authorization", "data-exposure"),
    frameworks=("CWE-284",),
)
def used_by_stranger(row: Row, app: App) -> Iterator[Finding]:
    data = treasures(app, row) if is_store(row) else []
    found: dict[str, list[Observation]] = {}
    for each in seen_on(app, row.id, "call"):
        if each.actor and not each.known and each.right in DONE and not _is_let_in(app, each):
            found.setdefault(each.actor, []).append(each)
    for who, seen in found.items() if data else ():
        deeds = listed(DONE[right] for right in DONE if right in {each.right for each in seen})
        yield Finding(
            declared(app, row),
            f"{_told(who)} {deeds} {short(row.id)} ({titles(data)})",
            evidence(seen),
            cwe="CWE-284",
            endangers=(row.id,),
            key=(who, *sorted({each.right for each in seen})),
            confidence="likely",
            data=tuple(data),
            by=(f"{row.deployment}{ANYONE}" if who == PUBLIC else row.id,),
        )


def _told(who: str) -> str:
    return (
        "somebody without credentials" if who == PUBLIC else f"{who}, whom nothing here declares,"
    )


def _is_let_in(app: App, seen: Observation) -> bool:
    """Tell whether the template lets everybody do it: other checks say what that means."""
    return any(
        each.target == seen.node and each.right == seen.right and each.identity.endswith(ANYONE)
        for each in app.every(Access)
    )
