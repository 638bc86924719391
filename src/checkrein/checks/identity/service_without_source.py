"""A service may act on a resource for any of its customers.

## Why

A policy that lets `s3.amazonaws.com` or `sns.amazonaws.com` in lets in every bucket and topic of every
AWS account: the service asks on behalf of whoever configured it (the confused deputy). Without
`aws:SourceArn` or `aws:SourceAccount` a stranger's bucket may fill the queue, or start the function
behind it.

## Fix

Add a condition on `aws:SourceArn`, or at least `aws:SourceAccount`.

## Examples

```yaml bad template.yaml
Resources:
  Orders:
    Type: AWS::SQS::Queue
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Orders]
      PolicyDocument:
        Statement:
          - Effect: Allow  #! S3 may write to Orders for any AWS account, and every message runs Charge
            Principal: {Service: s3.amazonaws.com}
            Action: sqs:SendMessage
            Resource: !GetAtt Orders.Arn
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
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Orders]
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Service: s3.amazonaws.com}
            Action: sqs:SendMessage
            Resource: !GetAtt Orders.Arn
            Condition: {StringEquals: {"aws:SourceAccount": !Ref "AWS::AccountId"}}
```

SES names the account in `aws:Referer` as well, no other service does:

```yaml good template.yaml
Resources:
  Inbox: {Type: AWS::S3::Bucket}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Inbox
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Service: ses.amazonaws.com}
            Action: s3:PutObject
            Resource: !Sub "${Inbox.Arn}/*"
            Condition: {StringEquals: {"aws:Referer": !Ref AWS::AccountId}}
```

```yaml bad template.yaml
Resources:
  Orders: {Type: AWS::SQS::Queue}
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Orders]
      PolicyDocument:
        Statement:
          - Effect: Allow  #? S3 may write to Orders for any AWS account
            Principal: {Service: s3.amazonaws.com}
            Action: sqs:SendMessage
            Resource: !GetAtt Orders.Arn
            Condition: {StringEquals: {"aws:Referer": !Ref AWS::AccountId}}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checkrein.checks import check
from checkrein.checks.context import is_open, kept
from checkrein.checks.keeping import with_data
from checkrein.checks.policies import rights_of, verbs
from checkrein.checks.privilege import place_of
from checkrein.checks.questions import grouped, listed, short
from checkrein.model import App, Change, Entry, Finding, Fix, Grant, Resource, Symbol

SERVICE = "service:"
ASKS_FOR_OTHERS = {  # services that customers configure to write elsewhere
    "s3.amazonaws.com": "S3",
    "sns.amazonaws.com": "SNS",
    "events.amazonaws.com": "EventBridge",
    "ses.amazonaws.com": "SES",
    "cloudtrail.amazonaws.com": "CloudTrail",
    "logging.s3.amazonaws.com": "S3's access logs",
    "iot.amazonaws.com": "IoT",
    "budgets.amazonaws.com": "Budgets",
    "cloudwatch.amazonaws.com": "CloudWatch",
    "delivery.logs.amazonaws.com": "CloudWatch Logs",
}
TOLD_ELSEWHERE = ("AWS::Lambda::", "AWS::ApiGateway", "AWS::KMS::")
STORES_MAIL, OF_ACCOUNT = "ses.amazonaws.com", "aws:referer"  # where SES names whose mail it is
RULES = f"{SERVICE}events.amazonaws.com"  # what a stranger's rule sends is a false event at most
DEEDS = ("read", "write", "delete")


def _services(app: App) -> list[Grant]:
    return [
        grant
        for grant in app.every(Grant)
        if grant.holder
        and grant.effect == "Allow"
        and grant.identity.removeprefix(SERVICE) in ASKS_FOR_OTHERS
    ]


@check(
    _services,
    fault=2,
    topics=(
        "least-privilege",
        "public-access",
    ),
    frameworks=(
        "CWE-441",
        "CWE-284",
    ),
)
def service_without_source(grant: Grant, app: App) -> Iterator[Finding]:
    holder = app.get(Resource, grant.holder)
    if not holder or holder.type.startswith(TOLD_ELSEWHERE) or _is_narrowed(grant):
        return
    rights = [right for right in DEEDS if right in rights_of(app, grant)]
    if not rights:
        return
    run = sorted({e.function for e in grouped(app, Entry, "source").get(holder.id, [])} - {""})
    who = ASKS_FOR_OTHERS[grant.identity.removeprefix(SERVICE)]
    message = f"{who} may {listed(verbs(rights))} {with_data(app, holder.id)} for any AWS account"
    message += f", and every message runs {listed(map(short, run))}" if run else ""
    yield Finding(
        place_of(app, grant),
        message,
        grant.evidence,
        cwe="CWE-441",
        endangers=(holder.id, *run),
        key=(grant.identity, *rights),
        fix=_fix(grant),
        hygiene=not run and not kept(app, holder.id),
        fault=2 if "read" in rights or (run and grant.identity != RULES) else 1,
    )


def _is_narrowed(grant: Grant) -> bool:
    """Tell whether conditions ask whose the source is, or nobody here can see it."""
    conditions: Any = grant.conditions
    if is_open(conditions) or not isinstance(conditions, dict):
        return bool(conditions)
    asked: tuple[str, ...] = ("aws:source", "aws:principalorg")
    if grant.identity.removeprefix(SERVICE) == STORES_MAIL:
        asked = (*asked, OF_ACCOUNT)
    return any(
        str(key).lower().startswith(asked)
        for tested in conditions.values()
        for key in (tested if isinstance(tested, dict) else {"aws:source": 0})
    )


def _fix(grant: Grant) -> Fix | None:
    if grant.conditions:
        return None
    wanted = {"StringEquals": {"aws:SourceAccount": Symbol("@aws", "AccountId")}}
    change = Change(grant.resource, (*grant.path, "Condition"), "set", wanted)
    return Fix("let it act for this account only", changes=(change,))
