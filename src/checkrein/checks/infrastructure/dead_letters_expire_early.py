"""Failed messages are dropped as soon as, or sooner than, those that still wait.

## Why

A standard queue's message keeps the time at which it was first sent when it is moved to the queue for
failures, and that queue counts its own retention from there. If it keeps no longer than the first, a
message that failed late is gone before anybody looks. Four days is the default for both.

## Fix

Keep failures for 14 days, the longest there is.

## Examples

```yaml bad template.yaml
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}
  Failed:  #! Failed keeps what fails in Orders (e-mail address) for 4 days from when it was first sent, Orders for 4 days
    Type: AWS::SQS::Queue
```

```yaml bad checkrein.yaml
resources:
  template/Orders: {holds: [pii.email]}
```

```yaml good template.yaml
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}
  Failed:
    Type: AWS::SQS::Queue
    Properties: {MessageRetentionPeriod: 1209600}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import configuring
from checkrein.checks.keeping import beside_the_point, spot, weighed, with_data
from checkrein.checks.questions import setting
from checkrein.model import App, Finding, Resource

QUEUE = "AWS::SQS::Queue"
RETENTION = "MessageRetentionPeriod"
DEFAULT = 345600
LONGEST = 1209600
DAY = 86400


@check(
    resource(QUEUE),
    fault=1,
    topics=(
        "availability",
        "retention",
    ),
    frameworks=("CWE-755",),
)
def dead_letters_expire_early(queue: Resource, app: App) -> Iterator[Finding]:
    if queue.value("FifoQueue") or beside_the_point(app, queue, RETENTION):
        return  # a FIFO queue starts counting anew
    for source in configuring(app, queue.id, QUEUE, "RedrivePolicy"):
        if beside_the_point(app, source, RETENTION):
            continue
        own, first = _seconds(queue), _seconds(source)
        if own <= first < LONGEST:
            message = (
                f"{queue.name} keeps what fails in {with_data(app, source.id)} for {_said(own)}"
                f" from when it was first sent, {source.name} for {_said(first)}"
            )
            fix = setting(queue, RETENTION, LONGEST, "keep failures for 14 days", safe=True)
            yield weighed(app, Finding(spot(queue, RETENTION), message, fix=fix), source.id)


def _seconds(queue: Resource) -> int:
    return queue.number(RETENTION, DEFAULT)


def _said(seconds: int) -> str:
    days = seconds / DAY
    return f"{days:g} day{'s' if days != 1 else ''}" if days >= 1 else f"{seconds} seconds"
