"""A service is meant to hold data that no code brings there.

## Why

What a store is meant to hold and does not is a feature that is gone, a write that was lost, or an intent that
nobody needs any more. What stays in the lock would pass unseen if it came back.

## Fix

Mend the code, or accept that it is gone: `checkrein accept FINDING --reason WHY` takes it out of
`checkrein.lock`. What is declared as `holds` in `checkrein.yaml` needs no code.

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
            boto3.resource("dynamodb").Table("customers").put_item(Item={"email": event["email"]})
```

```yaml bad checkrein.lock
lock: 1
intended:
  template/Customers: pii.email, pii.phone  #! Customers is meant to hold telephone number, and no code brings it there any more
  template/Keep: pii.email, pii.phone
coded:
  template/Customers: pii.email
  template/Keep: pii.email, pii.phone
```

Who reads only a part of the code cannot tell:

```yaml undecided template.yaml
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
      CodeUri: keep/
```

```yaml undecided checkrein.lock
lock: 1
intended:
  template/Customers: pii.email, pii.phone
  template/Keep: pii.email, pii.phone
coded:
  template/Customers: pii.email, pii.phone
  template/Keep: pii.email, pii.phone
flow:
  template/Keep:
    event.phone -> template/Customers phone: pii.phone
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
from checkrein.checks.locked.causes import Cause
from checkrein.checks.locked.comparing import subjects
from checkrein.checks.locked.going import uncoded, unread
from checkrein.checks.locked.sentences import data_named, key_of, named
from checkrein.model import App, Fact, Finding, Kind, Undecided


@check(subjects(Kind.INTENDED), fault=1, topics=("data-inventory",), frameworks=("CWE-1059",))
def intended_but_not_coded(service: Fact, app: App) -> Iterator[Finding]:
    lines = uncoded(app).get(service.id)
    if not lines:
        return
    if reason := unread(app, service.id):
        raise Undecided(reason)
    classes = {data for each in lines if each.owner == service.id for data in each.removed}
    said = next(each.before for each in lines if each.before)
    yield Finding(
        said.place,
        f"{named(app, service.id)} is meant to hold {data_named(app, classes)},"
        " and no code brings it there any more",
        said.evidence,
        cwe="CWE-1059",
        key=key_of(Cause(lines)),
        lines=lines,
    )
