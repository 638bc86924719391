"""Anyone may call a function whose role has broad power.

## Why

Between the internet and everything the role may do stands only the function's own code. One
injection, one forgotten check, and a caller without a name has the whole power.

## Fix

Narrow the role to what the code uses, or ask callers who they are.

## Examples

```yaml bad template.yaml
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: all
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: dynamodb:*  #! anyone may call Rides, which is allowed dynamodb:* on everything
                Resource: "*"
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code: {ZipFile: "def handler(event, context): pass"}
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !GetAtt Rides.Arn
      AuthType: NONE
```

```yaml good template.yaml
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: all
          PolicyDocument:
            Statement: [{Effect: Allow, Action: "dynamodb:*", Resource: "*"}]
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code: {ZipFile: "def handler(event, context): pass"}
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !GetAtt Rides.Arn
      AuthType: AWS_IAM
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.catalog.rights import right
from checkrein.checks import check, every
from checkrein.checks.privilege import (
    Permit,
    narrowed,
    permits,
    place_of,
    powerful,
    unused_powers,
    written,
)
from checkrein.checks.questions import grouped, listed, public_entries, short
from checkrein.model import Access, App, Evidence, Finding, Function, Grant


@check(
    every(Function),
    fault=3,
    frameworks=("CWE-250", "CWE-306", "OWASP-2025:A01", "OWASP-2021:A01", "SAS-4"),
)
def public_route_to_powerful_function(function: Function, app: App) -> Iterator[Finding]:
    entries = public_entries(app, function.id)
    if not entries:
        return
    ways = tuple(evidence for entry in entries for evidence in entry.evidence)
    for permit in permits(app, function.identity):
        broad = [grant for grant in permit.grants if _broad(grant)]
        if broad:
            yield _everything(app, function, broad, ways)
        else:
            yield from _needless(app, function, permit, ways)


def _everything(
    app: App, function: Function, grants: list[Grant], ways: tuple[Evidence, ...]
) -> Finding:
    wide = [action for grant in grants for action in grant.actions if _wide(action)]
    reached = grouped(app, Access, "identity").get(function.identity, [])
    return Finding(
        place_of(app, grants[0], wide[0]),
        f"anyone may call {short(function.id)}, which is allowed {listed(wide)} on everything",
        ways,
        cwe="CWE-250",
        endangers=tuple(sorted({function.id, *(access.target for access in reached)})),
        key=tuple(wide),
    )


def _needless(
    app: App, function: Function, permit: Permit, ways: tuple[Evidence, ...]
) -> Iterator[Finding]:
    powers = unused_powers(app, permit)
    if not powers:
        return
    actions = sorted({action for power in powers for action in power.actions})
    patterns = written(permit, actions)
    what = powerful(app, powers, patterns)
    yield Finding(
        place_of(app, permit.grants[0], patterns[0]),
        f"anyone may call {short(function.id)}, which may {what} without need",
        ways,
        cwe="CWE-250",
        endangers=tuple(sorted({power.target for power in powers})),
        fix=narrowed(app, permit, actions),
        key=tuple(patterns),
    )


def _broad(grant: Grant) -> bool:
    everything = "*" in grant.resources and not grant.not_resources and not grant.holder
    allows = grant.effect == "Allow" and not grant.not_actions and not grant.conditions
    return allows and everything and any(_wide(action) for action in grant.actions)


def _wide(action: str) -> bool:
    """Tell whether an action is a whole service, or gives rights to others."""
    return action == "*" or action.endswith(":*") or right(action) == "permission"
