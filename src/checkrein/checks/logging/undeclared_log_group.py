"""A function's log group is declared by nobody.

## Why

Lambda makes the group `/aws/lambda/…` on the first line that is written: kept forever, under no key of your own,
and left behind when the stack is deleted. A declared group has a retention, and goes where the stack goes.

What of valuable data is in a log is told by `data-in-logs`.

## Fix

Declare an `AWS::Logs::LogGroup` with `RetentionInDays`, and name it in `LoggingConfig`.

## Examples

```yaml bad template.yaml
Resources:
  Rides:  #? the log of Rides is declared by nobody and kept forever
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
```

```yaml good template.yaml
Resources:
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      LoggingConfig: {LogGroup: !Ref Log}
      Code: {ZipFile: "def handler(event, context): pass"}
  Log:
    Type: AWS::Logs::LogGroup
    Properties: {RetentionInDays: 30}
  Named:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: named
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  NamedLog:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: /aws/lambda/named, RetentionInDays: 30}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import resources
from checkrein.checks.questions import LOG
from checkrein.model import App, Change, Finding, Fix, Resource, Symbol
from checkrein.model.asking import of_app
from checkrein.model.values import symbols

GROUP = "LoggingConfig.LogGroup"
PREFIX = "/aws/lambda/"


@check(
    resource("AWS::Lambda::Function"),
    fault=1,
    topics=("log-retention",),
    frameworks=("CWE-532",),
    peers=("WS1004",),
    hygiene=True,
)
def undeclared_log_group(function: Resource, app: App) -> Iterator[Finding]:
    if function.value(GROUP) is None and not _declared(app, function):
        group = f"{function.id}Log"
        made = {"Type": LOG, "Properties": {"RetentionInDays": 30}}
        origin = function.origin(GROUP)
        yield Finding(
            function.place,
            f"the log of {function.name} is declared by nobody and kept forever",
            cwe="CWE-532",
            endangers=(f"{function.id}@logs",),
            fix=Fix(
                "declare a log group that keeps lines for 30 days",
                changes=(
                    Change(group, (), "add", made),
                    Change(origin.resource, origin.path, "set", Symbol(group, "Ref")),
                ),
            ),
        )


def _declared(app: App, function: Resource) -> bool:
    """Tell whether a log group has the function's name, or refers to it."""
    known = _named(app)
    return function.id in known or f"{PREFIX}{function.value('FunctionName')}" in known


@of_app
def _named(app: App) -> frozenset[str]:
    """Return what log groups are named after: functions' ids, and whole names."""
    names = [group.value("LogGroupName") for group in resources(app, LOG)]
    owners = {symbol.owner for name in names for symbol in symbols(name)}
    return frozenset({*owners, *map(str, names)})
