r"""A caller writes entries of their own into the log.

## Why

What a function prints becomes an entry of its log at each line's end, so that a line break in a
caller's text begins one that nobody can tell from the function's own: a sign-in that never was, or
the number that an alarm counts. Lambda's runtimes keep a whole record of Python's `logging` and of
Node's `console` together, and JSON and `repr` escape line breaks: only what goes to the output
directly can be forged. A REST API hands over path parameters as the caller encoded them, with no
line break in them; an HTTP API decodes them.

## Fix

Log through `logging` or `console`, better as JSON (`LoggingConfig: {LogFormat: JSON}` and
Powertools' logger do it), or escape: `print(f"no such user: {name!r}")`.

## Examples

```python bad
import sys

def handler(event, context):
    name = event["queryStringParameters"]["name"]
    print(f"sign-in failed for {name}")  #! anyone can write entries into the log of Example through event.queryStringParameters.name
    sys.stdout.write("next: " + name + "\n")  #! anyone can write entries into the log of Example through event.queryStringParameters.name
```

```javascript bad
exports.handler = async (event) => {
  const { name } = JSON.parse(event.body);
  process.stdout.write(`sign-in failed for ${name}\n`); //! anyone can write entries into the log of Example through event.body.name
};
```

```python good
import json, logging

logger = logging.getLogger()

def handler(event, context):
    name = event["queryStringParameters"]["name"]
    logger.info("sign-in failed for " + name)
    print(f"sign-in failed for {name!r}", event, event["headers"]["user-agent"])
    print(json.dumps({"failed": name}), f"event: {event}", int(event["queryStringParameters"]["age"]))
    print("sign-in failed for " + name.replace("\n", " "))
    if name.isalnum():
        print("sign-in failed for " + name)
```

```javascript good
exports.handler = async (event) => {
  const { name } = JSON.parse(event.body);
  console.log(`sign-in failed for ${name}`, { name });
  process.stdout.write(JSON.stringify({ failed: name }) + "\n");
};
```

```yaml bad template.yaml
Resources:
  Api: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: orders, ProtocolType: HTTP}}
  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Status.Arn}
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      {ApiId: !Ref Api, RouteKey: "GET /{id}", Target: !Sub "integrations/${Integration}"}
  Status:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Code:
        ZipFile: |
          def handler(event, context):
              print(f"status of {event['pathParameters']['id']}")  #! anyone can write entries into the log of Status through event.pathParameters.id
```

```yaml good template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Status:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        def handler(event, context):
            print(f"status of {event['pathParameters']['id']}")
      Events:
        Get: {Type: Api, Properties: {Path: "/{id}", Method: get}}
```

```python good signed-in
import json

def handler(event, context):
    print("order for", json.loads(event["body"])["name"])
```
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import structs

from checkrein.checks import check, every
from checkrein.checks.doors import is_encoded
from checkrein.checks.questions import short
from checkrein.checks.tainted import finding, is_verbatim, once, reached
from checkrein.late import regex
from checkrein.model import App, CallSite, Finding, Function, Taint

WHOLE = regex(r"\[\d+\]$")  # what lies below is of a dict or list, which is escaped
DIRECT = frozenset({"print", "write"})  # straight to the output: each line is an entry
TEXTS = ("body.", "queryStringParameters.", "pathParameters.", "arguments.", "form.")
NAMES = ("infra.name",)  # what a log that no more can be believed is worth, in itself


@check(
    every(Function),
    fault=1,
    topics=("injection",),
    frameworks=("CWE-117", "OWASP-2025:A09", "OWASP-2021:A09"),
)
def log_injection(function: Function, app: App) -> Iterator[Finding]:
    yield from once(_findings(function, app))


def _findings(function: Function, app: App) -> Iterator[Finding]:
    def begins(site: CallSite, taint: Taint) -> bool:
        encoded = is_encoded(app, taint.field.node, taint.field.path)
        return _begins_an_entry(site, taint) and not encoded

    for fault in reached(function, app, "log", begins):
        message = (
            f"anyone can write entries into the log of {short(function.id)} through {fault.fields}"
        )
        found = finding(app, fault, message, "CWE-117")
        yield structs.replace(found, endangers=(function.id,), data=NAMES)


def _begins_an_entry(site: CallSite, taint: Taint) -> bool:
    """Tell whether anyone's text goes to the output as it is."""
    prints = site.kind == "log" and site.operation in DIRECT and taint.who.startswith("anyone")
    return bool(
        prints and WHOLE.match(taint.argument) and _is_text(taint) and is_verbatim(site, taint)
    )


def _is_text(taint: Taint) -> bool:
    """Tell whether a field may hold a line break: headers can not, and a dict is escaped."""
    owner, path = taint.source.owner, taint.source.attribute
    return path.startswith(TEXTS) if owner == "event" else path.count(".") > 0
