r"""Code that is deployed does something that the code here does not.

## Why

A function was seen to ask a service for something that no line of its code asks for and that nobody meant: another
version is deployed, a dependency does more than it should, or somebody runs code of his own with its rights.

## Fix

Compare what is deployed with what is here. Deploy it again from here, look through its packages, and take the
right away: `checkrein least FUNCTION`. If it is meant, accept it in `checkrein.lock`.

## Examples

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Save:  #! Save called dynamodb:Scan on Orders, and its code here never does
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: save
      Runtime: python3.14
      Handler: index.handler
      Policies: [{DynamoDBCrudPolicy: {TableName: orders}}]
      InlineCode: |
        import boto3
        def handler(event, context):
            boto3.client("dynamodb").put_item(TableName="orders", Item={"email": {"S": event["email"]}})
```

```json bad observed/trace.json
{"Traces": [{"Id": "1-5759e988-bd862e3fe1be46a994272793", "Segments": [{"Id": "1", "Document":
  "{\"id\": \"1\", \"name\": \"save\", \"origin\": \"AWS::Lambda::Function\", \"start_time\": 1.0, \"subsegments\": [{\"id\": \"2\", \"name\": \"DynamoDB\", \"namespace\": \"aws\", \"start_time\": 1.1, \"aws\": {\"operation\": \"Scan\", \"table_name\": \"orders\"}}]}"}]}]}
```

```yaml good template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Save:
    Type: AWS::Serverless::Function
    Properties:
      FunctionName: save
      Runtime: python3.14
      Handler: index.handler
      Policies: [{DynamoDBCrudPolicy: {TableName: orders}}]
      InlineCode: |
        import boto3
        def handler(event, context):
            boto3.client("dynamodb").put_item(TableName="orders", Item={"email": {"S": event["email"]}})
```

```json good observed/trace.json
{"Traces": [{"Id": "1-5759e988-bd862e3fe1be46a994272793", "Segments": [{"Id": "1", "Document":
  "{\"id\": \"1\", \"name\": \"save\", \"origin\": \"AWS::Lambda::Function\", \"start_time\": 1.0, \"subsegments\": [{\"id\": \"2\", \"name\": \"DynamoDB\", \"namespace\": \"aws\", \"start_time\": 1.1, \"aws\": {\"operation\": \"PutItem\", \"table_name\": \"orders\"}}]}"}]}]}
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checkrein.checks import check
from checkrein.checks.happened import declared, evidence, row_of, told_of
from checkrein.checks.locked.comparing import locked
from checkrein.checks.questions import grouped, listed, short, treasures
from checkrein.checks.unseen import unseen
from checkrein.model import App, Call, Finding, Function, Kind, Need, Observation, Undecided

TOUCHING = frozenset({"read", "write", "delete", "permission"})
DONE = frozenset({"call", "change"})


@check(
    told_of(Function, "actor"),
    fault=2,
    topics=("integrity", "least-privilege", "threat-detection"),
    frameworks=("CWE-506",),
)
def call_not_in_code(function: Function, app: App) -> Iterator[Finding]:
    seen = grouped(app, Observation, "actor").get(function.id, [])
    odd: dict[str, list[Observation]] = {}
    for each in seen:
        if each.kind in DONE and each.actions and not _is_expected(app, function, each):
            odd.setdefault(each.node, []).append(each)
    if not odd:
        return
    why = unseen(app, function.identity, _actions(odd.values()))
    if why or not function.identity:
        raise Undecided(why or f"nobody knows who {short(function.id)} acts as")
    for node, calls in odd.items():
        row = row_of(app, node)
        data = tuple(treasures(app, row)) if row else ()
        touching = any(each.right in TOUCHING for each in calls)
        yield Finding(
            declared(app, function),
            f"{short(function.id)} called {listed(sorted(each.operation for each in calls))} on"
            f" {short(node)}, and its code here never does",
            evidence(calls),
            cwe="CWE-506",
            endangers=(node,) if row else (),
            key=(node, *sorted(each.operation for each in calls)),
            confidence="likely",
            data=data,
            by=(function.id,),
            fault=2 if touching and data else 1,
        )


def _is_expected(app: App, function: Function, seen: Observation) -> bool:
    """Tell whether code, the platform or the lock asks for what was seen."""
    wanted = set(seen.actions)
    calls = grouped(app, Call, "function").get(function.id, [])
    if any(
        each.target in {None, seen.node} and wanted & {*each.actions, _named(each)}
        for each in calls
    ):
        return True
    needs = grouped(app, Need, "function").get(function.id, [])
    if any(each.needed and each.action in wanted for each in needs):
        return True
    line = locked(app).get(f"{Kind.CALL} {function.id} {seen.node}")
    return line is not None and bool(wanted & set(line.values))


def _named(call: Call) -> str:
    return f"{call.service}:{call.operation}"


def _actions(odd: Iterable[list[Observation]]) -> list[str]:
    return sorted({action for calls in odd for each in calls for action in each.actions})
