"""A message that always fails is tried again until it is gone.

## Why

A function that fails on a message gives it back to the queue, which hands it out again and again until its
retention ends, and then drops it: nobody learns what was lost, and the tries hold up what comes after (all
that follow in a FIFO group). A redrive policy sets such messages aside after some tries. Queues that no
function reads, and those that take failures themselves, are not asked.

## Fix

Add a queue for failures and a `RedrivePolicy`; five tries is what AWS advises for functions.

## Examples

```yaml bad template.yaml
Resources:
  Orders:  #! a message of Orders that Charge fails on is tried until it is gone
    Type: AWS::SQS::Queue
  Charge:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: !GetAtt Orders.Arn, FunctionName: !Ref Charge}
```

```yaml good template.yaml
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}
  Failed: {Type: AWS::SQS::Queue}
  Polled: {Type: AWS::SQS::Queue}
  Charge:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: !GetAtt Orders.Arn, FunctionName: !Ref Charge}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checkrein.checks import check, resource
from checkrein.checks.context import configuring
from checkrein.checks.keeping import with_data
from checkrein.checks.questions import grouped, listed, short
from checkrein.model import App, Change, Entry, Finding, Fix, Resource, Symbol

QUEUE = "AWS::SQS::Queue"
REDRIVE = "RedrivePolicy"
TRIES = 5
RETENTION, LONGEST = "MessageRetentionPeriod", 1209600


@check(
    resource(QUEUE),
    fault=1,
    topics=(
        "availability",
        "error-handling",
    ),
    frameworks=("CWE-755",),
    peers=("AwsSolutions-SQS3", "ES6000"),
)
def queue_without_redrive(queue: Resource, app: App) -> Iterator[Finding]:
    readers = sorted(
        {e.function for e in grouped(app, Entry, "source").get(queue.id, []) if e.kind == "queue"}
    )
    if not readers or queue.value(REDRIVE) is not None:
        return
    if configuring(app, queue.id, QUEUE, REDRIVE):
        return
    yield Finding(
        queue.place,
        f"a message of {with_data(app, queue.id)} that {listed(map(short, readers))}"
        f" {'fails' if len(readers) == 1 else 'fail'} on"
        " is tried until it is gone",
        cwe="CWE-755",
        endangers=(queue.id,),
        fix=_fix(queue),
    )


def _fix(queue: Resource) -> Fix:
    """Return the fix that adds a queue for failures, of the same kind and under the same key."""
    written = queue.origin(()).resource
    made = f"{written}Failed"
    same: dict[str, Any] = {
        name: queue.properties[name]
        for name in ("FifoQueue", "KmsMasterKeyId", "SqsManagedSseEnabled")
        if name in queue.properties
    }
    policy = {"deadLetterTargetArn": Symbol(made, "Arn"), "maxReceiveCount": TRIES}
    origin = queue.origin((REDRIVE,))
    return Fix(
        "set failing messages aside after five tries",
        changes=(
            Change(made, (), "add", {"Type": QUEUE, "Properties": {RETENTION: LONGEST} | same}),
            Change(origin.resource, origin.path, "set", policy),
        ),
    )
