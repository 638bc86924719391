"""A container gets a secret as a plain variable.

## Why

What stands in `Environment` of a task definition is shown to everybody who may describe it, in the console and in
each old revision, for good. `Secrets` fetches the value from Secrets Manager or Parameter Store when the container
starts, and the definition holds its name only.

A secret that stands there in clear is told by `plaintext-secret`.

## Fix

Move it from `Environment` to `Secrets`, with `ValueFrom`.

## Examples

```yaml bad template.yaml
Parameters:
  Password: {Type: String, NoEcho: true}
Resources:
  Rides:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: rides
          Image: rides
          Environment:
            - {Name: STAGE, Value: prod}
            - {Name: DB_PASSWORD, Value: !Ref Password}  #! who may see Rides reads DB_PASSWORD (password)
```

```yaml good template.yaml
Resources:
  Rides:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: rides
          Image: rides
          Environment: [{Name: STAGE, Value: prod}, {Name: PASSWORD_SECRET_ARN, Value: !Ref Secret}]
          Secrets: [{Name: DB_PASSWORD, ValueFrom: !Ref Secret}]
  Secret:
    Type: AWS::SecretsManager::Secret
    Properties: {GenerateSecretString: {PasswordLength: 32}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.containers import TASK, containers
from checkrein.checks.questions import titles
from checkrein.checks.worth import value
from checkrein.detect.names import classify
from checkrein.model import App, Finding, Resource, Symbol

SECRET = 7  # the value from which a class is none that a setting may show
FETCHED = "@secretsmanager"  # resolved when the stack is deployed, then in clear


@check(
    resource(TASK),
    fault=1,
    topics=("secrets",),
    frameworks=("CWE-522", "CWE-256", "AWS-FSBP:ECS.8"),
    peers=("ECS.8", "AwsSolutions-ECS2", "ecs_task_definitions_no_environment_secrets"),
)
def secret_in_container_variable(task: Resource, app: App) -> Iterator[Finding]:
    for path, container in containers(task):
        variables = container.get("Environment")
        for index, variable in enumerate(variables if isinstance(variables, list) else []):
            if not isinstance(variable, dict) or not _is_given(variable.get("Value")):
                continue
            name = str(variable.get("Name"))
            found = classify(name)
            if found and value(app, found.data) >= SECRET and found.data.startswith("cred."):
                yield Finding(
                    task.where((*path, "Environment", index)),
                    f"who may see {task.name} reads {name} ({titles([found.data])})",
                    cwe="CWE-522",
                    endangers=(task.id,),
                    data=(found.data,),
                    key=(name,),
                )


def _is_given(value: object) -> bool:
    """Tell whether a value is a parameter's or a fetched secret, no resource's name or address."""
    if not isinstance(value, Symbol):
        return False
    return value.owner == FETCHED or value.owner.endswith("@parameter")
