"""A table keeps a value in clear that no code needs again.

## Why

A card number or a passport that is only stored, looked up or compared need not be there: a token of the
payment provider or a keyed hash does the same, and is worth nothing to a thief. Passwords are told by `password-in-clear`. A card's verification code must not be kept at all after the payment (PCI DSS 3.3.1). Of what
somebody may need it is said only where all code that may read the table was read to its end.

## Fix

Store a token or a hash in its place: the provider's token for cards, HMAC with a key of KMS for numbers that are
looked up.

## Examples

```yaml bad template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Save:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3
          table = boto3.resource("dynamodb").Table("customers")
          def handler(event, context):
              found = table.get_item(Key={"id": event["id"]})["Item"]
              if found["passportNumber"] == event["passportNumber"]:
                  return {"known": True}
              table.put_item(Item={"id": event["id"], "passportNumber": event["passportNumber"]})  #! Customers keeps passport in clear, and no code needs the value itself again
```

```yaml bad template.yaml
Resources:
  Users:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: users
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Save:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3
          table = boto3.resource("dynamodb").Table("users")
          def handler(event, context):
              table.put_item(Item={"id": event["id"], "cvv": event["cvv"]})  #! Users keeps card verification code, which nobody may keep after the payment
              return table.get_item(Key={"id": event["id"]})["Item"]
```

```yaml good template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Save:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3
          table = boto3.resource("dynamodb").Table("customers")
          def handler(event, context):
              table.put_item(Item={"id": event["id"], "passportNumber": event["passportNumber"]})
              return {"passport": table.get_item(Key={"id": "1"})["Item"]["passportNumber"]}
```

```yaml good template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: read
          PolicyDocument:
            Statement: {Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Customers.Arn}
  NotRead:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: java25
      Handler: example.Show
      Role: !GetAtt Role.Arn
      Code: {S3Bucket: code, S3Key: show.jar}
  Save:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3
          table = boto3.resource("dynamodb").Table("customers")
          def handler(event, context):
              table.put_item(Item={"id": event["id"], "passportNumber": event["passportNumber"]})
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.keeping import deployment_of
from checkrein.checks.privilege import holders
from checkrein.checks.questions import elements_by_node, flows_to, grouped, titles
from checkrein.model import (
    Access,
    App,
    Basis,
    Element,
    Entry,
    Finding,
    Flow,
    Function,
    Resource,
    Summary,
)

UNUSED = "in clear, and no code needs the value itself again"
FORBIDDEN = "which nobody may keep after the payment"
REPLACEABLE = {  # classes for which a token or a hash does, or nothing at all
    **dict.fromkeys(("pay.pan", "bank.account", "pii.national_id", "pii.passport"), UNUSED),
    **dict.fromkeys(("pii.licence", "pii.tax_id"), UNUSED),
    **dict.fromkeys(("pay.cvv", "pay.pin"), FORBIDDEN),
}


@check(
    resource("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", undeclared=True),
    fault=2,
    topics=("tokenisation", "encryption-at-rest"),
    frameworks=("CWE-312",),
)
def value_kept_in_clear(table: Resource, app: App) -> Iterator[Finding]:
    held = [
        element
        for element in elements_by_node(app).get(table.id, [])
        if element.data in REPLACEABLE
        and element.basis == Basis.CODED
        and element.confidence != "possible"
    ]
    for element in held:
        written = [flow for flow in flows_to(app, table.id) if _puts(flow, element)]
        if written and not _is_used(app, element) and _is_sure(app, table, element):
            yield _finding(table, element, written[0])


def _is_sure(app: App, table: Resource, element: Element) -> bool:
    """Tell whether all who might use a value were seen; nobody may need some values."""
    return REPLACEABLE[element.data] != UNUSED or _all_readers_seen(app, table)


def _finding(table: Resource, element: Element, written: Flow) -> Finding:
    words = REPLACEABLE[element.data]
    return Finding(
        written.evidence[0].place,
        f"{table.name} keeps {titles([element.data])}{',' if words == FORBIDDEN else ''} {words}",
        steps=written.steps,
        cwe="CWE-312",
        endangers=(table.id,),
        key=(element.data, element.slot.path),
        confidence="likely",
        data=(element.data,),
        by=(written.via,),
    )


def _puts(flow: Flow, element: Element) -> bool:
    """Tell whether a flow puts a value into a slot as it came."""
    return flow.target.path == element.slot.path and flow.source.node != element.slot.node


def _is_used(app: App, element: Element) -> bool:
    """Tell whether code hands the value of a slot on; with all that is around it counts for some."""
    path = element.slot.path
    alone = REPLACEABLE[element.data] != UNUSED
    return any(
        (not alone and not flow.source.path)
        or path == flow.source.path
        or (not alone and path.startswith(f"{flow.source.path}."))
        for flow in grouped(app, Flow, "basis").get(Basis.CODED, [])
        if flow.source.node == element.slot.node
    )


def _all_readers_seen(app: App, table: Resource) -> bool:
    """Tell whether the code of all who may read a table was read, and nothing else takes from it."""
    if table.is_undeclared:
        return False
    if grouped(app, Entry, "source").get(table.id) or table.value("StreamSpecification"):
        return False
    home = deployment_of(app, table.id)
    readers = [
        function
        for access in grouped(app, Access, "target").get(table.id, [])
        if access.right == "read"
        for function in holders(app, access.identity) or [access.identity]
    ]
    callers = {f.via for f in flows_to(app, table.id)}
    return bool(home) and all(_is_seen(app, one) for one in {*readers, *callers})


def _is_seen(app: App, function: str) -> bool:
    if app.get(Function, function) is None:
        return False
    known = grouped(app, Summary, "function").get(function, [])
    return bool(known) and not any(summary.partial for summary in known)
