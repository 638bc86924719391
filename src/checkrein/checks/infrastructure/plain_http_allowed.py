"""Grave data may be asked for over plain HTTP.

## Why

S3, SQS and SNS answer on HTTP as well as on HTTPS. SDKs choose HTTPS by themselves, but a client with an
`http://` endpoint, a proxy or a presigned URL sends the request, its signature and the data in clear. A
policy that denies requests with `aws:SecureTransport: false` ends that. A bucket that serves a website
is left out: its website endpoint speaks HTTP only.

## Fix

Deny what does not come over TLS, in the resource's policy.

## Examples

```yaml bad template.yaml
Resources:
  Orders:  #? Orders (e-mail address) may be asked for over plain HTTP
    Type: AWS::SQS::Queue
  OrdersPolicy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Orders]
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {AWS: "arn:aws:iam::111122223333:role/shop"}
            Action: sqs:SendMessage
            Resource: !GetAtt Orders.Arn
  Cards:  #! Cards (payment card number) may be asked for over plain HTTP
    Type: AWS::S3::Bucket
```

```yaml bad checkrein.yaml
resources:
  template/Cards: {holds: [pay.pan]}
  template/Orders: {holds: [pii.email]}
```

```yaml good template.yaml
Resources:
  Cards:
    Type: AWS::S3::Bucket
  CardsPolicy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Cards
      PolicyDocument:
        Statement:
          - Effect: Deny
            Principal: "*"
            Action: s3:*
            Resource: [!GetAtt Cards.Arn, !Sub "${Cards.Arn}/*"]
            Condition: {Bool: {"aws:SecureTransport": false}}
```

```yaml good checkrein.yaml
resources:
  template/Cards: {holds: [pay.pan]}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from checkrein.checks import check, resource
from checkrein.checks.context import beside, configuring, is_open, ref
from checkrein.checks.keeping import GRAVE, policies, weighed, with_data
from checkrein.iam.documents import Statement
from checkrein.model import App, Change, Finding, Fix, Resource, Text

SECURE = "aws:securetransport"


class Policy(Struct, frozen=True):
    """How a service's resources get a policy: its type, the property that names them."""

    type: str
    names: str
    actions: str
    arn: str  # the attribute that is the resource's ARN


POLICIES = {
    "AWS::S3::Bucket": Policy("AWS::S3::BucketPolicy", "Bucket", "s3:*", "Arn"),
    "AWS::SQS::Queue": Policy("AWS::SQS::QueuePolicy", "Queues", "sqs:*", "Arn"),
    "AWS::SNS::Topic": Policy("AWS::SNS::TopicPolicy", "Topics", "sns:Publish", "Ref"),
}


@check(
    resource(*POLICIES),
    fault=1,
    topics=("encryption-in-transit",),
    frameworks=(
        "CWE-319",
        "AWS-FSBP:S3.5",
    ),
    peers=(
        *("S3.5", "CKV_AWS_379", "AwsSolutions-S10", "AwsSolutions-SQS4", "AwsSolutions-SNS3"),
        *("s3_bucket_secure_transport_policy", "S3_BUCKET_SSL_REQUESTS_ONLY"),
    ),
)
def plain_http_allowed(store: Resource, app: App) -> Iterator[Finding]:
    how = POLICIES[store.type]
    if store.value("WebsiteConfiguration") is not None:
        return
    found = list(policies(app, store.id, how.type, how.names))
    if any(_denies(statement) for _, _, statement in found):
        return
    message = f"{with_data(app, store.id)} may be asked for over plain HTTP"
    fix = _fix(app, store, how)
    yield weighed(app, Finding(store.place, message, fix=fix, cwe="CWE-319"), store.id, GRAVE)


def _denies(statement: Statement) -> bool:
    """Tell whether a statement refuses, or does not give, what comes without TLS."""
    conditions = statement.conditions
    if is_open(conditions) or not isinstance(conditions, dict):
        return True
    tests = [
        (str(operator).lower(), str(value).lower())
        for operator, tested in conditions.items()
        for key, value in (tested.items() if isinstance(tested, dict) else ())
        if str(key).lower() in (SECURE, "s3:tlsversion")
    ]
    return statement.effect == "Deny" and bool(tests)


def _fix(app: App, store: Resource, how: Policy) -> Fix:
    title = "deny what does not come over TLS"
    statement = _statement(store, how)
    for policy in configuring(app, store.id, how.type, how.names):
        origin = policy.origin(("PolicyDocument", "Statement"))
        change = Change(origin.resource, origin.path, "append", statement)
        return Fix(title, safe=True, changes=(change,))
    name: Any = [ref(store)] if how.names.endswith("s") else ref(store)
    document = {"Version": "2012-10-17", "Statement": [statement]}
    made = (how.type, {how.names: name, "PolicyDocument": document})
    return beside(store, "TlsOnly", made, title, safe=True)


def _statement(store: Resource, how: Policy) -> dict[str, Any]:
    arn = ref(store, how.arn)
    return {
        "Effect": "Deny",
        "Principal": "*",
        "Action": how.actions,
        "Resource": [arn, Text((arn, "/*"))] if how.names == "Bucket" else arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
