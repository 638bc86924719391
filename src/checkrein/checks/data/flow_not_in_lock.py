"""Code or wiring moves data on a way that checkrein.lock does not know.

## Why

The same data on another way is protected by other means: it comes from somewhere else, and passes something
else. What code asks of a service that it did not ask before is told as well.

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
  Keep:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3
        def handler(event, context):
            boto3.resource("dynamodb").Table("customers").put_item(Item={"email": event["email"], "phone": event["phone"]})  #! Keep takes telephone number from event.phone to Customers and 1 more: checkrein.lock does not know it
```

```yaml bad checkrein.lock
lock: 1
intended:
  template/Customers: pii.email, pii.phone
  template/Keep: pii.email, pii.phone
coded:
  template/Customers: pii.email, pii.phone
  template/Keep: pii.email, pii.phone
flow:
  template/Keep:
    event.email -> template/Customers email: pii.email
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
  Keep:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3
        def handler(event, context):
            boto3.resource("dynamodb").Table("customers").put_item(Item={"email": event["email"], "phone": event["phone"]})
```

```yaml good checkrein.lock
lock: 1
intended:
  template/Customers: pii.email, pii.phone
  template/Keep: pii.email, pii.phone
coded:
  template/Customers: pii.email, pii.phone
  template/Keep: pii.email, pii.phone
flow:
  template/Keep:
    event.email -> template/Customers email: pii.email
    event.phone -> template/Customers phone: pii.phone
call:
  template/Keep:
    template/Customers: dynamodb:PutItem
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.locked.causes import FLOW, of_kind, target_of
from checkrein.checks.locked.comparing import subjects
from checkrein.checks.locked.sentences import key_of, place_of, sentence, told
from checkrein.checks.questions import treasures
from checkrein.checks.worth import valuable, worst
from checkrein.model import App, Fact, Finding, Kind, Row
from checkrein.model.surface import Changed


@check(
    subjects(Kind.FLOW, Kind.CALL),
    fault=1,
    topics=("data-inventory",),
    frameworks=("CWE-668",),
)
def flow_not_in_lock(mover: Fact, app: App) -> Iterator[Finding]:
    cause = of_kind(app, FLOW).get(mover.id)
    if cause is None:
        return
    first = max(
        cause.first,
        key=lambda each: (each.kind is Kind.FLOW, worst(app, _data(app, each)), each.key),
    )
    more = len(cause.first) - 1
    rest = f" and {more} more" if more else ""
    yield Finding(
        place_of(cause),
        f"{sentence(app, first)}{rest}: checkrein.lock does not know it",
        told(app, cause, sentence(app, first)),
        cwe="CWE-668",
        endangers=(mover.id, *dict.fromkeys(map(target_of, cause.first))),
        key=key_of(cause),
        data=tuple({data for each in cause.first for data in _data(app, each)}),
        by=(mover.id,),
        lines=cause.lines,
    )


def _data(app: App, each: Changed) -> tuple[str, ...]:
    """Return the classes that a flow carries, or that a call may touch."""
    if each.kind is Kind.FLOW:
        return each.added
    row = app.get(Row, each.key)
    return tuple(valuable(app, treasures(app, row))) if row else ()
