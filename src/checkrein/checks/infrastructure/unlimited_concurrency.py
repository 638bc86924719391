"""Anyone may use up the concurrency of the whole account through a function's URL.

## Why

A function URL has neither throttling nor a web ACL of its own: only the function's reserved concurrency
limits how many requests run at once. Without one, a flood of requests takes what all functions of the account
in the region share (by default 1,000), stops the others and is paid for.

Behind an API the stage's throttling does this; functions that nobody outside reaches need no limit.

## Fix

Set `ReservedConcurrentExecutions` to what the function's real callers need.

## Examples

```yaml bad template.yaml
Resources:
  Rides:  #! anyone may call RidesUrl until no function of the account runs: Rides has no limit
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  RidesUrl:
    Type: AWS::Lambda::Url
    Properties: {AuthType: NONE, TargetFunctionArn: !GetAtt Rides.Arn}
```

```yaml good template.yaml
Resources:
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      ReservedConcurrentExecutions: 20
      Code: {ZipFile: "def handler(event, context): pass"}
  RidesUrl:
    Type: AWS::Lambda::Url
    Properties: {AuthType: NONE, TargetFunctionArn: !GetAtt Rides.Arn}
  Inner:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import starts
from checkrein.checks.exposure import OUTSIDE, anonymous
from checkrein.checks.questions import listed, setting, short
from checkrein.model import App, Finding, Resource

LIMIT = "ReservedConcurrentExecutions"
LIKELY = 20  # enough for most; who runs the function knows better


@check(
    resource("AWS::Lambda::Function"),
    fault=1,
    topics=("denial-of-service",),
    frameworks=("CWE-770",),
    peers=("CKV_AWS_115", "W92", "LAMBDA_CONCURRENCY_CHECK"),
)
def unlimited_concurrency(function: Resource, app: App) -> Iterator[Finding]:
    if function.value(LIMIT) is not None:
        return
    entries = [entry for entry in starts(app, function.id) if entry.kind in OUTSIDE]
    urls = [e for e in entries if e.kind == "url" and anonymous(e.identity)]
    if not entries:
        return
    message = f"{function.name}, which callers outside reach, has no limit of its own"
    if urls:
        doors = listed(sorted({short(entry.source) for entry in urls}))
        message = (
            f"anyone may call {doors} until no function of the account runs:"
            f" {function.name} has no limit"
        )
    yield Finding(
        function.place,
        message,
        cwe="CWE-770",
        endangers=(function.id,),
        fix=setting(function, LIMIT, LIKELY, f"let {LIKELY} requests run at once"),
        key=("url",) if urls else (),
        hygiene=not urls,
    )
