"""Failed messages are protected less than the queue they come from.

## Why

What fails lands in another queue, whole, and stays there longest. Where the queue itself is under a key of
its own and the one for failures is not, whoever may not read the first reads the second.

## Fix

Give the queue for failures the same key.

## Examples

```yaml bad template.yaml
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {}}}
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      KmsMasterKeyId: !Ref Key
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}
  Failed:  #! Failed takes what fails in Orders (e-mail address), without the key that protects it there
    Type: AWS::SQS::Queue
```

```yaml bad checkrein.yaml
resources:
  template/Orders: {holds: [pii.email]}
```

```yaml good template.yaml
Resources:
  Key: {Type: AWS::KMS::Key, Properties: {KeyPolicy: {}}}
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      KmsMasterKeyId: !Ref Key
      RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn, maxReceiveCount: 5}
  Failed:
    Type: AWS::SQS::Queue
    Properties: {KmsMasterKeyId: !Ref Key}
  Others: {Type: AWS::SQS::Queue}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import configuring, is_open
from checkrein.checks.keeping import is_aws_key, spot, weighed, with_data
from checkrein.checks.questions import setting
from checkrein.model import App, Finding, Resource

KEY = "KmsMasterKeyId"
QUEUE = "AWS::SQS::Queue"


@check(
    resource(QUEUE),
    fault=1,
    topics=("encryption-at-rest",),
    frameworks=("CWE-311",),
)
def weaker_dead_letters(queue: Resource, app: App) -> Iterator[Finding]:
    own = queue.value(KEY)
    if is_open(own) or not is_aws_key(own):
        return
    for source in configuring(app, queue.id, QUEUE, "RedrivePolicy"):
        key = source.value(KEY)
        if key is None or is_aws_key(key):
            continue
        message = (
            f"{queue.name} takes what fails in {with_data(app, source.id)},"
            " without the key that protects it there"
        )
        fix = setting(queue, KEY, key, "protect it with the same key")
        yield weighed(app, Finding(spot(queue, KEY), message, fix=fix), source.id)
