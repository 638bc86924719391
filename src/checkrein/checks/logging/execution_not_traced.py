"""A workflow is not traced.

## Why

Without X-Ray nobody sees how long each step took and where an execution that spans several services
failed.

## Fix

Set `TracingConfiguration`.

## Examples

```yaml bad template.yaml
Resources:
  Nightly:  #? Nightly is not traced
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/plain
      Definition: {StartAt: End, States: {End: {Type: Succeed}}}
```

```yaml good template.yaml
Resources:
  Nightly:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/plain
      Definition: {StartAt: End, States: {End: {Type: Succeed}}}
      TracingConfiguration: {Enabled: true}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import is_open
from checkrein.checks.keeping import spot
from checkrein.checks.machines import MACHINE
from checkrein.checks.questions import setting
from checkrein.model import App, Finding, Resource

TRACING = "TracingConfiguration.Enabled"


@check(
    resource(MACHINE),
    fault=1,
    topics=("monitoring",),
    frameworks=("CWE-778",),
    peers=("AwsSolutions-SF2", "AWS-0117", "CKV_AWS_284"),
    hygiene=True,
)
def execution_not_traced(machine: Resource, _: App) -> Iterator[Finding]:
    traced = machine.value(TRACING)
    if not is_open(traced) and not traced:
        fix = setting(machine, _written(machine), value=True, title="trace it")
        place = spot(machine, TRACING)
        yield Finding(place, f"{machine.name} is not traced", endangers=(machine.id,), fix=fix)


def _written(machine: Resource) -> str:
    """Return the property as written: SAM calls it another name."""
    return "Tracing.Enabled" if machine.source_type.startswith("AWS::Serverless") else TRACING
