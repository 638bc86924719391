"""Functions reserve more concurrency than an account has.

## Why

An account runs 1,000 executions of functions at a time unless it asked for more, and 100 must stay unreserved. What is reserved for some is taken
from all others: beyond 900 a deployment fails, and near it every function without a reserve is throttled with the first load.

## Fix

Lower the reserves to what each function needs at its busiest, or ask for a higher limit first.

## Examples

```yaml bad template.yaml
Resources:
  Thumbnails:  #? functions of this application reserve 950 of 1000 concurrent executions
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      ReservedConcurrentExecutions: 950
      Code: {ZipFile: "def handler(event, context): pass"}
```

```yaml good template.yaml
Resources:
  Thumbnails:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      ReservedConcurrentExecutions: 50
      Code: {ZipFile: "def handler(event, context): pass"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import resources, together
from checkrein.model import App, Finding, Resource

FUNCTION, RESERVED = "AWS::Lambda::Function", "ReservedConcurrentExecutions"
LIMIT, UNRESERVED = 1000, 100  # of an account that has not asked for more


@check(
    resource(FUNCTION),
    fault=1,
    topics=("denial-of-service",),
    frameworks=("CWE-770", "NIST-800-53r5:SC-5"),
    hygiene=True,
)
def reserve_beyond_account_limit(function: Resource, app: App) -> Iterator[Finding]:
    if not isinstance(function.value(RESERVED), int):
        return
    near = [f for f in resources(app, FUNCTION) if together(app, f, function)]
    reserving = {f.id: n for f in near if isinstance(n := f.value(RESERVED), int)}
    total = sum(reserving.values())
    if total > LIMIT - UNRESERVED and function.id == max(reserving, key=reserving.__getitem__):
        yield Finding(
            function.place,
            f"functions of this application reserve {total} of {LIMIT} concurrent executions",
            cwe="CWE-770",
            endangers=tuple(sorted(reserving)),
            key=("reserve",),
        )
