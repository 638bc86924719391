"""Nobody is told when events are lost.

## Why

A dead-letter queue keeps what failed, for days at most, and says nothing. A consumer of a stream that fails holds up all that
comes after it, until the stream forgets it. A function that is called and not waited for drops an event after two more tries. None of
these shows to a user: an alarm is the only one to notice.

## Fix

Add an `AWS::CloudWatch::Alarm` on `ApproximateNumberOfMessagesVisible` of the dead-letter queue, on `IteratorAge` of the
consumer, on `Errors` of the function, with an action that reaches somebody.

## Examples

```yaml bad template.yaml
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 3}}
  Failed:  #! nobody is told when messages come to Failed (payment card number)
    Type: AWS::SQS::Queue
  Store:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Environment: {Variables: {QUEUE: !Ref Orders}}
      Code:
        ZipFile: |
          import boto3, json, os
          def handler(event, context):
              body = json.dumps({"card": event["card_number"]})
              boto3.client("sqs").send_message(QueueUrl=os.environ["QUEUE"], MessageBody=body)
```

```yaml bad template.yaml
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 3}}
  Failed:  #? nobody is told when messages come to Failed
    Type: AWS::SQS::Queue
```

```yaml good template.yaml
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 3}}
  Failed:
    Type: AWS::SQS::Queue
  Lost:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/SQS
      MetricName: ApproximateNumberOfMessagesVisible
      Dimensions: [{Name: QueueName, Value: !GetAtt Failed.QueueName}]
      Statistic: Maximum
      Period: 60
      EvaluationPeriods: 1
      Threshold: 1
      ComparisonOperator: GreaterThanOrEqualToThreshold
      AlarmActions: [arn:aws:sns:eu-west-1:111122223333:pager]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from checkrein.checks import check, resource
from checkrein.checks.alarms import watched
from checkrein.checks.context import asynchronous, configuring, kept, owners, resources, starts
from checkrein.checks.questions import elements_by_node, titles
from checkrein.checks.worth import valuable
from checkrein.model import App, Finding, Resource
from checkrein.model.asking import of_app

QUEUE, FUNCTION = "AWS::SQS::Queue", "AWS::Lambda::Function"
MAPPING, CONFIG = "AWS::Lambda::EventSourceMapping", "AWS::Lambda::EventInvokeConfig"
RULE, TOPIC_END = "AWS::Events::Rule", "AWS::SNS::Subscription"
DEPTH = {"ApproximateNumberOfMessagesVisible", "NumberOfMessagesSent", "NumberOfMessagesReceived"}
DEPTH_MORE = {"ApproximateAgeOfOldestMessage", "*"}
AGE = {"IteratorAge", "Errors", "*"}
ERRORS = {"Errors", "DeadLetterErrors", "AsyncEventsDropped", "DestinationDeliveryFailures", "*"}

FAILURES = (
    (QUEUE, "RedrivePolicy.deadLetterTargetArn"),
    (FUNCTION, "DeadLetterConfig.TargetArn"),
    (CONFIG, "DestinationConfig.OnFailure.Destination"),
    (MAPPING, "DestinationConfig.OnFailure.Destination"),
    (TOPIC_END, "RedrivePolicy.deadLetterTargetArn"),
)


@check(
    resource(QUEUE, FUNCTION),
    fault=1,
    topics=("monitoring",),
    frameworks=("CWE-778", "OWASP-2025:A09", "OWASP-2021:A09", "NIST-800-53r5:SI-4", "SAS-5"),
)
def unwatched_loss(subject: Resource, app: App) -> Iterator[Finding]:
    seen = watched(app, subject.id)
    if subject.type == QUEUE:
        feeding = _failures(app).get(subject.id, ())
        if feeding and not seen & (DEPTH | DEPTH_MORE):
            held = {d for id in (subject.id, *feeding) for d in kept(app, id)}
            told = f"when messages come to {subject.name}"
            yield _finding(subject, told, valuable(app, held))
        return
    streams = [e for e in starts(app, subject.id) if e.kind == "stream"]
    data = _received(app, subject)
    if streams and not seen & AGE:
        yield _finding(subject, f"when {subject.name} falls behind its stream", data)
    elif asynchronous(app, subject.id) and not seen & ERRORS and not _is_safe(app, subject):
        dropped = _finding(subject, f"when {subject.name} drops an event", data)
        yield replace(dropped, hygiene=True)  # that it has nowhere to go is a finding of its own


def _received(app: App, function: Resource) -> list[str]:
    """Return the valuable classes that code takes from a function's events."""
    return valuable(
        app,
        {
            element.data
            for element in elements_by_node(app).get(function.id, [])
            if element.slot.path.startswith("event") and element.confidence != "possible"
        },
    )


def _finding(subject: Resource, told: str, data: list[str]) -> Finding:
    return Finding(
        subject.place,
        f"nobody is told {told}{f' ({titles(data)})' if data else ''}",
        cwe="CWE-778",
        endangers=(subject.id,),
        key=(told,),
        data=tuple(data),
        hygiene=not data,
    )


def _is_safe(app: App, function: Resource) -> bool:
    """Tell whether what a function fails at goes somewhere."""
    beside = configuring(app, function.id, CONFIG, "FunctionName")
    return bool(
        function.value("DeadLetterConfig.TargetArn")
        or any(each.value("DestinationConfig.OnFailure.Destination") for each in beside)
    )


@of_app
def _failures(app: App) -> dict[str, tuple[str, ...]]:
    """Return, for each queue of failures, what gives up its events to it."""
    found: dict[str, list[str]] = {}
    for type, path in FAILURES:
        for each in resources(app, type):
            for owner in owners(app, each.value(path)):
                found.setdefault(owner, []).append(each.id)
    return {id: tuple(ids) for id, ids in found.items()}
