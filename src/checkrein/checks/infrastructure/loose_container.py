"""A container may do more inside than it needs.

## Why

Code that breaks out of its purpose writes tools to the disk, and does so as root where nobody said otherwise. A
root filesystem that can only be read and a user of its own stop most of that. A container without a log leaves
nothing behind for whoever looks into it.

## Fix

Set `ReadonlyRootFilesystem: true` (with a volume for what must be written), `User: 1000` and `LogConfiguration`.

## Examples

```yaml bad template.yaml
Resources:
  Rides:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: rides  #? rides of Rides may write its own programs
          Image: rides
          User: root  #? rides of Rides runs as root
          LogConfiguration: {LogDriver: awslogs}
```

```yaml good template.yaml
Resources:
  Rides:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: rides
          Image: rides
          User: "1000"
          ReadonlyRootFilesystem: true
          LogConfiguration: {LogDriver: awslogs}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.containers import TASK, containers, name_of
from checkrein.checks.context import set_fix
from checkrein.model import App, Finding, Fix, Path, Resource

ROOT = ("root", "0", 0, "0:0", "root:root")


@check(
    resource(TASK),
    fault=1,
    topics=("configuration",),
    frameworks=("CWE-250", "CWE-732", "AWS-FSBP:ECS.5"),
    peers=(
        *("CKV_AWS_336", "ECS.5", "ECS.9", "AwsSolutions-ECS7"),
        *(
            "ecs_task_definitions_containers_readonly_access",
            "ecs_task_definitions_logging_enabled",
        ),
    ),
    hygiene=True,
)
def loose_container(task: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
    for path, container in containers(task):
        name = f"{name_of(container, task)} of {task.name}"
        if container.get("ReadonlyRootFilesystem") is not True:
            at = (*path, "ReadonlyRootFilesystem")
            fix = set_fix(task, [(at, True)], "let the container write to volumes only")
            yield _finding(task, at, f"{name} may write its own programs", fix)
        if container.get("User") in ROOT:
            at = (*path, "User")
            fix = set_fix(task, [(at, "1000")], "run as a user of its own")
            yield _finding(task, at, f"{name} runs as root", fix)
        if container.get("LogConfiguration") is None:
            yield _finding(task, (*path, "LogConfiguration"), f"{name} leaves no log")


def _finding(task: Resource, path: Path, message: str, fix: Fix | None = None) -> Finding:
    return Finding(
        task.where(path),
        message,
        cwe="CWE-250",
        endangers=(task.id,),
        fix=fix,
        key=tuple(map(str, path)),
    )
