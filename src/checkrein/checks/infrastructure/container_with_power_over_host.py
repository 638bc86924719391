"""A container can get at the machine that it runs on.

## Why

A privileged container, or one that shares the host's processes or network, is not held by the container: who
breaks into it owns the host, all other tasks on it and their roles. Fargate refuses these settings.

## Fix

Leave `Privileged`, `PidMode: host`, `IpcMode: host` and `NetworkMode: host` out.

## Examples

```yaml bad template.yaml
Resources:
  Rides:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      PidMode: host  #! Rides sees the processes of the machine it runs on
      ContainerDefinitions:
        - Name: rides
          Image: rides
          Privileged: true  #! rides of Rides has all powers over the machine it runs on
```

```yaml good template.yaml
Resources:
  Rides:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      ContainerDefinitions: [{Name: rides, Image: rides}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.containers import TASK, containers, name_of, targets_of, touched
from checkrein.checks.context import remove_fix
from checkrein.model import App, Finding, Path, Resource

SHARED = {
    "PidMode": "sees the processes of the machine it runs on",
    "IpcMode": "shares memory with others on the machine it runs on",
    "NetworkMode": "has the network of the machine it runs on, and its metadata",
}


@check(
    resource(TASK),
    fault=2,
    topics=("isolation",),
    frameworks=("CWE-250", "CWE-653", "AWS-FSBP:ECS.3", "AWS-FSBP:ECS.4"),
    peers=(
        *("ECS.1", "ECS.3", "ECS.4", "ecs_task_definitions_no_privileged_containers"),
        *("ecs_task_definitions_host_namespace_not_shared",),
        *("ecs_task_definitions_host_networking_mode_users",),
    ),
)
def container_with_power_over_host(task: Resource, app: App) -> Iterator[Finding]:
    for name, does in SHARED.items():
        if task.value(name) == "host":
            yield _finding(app, task, (name,), f"{task.name} {does}")
    for path, container in containers(task):
        if container.get("Privileged") is True:
            said = f"{name_of(container, task)} of {task.name} has all powers over the machine"
            yield _finding(app, task, (*path, "Privileged"), f"{said} it runs on")


def _finding(app: App, task: Resource, path: Path, message: str) -> Finding:
    role = task.value("TaskRoleArn")
    return Finding(
        task.where(path),
        message,
        cwe="CWE-250",
        endangers=(task.id, *targets_of(app, role)),
        data=touched(app, role),
        fix=remove_fix(task, path, "keep the container apart from its machine"),
        key=tuple(map(str, path)),
    )
