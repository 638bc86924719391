"""What a workflow did is written down nowhere.

## Why

Step Functions keeps the history of standard executions for 90 days and gives it to nobody who does not
ask; of express executions it keeps none. Without a log there is no way to see later which orders failed
and who started them.

## Fix

Set `LoggingConfiguration` with the level `ALL` (or `ERROR`) and a log group, and leave
`IncludeExecutionData` off where the input holds data that a log must not.

## Examples

```yaml bad template.yaml
Resources:
  Checkout:  #! what Checkout (e-mail address) did is written down nowhere: express executions leave no history
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/plain
      StateMachineType: EXPRESS
      Definition: {StartAt: End, States: {End: {Type: Succeed}}}
  Nightly:  #? what Nightly did is written down only in its history, for 90 days
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/plain
      Definition: {StartAt: End, States: {End: {Type: Succeed}}}
```

```yaml bad checkrein.yaml
resources:
  template/Checkout: {holds: [pii.email]}
```

```yaml good template.yaml
Resources:
  Checkout:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/plain
      Definition: {StartAt: End, States: {End: {Type: Succeed}}}
      LoggingConfiguration:
        Level: ALL
        Destinations:
          - CloudWatchLogsLogGroup: {LogGroupArn: "arn:aws:logs:eu-west-1:111122223333:log-group:x:*"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from checkrein.checks import check, resource
from checkrein.checks.keeping import beside_the_point, spot, weighed, with_data
from checkrein.checks.machines import MACHINE
from checkrein.model import App, Finding, Resource

LEVEL = "LoggingConfiguration.Level"
KIND = "StateMachineType"


@check(
    resource(MACHINE),
    fault=1,
    topics=("logging",),
    frameworks=(
        "CWE-778",
        "AWS-FSBP:StepFunctions.1",
    ),
    peers=(
        *("StepFunctions.1", "AwsSolutions-SF1", "AWS-0119", "CKV_AWS_285"),
        *(
            "stepfunctions_statemachine_logging_enabled",
            "STEP_FUNCTIONS_STATE_MACHINE_LOGGING_ENABLED",
        ),
    ),
)
def execution_not_logged(machine: Resource, app: App) -> Iterator[Finding]:
    if beside_the_point(app, machine, LEVEL, KIND) or machine[LEVEL] not in (None, "OFF"):
        return
    express = machine[KIND] == "EXPRESS"
    where = (
        "nowhere: express executions leave no history"
        if express
        else "only in its history, for 90 days"
    )
    message = f"what {with_data(app, machine.id)} did is written down {where}"
    found = Finding(spot(machine, LEVEL), message, cwe="CWE-778")
    judged = weighed(app, found, machine.id)
    yield judged if express else replace(judged, hygiene=True)
