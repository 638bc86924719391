"""A function may not write its log.

## Why

Without `logs:CreateLogStream` and `logs:PutLogEvents` the function runs, and what it did, why it failed and
who misused it is written nowhere. Lambda does not tell.

## Fix

Attach `AWSLambdaBasicExecutionRole`, or allow both actions on the function's log group.

## Examples

```yaml bad template.yaml
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: read
          PolicyDocument:
            Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: "*"}]
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn  #! Rides, which anyone can reach, leaves no log: Role may not write it
      Code: {ZipFile: "def handler(event, context): pass"}
  Url:
    Type: AWS::Lambda::Url
    Properties: {AuthType: NONE, TargetFunctionArn: !GetAtt Rides.Arn}
```

```yaml good template.yaml
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
      ManagedPolicyArns: ["arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"]
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code: {ZipFile: "def handler(event, context): pass"}
  Url:
    Type: AWS::Lambda::Url
    Properties: {AuthType: NONE, TargetFunctionArn: !GetAtt Rides.Arn}
```

```yaml bad template.yaml
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: read
          PolicyDocument:
            Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: "*"}]
  Sweep:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn  #? Sweep leaves no log: Role may not write it
      Code: {ZipFile: "def handler(event, context): pass"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import is_public, is_reachable
from checkrein.checks.doors import stored_by
from checkrein.checks.missing import unlogged
from checkrein.checks.questions import titles
from checkrein.checks.roles import attached, role_of
from checkrein.model import App, Finding, Fix, Resource

BASIC = "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"


@check(
    resource("AWS::Lambda::Function"),
    fault=1,
    topics=("logging",),
    frameworks=("CWE-778",),
    peers=("W58",),
)
def function_cannot_log(function: Resource, app: App) -> Iterator[Finding]:
    role = role_of(app, function)
    missing = unlogged(app, function.id)
    if role is None or not missing or function.added:  # nobody calls a framework's own
        return
    who = ""
    if is_reachable(app, function.id):
        who = "which anyone can reach" if is_public(app, function.id) else "which callers reach"
    elif classes := stored_by(app, function.id):
        who = f"which handles {titles(classes)}"
    said = f"{function.name}, {who}," if who else function.name
    yield Finding(
        function.where("Role"),
        f"{said} leaves no log: {role.name} may not write it",
        cwe="CWE-778",
        endangers=(function.id,),
        fix=_fix(role),
        key=(role.id,),
        hygiene=not who,
    )


def _fix(role: Resource) -> Fix | None:
    change = attached(role, BASIC)
    return Fix("let the role write logs", safe=True, changes=(change,)) if change else None
