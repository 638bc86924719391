"""Code brings data to a service that checkrein.lock does not mean for it.

## Why

Who protects, keeps and deletes a store knows what it is meant to hold: what `checkrein.lock` says, or `holds`
in `checkrein.yaml`. Code that brings other data there makes a decision that nobody took.

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
            boto3.resource("dynamodb").Table("customers").put_item(Item={"email": event["email"], "phone": event["phone"]})  #! code brings telephone number to Customers and checkrein.lock does not mean it to be there
```

```yaml bad checkrein.lock
lock: 1
intended:
  template/Customers: pii.email
  template/Keep: pii.email, pii.phone
coded:
  template/Customers: pii.email
  template/Keep: pii.email, pii.phone
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
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.exposure import ANYONE
from checkrein.checks.locked.causes import DATA, Cause, is_open, of_kind
from checkrein.checks.locked.comparing import subjects
from checkrein.checks.locked.sentences import (
    by_code,
    cells,
    data_named,
    key_of,
    named,
    place_of,
    told,
    way_to,
)
from checkrein.checks.worth import valuable
from checkrein.model import App, Fact, Finding, Kind


@check(
    subjects(Kind.CODED),
    fault=2,
    topics=("data-inventory",),
    frameworks=("CWE-668", "CWE-200"),
)
def data_not_in_lock(service: Fact, app: App) -> Iterator[Finding]:
    cause = of_kind(app, DATA).get(service.id)
    if cause is None:
        return
    own = [each for each in cause.first if each.kind is Kind.CODED and each.owner == service.id]
    classes = cells(Cause((*own,)), Kind.CODED)[service.id]
    worst = next(iter(valuable(app, classes)), classes[0])
    steps = way_to(own[0], worst)
    public = is_open(app, service.id)
    read = ", which anyone may read," if public else ""
    yield Finding(
        next((s.place for s in reversed(steps) if s.place.path), place_of(cause)),
        f"code brings {data_named(app, classes)} to {named(app, service.id)}{read}"
        " and checkrein.lock does not mean it to be there",
        told(app, cause, by_code(app, service.id, classes)),
        steps,
        cwe="CWE-200" if public else "CWE-668",
        endangers=(service.id,),
        key=key_of(cause),
        data=classes,
        by=(service.id, *((f"{service.id}{ANYONE}",) if public else ())),
        fault=3 if public else 2,
        lines=cause.lines,
    )
