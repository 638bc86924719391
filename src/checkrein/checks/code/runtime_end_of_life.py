"""A function runs on a runtime that gets no more security fixes.

## Why

After a runtime's end of life its known holes stay open, and AWS blocks creating and then updating
functions on it: an urgent fix can no longer be deployed. Judged by date, not by a fixed list.

## Fix

Move to a runtime that AWS still supports.

## Examples

```yaml bad template.yaml
Resources:
  Old:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.7  #! python3.7 has had no security fixes since 2023-12-04
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
```

```yaml good template.yaml
Resources:
  Current:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
```

```yaml undecided template.yaml
Parameters:
  Version: {Type: String}
Resources:
  Perhaps:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: !Ref Version
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
```
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

from checkrein.catalog.runtimes import Runtime, runtime, runtimes
from checkrein.checks import check, resource
from checkrein.checks.questions import setting
from checkrein.model import App, Finding, Fix, Resource


@check(
    resource("AWS::Lambda::Function"),
    fault=2,
    frameworks=(
        "CWE-1104",
        "OWASP-2025:A03",
        "OWASP-2021:A06",
        "OWASP-2017:A09",
        "AWS-FSBP:Lambda.2",
    ),
)
def runtime_end_of_life(function: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
    known = runtime(function["Runtime"]) if function["Runtime"] else None
    if not known or not known.deprecated or known.deprecated > datetime.now(UTC).date():
        return
    yield Finding(
        function.where("Runtime"),
        f"{known.id} has had no security fixes since {known.deprecated}",
        cwe="CWE-1104",
        endangers=(function.id,),
        fix=_fix(function, known),
        key=(known.id,),
    )


def _fix(function: Resource, old: Runtime) -> Fix | None:
    """Move to the runtime of the language that is supported the longest."""
    supported = [r for r in runtimes() if r.language == old.language and r.deprecated]
    newest = max(supported, key=lambda each: (each.deprecated or date.min, each.id))
    if not old.language or newest.id == old.id:
        return None
    return setting(function, "Runtime", newest.id, f"move to {newest.id}")
