"""A queue hands a message out again while a function still works on it.

## Why

A message that is not deleted within the queue's visibility timeout is given to another invocation. Where
the function may run longer than that, what it does happens twice: two orders, two payments. AWS refuses a
mapping whose queue is shorter than its function, and advises six times the function's timeout, as
throttled invocations wait too.

The default visibility timeout is 30 seconds, that of a function 3.

## Fix

Set `VisibilityTimeout` to six times the function's `Timeout` at least.

## Examples

```yaml bad template.yaml
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 60  #! a message of Orders comes back after 60 s, while Book may still work on it for 120 s
  Book:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Timeout: 120
      Code: {ZipFile: "def handler(event, context): pass"}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: !GetAtt Orders.Arn, FunctionName: !Ref Book}
```

```yaml good template.yaml
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 720
  Book:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Timeout: 120
      Code: {ZipFile: "def handler(event, context): pass"}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: !GetAtt Orders.Arn, FunctionName: !Ref Book}
```

```yaml bad template.yaml
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: 200  #? a message of Orders comes back after 200 s, less than six times the 120 s of Book
  Book:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Timeout: 120
      Code: {ZipFile: "def handler(event, context): pass"}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: !GetAtt Orders.Arn, FunctionName: !Ref Book}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import place_of, set_fix, starts
from checkrein.checks.questions import grouped
from checkrein.model import App, Entry, Finding, Resource

QUEUE_DEFAULT, FUNCTION_DEFAULT = 30, 3  # seconds
ADVISED = 6  # times the function's timeout


@check(
    resource("AWS::SQS::Queue"),
    fault=1,
    topics=("error-handling",),
    frameworks=("CWE-841",),
    peers=("E3505",),
)
def visibility_shorter_than_timeout(queue: Resource, app: App) -> Iterator[Finding]:
    for function in _readers(app, queue):
        hidden = _seconds(queue["VisibilityTimeout"], QUEUE_DEFAULT)
        works = _seconds(function["Timeout"], FUNCTION_DEFAULT)
        if hidden >= ADVISED * works:
            continue
        twice = hidden < works
        limit = f"less than six times the {works} s of {function.name}"
        if twice:
            limit = f"while {function.name} may still work on it for {works} s"
        wanted = ADVISED * works
        yield Finding(
            place_of(queue, "VisibilityTimeout"),
            f"a message of {queue.name} comes back after {hidden} s, {limit}",
            cwe="CWE-841",
            endangers=(queue.id, function.id),
            fix=set_fix(
                queue, [("VisibilityTimeout", wanted)], f"hide messages for {wanted} s", safe=True
            ),
            key=(function.id,),
            hygiene=not twice,
        )


def _readers(app: App, queue: Resource) -> list[Resource]:
    entries = grouped(app, Entry, "source").get(queue.id, [])
    ids = sorted({entry.function for entry in entries if entry.kind == "queue"})
    return [found for id in ids if starts(app, id) and (found := app.get(Resource, id))]


def _seconds(value: object, default: int) -> int:
    return value if isinstance(value, int) else default
