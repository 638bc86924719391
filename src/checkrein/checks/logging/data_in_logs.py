"""Valuable data reaches a log.

## Why

A log is read by more people, kept longer and protected less than the store the data belongs in.
A token or a password in a log opens the door for everybody who may read logs.

## Fix

Log identifiers and outcomes instead of whole events, or redact the fields that the path names.

## Examples

```yaml bad template.yaml
Resources:
  SignUp:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          def handler(event, context):
              print(event["customer"]["email"])  #! the log of SignUp receives e-mail address
              return {"ok": True}
```

```yaml good template.yaml
Resources:
  SignUp:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          def handler(event, context):
              print("one more customer")
              return {"email": event["customer"]["email"]}
```
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.questions import LOG, rows_of, short, titles
from checkrein.checks.worth import valuable
from checkrein.model import App, Basis, Finding, Place, Reason, Row


@check(
    rows_of(LOG),
    fault=2,
    frameworks=("CWE-532", "OWASP-2025:A09", "OWASP-2021:A09", "OWASP-2017:A10", "SAS-5"),
)
def data_in_logs(log: Row, app: App) -> Iterator[Finding]:
    unmeant = set(valuable(app, log.coded)) - set(log.intended)
    by_place: defaultdict[Place, list[Reason]] = defaultdict(list)
    for reason in log.reasons:
        if reason.basis == Basis.CODED and reason.data in unmeant and reason.steps:
            by_place[reason.steps[-1].place].append(reason)
    for place, reasons in sorted(by_place.items()):
        classes = valuable(app, (reason.data for reason in reasons))
        yield Finding(
            place,
            f"the log of {short(log.id)} receives {titles(classes)}",
            steps=next(reason.steps for reason in reasons if reason.data == classes[0]),
            cwe="CWE-532",
            endangers=(log.id,),
            key=tuple(sorted(classes)),
        )
