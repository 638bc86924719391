"""What a subscriber cannot take is dropped.

## Why

SNS tries functions and queues for 23 days, but addresses outside AWS for an hour at most; then the message
is gone. A queue for failures keeps it.

## Fix

Set the subscription's `RedrivePolicy`.

## Examples

```yaml bad template.yaml
Resources:
  News:
    Type: AWS::SNS::Topic
  Hook:
    Type: AWS::SNS::Subscription
    Properties:
      TopicArn: !Ref News
      Protocol: https  #! what https://example.com/hook does not take of News (e-mail address) is dropped
      Endpoint: https://example.com/hook
  Function:
    Type: AWS::SNS::Subscription
    Properties:
      TopicArn: !Ref News
      Protocol: lambda  #? what a function does not take of News (e-mail address) is dropped
      Endpoint: arn:aws:lambda:eu-west-1:111122223333:function:news
```

```yaml bad checkrein.yaml
resources:
  template/News: {holds: [pii.email]}
```

```yaml good template.yaml
Resources:
  News:
    Type: AWS::SNS::Topic
  Hook:
    Type: AWS::SNS::Subscription
    Properties:
      TopicArn: !Ref News
      Protocol: https
      Endpoint: https://example.com/hook
      RedrivePolicy: {deadLetterTargetArn: "arn:aws:sqs:eu-west-1:111122223333:failed"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from checkrein.checks import check, resource
from checkrein.checks.keeping import weighed, with_data
from checkrein.checks.subscribers import subscriptions
from checkrein.model import App, Finding, Resource

OUTSIDE = frozenset({"http", "https"})
KINDS = {"lambda": "a function", "sqs": "a queue", "firehose": "a delivery stream"}


@check(
    resource("AWS::SNS::Topic"),
    fault=1,
    topics=("availability",),
    frameworks=("CWE-755",),
    peers=("ES7000",),
)
def subscription_without_redrive(topic: Resource, app: App) -> Iterator[Finding]:
    for each in subscriptions(app, topic):
        protocol = str(each.protocol)
        taker = str(each.endpoint) if protocol in OUTSIDE else KINDS.get(protocol)
        if taker and not each.redrive:
            message = f"what {taker} does not take of {with_data(app, topic.id)} is dropped"
            judged = weighed(app, Finding(each.place, message, key=(taker,)), topic.id)
            yield judged if protocol in OUTSIDE else replace(judged, hygiene=True)
