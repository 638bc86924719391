"""An alarm tells nobody.

## Why

An alarm without an action changes its colour in a console that nobody looks at in the night.

## Fix

Set `AlarmActions` to a topic that somebody reads.

## Examples

```yaml bad template.yaml
Resources:
  Slow:  #! Slow tells nobody: it has no action
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/Lambda
      MetricName: Duration
      Statistic: Maximum
      Period: 60
      EvaluationPeriods: 1
      Threshold: 1000
      ComparisonOperator: GreaterThanThreshold
```

```yaml bad template.yaml
Resources:
  Slow:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/Lambda
      MetricName: Duration
      Statistic: Maximum
      Period: 60
      EvaluationPeriods: 1
      Threshold: 1000
      ComparisonOperator: GreaterThanThreshold
      AlarmActions: [arn:aws:sns:eu-west-1:111122223333:pager]
      ActionsEnabled: false  #! Slow tells nobody: its actions are off
```

```yaml good template.yaml
Resources:
  Slow:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/Lambda
      MetricName: Duration
      Statistic: Maximum
      Period: 60
      EvaluationPeriods: 1
      Threshold: 1000
      ComparisonOperator: GreaterThanThreshold
      AlarmActions: [arn:aws:sns:eu-west-1:111122223333:pager]
```

```yaml good template.yaml
Resources:
  Slow:
    Type: AWS::CloudWatch::Alarm
    Properties:
      Namespace: AWS/Lambda
      MetricName: Duration
      Statistic: Maximum
      Period: 60
      EvaluationPeriods: 1
      Threshold: 1000
      ComparisonOperator: GreaterThanThreshold
  Careful:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: app.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: src/
```

```python good src/app.py
import boto3

def handler(event, context):
    found = boto3.client("cloudwatch").describe_alarms(StateValue="ALARM")
    return len(found["MetricAlarms"])
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.alarms import ALARM
from checkrein.checks.context import resources, set_fix
from checkrein.model import App, Call, Finding, Place, Resource, Stack
from checkrein.model.asking import of_app
from checkrein.model.values import symbols

ACTIONS = ("AlarmActions", "OKActions", "InsufficientDataActions")
READERS = ("AWS::CodeDeploy::DeploymentGroup", "AWS::Route53::HealthCheck", "AWS::Events::Rule")
COMPOSITE = "AWS::CloudWatch::CompositeAlarm"
CONFIGURATION = "AWS::AppConfig::Environment"


@check(
    resource(ALARM, COMPOSITE),
    fault=1,
    topics=("monitoring",),
    frameworks=(
        *("CWE-778", "OWASP-2025:A09", "OWASP-2021:A09", "AWS-FSBP:CloudWatch.15"),
        *("AWS-FSBP:CloudWatch.17", "NIST-800-53r5:SI-4"),
    ),
    peers=(
        *("CloudWatch.15", "CloudWatch.17", "CKV_AWS_319", "CLOUDWATCH_ALARM_ACTION_CHECK"),
        *("cloudwatch_alarm_actions_enabled", "cloudwatch_alarm_actions_alarm_state_configured"),
    ),
)
def alarm_that_tells_nobody(alarm: Resource, app: App) -> Iterator[Finding]:
    if _is_read(app, alarm):
        return
    if _is_mute(alarm):
        alike = _mute(app)[alarm.place]
        if alarm.id != alike[0].id:
            return  # a plugin makes one for each function out of the same words
        more = f" and {len(alike) - 1} more tell nobody: they have" if alike[1:] else ""
        yield Finding(
            alarm.place,
            f"{alarm.name}{more or ' tells nobody: it has'} no action",
            cwe="CWE-778",
            endangers=tuple(each.id for each in alike),
            key=("none",),
        )
    elif alarm.value("ActionsEnabled") is False:
        yield Finding(
            alarm.where("ActionsEnabled"),
            f"{alarm.name} tells nobody: its actions are off",
            cwe="CWE-778",
            endangers=(alarm.id,),
            fix=set_fix(alarm, [("ActionsEnabled", True)], "let the alarm act"),
            key=("off",),
        )


def _is_read(app: App, alarm: Resource) -> bool:
    return (
        alarm.id in _read(app) or _by_name(app, alarm) or alarm.id.rpartition("/")[0] in _asked(app)
    )


@of_app
def _asked(app: App) -> frozenset[str]:
    """Return the stacks whose code asks in which state alarms are."""
    return frozenset(
        call.function.rpartition("/")[0]
        for call in app.every(Call)
        if call.service == "cloudwatch" and call.operation.startswith("DescribeAlarm")
    )


def _is_mute(alarm: Resource) -> bool:
    return not any(alarm.value(name) for name in ACTIONS)


@of_app
def _mute(app: App) -> dict[Place, list[Resource]]:
    """Return the alarms that have no action and that nothing looks at, by what makes them."""
    found: dict[Place, list[Resource]] = {}
    for alarm in resources(app, ALARM, COMPOSITE):
        if _is_mute(alarm) and not _is_read(app, alarm):
            found.setdefault(alarm.place, []).append(alarm)
    return found


@of_app
def _read(app: App) -> frozenset[str]:
    """Return the alarms that something else looks at: deployments, other alarms, health checks."""
    found: set[str] = set()
    for reader in resources(app, *READERS, COMPOSITE, CONFIGURATION):
        found |= {s.owner for s in symbols(reader.properties)} - {reader.id}
    for stack in app.every(Stack):
        found |= {s.owner for s in symbols(stack.outputs)}  # for whoever imports it
    return frozenset(found)


def _by_name(app: App, alarm: Resource) -> bool:
    """Tell whether a composite alarm may name an alarm in its rule."""
    name = alarm.value("AlarmName")
    rules = [str(each.value("AlarmRule")) for each in resources(app, COMPOSITE)]
    return isinstance(name, str) and any(name in rule for rule in rules)
