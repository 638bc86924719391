"""A workflow writes its whole input and output into a log.

## Why

`IncludeExecutionData` writes the input and output of the workflow and of each of its steps into a log
group: everything that the workflow handles, for everybody who may read logs, as long as the log is kept.

## Fix

Set `IncludeExecutionData: false`; levels and step names go on being logged.

## Examples

```yaml bad template.yaml
Resources:
  Checkout:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: arn:aws:iam::111122223333:role/plain
      Definition: {StartAt: End, States: {End: {Type: Succeed}}}
      LoggingConfiguration:
        Level: ALL
        IncludeExecutionData: true  #! Checkout writes payment card number into its log at every step
        Destinations:
          - CloudWatchLogsLogGroup: {LogGroupArn: "arn:aws:logs:eu-west-1:111122223333:log-group:x:*"}
```

```yaml bad checkrein.yaml
resources:
  template/Checkout: {holds: [pay.pan]}
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
        IncludeExecutionData: false
        Destinations:
          - CloudWatchLogsLogGroup: {LogGroupArn: "arn:aws:logs:eu-west-1:111122223333:log-group:x:*"}
```

```yaml good checkrein.yaml
resources:
  template/Checkout: {holds: [pay.pan]}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import kept
from checkrein.checks.keeping import how
from checkrein.checks.machines import MACHINE
from checkrein.checks.questions import setting, titles
from checkrein.model import App, Finding, Resource

DATA = "LoggingConfiguration.IncludeExecutionData"


@check(
    resource(MACHINE),
    fault=2,
    topics=(
        "data-exposure",
        "log-protection",
    ),
    frameworks=("CWE-532",),
)
def data_in_execution_log(machine: Resource, app: App) -> Iterator[Finding]:
    classes = kept(app, machine.id)
    if not classes or machine.value("LoggingConfiguration.Level") == "OFF" or not machine[DATA]:
        return
    yield Finding(
        machine.where(DATA),
        f"{machine.name} writes {titles(classes)} into its log at every step",
        steps=how(app, machine.id, classes),
        cwe="CWE-532",
        endangers=(machine.id,),
        data=tuple(classes),
        fix=setting(machine, DATA, value=False, title="log no input and output", safe=True),
    )
