"""A function URL lets anyone on the internet call the function.

## Why

With `AuthType: NONE` Lambda checks no identity before it runs the code, and API Gateway's
throttling, WAF and authorizers are not in the way: every caller gets whatever the function does.

A webhook has to be open; where the code asks for a secret or reads a signature from the request's headers,
the finding is low.

## Fix

Use `AWS_IAM`, or put the function behind an API with an authorizer.

## Examples

```yaml bad template.yaml
Resources:
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !GetAtt Rides.Arn
      AuthType: NONE  #! anyone on the internet may call Rides
```

```yaml bad template.yaml
Resources:
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !Ref Rides
      AuthType: NONE  #! anyone on the internet may call Rides
  Anyone:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Rides
      Action: lambda:InvokeFunctionUrl
      Principal: "*"
      FunctionUrlAuthType: NONE
```

```yaml good template.yaml
Resources:
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !GetAtt Rides.Arn
      AuthType: AWS_IAM
```

```yaml undecided template.yaml
Parameters:
  Auth: {Type: String}
Resources:
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !GetAtt Rides.Arn
      AuthType: !Ref Auth
```
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from checkrein.catalog.rights import deeds
from checkrein.checks import check, resource
from checkrein.checks.exposure import SHOWN
from checkrein.checks.questions import accepted, flows_to, grouped, listed, setting, short
from checkrein.checks.steering import is_seen
from checkrein.checks.tainted import sites_of
from checkrein.checks.webhooks import is_perhaps_asked_before, signature_reads
from checkrein.checks.worth import valuable
from checkrein.model import (
    App,
    Call,
    Change,
    Entry,
    EventRead,
    Evidence,
    Finding,
    Fix,
    Function,
    Resource,
    Row,
)
from checkrein.model.values import symbols

CHANGING = frozenset({"write", "delete", "invoke", "configure", "permission"})
ASKED = {"secret": "a secret", "token": "a token", "claims": "what an authorizer says of them"}


@check(
    resource("AWS::Lambda::Url"),
    fault=2,
    topics=("authentication", "public-access"),
    frameworks=("CWE-306",),
    peers=("CKV_AWS_258", "awslambda_function_url_public"),
)
def public_function_url(url: Resource, app: App) -> Iterator[Finding]:
    if url["AuthType"] != "NONE":
        return
    functions = [entry.function for entry in grouped(app, Entry, "source").get(url.id, [])]
    named = listed(map(short, functions)) if functions else "the function behind it"
    asked = _asked(app, url)
    if asked is not None:
        yield replace(asked, endangers=tuple(functions))
        return
    signed = [read for id in functions for read in signature_reads(app, id)]
    if functions and all(signature_reads(app, id) for id in functions):
        yield _webhook(url, functions, named, signed)
        return
    yield Finding(
        url.where("AuthType"),
        f"anyone on the internet may call {named}",
        cwe="CWE-306",
        endangers=tuple(functions),
        fix=_signed(url, functions, app),
        confidence="possible" if _may_ask(app, functions) else "certain",
        fault=0 if _is_something_at_stake(app, functions) else 1,
    )


def _may_ask(app: App, functions: list[str]) -> bool:
    """Tell whether code that nobody here could follow may ask who calls before all that is done."""
    known = [function for id in functions if (function := app.get(Function, id))]
    return bool(known) and all(
        is_perhaps_asked_before(app, function, sites_of(app, function)) for function in known
    )


def _is_something_at_stake(app: App, functions: list[str]) -> bool:
    """Tell whether callers get content from somewhere or change something, as far as code is read.

    The keys that a function has for its own use they do not get by calling it.
    """
    rows = [row for id in functions if (row := app.get(Row, id))]
    held = valuable(app, {data for row in rows for data in (*row.intended, *row.coded)})
    if not held or not all(data.startswith("cred.") for data in held):
        return True
    if not all(is_seen(app, id) for id in functions) or any(accepted(app, id) for id in functions):
        return True
    if any(flow.source.node != id for id in functions for flow in flows_to(app, f"{id}@response")):
        return True
    calls = [call for id in functions for call in grouped(app, Call, "function").get(id, [])]
    return any(deeds(call.service, call.operation) & CHANGING for call in calls)


def _asked(app: App, url: Resource) -> Finding | None:
    """Return what is left to say where the code behind a URL asks all callers who they are."""
    ways = grouped(app, Entry, "source").get(url.id, [])
    if not ways or not all(way.proof for way in ways):
        return None
    named = listed(short(way.function) for way in ways)
    asks = listed(dict.fromkeys(ASKED[way.proof] for way in ways))
    return Finding(
        url.where("AuthType"),
        f"anyone on the internet may call {named}, where only the code asks for {asks}",
        tuple(evidence for way in ways for evidence in way.evidence[-1:]),
        cwe="CWE-306",
        by=tuple(f"{way.function}{SHOWN}" for way in ways),
        fault=1,
    )


def _signed(url: Resource, functions: list[str], app: App) -> Fix:
    """Return the fix that asks for signatures, and takes away what let in those without one."""
    fix = setting(url, "AuthType", "AWS_IAM", "require a signed request")
    urls = {entry.source for id in functions for entry in grouped(app, Entry, "function")[id]}
    if any(app.get(Resource, id) for id in urls - {url.id}):
        return fix  # another URL may need it
    known = grouped(app, Resource, "type").get("AWS::Lambda::Permission", [])
    useless = [each for each in known if _is_for_anyone(each, functions, app)]
    removed = tuple(Change(each.id, (), "remove") for each in useless)
    return replace(fix, changes=(*fix.changes, *removed))


def _is_for_anyone(permission: Resource, functions: list[str], app: App) -> bool:
    """Tell whether somebody wrote a permission for a function's open URL, and nothing awaits it."""
    if permission.value("FunctionUrlAuthType") != "NONE" or permission.added:
        return False
    named = {symbol.owner for symbol in symbols(permission.value("FunctionName"))}
    beside = grouped(app, Resource, "stack").get(permission.stack, [])
    awaited = any(permission.name in str(each.metadata.get("DependsOn", "")) for each in beside)
    return (
        bool(named & {*functions})
        and permission.origin(()).resource == permission.id
        and not awaited
    )


def _webhook(url: Resource, functions: list[str], named: str, signed: list[EventRead]) -> Finding:
    """Return what is left to say of a webhook, which must be open: its code asks who calls."""
    headers = listed(dict.fromkeys(read.source.attribute.rpartition(".")[2] for read in signed))
    return Finding(
        url.where("AuthType"),
        f"anyone on the internet may call {named}, where only its code checks {headers}",
        tuple(Evidence(f"the code reads {headers}", read.place) for read in signed[:1]),
        cwe="CWE-306",
        endangers=tuple(functions),
        by=tuple(f"{id}{SHOWN}" for id in functions),
        fault=1,
    )
