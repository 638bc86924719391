"""A function runs on a runtime that gets no more security fixes.

## Why

After a runtime's end of life its known holes stay open, and AWS blocks creating and then updating
functions on it: an urgent fix can no longer be deployed. Judged by date, not by a fixed list. By
itself an old runtime opens nothing: it is a small fault, whatever the data.

## Fix

Move to a runtime that AWS still supports, the newest that the code can run on. Where the code must change
first (Python 2, version 2 of the JavaScript SDK, which newer runtimes no longer bring along), the fix says
what, and is no edit.

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

from checkrein.catalog.runtimes import (
    WITHOUT_CALLBACKS,
    WITHOUT_SDK_2,
    Runtime,
    runtime,
    runtimes,
    version_of_node,
)
from checkrein.checks import check, resource
from checkrein.checks.context import is_open
from checkrein.checks.questions import grouped, setting
from checkrein.late import regex
from checkrein.model import App, Finding, Fix, Function, Resource, Summary

JAVASCRIPT = "javascript"
PYTHON_2 = "python2.7"
AWAIT = "let the handler return a promise instead of calling back"
ASYNC = regex(r"\bhandler\s*=\s*async\b|\basync\s+function\s+handler\b")


@check(
    resource("AWS::Lambda::Function"),
    fault=1,
    topics=("runtimes",),
    frameworks=("CWE-1104", "AWS-FSBP:Lambda.2"),
    peers=(
        "CKV_AWS_363",
        "Lambda.2",
        "W2531",
        "E2531",
        "AwsSolutions-L1",
        "awslambda_function_using_supported_runtimes",
    ),
)
def runtime_end_of_life(function: Resource, app: App) -> Iterator[Finding]:
    if function.added and is_open(function.value("Runtime")):
        return  # what a framework runs by itself goes with the framework's version
    known, today = runtime(str(function["Runtime"] or "")), datetime.now(UTC).date()
    if not known or not known.deprecated or known.deprecated > today:
        return
    yield Finding(
        function.where("Runtime"),
        f"{known.id} has had no security fixes since {known.deprecated}",
        cwe="CWE-1104",
        endangers=(function.id,),
        fix=_fix(app, function, known),
        key=(known.id,),
    )


def _fix(app: App, function: Resource, old: Runtime) -> Fix | None:
    """Move to the runtime that is supported the longest of those that the code can run on."""
    newest = _newest(old.language)
    if not newest or newest.id == old.id:
        return None
    needed = _obstacle(app, function, old, newest)
    if needed:
        return Fix(f"{needed}, then move to {newest.id}")
    target = _last_with_callbacks(app, function, newest)
    if target.id == old.id:
        return Fix(f"{AWAIT}, then move to {newest.id}")
    why = "" if target == newest else f": {newest.id} runs no handler with a callback"
    return setting(function, "Runtime", target.id, f"move to {target.id}{why}")


def _newest(language: str) -> Runtime | None:
    supported = [r for r in runtimes() if language and r.language == language and r.deprecated]
    return max(supported, key=lambda each: (each.deprecated or date.min, each.id), default=None)


def _obstacle(app: App, function: Resource, old: Runtime, newest: Runtime) -> str:
    """Say what must be done to the code before it can run on a new runtime, "" for nothing."""
    if old.id == PYTHON_2:
        return "port the code to Python 3 (print statements, texts, renamed modules)"
    packages = {
        p for s in grouped(app, Summary, "function").get(function.id, []) for p in s.packages
    }
    loses = (
        version_of_node(old.id) < WITHOUT_SDK_2 <= version_of_node(newest.id)
        and old.language == JAVASCRIPT
    )
    if loses and "aws-sdk" in packages:
        return (
            f"bundle aws-sdk or use its version 3, as nodejs{WITHOUT_SDK_2}.x brings no version 2"
        )
    return ""


def _last_with_callbacks(app: App, function: Resource, newest: Runtime) -> Runtime:
    """Return the newest runtime, or the last that takes callbacks where the handler may use one."""
    if (
        newest.language != JAVASCRIPT
        or version_of_node(newest.id) < WITHOUT_CALLBACKS
        or _awaits(app, function)
    ):
        return newest
    older = [
        found
        for found in runtimes()
        if found.language == JAVASCRIPT and version_of_node(found.id) < WITHOUT_CALLBACKS
    ]
    return max(older, key=lambda each: version_of_node(each.id))


def _awaits(app: App, function: Resource) -> bool:
    """Tell whether a handler surely answers with a promise."""
    code = [f.code for f in grouped(app, Function, "id").get(function.id, []) if f.code]
    return any(
        bool(ASYNC.search(each.text)) if each.text else each.file.endswith(".mjs") for each in code
    )
