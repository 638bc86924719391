"""A repository of images lets anyone in.

## Why

Whoever may pull has the code and what was built into it; whoever may push replaces what the application deploys next. A
repository that is meant for everybody is an `AWS::ECR::PublicRepository`.

## Fix

Name the accounts in the policy, or ask for `aws:PrincipalOrgID`.

## Examples

```yaml bad template.yaml
Resources:
  Images:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: orders
      RepositoryPolicyText:
        Statement:
          - {Effect: Allow, Principal: "*", Action: ["ecr:BatchGetImage", "ecr:PutImage"]}  #! anyone may push to Images, from which Order runs
  Order:
    Type: AWS::Lambda::Function
    Properties:
      PackageType: Image
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ImageUri: !Sub "${Images.RepositoryUri}:1"}
```

```yaml good template.yaml
Resources:
  Images:
    Type: AWS::ECR::Repository
    Properties:
      RepositoryName: orders
      RepositoryPolicyText:
        Statement:
          - {Effect: Allow, Principal: {AWS: "arn:aws:iam::111122223333:root"}, Action: ["ecr:BatchGetImage"]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import is_open
from checkrein.checks.images import REPOSITORY, running
from checkrein.checks.policies import valid_statements
from checkrein.checks.questions import listed, short
from checkrein.iam.patterns import matches
from checkrein.iam.principals import principal_ids
from checkrein.model import App, Finding, Resource

POLICY = "RepositoryPolicyText"
PUSH = "ecr:PutImage"


@check(
    resource(REPOSITORY),
    fault=3,
    topics=("public-access",),
    frameworks=("CWE-284", "CWE-732", "OWASP-2025:A01", "OWASP-2021:A01", "NIST-800-53r5:AC-3"),
    peers=(
        *("CKV_AWS_32", "AwsSolutions-ECR1", "AWS-0032"),
        "ecr_repositories_not_publicly_accessible",
    ),
)
def repository_for_anyone(repository: Resource, app: App) -> Iterator[Finding]:
    document = repository.value(POLICY)
    if document is None or is_open(document):
        return
    for statement in valid_statements(document):
        everybody = "anyone" in principal_ids(statement) and not statement.conditions
        if statement.effect != "Allow" or not everybody:
            continue
        named = [action for action in statement.actions if isinstance(action, str)]
        pushes = any(matches(action, PUSH, fold=True) for action in named)
        users = running(app, repository)
        runs = f", from which {listed(short(u.id) for u in users)} runs" if users else ""
        yield Finding(
            repository.where((POLICY, *statement.path)),
            f"anyone may {'push to' if pushes else 'pull from'} {repository.name}{runs}",
            cwe="CWE-732",
            endangers=tuple(user.id for user in users) or (repository.id,),
            key=("push" if pushes else "pull",),
            by=("@anyone",),
            fault=0 if pushes else 2,
        )
