"""Something may write rights without a boundary.

## Why

Whoever may write policies or attach them can give himself everything. A permissions boundary, demanded by a condition, is what keeps a
pipeline that makes roles from making an administrator. (For functions `takeover-path` tells what they gain.)

## Fix

Add a condition on `iam:PermissionsBoundary`, or limit `Resource` to a path of roles.

## Examples

```yaml bad template.yaml
Resources:
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: codebuild.amazonaws.com}, Action: "sts:AssumeRole"}]
      Policies:
        - PolicyName: deploy
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: iam:PutRolePolicy  #! Deploy may write the rights of any role (iam:PutRolePolicy), without a boundary
                Resource: "*"
```

```yaml good template.yaml
Resources:
  Deploy:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: codebuild.amazonaws.com}, Action: "sts:AssumeRole"}]
      Policies:
        - PolicyName: deploy
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: iam:PutRolePolicy
                Resource: "*"
                Condition: {StringEquals: {"iam:PermissionsBoundary": "arn:aws:iam::111122223333:policy/limit"}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.identity_policies import ROLE, trusting, written_in
from checkrein.checks.privilege import holders
from checkrein.checks.questions import listed
from checkrein.iam.patterns import matches
from checkrein.iam.principals import principal_ids
from checkrein.model import App, Finding, Resource

MAKING = (
    *("iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:CreatePolicyVersion"),
    *("iam:SetDefaultPolicyVersion", "iam:UpdateAssumeRolePolicy"),
    *("iam:DeleteRolePermissionsBoundary", "iam:PutUserPolicy", "iam:AttachUserPolicy"),
)
DEPLOYING = "service:cloudformation.amazonaws.com"


@check(
    resource(ROLE),
    fault=2,
    topics=("least-privilege",),
    frameworks=("CWE-269", "OWASP-2025:A01", "OWASP-2021:A01", "NIST-800-53r5:AC-6"),
    peers=(
        *("CKV_AWS_109", "CKV_AWS_110", "iam_inline_policy_allows_privilege_escalation"),
        "iam_policy_allows_privilege_escalation",
    ),
)
def unbounded_maker_of_rights(role: Resource, app: App) -> Iterator[Finding]:
    if holders(app, role.id) or role.value("PermissionsBoundary") is not None:
        return
    deploys = DEPLOYING in [p for t in trusting(role) for p in principal_ids(t.statement)]
    for written in written_in(role):
        statement = written.statement
        patterns = [a for a in statement.actions if isinstance(a, str) and a != "*"]
        given = [a for a in MAKING if any(matches(p, a, fold=True) for p in patterns)]
        if statement.effect != "Allow" or statement.conditions or "*" not in statement.resources:
            continue
        if given:
            yield Finding(
                written.where("Action"),
                f"{role.name} may write the rights of any role ({listed(given)}), without a"
                " boundary",
                cwe="CWE-269",
                endangers=(role.id,),
                key=tuple(given),
                hygiene=deploys,
            )
