"""What an error says of the inside goes to those who call from outside.

## Why

A stack trace names files, lines, libraries and their versions, and often the statement that failed.
The message of a driver or of AWS names tables, roles, accounts and hosts. Whoever looks for a way in
provokes errors and reads them.

## Fix

Log the error, and answer with a text of your own and the request's id, by which you find it there.

## Examples

```python bad
import boto3, json, traceback

def handler(event, context):
    try:
        return {"statusCode": 200, "body": json.dumps(load(event["pathParameters"]["id"]))}
    except KeyError as error:
        return {"statusCode": 404, "body": repr(traceback.format_tb(error.__traceback__))}  #! Example answers callers with the stack trace of an error
    except Exception:
        return {"statusCode": 500, "body": traceback.format_exc()}  #! Example answers callers with the stack trace of an error

def load(id):
    return boto3.resource("dynamodb").Table("orders").get_item(Key={"id": id})["Item"]
```

```python bad
import boto3, json
table = boto3.resource("dynamodb").Table("orders")

def handler(event, context):
    try:
        table.put_item(Item={"id": event["body"]})
    except Exception as error:
        return {"statusCode": 500, "body": json.dumps({"message": f"failed: {error}"})}  #! Example answers callers with what an error says
    return {"statusCode": 200, "body": "ok"}
```

```javascript bad
exports.handler = async (event) => {
  try {
    return { statusCode: 200, body: JSON.stringify(JSON.parse(event.body)) };
  } catch (error) {
    console.error(error);
    return { statusCode: 500, body: JSON.stringify({ code: error.code, stack: error.stack }) }; //! Example answers callers with the stack trace of an error
  }
};
```

```javascript bad
const { LambdaClient, InvokeCommand } = require("@aws-sdk/client-lambda");
const client = new LambdaClient({});

exports.handler = async (event) => {
  const answer = await client.send(new InvokeCommand({ FunctionName: "orders", Payload: event.body }));
  return { statusCode: 200, body: Buffer.from(answer.Payload).toString() }; //! Example answers callers with whatever lambda:Invoke gives, stack traces of errors too
};
```

```python good
import boto3, json, traceback
table = boto3.resource("dynamodb").Table("orders")

class Sold(Exception):
    pass

def handler(event, context):
    try:
        if event["body"] == "0":
            raise Sold("nothing is left")
        table.put_item(Item={"id": event["body"]})
    except Sold as error:
        return {"statusCode": 409, "body": str(error)}
    except (ValueError, KeyError) as error:
        return {"statusCode": 400, "body": str(error)}
    except Exception as error:
        print(error, traceback.format_exc())
        return {"statusCode": 500, "body": json.dumps({"id": context.aws_request_id})}
    return {"statusCode": 200, "body": "ok"}
```

```javascript good
const { LambdaClient, InvokeCommand } = require("@aws-sdk/client-lambda");
const client = new LambdaClient({});

exports.handler = async (event) => {
  try {
    const answer = await client.send(new InvokeCommand({ FunctionName: "orders", Payload: event.body }));
    if (answer.FunctionError) return { statusCode: 502, body: "no orders today" };
    return { statusCode: 200, body: Buffer.from(answer.Payload).toString() };
  } catch (error) {
    console.error(error.stack);
    return { statusCode: error.statusCode, body: JSON.stringify({ code: error.code, name: error.name }) };
  }
};
```

```javascript good
exports.handler = async (event) => {
  try {
    return { statusCode: 200, body: JSON.stringify(JSON.parse(event.body)) };
  } catch (error) {
    return { statusCode: 400, body: error.message };
  }
};
```

Over a WebSocket nobody hears what a function returns, unless its route asks for an answer.

```yaml bad template.yaml
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: chat, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action}
  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Send.Arn}
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Api
      RouteKey: send
      RouteResponseSelectionExpression: $default
      Target: !Sub integrations/${Integration}
  Send:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      Code:
        ZipFile: |
          exports.handler = async (event) => {
            try { JSON.parse(event.body); } catch (e) {
              return { statusCode: 500, body: e.stack }; //! Send answers callers with the stack trace of an error
            }
          };
```

```yaml good template.yaml
Resources:
  Api:
    Type: AWS::ApiGatewayV2::Api
    Properties: {Name: chat, ProtocolType: WEBSOCKET, RouteSelectionExpression: $request.body.action}
  Integration:
    Type: AWS::ApiGatewayV2::Integration
    Properties:
      {ApiId: !Ref Api, IntegrationType: AWS_PROXY, IntegrationUri: !GetAtt Send.Arn}
  Route:
    Type: AWS::ApiGatewayV2::Route
    Properties: {ApiId: !Ref Api, RouteKey: send, Target: !Sub "integrations/${Integration}"}
  Send:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      Code:
        ZipFile: |
          exports.handler = async (event) => {
            try { JSON.parse(event.body); } catch (e) {
              return { statusCode: 500, body: e.stack };
            }
          };
```

Nor does anybody, where the API starts the function and answers by itself.

```yaml good template.yaml
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: hooks}}
  Take:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: NONE
      Integration:
        Type: AWS
        IntegrationHttpMethod: POST
        Uri: !Sub "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Work.Arn}/invocations"
        RequestParameters: {integration.request.header.X-Amz-Invocation-Type: "'Event'"}
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs24.x
      Handler: index.handler
      Code:
        ZipFile: |
          exports.handler = async (event) => {
            try { JSON.parse(event.body); } catch (e) {
              return { statusCode: 500, body: e.stack };
            }
          };
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.doors import is_answered
from checkrein.checks.exposure import OUTSIDE
from checkrein.checks.questions import grouped, short
from checkrein.checks.tainted import sites_of
from checkrein.model import (
    App,
    CallSite,
    Entry,
    Evidence,
    Finding,
    Function,
    Resource,
    Symbol,
    Value,
)
from checkrein.model.values import alternatives

STACK = frozenset({"stack", "stackTrace", "stacktrace", "__traceback__", "traceback"})
MESSAGE = frozenset({
    *("", "message", "Message", "errorMessage", "msg", "sqlMessage", "detail", "args", "response"),
    *("data", "body", "Error", "cause", "reason", "description"),
})  # fmt: skip
ASKING = frozenset({"sdk", "http"})  # calls whose errors are somebody else's
DRIVERS = frozenset({"sql", "nosql", "ldap", "command", "path", "url", "template", "xml"})
INVOKED = frozenset({"", "Payload"})
PARTS = ("headers", "multiValueHeaders", "cookies", "statusCode")  # no body
NAMES = ("infra.name",)  # what such texts hold: of tables, hosts, files, roles
REST = "AWS::ApiGateway::RestApi"  # answers what is no proxy response with an error of its own
SAID = {
    "stack": "the stack trace of an error",
    "message": "what an error says",
    "answer": "whatever lambda:Invoke gives, stack traces of errors too",
}


@check(every(Function), fault=2, topics=("error-handling",), frameworks=("CWE-209", "CWE-550"))
def error_in_answer(function: Function, app: App) -> Iterator[Finding]:
    entries = grouped(app, Entry, "function").get(function.id, [])
    answered = [e for e in entries if e.kind in OUTSIDE and is_answered(app, e)]
    ways = [app.get(Resource, entry.source) for entry in answered]
    if not ways:
        return
    only_rest = all(way is not None and way.type == REST for way in ways)
    sites = sites_of(app, function)
    asks = any(_asks(site) for site in sites)
    for site in (site for site in sites if site.kind == "response"):
        leaks = {*_leaks(site, sites, whole=not only_rest)}
        worst = next((k for k in SAID if k in leaks and (asks or k != "message")), None)
        if worst:
            yield _finding(function, site, worst)


def _finding(function: Function, site: CallSite, leak: str) -> Finding:
    name = short(function.id)
    message = f"{name} answers callers with {SAID[leak]}"
    return Finding(
        site.place,
        message,
        steps=(*site.steps, Evidence(f"{name} answers with it", site.place)),
        cwe="CWE-209",
        endangers=(function.id,),
        data=NAMES,
        key=(leak,),
        confidence="certain" if leak == "stack" else "likely",
        fault=2 if leak == "stack" else 1,
    )


def _asks(site: CallSite) -> bool:
    """Tell whether a call may fail with words of a service, a driver or the system."""
    return site.kind in ASKING or (site.kind == "use" and site.service in DRIVERS)


def _leaks(site: CallSite, sites: tuple[CallSite, ...], *, whole: bool) -> Iterator[str]:
    """Yield what the body of an answer tells, with ``whole`` also of what is no proxy response.

    What code makes of a stack trace says a part of it: the first line is the message.
    """
    for argument in site.arguments:
        if argument.path.startswith(PARTS) or not (whole or argument.path):
            continue
        for source in argument.sources:
            leak = _leak(source, sites)
            if _stands(argument.value, source):
                yield leak
            elif leak == "stack":
                yield "message"


def _leak(source: Symbol, sites: tuple[CallSite, ...]) -> str:
    """Return what a source tells of the inside: a stack trace, a message, another's answer."""
    steps = source.attribute.split(".")
    if source.owner == "error":
        if not STACK.isdisjoint(steps):
            return "stack"
        return "message" if steps[-1].removesuffix("[]") in MESSAGE else ""
    owner, _, number = source.owner.partition(":")
    if owner == "call" and source.attribute in INVOKED:
        return "answer" if _is_unread(sites[int(number)]) else ""
    return ""


def _is_unread(site: CallSite) -> bool:
    """Tell whether code never looks whether the function that it invoked failed."""
    invokes = (site.kind, site.service, site.operation) == ("sdk", "lambda", "Invoke")
    waits = all(a.value != "Event" for a in site.arguments if a.path == "InvocationType")
    return invokes and waits and not any("FunctionError" in path for path in site.reads)


def _stands(value: Value, source: Symbol) -> bool:
    """Tell whether a value is a source's content, alone or inside a text."""
    return any(
        option == source or source in getattr(option, "parts", ()) for option in alternatives(value)
    )
