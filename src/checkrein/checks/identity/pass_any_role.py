"""A policy lets somebody pass any role.

## Why

Who passes a role to a service has its rights there. `iam:PassRole` on `*` is on every role of the account, the
administrator's too; together with a right to make a function or a task it is the account.

## Fix

Name the roles in `Resource`, and the service in `iam:PassedToService`.

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
                Action: [iam:PassRole, "lambda:CreateFunction"]
                Resource: "*"  #? Deploy may pass any role to any service
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
                Action: iam:PassRole
                Resource: "*"
                Condition: {StringEquals: {"iam:PassedToService": lambda.amazonaws.com}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.identity_policies import IDENTITY_POLICIES, written_in
from checkrein.iam.patterns import matches
from checkrein.model import App, Finding, Resource

ACTION = "iam:PassRole"


@check(
    resource(*IDENTITY_POLICIES),
    fault=2,
    topics=("least-privilege",),
    frameworks=("CWE-269", "OWASP-2025:A01", "OWASP-2021:A01", "NIST-800-53r5:AC-6"),
    peers=(
        *("F38", "F39", "F40", "IAM_POLICY_NO_WILDCARD_RESOURCE_ON_PASSROLE"),
        *("IAM_ROLE_NO_WILDCARD_RESOURCE_ON_PASSROLE", "CKV_AWS_110"),
    ),
    hygiene=True,  # takeover-path tells what somebody gains by it
)
def pass_any_role(holder: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
    for written in written_in(holder):
        statement = written.statement
        named = [a for a in statement.actions if isinstance(a, str) and a != "*"]
        passes = any(matches(action, ACTION, fold=True) for action in named)
        if statement.effect == "Allow" and passes and "*" in statement.resources:
            if statement.conditions:
                continue
            yield Finding(
                written.where("Resource"),
                f"{holder.name} may pass any role to any service",
                cwe="CWE-269",
                endangers=(holder.id,),
            )
