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
            Statement: [{Effect: Allow, Action: "dynamodb:*", Resource: "*"}]
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code: {ZipFile: "def handler(event, context): pass"}
  Url:  #! anyone may call Rides, which is allowed dynamodb:* on everything
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
from checkrein.checks.questions import grouped, listed, public_entries, short
from checkrein.model import Access, App, Finding, Function, Grant


@check(
    every(Function),
    fault=3,
    frameworks=("CWE-250", "CWE-306", "OWASP-2025:A01", "OWASP-2021:A01", "SAS-4"),
)
def public_route_to_powerful_function(function: Function, app: App) -> Iterator[Finding]:
    entries = public_entries(app, function.id)
    grants = grouped(app, Grant, "identity").get(function.identity, []) if entries else []
    powers = [grant for grant in grants if _broad(grant)]
    if not powers:
        return
    allowed = listed(action for grant in powers for action in grant.actions if _wide(action))
    reached = grouped(app, Access, "identity").get(function.identity, [])
    yield Finding(
        entries[0].place,
        f"anyone may call {short(function.id)}, which is allowed {allowed} on everything",
        tuple(evidence for grant in powers for evidence in grant.evidence),
        tuple(evidence for entry in entries for evidence in entry.evidence),
        cwe="CWE-250",
        endangers=tuple(sorted({function.id, *(access.target for access in reached)})),
        key=tuple(sorted(action for grant in powers for action in grant.actions)),
    )


def _broad(grant: Grant) -> bool:
    everything = "*" in grant.resources and not grant.not_resources and not grant.holder
    allows = grant.effect == "Allow" and not grant.not_actions and not grant.conditions
    return allows and everything and any(_wide(action) for action in grant.actions)


def _wide(action: str) -> bool:
    """Tell whether an action is a whole service, or gives rights to others."""
    return action == "*" or action.endswith(":*") or right(action) == "permission"
