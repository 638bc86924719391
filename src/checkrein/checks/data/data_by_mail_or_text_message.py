"""A topic sends valuable data by e-mail or text message.

## Why

E-mail and text messages leave AWS, in clear, to whatever device and provider the reader has; nobody can
take them back, and every reader of the mailbox reads on. SNS sends the whole message as it was published.

## Fix

Publish a reference (an order's id) in place of the data, or send the notice through an application where
the reader signs in.

## Examples

```yaml bad template.yaml
Resources:
  News:
    Type: AWS::SNS::Topic
  Staff:
    Type: AWS::SNS::Subscription
    Properties:
      TopicArn: !Ref News
      Protocol: email  #! News sends e-mail address by e-mail
      Endpoint: staff@example.com
```

```yaml bad checkrein.yaml
resources:
  template/News: {holds: [pii.email]}
```

```yaml good template.yaml
Resources:
  News:
    Type: AWS::SNS::Topic
  Alarms:
    Type: AWS::SNS::Topic
    Properties:
      Subscription: [{Protocol: email, Endpoint: staff@example.com}]
  Queue:
    Type: AWS::SNS::Subscription
    Properties:
      TopicArn: !Ref News
      Protocol: sqs
      Endpoint: arn:aws:sqs:eu-west-1:111122223333:news
```

```yaml good checkrein.yaml
resources:
  template/News: {holds: [pii.email]}
```

Whom a message goes to is no part of it:

```yaml good template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  News:
    Type: AWS::SNS::Topic
  Staff:
    Type: AWS::SNS::Subscription
    Properties: {TopicArn: !Ref News, Protocol: email, Endpoint: staff@example.com}
  Join:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Environment: {Variables: {NEWS: !Ref News}}
      InlineCode: |
        import boto3, json, os
        def handler(event, context):
            asked = json.loads(event["body"])
            boto3.client("sns").subscribe(TopicArn=os.environ["NEWS"], Protocol="email", Endpoint=asked["email"])
      Events:
        Post: {Type: HttpApi, Properties: {Path: /join, Method: post}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import kept
from checkrein.checks.keeping import PERSONAL, how
from checkrein.checks.questions import elements_by_node, titles
from checkrein.checks.subscribers import subscriptions
from checkrein.checks.worth import value
from checkrein.model import App, Finding, Resource

RECIPIENT = ("Endpoint", "PhoneNumber")  # fields of requests to SNS that say who gets a message
WAYS = {"email": "e-mail", "email-json": "e-mail", "sms": "text message"}


@check(
    resource("AWS::SNS::Topic"),
    fault=1,
    topics=("data-exposure",),
    frameworks=(
        "CWE-201",
        "CWE-319",
    ),
)
def data_by_mail_or_text_message(topic: Resource, app: App) -> Iterator[Finding]:
    # prices and numbers of payments are what such notices are for
    addressed = _addressed(app, topic)
    known = (data for data in kept(app, topic.id) if data not in addressed)
    classes = [data for data in known if value(app, data) >= PERSONAL]
    for each in subscriptions(app, topic) if classes else ():
        way = WAYS.get(str(each.protocol))
        if way:
            yield Finding(
                each.place,
                f"{topic.name} sends {titles(classes)} by {way}",
                steps=how(app, topic.id, classes),
                cwe="CWE-201",
                endangers=(topic.id,),
                data=tuple(classes),
                key=(way, *classes),
            )


def _addressed(app: App, topic: Resource) -> set[str]:
    """Return the classes that only the addresses of recipients are: no message holds those."""
    held = elements_by_node(app).get(topic.id, [])
    sent = {each.data for each in held if not each.slot.path.startswith(RECIPIENT)}
    return {each.data for each in held} - sent
