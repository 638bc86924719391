"""Every identity pool in the world may give out a role.

## Why

A role that trusts `cognito-identity.amazonaws.com` must say which pool (`cognito-identity.amazonaws.com:aud`).
Without that, anybody makes a pool in an account of their own, lets guests in, and assumes the role.

## Fix

Add the condition `StringEquals: {"cognito-identity.amazonaws.com:aud": <the pool's id>}`, and
`ForAnyValue:StringLike: {"cognito-identity.amazonaws.com:amr": authenticated}`.

## Examples

```yaml bad template.yaml
Resources:
  Users:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Federated: cognito-identity.amazonaws.com}  #! anybody's identity pool may give out Users
            Action: sts:AssumeRoleWithWebIdentity
```

```yaml good template.yaml
Resources:
  Pool:
    Type: AWS::Cognito::IdentityPool
    Properties: {AllowUnauthenticatedIdentities: false}
  Users:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Federated: cognito-identity.amazonaws.com}
            Action: sts:AssumeRoleWithWebIdentity
            Condition:
              StringEquals: {"cognito-identity.amazonaws.com:aud": !Ref Pool}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.questions import grouped
from checkrein.model import Access, App, Finding, Resource
from checkrein.model.values import alternatives

PROPERTY = "AssumeRolePolicyDocument"
COGNITO, POOL = "cognito-identity.amazonaws.com", ":aud"


@check(
    resource("AWS::IAM::Role"),
    fault=3,
    topics=("public-access", "authentication"),
    frameworks=("CWE-284", "CWE-290"),
)
def role_for_any_identity_pool(role: Resource, app: App) -> Iterator[Finding]:
    document = role.value(PROPERTY)
    listed = document.get("Statement") if isinstance(document, dict) else None
    for index, statement in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(statement, dict) and _is_open(statement):
            reached = grouped(app, Access, "identity").get(role.id, [])
            yield Finding(
                role.where((PROPERTY, "Statement", index, "Principal")),
                f"anybody's identity pool may give out {role.name}",
                cwe="CWE-284",
                endangers=tuple(sorted({access.target for access in reached})),
                by=("@anyone",),
            )


def _is_open(statement: dict[str, object]) -> bool:
    principal = statement.get("Principal")
    named = principal.get("Federated") if isinstance(principal, dict) else None
    names = [
        one
        for each in (named if isinstance(named, list) else [named])
        for one in alternatives(each)
    ]
    asked = POOL in str(statement.get("Condition"))
    return statement.get("Effect") == "Allow" and COGNITO in names and not asked
