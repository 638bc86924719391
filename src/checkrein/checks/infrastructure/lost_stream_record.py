"""A record of a stream that a function fails on blocks the others, and is then lost.

## Why

Lambda gives a failed batch of a stream to the function again and again until it works or the records
expire (a day for DynamoDB Streams, by default a day for Kinesis); all later records of that shard wait. What
expires is gone, unless the mapping names where its records are told of.

## Fix

Name an `OnFailure` destination in the event source mapping and limit `MaximumRetryAttempts`, with
`BisectBatchOnFunctionError`.

## Examples

```yaml bad template.yaml
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
      StreamSpecification: {StreamViewType: NEW_IMAGE}
  Copy:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  Mapping:  #! a change of Orders (e-mail address) that Copy fails on holds up the stream, and is then lost
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt Orders.StreamArn
      FunctionName: !Ref Copy
      StartingPosition: LATEST
```

```yaml good template.yaml
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
      StreamSpecification: {StreamViewType: NEW_IMAGE}
  Copy:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties:
      EventSourceArn: !GetAtt Orders.StreamArn
      FunctionName: !Ref Copy
      StartingPosition: LATEST
      DestinationConfig:
        OnFailure: {Destination: "arn:aws:sqs:eu-west-1:111122223333:failed"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import kept, owners
from checkrein.checks.questions import grouped, listed, short, titles
from checkrein.model import App, Change, Entry, Finding, Fix, Resource, Symbol

STREAMS = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable", "AWS::Kinesis::Stream")


@check(
    resource("AWS::Lambda::EventSourceMapping"),
    fault=1,
    topics=("error-handling",),
    frameworks=("CWE-391",),
)
def lost_stream_record(mapping: Resource, app: App) -> Iterator[Finding]:
    if mapping.value("DestinationConfig.OnFailure") is not None:
        return
    streams = [id for id in owners(app, mapping.value("EventSourceArn")) if _is_stream(app, id)]
    for stream in sorted(streams):
        classes = kept(app, stream)
        entries = grouped(app, Entry, "source").get(stream, [])
        readers = sorted({short(e.function) for e in entries}) or ["its function"]
        fails = "fails" if len(readers) == 1 else "fail"
        held = f" ({titles(classes)})" if classes else ""
        yield Finding(
            mapping.place,
            f"a change of {short(stream)}{held} that {listed(readers)} {fails} on holds up"
            " the stream, and is then lost",
            cwe="CWE-391",
            endangers=(stream,),
            data=tuple(classes),
            fix=_fix(mapping),
            key=(stream,),
            hygiene=not classes,
        )


def _fix(mapping: Resource) -> Fix:
    """Return the fix that makes a queue for what fails; the role must be allowed to write to it."""
    origin = mapping.origin(())
    queue = f"{mapping.id}Failures"
    kind = {"Type": "SQS"} if mapping.source_type else {}
    told = {**kind, "Destination": Symbol(queue, "Arn")}
    path = (*origin.path, *(("Properties",) if origin.path else ()))
    return Fix(
        "tell a queue of records that failed five times",
        changes=(
            Change(
                queue,
                (),
                "add",
                {"Type": "AWS::SQS::Queue", "Properties": {"MessageRetentionPeriod": 1209600}},
            ),
            Change(origin.resource, (*path, "DestinationConfig", "OnFailure"), "set", told),
            Change(origin.resource, (*path, "MaximumRetryAttempts"), "set", 5),
        ),
    )


def _is_stream(app: App, id: str) -> bool:
    found = app.get(Resource, id)
    return found is not None and found.type in STREAMS
