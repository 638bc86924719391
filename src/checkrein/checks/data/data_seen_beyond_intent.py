r"""Data was seen where it is not meant to be.

## Why

This is no possibility any more: records that were read (`checkrein scan --observed PATH`) show the data
there. It has none of the care that its own store gives it, and whoever could read the place could read it.

## Fix

Find what writes it (`checkrein explain RESOURCE --observed PATH`), stop it, and delete what is there. Where it is
meant after all, say so: `holds` of the resource in `checkrein.yaml`, or `checkrein accept` once code shows it.

## Examples

```yaml bad template.yaml
Resources:
  SignUp:  #! e-mail address was seen in the log of SignUp, twice or more: not meant to be there
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: sign-up
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          from vendor import register

          def handler(event, context):
              return register(event["customer"]["email"])
```

```json bad observed/events.json
{"logGroup": "/aws/lambda/sign-up", "logStream": "1", "messageType": "DATA_MESSAGE", "logEvents": [
  {"id": "1", "timestamp": 1767225600000, "message": "START RequestId: 5f0c Version: $LATEST"},
  {"id": "2", "timestamp": 1767225600001, "message": "registered ada@lovelace.example.at-home.org"},
  {"id": "3", "timestamp": 1767225600002, "message": "{\"level\": \"info\", \"email\": \"grace@at-home.org\"}"}]}
```

```yaml good template.yaml
Resources:
  SignUp:
    Type: AWS::Lambda::Function
    Properties:
      FunctionName: sign-up
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          from vendor import register

          def handler(event, context):
              return register(event["customer"]["email"])
```

```json good observed/events.json
{"logGroup": "/aws/lambda/sign-up", "logStream": "1", "messageType": "DATA_MESSAGE", "logEvents": [
  {"id": "1", "timestamp": 1767225600000, "message": "START RequestId: 5f0c Version: $LATEST"},
  {"id": "2", "timestamp": 1767225600001, "message": "registered c***@at-home.org"},
  {"id": "3", "timestamp": 1767225600002, "message": "{\"level\": \"info\", \"email\": \"***\"}"}]}
```

A store whose content code does not show may be meant for what it holds; without a lock nobody can tell:

```yaml undecided template.yaml
Resources:
  Members:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: members
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
```

```json undecided observed/members.json
{"Items": [{"id": {"S": "1"}, "email": {"S": "ada@at-home.org"}}], "Count": 1, "ScannedCount": 1}
```
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from checkrein.catalog.services import purpose
from checkrein.checks import check
from checkrein.checks.happened import declared, evidence, seen_on, told_of
from checkrein.checks.locked.comparing import is_locked
from checkrein.checks.questions import LOG, accepted, flows_to, short, titles
from checkrein.checks.worth import valuable
from checkrein.model import App, Finding, Resource, Row, Undecided

SEVERAL = 2
UNCHECKED = "untrusted.any"
LOGS = "@logs"


@check(
    told_of(Row, "node"),
    fault=2,
    topics=("data-exposure", "data-inventory"),
    frameworks=("CWE-200", "CWE-532"),
)
def data_seen_beyond_intent(row: Row, app: App) -> Iterator[Finding]:
    beyond = valuable(app, {*row.observed} - {*row.intended} - accepted(app, row.id))
    if not beyond:
        return
    for_all = not is_locked(app) and _is_for_all(app, row)
    if for_all and not flows_to(app, row.id):
        raise Undecided(f"{_seen(beyond)} in it; no code here shows what it is for")
    if for_all and UNCHECKED in row.potential:
        raise Undecided(f"{_seen(beyond)} in it; callers may fill it with what they send")
    seen = [each for each in seen_on(app, row.id, "content") if each.data in beyond]
    many = sum(each.count for each in seen) >= SEVERAL
    yield Finding(
        declared(app, row),
        f"{_seen(beyond)} in {_name(row)},"
        f" {'twice or more' if many else 'once'}: not meant to be there",
        evidence(seen),
        cwe="CWE-532" if _is_log(row) else "CWE-200",
        endangers=(row.id,),
        key=tuple(sorted(beyond)),
        confidence="likely" if for_all else "certain",
        data=tuple(beyond),
        by=(row.id,),
        fault=1 if for_all else 2,
    )


def _seen(data: Sequence[str]) -> str:
    return f"{titles(data)} {'was' if len(data) == 1 else 'were'} seen"


def _is_for_all(app: App, row: Row) -> bool:
    """Tell whether a service may be meant for any data: a proposal knows only what code names."""
    resource = app.get(Resource, row.id)
    return purpose(row.type, resource.properties if resource else {}) is None


def _is_log(row: Row) -> bool:
    return row.type == LOG


def _name(row: Row) -> str:
    of = " of " if row.id.endswith(LOGS) else " "
    return f"the log{of}{short(row.id)}" if _is_log(row) else short(row.id)
