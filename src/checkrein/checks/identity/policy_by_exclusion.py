"""A resource's policy allows everything, or everybody, but a few.

## Why

`NotPrincipal`, `NotAction` and `NotResource` in a statement that allows give whatever they do not name:
every new action of the service and every new identity is allowed from the day it exists.

## Fix

Name who may do what. To keep somebody out, deny with a condition on `aws:PrincipalArn`.

## Examples

```yaml bad template.yaml
Resources:
  Docs:
    Type: AWS::S3::Bucket
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Docs
      PolicyDocument:
        Statement:
          - Effect: Allow  #! the policy of Docs allows everything but what its NotAction names
            Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:role/report"}
            NotAction: s3:DeleteObject
            Resource: !Sub "${Docs.Arn}/*"
```

```yaml good template.yaml
Resources:
  Docs:
    Type: AWS::S3::Bucket
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Docs
      PolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:role/report"}
            Action: s3:GetObject
            Resource: !Sub "${Docs.Arn}/*"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import owners
from checkrein.checks.keeping import statements_of
from checkrein.checks.policies import DOCUMENTS
from checkrein.checks.questions import listed, short
from checkrein.iam.documents import Statement
from checkrein.model import App, Finding, Resource
from checkrein.model.facts import as_path


@check(
    resource(*DOCUMENTS),
    fault=2,
    topics=("least-privilege",),
    frameworks=(
        "CWE-284",
        "CWE-732",
    ),
    peers=(
        "F6",
        "F7",
        "F8",
        "F9",
        "W17",
        "W18",
        "W20",
        *(
            "S3_BUCKETPOLICY_NO_ALLOW_PLUS_NOTPRINCIPAL",
            "S3_BUCKET_POLICY_NO_ALLOW_PLUS_NOT_ACTION",
            "SNS_TOPICPOLICY_NO_ALLOW_PLUS_NOTPRINCIPAL",
            "SNS_TOPICPOLICY_NO_ALLOW_PLUS_NOT_ACTION",
            "SQS_QUEUEPOLICY_NO_ALLOW_PLUS_NOTPRINCIPAL",
            "SQS_QUEUEPOLICY_NO_ALLOW_PLUS_NOT_ACTION",
        ),
    ),
)
def policy_by_exclusion(policy: Resource, app: App) -> Iterator[Finding]:
    document, named = DOCUMENTS[policy.type]
    for statement in statements_of(policy, document):
        exclusion = _exclusion(statement) if statement.effect == "Allow" else ""
        if exclusion:
            held = sorted(owners(app, policy.value(named))) if named else [policy.id]
            whose = listed(map(short, held)) if held else policy.name
            what = "everybody" if exclusion == "NotPrincipal" else "everything"
            yield Finding(
                policy.where((*as_path(document), *statement.path)),
                f"the policy of {whose} allows {what} but what its {exclusion} names",
                cwe="CWE-284",
                endangers=tuple(held),
                fault=3 if exclusion == "NotPrincipal" else 2,
            )


def _exclusion(statement: Statement) -> str:
    if statement.not_principals:
        return "NotPrincipal"
    if statement.not_actions:
        return "NotAction"
    return "NotResource" if statement.not_resources else ""
