"""A user has rights of its own.

## Why

Rights that are given to people one by one stay with them when they change their work, and nobody can say what a job may do.

## Fix

Put the user into a group and give the group the policy; better, use roles.

## Examples

```yaml bad template.yaml
Resources:
  Person:
    Type: AWS::IAM::User
    Properties:
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]  #? Person has rights of its own
```

```yaml good template.yaml
Resources:
  Readers:
    Type: AWS::IAM::Group
    Properties: {ManagedPolicyArns: ["arn:aws:iam::aws:policy/ReadOnlyAccess"]}
  Person:
    Type: AWS::IAM::User
    Properties: {Groups: [!Ref Readers]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.model import App, Finding, Resource

GIVEN = {
    "AWS::IAM::User": ("Policies", "ManagedPolicyArns"),
    "AWS::IAM::Policy": ("Users",),
    "AWS::IAM::ManagedPolicy": ("Users",),
    "AWS::IAM::UserPolicy": ("UserName",),
}


@check(
    resource(*GIVEN),
    fault=1,
    topics=("least-privilege",),
    frameworks=("CWE-269", "AWS-FSBP:IAM.2", "NIST-800-53r5:AC-2"),
    peers=(
        *("CKV_AWS_40", "IAM.2", "F10", "F11", "F12", "F2000", "IAM_NO_POLICY_ON_USER"),
        *("IAM_USER_NO_POLICIES_CHECK", "IAM_USER_MISSING_GROUP_RULE", "AWS-0143"),
        "iam_policy_attached_only_to_group_or_roles",
    ),
    hygiene=True,
)
def rights_of_a_user(holder: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
    for name in GIVEN[holder.type]:
        if holder.value(name):
            who = "has rights of its own" if name in ("Policies", "ManagedPolicyArns") else ""
            yield Finding(
                holder.where(name),
                f"{holder.name} {who or 'gives rights to users one by one'}",
                cwe="CWE-269",
                endangers=(holder.id,),
                key=(name,),
            )
            return
