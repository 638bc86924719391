"""Any queue of the account may send its failures to this one.

## Why

Unless a queue for failures says whose they are, every queue in the account may be set up to fill it, and
the failures of one application hide among those of another.

## Fix

Set `RedriveAllowPolicy` to the queues that it serves, by ARNs without a `Ref`: each would name the other.

## Examples

```yaml bad template.yaml
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}
  Failed:  #? any queue of the account may send its failures to Failed
    Type: AWS::SQS::Queue
```

```yaml good template.yaml
Resources:
  Orders: {Type: AWS::SQS::Queue}
  Failed:
    Type: AWS::SQS::Queue
    Properties:
      RedriveAllowPolicy: {redrivePermission: denyAll}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import configuring
from checkrein.model import App, Finding, Resource

QUEUE = "AWS::SQS::Queue"
PERMISSION = "RedriveAllowPolicy.redrivePermission"


@check(
    resource(QUEUE),
    fault=1,
    topics=("least-privilege",),
    frameworks=("CWE-732",),
    peers=("ES6000",),
    hygiene=True,
)
def dead_letters_of_any_queue(queue: Resource, app: App) -> Iterator[Finding]:
    said = queue.value(PERMISSION)
    if said in (None, "allowAll") and configuring(app, queue.id, QUEUE, "RedrivePolicy"):
        message = f"any queue of the account may send its failures to {queue.name}"
        yield Finding(queue.place, message, endangers=(queue.id,))
