"""A function may take over the rights of others.

## Why

A role's own statements are not all it can do. Whoever may replace another function's code, pass a role to
something new, write policies or become another role has all the rights behind that step. What a function
could do in the worst case is then what the most powerful thing within its reach can do.

## Fix

Take the actions away, or narrow them to what the code does (`iam:PassedToService`, one function's ARN).

## Examples

```yaml bad template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  AccountsRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: customers
          PolicyDocument:
            Statement: [{Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Customers.Arn}]
  Accounts:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt AccountsRole.Arn
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              key = {"email": event["email"]}
              return boto3.resource("dynamodb").Table("customers").get_item(Key=key)["Item"]["email"]
  ReleaseRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: release
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: lambda:UpdateFunctionCode  #! Release may take over Accounts (lambda:UpdateFunctionCode), though its code never does
                Resource: "*"
  Release:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt ReleaseRole.Arn
      Code: {ZipFile: "def handler(event, context): return 'nothing to release'"}
```

```yaml bad template.yaml
Resources:
  AccountsRole:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {}}
  Accounts:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt AccountsRole.Arn
      Code: {ZipFile: "def handler(event, context): return event['email']"}
  ShellRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: shell
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: lambda:UpdateFunctionCode  #! Shell may take over Accounts (lambda:UpdateFunctionCode), and runs code that it is given (eval)
                Resource: "*"
  Shell:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt ShellRole.Arn
      Code: {ZipFile: "def handler(event, context): return eval(event['command'])"}
```

```yaml good template.yaml
Resources:
  AccountsRole:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {}}
  Accounts:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt AccountsRole.Arn
      Code: {ZipFile: "def handler(event, context): return event['email']"}
  ReleaseRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: release
          PolicyDocument:
            Statement: [{Effect: Allow, Action: "lambda:UpdateFunctionCode", Resource: "*"}]
  Release:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt ReleaseRole.Arn
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              boto3.client("lambda").update_function_code(FunctionName=event["name"], ZipFile=event["code"])
```

```yaml undecided template.yaml
Resources:
  AccountsRole:
    Type: AWS::IAM::Role
    Properties: {AssumeRolePolicyDocument: {}}
  Accounts:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt AccountsRole.Arn
      Code: {ZipFile: "def handler(event, context): return event['email']"}
  ReleaseRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: release
          PolicyDocument:
            Statement: [{Effect: Allow, Action: "lambda:UpdateFunctionCode", Resource: "*"}]
  Release:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: java21
      Handler: release.Main
      Role: !GetAtt ReleaseRole.Arn
      Code: {S3Bucket: artefacts, S3Key: release.jar}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.powers import classes_of
from checkrein.checks.privilege import called_actions, given, holders, permits, place_of, written
from checkrein.checks.questions import grouped, listed, short
from checkrein.checks.steering import idle
from checkrein.checks.tainted import ROLE
from checkrein.checks.unseen import gaps_in, unseen
from checkrein.model import (
    App,
    Escalation,
    Finding,
    Function,
    Identity,
    Place,
    Row,
    Undecided,
)

GAINED = frozenset({"runner", "identity", "account"})
UNUSED = "though its code never does"
ADMINISTRATOR = 3  # the fault of whoever may give itself every right


@check(
    every(Identity),
    fault=2,
    topics=("least-privilege",),
    frameworks=(
        "CWE-269",
        "CWE-250",
        "MITRE-ATTACK:T1098",
        "MITRE-ATTACK:T1548",
        "CIS-AWS-7.0:2.14",
    ),
    peers=(
        "CKV_AWS_107",
        "CKV_AWS_109",
        "CKV_AWS_110",
        "F38",
        "F39",
        "F40",
        "iam_policy_allows_privilege_escalation",
    ),
)
def takeover_path(identity: Identity, app: App) -> Iterator[Finding]:
    functions = holders(app, identity.id)
    called = {*called_actions(app, identity.id)}
    steps = [
        step
        for step in grouped(app, Escalation, "identity").get(identity.id, [])
        if step.gains in GAINED and not _is_taken(step, called)
    ]
    if not functions or not steps:
        return
    given = _given_code(app, functions)
    reason = unseen(app, identity.id, {action for step in steps for action in step.actions})
    if reason and not given:
        raise Undecided(reason)
    by_place: dict[Place, list[Escalation]] = {}
    for step in steps:
        by_place.setdefault(step.place, []).append(step)
    for together in by_place.values():
        yield _finding(app, functions, together, given)


def _is_taken(step: Escalation, called: set[str]) -> bool:
    """Tell whether code takes the step itself: it calls what brings the other's rights."""
    return any(action in called for action in step.actions)


def _given_code(app: App, functions: list[str]) -> str:
    """Say that a function runs what others give it: then it is theirs to take over."""
    for function in functions:
        for gap in gaps_in(app, function):
            if not gap.service and not gap.operation:
                return f"and {gap.text}"
    return ""


def _finding(app: App, functions: list[str], steps: list[Escalation], runs: str) -> Finding:
    administering = [step for step in steps if step.gains == "account"]
    steps = _shortest(administering) or steps
    first = steps[0]
    targets = [] if administering else sorted({step.target for step in steps})
    endangered = _deployed(app, first) if administering else _running(app, targets)
    actions = sorted({action for step in _shortest(steps) for action in step.actions})
    gained = "give itself every right" if administering else f"take over {_named(app, targets)}"
    who = listed(map(short, functions))
    certain = any(step.certain for step in steps)
    may = "may" if certain else "may, under conditions,"
    return Finding(
        _written_at(app, first, actions),
        f"{who} {may} {gained} ({listed(actions)}), {runs or UNUSED}",
        first.evidence,
        steps=tuple(step.evidence[0] for step in steps[:3]),
        cwe="CWE-269",
        endangers=tuple(endangered),
        key=(*sorted({step.rule for step in steps}), *targets),
        data=(*classes_of(app, endangered), *(ROLE if administering else ())),
        by=tuple(functions),
        fault=ADMINISTRATOR if administering else 0,
        idle=not runs and idle(app, functions),
        confidence="certain" if certain else "likely",
    )


def _shortest(steps: list[Escalation]) -> list[Escalation]:
    """Return the steps that take the fewest rights: the others say no more."""
    fewest = min((len(step.actions) for step in steps), default=0)
    return [step for step in steps if len(step.actions) == fewest]


def _deployed(app: App, step: Escalation) -> list[str]:
    deployment = step.target.removesuffix("@account")
    return [row.id for row in grouped(app, Row, "deployment").get(deployment, [])]


def _running(app: App, targets: list[str]) -> list[str]:
    return sorted({id for target in targets for id in _functions(app, target)})


def _functions(app: App, target: str) -> list[str]:
    """Return the functions whose rights are gained: the target's own, or all that act as it."""
    return [target] if app.get(Function, target) else holders(app, target)


def _named(app: App, targets: list[str]) -> str:
    functions = _running(app, targets)
    if len(functions) > 3:  # noqa: PLR2004 - as many as `listed` names
        return f"{len(functions)} functions"
    return listed(map(short, functions or targets))


def _written_at(app: App, step: Escalation, actions: list[str]) -> Place:
    """Return where the action stands that brings the step, as near as it can be told."""
    for permit in permits(app, step.identity):
        if permit.place == step.place:
            patterns = written(permit, given(permit.actions, tuple(actions)))
            return place_of(app, permit.grants[0], patterns[0] if patterns else "")
    return step.place
