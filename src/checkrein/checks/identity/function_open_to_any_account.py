"""A function's own policy lets every AWS account call it.

## Why

A permission with the principal `*` and no source asks nobody who they are: whoever has an AWS account may
invoke the function with an event of their choice, past every API and authorizer in front of it.

## Fix

Name the service that calls (`apigateway.amazonaws.com`) and its `SourceArn`, or the account.

## Examples

```yaml bad template.yaml
Resources:
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Rides
      Action: lambda:InvokeFunction
      Principal: "*"  #! every AWS account may invoke Rides
```

```yaml good template.yaml
Resources:
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Rides
      Action: lambda:InvokeFunction
      Principal: events.amazonaws.com
      SourceAccount: !Ref AWS::AccountId
```

```yaml bad template.yaml
Resources:
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Rides
      Action: lambda:InvokeFunctionUrl
      Principal: "*"  #! every AWS account may invoke Rides
      FunctionUrlAuthType: AWS_IAM
```

```yaml undecided template.yaml
Parameters:
  Caller: {Type: String}
Resources:
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: !Ref Rides
      Action: lambda:InvokeFunction
      Principal: !Ref Caller
```

```yaml good template.yaml
Resources:
  Flow:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: states.amazonaws.com}, Action: "sts:AssumeRole"}]
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      FunctionName: arn:aws:lambda:eu-west-1:111122223333:function:rides
      Action: lambda:InvokeFunction
      Principal: !GetAtt Flow.Arn
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.questions import listed, short
from checkrein.model import App, Finding, Function, Resource
from checkrein.model.values import Symbol, Text, symbols

NARROWING = ("SourceArn", "SourceAccount", "PrincipalOrgID", "EventSourceToken")


@check(
    resource("AWS::Lambda::Permission"),
    fault=3,
    topics=("public-access",),
    frameworks=("CWE-284", "CWE-306", "AWS-FSBP:Lambda.1", "SAS-2", "CIS-AWS-7.0:2.21"),
    peers=(
        "CKV_AWS_301",
        "Lambda.1",
        "F13",
        "awslambda_function_not_publicly_accessible",
        "LAMBDA_FUNCTION_PUBLIC_ACCESS_PROHIBITED",
        *("LAMBDA_NO_WILDCARD_PRINCIPAL",),
    ),
)
def function_open_to_any_account(permission: Resource, app: App) -> Iterator[Finding]:
    narrowed = any(permission.value(name) is not None for name in NARROWING)
    if narrowed or _open_url(permission) or _is_somebody(app, permission.value("Principal")):
        return
    if permission["Principal"] != "*":
        return
    named = [symbol.owner for symbol in symbols(permission.value("FunctionName"))]
    functions = [id for id in named if app.get(Function, id)]
    yield Finding(
        permission.where("Principal"),
        f"every AWS account may invoke {listed(map(short, functions or [permission.name]))}",
        cwe="CWE-284",
        endangers=tuple(functions),
    )


def _is_somebody(app: App, principal: object) -> bool:
    """Tell whether a principal is no wildcard: a role that is here, a text with a name in it."""
    here = isinstance(principal, Symbol) and app.get(Resource, principal.owner) is not None
    return here or isinstance(principal, Text)


def _open_url(permission: Resource) -> bool:
    """Tell whether the permission belongs to a URL without a guard: public-function-url tells it."""
    via_url = permission.value("InvokedViaFunctionUrl") is not None
    return via_url or permission["FunctionUrlAuthType"] == "NONE"
