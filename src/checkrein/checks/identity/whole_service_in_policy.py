"""A resource's policy gives every action of its service.

## Why

`s3:*` in a bucket's policy is more than reading and writing: it is deleting the bucket, changing the
policy itself, and whatever the service learns next. Whoever is named there owns the resource.

## Fix

Name the actions that are needed.

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
          - Effect: Allow
            Principal: {AWS: "arn:aws:iam::111122223333:role/report"}
            Action: s3:*  #! the policy of Docs (e-mail address) gives s3:* to others
            Resource: [!GetAtt Docs.Arn, !Sub "${Docs.Arn}/*"]
```

```yaml bad checkrein.yaml
resources:
  template/Docs: {holds: [pii.email]}
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
            Principal: {AWS: "arn:aws:iam::111122223333:role/report"}
            Action: s3:GetObject
            Resource: !Sub "${Docs.Arn}/*"
          - Effect: Deny
            Principal: "*"
            Action: s3:*
            Resource: !Sub "${Docs.Arn}/*"
            Condition: {Bool: {"aws:SecureTransport": false}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import owners
from checkrein.checks.keeping import is_treasured, statements_of, with_data
from checkrein.checks.policies import DOCUMENTS
from checkrein.checks.questions import listed
from checkrein.iam.documents import Statement
from checkrein.iam.principals import principal_ids
from checkrein.model import App, Finding, Resource
from checkrein.model.facts import as_path

KEYS = "AWS::KMS::Key"  # the account itself must have everything over a key
TOLD = ("anyone", "account")  # by open-resource-policy; the account has all by its own policies


@check(
    resource(*(type for type in DOCUMENTS if type != KEYS)),
    fault=1,
    topics=("least-privilege",),
    frameworks=(
        "CWE-250",
        "CWE-732",
    ),
    peers=(
        "F15",
        "F20",
        "F21",
        "CKV_AWS_70",
        *(
            "S3_BUCKET_POLICY_NO_WILDCARD_ACTION",
            "SQS_QUEUEPOLICY_NO_WILDCARD_ACTION",
        ),
    ),
)
def whole_service_in_policy(policy: Resource, app: App) -> Iterator[Finding]:
    document, named = DOCUMENTS[policy.type]
    for statement in statements_of(policy, document):
        wide = _wide(statement)
        if wide:
            held = sorted(owners(app, policy.value(named))) if named else [policy.id]
            whose = listed(with_data(app, id) for id in held) if held else policy.name
            yield Finding(
                policy.where((*as_path(document), *statement.path, "Action")),
                f"the policy of {whose} gives {wide} to others",
                cwe="CWE-250",
                endangers=tuple(held),
                hygiene=not any(is_treasured(app, id) for id in held),
            )


def _wide(statement: Statement) -> str:
    """Return the action of a statement that is all of a service, to whom this is not told of."""
    who = principal_ids(statement)
    if statement.effect != "Allow" or all(each in TOLD for each in who):
        return ""
    actions = [a for a in statement.actions if isinstance(a, str)]
    return next((a for a in actions if a == "*" or a.endswith(":*")), "")
