"""A repository keeps every image.

## Why

Old images hold old holes, and can be deployed by mistake, or on purpose, long after they were replaced.

## Fix

Set a `LifecyclePolicy` that lets the oldest go.

## Examples

```yaml bad template.yaml
Resources:
  Images:  #? Images keeps every image
    Type: AWS::ECR::Repository
    Properties: {RepositoryName: orders}
```

```yaml good template.yaml
Resources:
  Images:
    Type: AWS::ECR::Repository
    Properties: {RepositoryName: orders, LifecyclePolicy: {LifecyclePolicyText: '{"rules": []}'}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.images import REPOSITORY
from checkrein.model import App, Finding, Resource


@check(
    resource(REPOSITORY),
    fault=1,
    topics=("retention",),
    frameworks=("CWE-1104", "AWS-FSBP:ECR.3", "NIST-800-53r5:SI-2"),
    peers=("ECR.3", "ecr_repositories_lifecycle_policy_enabled"),
    hygiene=True,
)
def images_kept_forever(repository: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
    if repository.value("LifecyclePolicy") is None:
        yield Finding(
            repository.place,
            f"{repository.name} keeps every image",
            cwe="CWE-1104",
            endangers=(repository.id,),
        )
