"""A resource's own policy lets anyone in.

## Why

A resource policy with the principal `*` and no condition asks nobody who they are: everybody with any
AWS account, and for some services everybody at all, has the actions it lists.

## Fix

Name the principals, or add a condition such as `aws:SourceArn` or `aws:PrincipalOrgID`.

## Examples

```yaml bad template.yaml
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties: {QueueName: orders}
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Orders]
      PolicyDocument:
        Statement:
          - Effect: Allow  #! anyone may write to Orders (sqs:SendMessage)
            Principal: "*"
            Action: sqs:SendMessage
            Resource: !GetAtt Orders.Arn
```

```yaml good template.yaml
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties: {QueueName: orders}
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Orders]
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: "*"
            Action: sqs:SendMessage
            Resource: !GetAtt Orders.Arn
            Condition: {StringEquals: {"aws:SourceAccount": !Ref "AWS::AccountId"}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.exposure import anonymous
from checkrein.checks.privilege import place_of
from checkrein.checks.questions import grouped, listed, short, treasures
from checkrein.iam.patterns import matches
from checkrein.model import Access, App, Entry, Finding, Grant, Resource, Row

VERBS = {
    "read": "read",
    "write": "write to",
    "delete": "delete from",
    "invoke": "invoke",
    "configure": "reconfigure",
    "permission": "change who may use",
}
TOLD_ELSEWHERE = (  # APIs by their routes, functions by function-open-to-any-account
    "AWS::ApiGateway::RestApi",
    "AWS::ApiGatewayV2::Api",
    "AWS::Lambda::",
)


def _public(app: App) -> list[Grant]:
    return [
        grant
        for grant in app.every(Grant)
        if grant.holder and grant.effect == "Allow" and anonymous(grant.identity)
    ]


@check(
    _public,
    fault=3,
    topics=("public-access",),
    frameworks=(
        "CWE-284",
        "CWE-732",
        "PCI-DSS-4.0.1:1.3.1",
        "CIS-AWS-7.0:2.21",
        "CIS-AWS-7.0:3.1.4",
    ),
    peers=(
        *("CKV_AWS_20", "CKV_AWS_33", "CKV_AWS_57", "CKV_AWS_70", "F76", "KMS.5"),
        "F16",
        "F18",
        "F20",
        "F21",
        "SNS.4",
        "SQS.3",
        "s3_bucket_policy_public_write_access",
        "sqs_queues_not_publicly_accessible",
        "sns_topics_not_publicly_accessible",
        "s3_bucket_public_access",
        *(
            "KMS_NO_WILDCARD_PRINCIPAL",
            "S3_BUCKET_POLICY_NO_WILDCARD_PRINCIPAL",
            "S3_BUCKET_PUBLIC_READ_ACL",
            "S3_BUCKET_PUBLIC_RW_ACL",
            "S3_BUCKET_PUBLIC_READ_PROHIBITED",
            "S3_BUCKET_PUBLIC_WRITE_PROHIBITED",
            "SNS_TOPICPOLICY_NO_WILDCARD_PRINCIPAL",
            "SQS_QUEUEPOLICY_NO_WILDCARD_PRINCIPAL",
            "s3_bucket_public_list_acl",
            "s3_bucket_public_write_acl",
            "S3.2",
            "S3.3",
            "eventbridge_bus_exposed",
            "AwsSolutions-EVB1",
            "secretsmanager_not_publicly_accessible",
        ),
    ),
)
def open_resource_policy(grant: Grant, app: App) -> Iterator[Finding]:
    holder, row = app.get(Resource, grant.holder), app.get(Row, grant.holder)
    if not holder or holder.type.startswith(TOLD_ELSEWHERE):
        return
    given = [
        access
        for access in grouped(app, Access, "target").get(grant.holder, [])
        if anonymous(access.identity)
        and access.right in VERBS
        and any(matches(p, a, fold=True) for p in grant.actions for a in access.actions)
    ]
    rights = {access.right for access in given}
    if any(entry.kind == "bucket" for entry in grouped(app, Entry, "source").get(holder.id, [])):
        rights -= {"write"}  # told by public-writable-bucket-trigger
    if not row or not set(treasures(app, row)) - _published(row):
        rights -= {"read"}  # what holds nothing valuable may be public: a website, a download
    if not rights:
        return
    named = {access.right for access in given}
    verbs = listed((verb for right, verb in VERBS.items() if right in named), len(VERBS))
    yield Finding(
        place_of(app, grant),
        f"anyone may {verbs} {short(grant.holder)} ({listed(grant.actions, len(grant.actions))})",
        grant.evidence,
        cwe="CWE-284",
        endangers=(grant.holder,),
        key=(*sorted(rights), *grant.actions),
        by=(grant.identity,),
        confidence="certain" if any(a.certain for a in given if a.right in rights) else "likely",
    )


def _published(row: Row) -> set[str]:
    """Return what is meant to be read by all: everything meant for a place of public content."""
    public = any(data.startswith("public.") for data in row.intended)
    return set(row.intended) if public else set()
