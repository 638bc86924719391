"""Anyone may assume a role.

## Why

A trust policy with the principal `*` and no condition gives the role to every AWS account there is:
its rights are public.

## Fix

Name the service or the account that needs the role.

## Examples

```yaml bad template.yaml
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {AWS: "*"}  #! anyone may assume Role
            Action: sts:AssumeRole
```

```yaml good template.yaml
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Service: lambda.amazonaws.com}
            Action: sts:AssumeRole
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.policies import valid_statements
from checkrein.checks.questions import grouped
from checkrein.iam.principals import principal_ids
from checkrein.model import Access, App, Finding, Resource

PROPERTY = "AssumeRolePolicyDocument"


@check(
    resource("AWS::IAM::Role"),
    fault=3,
    topics=("public-access",),
    frameworks=("CWE-284", "SAS-4"),
    peers=("CKV_AWS_60", "CKV_AWS_61", "F2", "IAM_ROLE_NO_FULL_ACCESS_ON_TRUST_POLICY"),
)
def wildcard_trust(role: Resource, app: App) -> Iterator[Finding]:
    document = role.value(PROPERTY)
    for statement in (
        valid_statements(document) if isinstance(document, (dict, str)) and document else ()
    ):
        open_to_all = "anyone" in principal_ids(statement) and not statement.conditions
        if statement.effect == "Allow" and open_to_all:
            reached = grouped(app, Access, "identity").get(role.id, [])
            yield Finding(
                role.where((PROPERTY, *statement.path, "Principal")),
                f"anyone may assume {role.name}",
                cwe="CWE-284",
                endangers=tuple(sorted({access.target for access in reached})),
            )
