"""A log that receives valuable data is kept forever.

## Why

Without a retention period CloudWatch keeps every line until somebody deletes it: data that a log
should not hold stays readable for years, long after the store it came from has forgotten it.

## Fix

Declare the function's log group and set `RetentionInDays`.

## Examples

```yaml bad template.yaml
Resources:
  SignUp:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      FunctionName: sign-up
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          def handler(event, context):
              print(event["customer"]["email"])
  Log:  #! Log keeps e-mail address forever
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: /aws/lambda/sign-up
```

```yaml bad template.yaml
Resources:
  Log:  #? Log keeps its lines forever
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: app}
```

```yaml good template.yaml
Resources:
  SignUp:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      FunctionName: sign-up
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          def handler(event, context):
              print(event["customer"]["email"])
  Log:
    Type: AWS::Logs::LogGroup
    Properties:
      LogGroupName: /aws/lambda/sign-up
      RetentionInDays: 30
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.questions import LOG, rows_of, setting, titles
from checkrein.checks.worth import valuable
from checkrein.model import App, Finding, Resource, Row


@check(
    rows_of(LOG),
    fault=1,
    topics=("retention",),
    frameworks=("CWE-532", "NIST-800-53r5:AU-11"),
    peers=(
        "CKV_AWS_66",
        "W86",
        "cloudwatch_log_group_retention_policy_specific_days_enabled",
        "CW_LOGGROUP_RETENTION_PERIOD_CHECK",
    ),
)
def logs_kept_forever(log: Row, app: App) -> Iterator[Finding]:
    group = app.get(Resource, log.id)
    if not group or group["RetentionInDays"]:
        return  # a group that nobody declared has no place; data-in-logs tells of its content
    kept = valuable(app, log.coded)
    yield Finding(
        group.place,
        f"{group.name} keeps {titles(kept) if kept else 'its lines'} forever",
        cwe="CWE-532",
        endangers=(log.id,),
        fix=setting(group, "RetentionInDays", 30, "keep logs for 30 days"),
        hygiene=not kept,
    )
