"""Items carry an expiry date that the table does not enforce.

## Why

The code writes into each item when it may go, and the table has no time-to-live for that attribute: it
keeps sessions, codes and personal data for ever, and queries go on finding them. DynamoDB's time to live
is off by default, and works only on the attribute that it names.

## Fix

Name the attribute in `TimeToLiveSpecification` (its value must be seconds since 1970).

## Examples

```yaml bad template.yaml
Resources:
  Customers:  #! items of Customers (e-mail address) get expiresAt in Save, and the table never deletes them
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Save:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3, time
          table = boto3.resource("dynamodb").Table("customers")
          def handler(event, context):
              table.put_item(Item={"email": event["email"], "expiresAt": int(time.time()) + 60})
```

```yaml good template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
      TimeToLiveSpecification: {AttributeName: expiresAt, Enabled: true}
  Save:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3, time
          table = boto3.resource("dynamodb").Table("customers")
          def handler(event, context):
              table.put_item(Item={"email": event["email"], "expiresAt": int(time.time()) + 60})
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import is_open
from checkrein.checks.keeping import sites, spot, weighed, with_data
from checkrein.checks.questions import setting, short
from checkrein.late import regex
from checkrein.model import App, CallSite, Evidence, Finding, Resource
from checkrein.model.values import members_of

TIMES = "TimeToLiveSpecification"
WRITES = frozenset({"PutItem", "BatchWriteItem", "TransactWriteItems", "UpdateItem"})
EXPIRY = regex(  # "expiry" alone may be a card's, "expires" a coupon's
    r"(?:^|\.)(ttl|time_?to_?live|expires?_?(?:at|on|epoch)|expire_?time|"
    r"expir(?:ation|y)_?(?:time|at|epoch|timestamp|ts))(?:\.N)?$",
    re.IGNORECASE,
)


@check(
    resource("AWS::DynamoDB::Table"),
    fault=1,
    topics=("retention",),
    frameworks=("CWE-459",),
)
def expiry_not_enforced(table: Resource, app: App) -> Iterator[Finding]:
    specified = table.value(TIMES)
    if specified is not None and (
        is_open(specified) or members_of(table[TIMES], TIMES).get("Enabled")
    ):
        return
    for function, site in sites(app, table.id, WRITES):
        name = _expiry(site)
        if name:
            message = (
                f"items of {with_data(app, table.id)} get {name} in {short(function)},"
                " and the table never deletes them"
            )
            wanted = {"AttributeName": name, "Enabled": True}
            fix = setting(table, TIMES, wanted, f"delete items when {name} has passed")
            said = (Evidence(f"{short(function)} writes {name}", site.place),)
            found = Finding(spot(table, TIMES), message, said, cwe="CWE-459", fix=fix, key=(name,))
            yield weighed(app, found, table.id)
            return


def _expiry(site: CallSite) -> str:
    """Return the attribute of an item that says when it may go, "" for none."""
    names = (EXPIRY.search(argument.path) for argument in site.arguments)
    return next((found[1] for found in names if found), "")
