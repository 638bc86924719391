"""A container has the rights that only starting it needs.

## Why

The execution role fetches the image, the secrets and writes the log before the container runs; the task role is
what the container's code acts as. One role for both gives the code, and whoever breaks into it, every secret that
any container of the task is started with.

## Fix

Make a role of its own for `TaskRoleArn`, with what the code calls.

## Examples

```yaml bad template.yaml
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: sts:AssumeRole}]
  Rides:
    Type: AWS::ECS::TaskDefinition
    Properties:
      TaskRoleArn: !GetAtt Role.Arn  #! code in Rides may do what starting it needs, and read its secrets: both are Role
      ExecutionRoleArn: !GetAtt Role.Arn
      ContainerDefinitions:
        - Name: rides
          Image: rides
          Secrets: [{Name: KEY, ValueFrom: "arn:aws:secretsmanager:eu-west-1:111122223333:secret:key-abc"}]
```

```yaml good template.yaml
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: sts:AssumeRole}]
  Rides:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !GetAtt Role.Arn
      ContainerDefinitions: [{Name: rides, Image: rides}]
```

```yaml bad template.yaml
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: ecs-tasks.amazonaws.com}, Action: sts:AssumeRole}]
  Rides:
    Type: AWS::ECS::TaskDefinition
    Properties:
      TaskRoleArn: !GetAtt Role.Arn  #? code in Rides may do what starting it needs: both are Role
      ExecutionRoleArn: !GetAtt Role.Arn
      ContainerDefinitions: [{Name: rides, Image: rides}]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.containers import TASK, containers
from checkrein.checks.context import owners
from checkrein.checks.questions import listed, short
from checkrein.model import App, Finding, Resource


@check(
    resource(TASK),
    fault=1,
    topics=("least-privilege",),
    frameworks=("CWE-250",),
    peers=("CKV_AWS_249",),
)
def task_acts_as_its_platform(task: Resource, app: App) -> Iterator[Finding]:
    both = owners(app, task.value("TaskRoleArn")) & owners(app, task.value("ExecutionRoleArn"))
    roles = sorted(id for id in both if app.get(Resource, id))
    if not roles:
        return
    secret = any(container.get("Secrets") for _, container in containers(task))
    reads = ", and read its secrets" if secret else ""
    yield Finding(
        task.where("TaskRoleArn"),
        f"code in {task.name} may do what starting it needs{reads}: both are"
        f" {listed(map(short, roles))}",
        cwe="CWE-250",
        endangers=(task.id,),
        data=("cred.secret",) if secret else (),
        hygiene=not secret,
    )
