"""A topic does not log what becomes of its messages.

## Why

Without delivery logging nobody sees that an address, a device or a queue refuses a topic's messages.

## Fix

Set `DeliveryStatusLogging` for the protocols that the topic is subscribed with.

## Examples

```yaml bad template.yaml
Resources:
  News:  #? News does not log what becomes of its messages (https)
    Type: AWS::SNS::Topic
    Properties:
      Subscription: [{Protocol: https, Endpoint: "https://example.com/hook"}]
```

```yaml good template.yaml
Resources:
  News:
    Type: AWS::SNS::Topic
    Properties:
      Subscription: [{Protocol: https, Endpoint: "https://example.com/hook"}]
      DeliveryStatusLogging:
        - {Protocol: http/s, FailureFeedbackRoleArn: "arn:aws:iam::111122223333:role/sns"}
  Mails:
    Type: AWS::SNS::Topic
    Properties:
      Subscription: [{Protocol: email, Endpoint: staff@example.com}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.questions import listed
from checkrein.checks.subscribers import subscriptions
from checkrein.model import App, Finding, Resource

LOGGED = frozenset({"http", "https", "lambda", "sqs", "firehose", "application"})


@check(
    resource("AWS::SNS::Topic"),
    fault=1,
    topics=("logging",),
    frameworks=(
        "CWE-778",
        "AWS-FSBP:SNS.2",
    ),
    peers=("SNS.2", "SNS_TOPIC_MESSAGE_DELIVERY_NOTIFICATION_ENABLED"),
    hygiene=True,
)
def deliveries_not_logged(topic: Resource, app: App) -> Iterator[Finding]:
    if topic.value("DeliveryStatusLogging") is not None:
        return
    used = sorted({str(s.protocol) for s in subscriptions(app, topic)} & LOGGED)
    if used:
        message = f"{topic.name} does not log what becomes of its messages ({listed(used)})"
        yield Finding(topic.place, message, cwe="CWE-778", endangers=(topic.id,))
