"""A service is new: checkrein.lock knows nothing of it.

## Why

What holds or handles data is looked at once, when it comes: what it is meant to hold, who may reach it, and
what it may do. All that is new with it is told together.

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
  Keep:  #! Keep (Lambda) is not in checkrein.lock: its code handles e-mail address
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3
        def handler(event, context):
            boto3.resource("dynamodb").Table("customers").put_item(Item={"email": event["email"]})
```

```yaml bad checkrein.lock
lock: 1
intended:
  template/Customers: pii.email
coded:
  template/Customers: pii.email
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
            boto3.resource("dynamodb").Table("customers").put_item(Item={"email": event["email"]})
```

```yaml good checkrein.lock
lock: 1
intended:
  template/Customers: pii.email
  template/Keep: pii.email, pii.phone
coded:
  template/Customers: pii.email
  template/Keep: pii.email, pii.phone
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.exposure import DOORS, anonymous
from checkrein.checks.locked.causes import SERVICE, is_open, of_kind
from checkrein.checks.locked.comparing import is_locked
from checkrein.checks.locked.sentences import (
    cells,
    data_named,
    place_of,
    sentence,
    told,
    way_to,
)
from checkrein.checks.questions import listed, short
from checkrein.checks.worth import valuable
from checkrein.model import App, Fact, Finding, Function, Kind, Resource, Row
from checkrein.model.surface import Changed


def services(app: App) -> list[Fact]:
    """Select every service and function of an app that has a lock."""
    if not is_locked(app):
        return []
    found = {row.id for row in app.every(Row)} | {each.id for each in app.every(Function)}
    return [Fact(id=id) for id in sorted(found)]


@check(services, fault=2, topics=("data-inventory",), frameworks=("CWE-668",))
def service_not_in_lock(service: Fact, app: App) -> Iterator[Finding]:
    cause = of_kind(app, SERVICE).get(service.id)
    if cause is None:
        return
    coded, could = cells(cause, Kind.CODED), cells(cause, Kind.POTENTIAL)
    holds = coded.get(service.id, ())
    perhaps = could.get(service.id, ())
    doors = [each for each in cause.first if _is_public(each)]
    public = bool(doors) or is_open(app, service.id)
    brings = "its code handles" if app.get(Function, service.id) else "code brings it"
    said = [
        sentence(app, doors[0]) if doors else "",
        "anyone may read it" if is_open(app, service.id) else "",
        f"{brings} {data_named(app, holds)}" if holds else "",
        f"{data_named(app, perhaps)} could come there" if perhaps and not holds else "",
    ]
    what = listed(filter(None, said)) if any(said) else "it holds nothing that is known"
    row = app.get(Row, service.id)
    kind = f" ({row.service})" if row else ""
    resource = app.get(Resource, service.id)
    yield Finding(
        resource.place if resource else place_of(cause),
        f"{short(service.id)}{kind} is not in checkrein.lock: {what}",
        told(app, cause),
        next((way_to(each, d) for d in valuable(app, holds) for each in cause.lines
              if each.owner == service.id and d in each.added), ()),
        cwe="CWE-668",
        endangers=(service.id,),
        key=(service.id,),
        data=holds or perhaps,
        by=(service.id,),
        fault=3 if public and valuable(app, holds) else 2 if holds or doors else 1,
        lines=cause.lines,
    )  # fmt: skip


def _is_public(each: Changed) -> bool:
    outside = each.kind is Kind.ENTRY and each.key.partition(" ")[0] in DOORS
    return outside and any(map(anonymous, each.added))
