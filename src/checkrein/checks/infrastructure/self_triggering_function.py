"""A function starts itself by what it writes.

## Why

A function that writes into the bucket, queue, topic or stream that started it runs again for what it wrote,
and again, until somebody reads the bill. Lambda stops a loop through SQS, SNS or S3 after 16 rounds by default
(not those through DynamoDB Streams, nor where `RecursiveLoop: Allow` is set); what was lost or paid by then
is. The same goes for two functions that start each other.

A filter on the trigger that the written key does not match, a filter of the event source mapping, or code
that looks at the kind of the event counts as a guard.

## Fix

Write somewhere else, or under a prefix that the trigger leaves out.

## Examples

```yaml bad template.yaml
Resources:
  Photos:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: photos-of-rides
      NotificationConfiguration:
        LambdaConfigurations:
          - {Event: "s3:ObjectCreated:*", Function: !GetAtt Shrink.Arn}
  Shrink:  #! Shrink puts objects into Photos, which starts Shrink again
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              key = event["Records"][0]["s3"]["object"]["key"]
              boto3.client("s3").put_object(Bucket="photos-of-rides", Key=key, Body=b"")
```

```yaml good template.yaml
Resources:
  Photos:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: photos-of-rides
      NotificationConfiguration:
        LambdaConfigurations:
          - Event: "s3:ObjectCreated:*"
            Filter: {S3Key: {Rules: [{Name: prefix, Value: in/}]}}
            Function: !GetAtt Shrink.Arn
  Shrink:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              boto3.client("s3").put_object(Bucket="photos-of-rides", Key="small/one.png", Body=b"")
```

```yaml bad template.yaml
Resources:
  Left:
    Type: AWS::SNS::Topic
    Properties: {TopicName: left}
  Right:
    Type: AWS::SNS::Topic
    Properties: {TopicName: right}
  Ping:  #! Ping publishes to Right, which starts Pong, which publishes to Left, which starts Ping again
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              boto3.client("sns").publish(TopicArn="arn:aws:sns:eu-west-1:111122223333:right", Message="")
  Pong:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              boto3.client("sns").publish(TopicArn="arn:aws:sns:eu-west-1:111122223333:left", Message="")
  First:
    Type: AWS::SNS::Subscription
    Properties: {Protocol: lambda, TopicArn: !Ref Left, Endpoint: !GetAtt Ping.Arn}
  Second:
    Type: AWS::SNS::Subscription
    Properties: {Protocol: lambda, TopicArn: !Ref Right, Endpoint: !GetAtt Pong.Arn}
```
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from checkrein.checks import check, every
from checkrein.checks.context import resources
from checkrein.checks.questions import grouped, short
from checkrein.model import (
    App,
    Call,
    Entry,
    Evidence,
    Finding,
    Function,
    Resource,
    Summary,
    Text,
    Value,
)
from checkrein.model.asking import of_app

DEEDS = {  # kind of trigger: what sets it off, in words and as operations
    "bucket": (
        "puts objects into",
        ("PutObject", "CopyObject", "CompleteMultipartUpload", "Upload"),
    ),
    "queue": ("sends to", ("SendMessage", "SendMessageBatch")),
    "topic": ("publishes to", ("Publish", "PublishBatch")),
    "stream": (
        "writes to",
        *(
            (
                "PutItem",
                "UpdateItem",
                "BatchWriteItem",
                "TransactWriteItems",
                "PutRecord",
                "PutRecords",
            ),
        ),
    ),
}
STOPPED = ("bucket", "queue", "topic")  # loops that Lambda ends after 16 rounds
MAPPING = "AWS::Lambda::EventSourceMapping"
GUARDS = ("eventName", "eventname")
CONTENT = frozenset({"Body", "CopySource", "Filename", "Fileobj"})  # what is put there
HOLE = "\0"
ROUND = 4  # functions in a loop that a reader can follow


class Step(Struct, frozen=True):
    """A function's call that sets off a function."""

    function: str
    words: str
    via: str
    kind: str
    starts: str
    evidence: Evidence


@check(
    every(Function),
    fault=2,
    topics=("denial-of-service",),
    frameworks=("CWE-674", "CWE-770"),
)
def self_triggering_function(function: Function, app: App) -> Iterator[Finding]:
    found = app.get(Resource, function.id) or function
    for loop in _loops(app, function.id):
        ended = all(step.kind in STOPPED for step in loop) and not _allowed(app, function.id)
        said = ", which ".join(
            f"{step.words} {short(step.via)}, which starts {short(step.starts)}" for step in loop
        )
        yield Finding(
            found.place,
            f"{short(function.id)} {said} again",
            steps=tuple(step.evidence for step in loop),
            cwe="CWE-674",
            endangers=(function.id,),
            key=tuple(part for step in loop for part in (step.function, step.via)),
            confidence="likely",  # the code may know when to stop
            fault=1 if ended else 2,
        )


def _loops(app: App, function: str) -> Iterator[list[Step]]:
    """Yield the shortest way back to a function; of several functions the first tells it."""
    frontier: list[list[Step]] = [[step] for step in _steps(app).get(function, ())]
    seen = {function}
    while frontier:
        way = frontier.pop(0)
        last = way[-1].starts
        if last == function:
            if function == min(step.function for step in way):
                yield way
            return
        if last not in seen and len(way) < ROUND:
            seen.add(last)
            frontier += [[*way, step] for step in _steps(app).get(last, ())]


@of_app
def _steps(app: App) -> Mapping[str, list[Step]]:
    found: dict[str, list[Step]] = {}
    for call in app.every(Call):
        for entry in grouped(app, Entry, "source").get(call.target or "", []):
            words, operations = DEEDS.get(entry.kind, ("", ()))
            if call.operation in operations and call.certain and not _guarded(app, call, entry):
                place = call.evidence[0] if call.evidence else entry.evidence[0]
                step = Step(call.function, words, entry.source, entry.kind, entry.function, place)
                found.setdefault(call.function, []).append(step)
    return found


def _guarded(app: App, call: Call, entry: Entry) -> bool:
    """Tell whether something keeps what is written from setting the function off."""
    if entry.kind == "bucket":
        return _left_out(app, call, entry)
    if entry.kind in {"queue", "stream"} and _filtered(app, entry):
        return True
    return entry.kind == "stream" and any(
        read.source.attribute.endswith(GUARDS)
        for summary in grouped(app, Summary, "function").get(entry.function, [])
        for read in summary.reads
    )


def _filtered(app: App, entry: Entry) -> bool:
    """Tell whether an event source mapping filters what comes from a source."""
    mappings = {each.id for each in resources(app, MAPPING) if each.value("FilterCriteria")}
    return any(f":{mapping}:" in entry.id for mapping in mappings)


def _left_out(app: App, call: Call, entry: Entry) -> bool:
    """Tell whether a bucket's trigger does not, or may not, fire for what is put there.

    A presigned request has no content, and who uses it is somebody else. A key that begins with a
    text of its own is one that code can tell from those it works on.
    """
    event, _, pattern = entry.route.partition(" ")
    written = _arguments(app, call)
    if ("Created" not in event and event != "") or not CONTENT & written.keys():
        return True
    key = _shown(written.get("Key"))
    prefix, _, suffix = pattern.partition("*")
    if not prefix and not key.startswith(HOLE):
        return True
    return not (key.startswith(prefix) and key.endswith(suffix))


def _shown(value: Value) -> str:
    """Return a text with a hole where it is open."""
    parts = value.parts if isinstance(value, Text) else (value,)
    return "".join(part if isinstance(part, str) else HOLE for part in parts)


def _arguments(app: App, call: Call) -> dict[str, Value]:
    """Return what a call's request holds, by its members."""
    for summary in grouped(app, Summary, "function").get(call.function, []):
        if call.site < len(summary.calls):
            return {a.path.partition(".")[0]: a.value for a in summary.calls[call.site].arguments}
    return {}


def _allowed(app: App, function: str) -> bool:
    """Tell whether a function tells Lambda to let it run in circles."""
    found = app.get(Resource, function)
    return found is not None and found.value("RecursiveLoop") == "Allow"
