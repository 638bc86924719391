"""An event that a function fails on is thrown away.

## Why

Whoever invokes a function asynchronously waits for no answer. Lambda tries twice more and then drops the
event, unless the function names a destination for failures or a dead-letter queue. Functions that a caller
waits for, and those that read a queue or a stream, need none: the caller, the queue or the event source
mapping still has the event.

It matters where the event carries valuable data that nothing else keeps, or asks for a change of it. What a
schedule starts comes again, and an object that a bucket tells of is still there: those are for auditors.

## Fix

Name a queue or topic as `OnFailure` destination (`EventInvokeConfig` in SAM) and alarm on it.

## Examples

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::SNS::Topic
  Book:  #! an event of Orders that Book fails on is lost, and with it payment card number
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, json
        def handler(event, context):
            order = json.loads(event["Records"][0]["Sns"]["Message"])
            boto3.resource("dynamodb").Table("bookings").put_item(Item={"card_number": order["card_number"]})
  Subscription:
    Type: AWS::SNS::Subscription
    Properties: {Protocol: lambda, TopicArn: !Ref Orders, Endpoint: !GetAtt Book.Arn}
```

```yaml good template.yaml
Resources:
  Orders:
    Type: AWS::SNS::Topic
  Book:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      DeadLetterConfig: {TargetArn: "arn:aws:sqs:eu-west-1:111122223333:failed"}
      Code:
        ZipFile: |
          import boto3, json
          def handler(event, context):
              order = json.loads(event["Records"][0]["Sns"]["Message"])
              boto3.resource("dynamodb").Table("bookings").put_item(Item={"card_number": order["card_number"]})
  Subscription:
    Type: AWS::SNS::Subscription
    Properties: {Protocol: lambda, TopicArn: !Ref Orders, Endpoint: !GetAtt Book.Arn}
  Clock:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): return event['card_number']"}
  Url:
    Type: AWS::Lambda::Url
    Properties: {AuthType: AWS_IAM, TargetFunctionArn: !GetAtt Clock.Arn}
```

```yaml bad template.yaml
Resources:
  Sweep:  #? an event of Nightly that Sweep fails on is lost
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  Nightly:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: rate(1 day)
      Targets: [{Id: sweep, Arn: !GetAtt Sweep.Arn}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import asynchronous, configuring, kept
from checkrein.checks.questions import elements_by_node, listed, short, titles
from checkrein.model import App, Change, Entry, Finding, Fix, Resource

EVENT = "event"  # where what came with an event stands
REPEATED = frozenset({"schedule", "bucket", "custom-resource", "trigger"})  # asked for again


@check(
    resource("AWS::Lambda::Function"),
    fault=1,
    topics=("error-handling",),
    frameworks=("CWE-778", "CWE-391"),
    peers=("CKV_AWS_116", "LAMBDA_DLQ_CHECK", "awslambda_function_no_dead_letter_queue"),
)
def lost_asynchronous_event(function: Resource, app: App) -> Iterator[Finding]:
    entries = asynchronous(app, function.id)
    if not entries or _caught(app, function):
        return
    once = [entry for entry in entries if entry.kind not in REPEATED]
    carried = [data for data in kept(app, function.id) if not data.startswith("cred.")]
    told = once if once and carried else entries
    lost = f", and with it {_what(app, function, carried)}" if once and carried else ""
    yield Finding(
        function.place,
        f"an event of {_sources(told)} that {function.name} fails on is lost{lost}",
        tuple(evidence for entry in told for evidence in entry.evidence),
        cwe="CWE-391",
        endangers=(function.id,),
        data=tuple(carried) if lost else (),
        fix=_fix(function),
        key=tuple(sorted({entry.source for entry in told})),
        hygiene=not lost,
    )


def _what(app: App, function: Resource, carried: list[str]) -> str:
    """Say what is lost: what stood in the event, else what would have been done with what."""
    inside = {
        element.data
        for element in elements_by_node(app).get(function.id, ())
        if element.slot.path.startswith(EVENT)
    }
    told = [data for data in carried if data in inside]
    return titles(told) if told else f"what it does with {titles(carried)}"


def _fix(function: Resource) -> Fix | None:
    """SAM makes the queue and the right to write to it; elsewhere the role needs it too."""
    if function.source_type != "AWS::Serverless::Function":
        return None
    path = ("EventInvokeConfig", "DestinationConfig", "OnFailure", "Type")
    change = Change(function.origin(()).resource, path, "set", "SQS")
    return Fix("send failed events to a queue", changes=(change,))


def _caught(app: App, function: Resource) -> bool:
    """Tell whether failed events go somewhere."""
    configured = configuring(app, function.id, "AWS::Lambda::EventInvokeConfig", "FunctionName")
    return function.value("DeadLetterConfig") is not None or any(
        each.value("DestinationConfig.OnFailure") is not None for each in configured
    )


def _sources(entries: list[Entry]) -> str:
    return listed(sorted({short(entry.source) or entry.kind for entry in entries}))
