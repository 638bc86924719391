"""A route that is named for insiders is open to anyone.

## Why

`/admin`, `/internal` and `/debug` say whom they are for. Scanners try these names first, and what stands behind
them seldom expects strangers. One that only reads, from what holds nothing of worth, is a small fault.

## Fix

Put an authorizer on the route and let it ask for the role, or take the route out of the public API.

## Examples

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Users:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, json
        def handler(event, context):
            boto3.resource("dynamodb").Table("users").put_item(Item=json.loads(event["body"]))
      Events:
        Admin:  #! anyone may call POST /admin/users, which is named for insiders
          Type: HttpApi
          Properties: {Path: /admin/users, Method: post}
        Login:
          Type: HttpApi
          Properties: {Path: /admin/login, Method: post}
```

Code that asks for a secret before all that it does is no door for anyone, whatever else it logs or answers:

```yaml good template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Users:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Environment: {Variables: {ADMIN_PASSWORD: !Sub "{{resolve:ssm-secure:/admin}}"}}
      InlineCode: |
        import boto3, os
        def handler(event, context):
            print(event["path"])
            if event["headers"]["x-admin-password"] != os.environ["ADMIN_PASSWORD"]:
                return {"statusCode": 401}
            boto3.resource("dynamodb").Table("users").delete_item(Key={"id": event["pathParameters"]["id"]})
      Events:
        Admin: {Type: HttpApi, Properties: {Path: "/admin/users/{id}", Method: delete}}
```

Where nobody read the code, it may ask itself; the finding weighs less:

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Users:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      CodeUri: {Bucket: builds, Key: users.zip}
      Events:
        Admin:  #! anyone may call POST /admin/users, which is named for insiders (its code, which may ask, was not read)
          Type: HttpApi
          Properties: {Path: /admin/users, Method: post}
```

```yaml good template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::HttpApi
    Properties:
      Auth:
        DefaultAuthorizer: Users
        Authorizers:
          Users:
            IdentitySource: $request.header.Authorization
            JwtConfiguration: {issuer: "https://login.example.com", audience: [rides]}
  Users:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: "def handler(event, context): pass"
      Events:
        Admin:
          Type: HttpApi
          Properties: {Path: /admin/users, Method: post, ApiId: !Ref Api}
```

What the code itself holds, or its settings, is told to them all the same:

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Settings:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      InlineCode: |
        exports.handler = async () => ({ statusCode: 200, body: JSON.stringify(process.env) });
      Events:
        Get:  #! anyone may call GET /debug/settings, which is named for insiders
          Type: HttpApi
          Properties: {Path: /debug/settings, Method: get}
  Staff:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      InlineCode: |
        const staff = [{ name: "first" }, { name: "second" }];
        exports.handler = async () => ({ statusCode: 200, body: JSON.stringify({ staff }) });
      Events:
        Get:  #! anyone may call GET /internal/staff, which is named for insiders
          Type: HttpApi
          Properties: {Path: /internal/staff, Method: get}
```

A handler that only says that it is not there yet tells strangers nothing:

```yaml good template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Later:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      InlineCode: |
        exports.handler = async (event) => {
          console.log("not yet");
          return { statusCode: 501, body: "not yet" };
        };
      Events:
        Post: {Type: HttpApi, Properties: {Path: /admin/events, Method: post}}
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.doors import HTTP, REST, open_routes
from checkrein.checks.questions import elements_by_node, grouped
from checkrein.checks.tainted import is_behind, sites_of
from checkrein.checks.webhooks import (
    credential_reads,
    is_asked,
    is_held,
    is_perhaps_asked_before,
)
from checkrein.checks.worth import held, valuable
from checkrein.late import regex
from checkrein.model import App, CallSite, Entry, Finding, Function, Resource, Row, Summary

INSIDERS = regex(
    r"/(admin|administrator|administration|internal|private|debug|actuator|backoffice|back-office"
    r"|superuser|root|sysadmin|staff|console)(?=[/{]|$)",
    re.IGNORECASE,
)
IDLE = ("log", "response")  # kinds of call sites that reach nothing
LISTED = regex(r"body\b.*\[\]")  # in an answer: records that the code holds
EVENT = "event"  # the owner of what comes with a request
READING = ("GET ", "HEAD ")
SETTINGS = "env."
SIGN_IN = regex(r"/(log-?in|sign-?in|auth|token|callback|sign-?up|forgot|reset)\b", re.IGNORECASE)


@check(
    resource(REST, HTTP),
    fault=2,
    topics=("authentication", "authorization"),
    frameworks=("CWE-306", "CWE-425"),
)
def internal_route_exposed(api: Resource, app: App) -> Iterator[Finding]:
    for entry in (each for each in open_routes(app, api.id) if not each.proof):
        path = entry.route.partition(" ")[2]
        if not INSIDERS.search(path) or SIGN_IN.search(path):
            continue
        if _asks(app, entry) or _does_nothing(app, entry):
            continue
        asked = _may_ask(app, entry)
        yield Finding(
            entry.place,
            f"anyone may call {entry.route}, which is named for insiders{asked}",
            entry.evidence,
            cwe="CWE-306",
            endangers=(entry.function,),
            key=(entry.route,),
            confidence="possible" if asked else "likely",
            fault=1 if asked or _tells_nothing(app, entry) else 2,
        )


def _asks(app: App, entry: Entry) -> bool:
    """Tell whether code asks who calls before all that it does with services behind a route."""
    function = app.get(Function, entry.function)
    every = sites_of(app, function) if function else ()
    sites = [site for site in every if site.kind == "sdk" and is_behind(app, entry, site)]
    return bool(sites) and all(
        function and (is_asked(app, function, site) or is_held(app, function, site))
        for site in sites
    )


def _does_nothing(app: App, entry: Entry) -> bool:
    """Tell whether all of a function's code was read, and only answers: it waits to be written."""
    known = grouped(app, Summary, "function").get(entry.function, [])
    return bool(known) and all(
        one.files and not one.gaps and not one.partial and all(map(_is_idle, one.calls))
        for one in known
    )


def _is_idle(site: CallSite) -> bool:
    """Tell whether a call site reaches nothing, and tells only what it was sent, or a few texts."""
    sources = [source for argument in site.arguments for source in argument.sources]
    listed = any(LISTED.match(argument.path) for argument in site.arguments)
    return site.kind in IDLE and not listed and all(source.owner == EVENT for source in sources)


def _may_ask(app: App, entry: Entry) -> str:
    """Say why the code may ask who calls, "" if it is known not to."""
    if credential_reads(app, entry.function):
        return " (its code looks at a header)"
    known = app.get(Function, entry.function)
    sites = [site for site in sites_of(app, known) if is_behind(app, entry, site)] if known else []
    if known and is_perhaps_asked_before(app, known, sites):
        return " (by code that may ask, and that nobody here could follow)"
    return " (its code, which may ask, was not read)" if known and not known.code else ""


def _tells_nothing(app: App, entry: Entry) -> bool:
    """Tell whether a route only reads, and its code holds nothing of worth but its own settings."""
    row = app.get(Row, entry.function)
    if row is None or not entry.route.startswith(READING):
        return False
    settings, others = set[str](), set[str]()
    for element in elements_by_node(app).get(row.id, []):
        (settings if element.slot.path.startswith(SETTINGS) else others).add(element.data)
    return not valuable(app, held(row) - (settings - others))
