"""Functions share a role, and each may do what only another needs.

## Why

A role's rights are those of every function that has it. Where one of them needs valuable data, a fault in any
of the others is enough to get at it, although their own code never asks for it.

It is said only where the code of all of them was read to its end.

## Fix

Give each function a role of its own, with what its code calls.

## Examples

```yaml bad template.yaml
Resources:
  Cards:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: cards
      KeySchema: [{AttributeName: card_number, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: card_number, AttributeType: S}]
  Role:  #! Hello may read payment card number in Cards, as it shares Role with Pay, which alone needs it
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: cards
          PolicyDocument:
            Statement: [{Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Cards.Arn}]
  Pay:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              boto3.resource("dynamodb").Table("cards").get_item(Key={"card_number": event["card_number"]})
  Hello:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code: {ZipFile: "def handler(event, context): return 'hello'"}
```

```yaml good template.yaml
Resources:
  Cards:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: cards
      KeySchema: [{AttributeName: card_number, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: card_number, AttributeType: S}]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: cards
          PolicyDocument:
            Statement: [{Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Cards.Arn}]
  Pay:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              boto3.resource("dynamodb").Table("cards").get_item(Key={"card_number": event["card_number"]})
  Hello:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): return 'hello'"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from checkrein.catalog.rights import rights
from checkrein.checks import check, resource
from checkrein.checks.context import starts
from checkrein.checks.powers import DEEDS, classes_of
from checkrein.checks.privilege import holders
from checkrein.checks.questions import grouped, listed, short, titles, treasures
from checkrein.checks.unseen import unseen
from checkrein.model import Access, App, Call, Finding, Resource, Row, Summary


class Loan(Struct, frozen=True):
    """A right over valuable data that some functions of a role use, and that the others have."""

    right: str
    target: str
    users: tuple[str, ...]
    others: tuple[str, ...]


@check(
    resource("AWS::IAM::Role"),
    fault=1,
    topics=("least-privilege",),
    frameworks=("CWE-250",),
    peers=("KICS:serverless_function_without_unique_iam_role",),
)
def shared_role(role: Resource, app: App) -> Iterator[Finding]:
    functions = holders(app, role.id)
    if len(functions) < 2 or not all(_read(app, function) for function in functions):  # noqa: PLR2004
        return
    loans = list(_loans(app, role, functions))
    for others in dict.fromkeys(loan.others for loan in loans):
        yield _finding(app, role, [loan for loan in loans if loan.others == others])


def _finding(app: App, role: Resource, loans: list[Loan]) -> Finding:
    targets = sorted({loan.target for loan in loans})
    others = loans[0].others
    users = sorted({user for loan in loans for user in loan.users})
    verbs = listed(verb for right, verb in DEEDS.items() if right in {loan.right for loan in loans})
    classes = classes_of(app, targets)
    one = len(others) == 1
    return Finding(
        role.place,
        f"{listed(map(short, others))} may {verbs} {titles(classes)} in"
        f" {listed(map(short, targets))}, as {'it shares' if one else 'they share'} {role.name} with"
        f" {listed(map(short, users))}, which alone {'needs' if len(users) == 1 else 'need'} it",
        cwe="CWE-250",
        endangers=tuple(targets),
        data=classes,
        by=others,
        key=(*others, *targets),
    )


def _loans(app: App, role: Resource, functions: list[str]) -> Iterator[Loan]:
    used = {function: _used(app, function) for function in functions}
    touched = {function: {target for _, target in used[function]} for function in functions}
    for access in grouped(app, Access, "identity").get(role.id, []):
        if access.right not in DEEDS or not access.certain or not _treasure(app, access.target):
            continue
        users = tuple(f for f in functions if (access.right, access.target) in used[f])
        others = tuple(f for f in functions if access.target not in touched[f])
        if users and others and not unseen(app, role.id, access.actions, state=False):
            yield Loan(access.right, access.target, users, others)


def _used(app: App, function: str) -> set[tuple[str, str]]:
    """Return the (right, resource) pairs that a function's code, or what starts it, uses."""
    called = {
        (right, call.target or "")
        for call in grouped(app, Call, "function").get(function, [])
        for action in call.actions
        for right in rights(action)
    }
    return called | {("read", entry.source) for entry in starts(app, function)}


def _read(app: App, function: str) -> bool:
    """Tell whether a function's code was read, and each of its calls has a known resource."""
    summaries = grouped(app, Summary, "function").get(function, [])
    calls = grouped(app, Call, "function").get(function, [])
    whole = bool(summaries) and not any(summary.partial for summary in summaries)
    known = (app.get(Resource, call.target or "") for call in calls if call.addresses)
    return whole and None not in known


def _treasure(app: App, target: str) -> bool:
    row = app.get(Row, target)
    return row is not None and bool(treasures(app, row))
