"""A table copies every change to a stream that nothing reads.

## Why

A stream keeps each item before and after its change for a day, under a right of its own: a second place
where the table's data can be read, of no use to anybody.

## Fix

Take `StreamSpecification` away, or connect what should read it.

## Examples

```yaml bad template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
      StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}  #! Customers (e-mail address) copies every change to a stream that nothing reads
```

```yaml good template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
      StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt Customers.StreamArn
      FunctionName: arn:aws:lambda:eu-west-1:111122223333:function:index
      StartingPosition: LATEST
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import remove_fix
from checkrein.checks.keeping import spot, weighed, with_data
from checkrein.checks.mentions import mentions
from checkrein.model import App, Finding, Resource, Symbol

STREAM = "StreamSpecification"


@check(
    resource("AWS::DynamoDB::Table"),
    fault=1,
    topics=(
        "unused-resources",
        "data-exposure",
    ),
    frameworks=("CWE-1125",),
)
def unread_stream(table: Resource, app: App) -> Iterator[Finding]:
    if table.value(STREAM) is None or mentions(app).get(Symbol(table.id, "StreamArn")):
        return  # some resource, output or nested stack gets the stream
    message = f"{with_data(app, table.id)} copies every change to a stream that nothing reads"
    fix = remove_fix(table, STREAM, "keep no copy that nobody reads")
    yield weighed(app, Finding(spot(table, STREAM), message, fix=fix), table.id)
