"""A function URL lets anyone on the internet call the function.

## Why

With `AuthType: NONE` Lambda checks no identity before it runs the code, and API Gateway's
throttling, WAF and authorizers are not in the way: every caller gets whatever the function does.

## Fix

Use `AWS_IAM`, or put the function behind an API with an authorizer.

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
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !GetAtt Rides.Arn
      AuthType: NONE  #! anyone on the internet may call Rides
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
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !GetAtt Rides.Arn
      AuthType: AWS_IAM
```

```yaml undecided template.yaml
Parameters:
  Auth: {Type: String}
Resources:
  Rides:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  Url:
    Type: AWS::Lambda::Url
    Properties:
      TargetFunctionArn: !GetAtt Rides.Arn
      AuthType: !Ref Auth
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.questions import grouped, listed, setting, short
from checkrein.model import App, Entry, Finding, Resource


@check(
    resource("AWS::Lambda::Url"),
    fault=2,
    frameworks=("CWE-306", "OWASP-2025:A01", "OWASP-2021:A01", "OWASP-2017:A05", "SAS-2"),
)
def public_function_url(url: Resource, app: App) -> Iterator[Finding]:
    if url["AuthType"] != "NONE":
        return
    functions = [entry.function for entry in grouped(app, Entry, "source").get(url.id, [])]
    named = listed(map(short, functions)) if functions else "the function behind it"
    yield Finding(
        url.where("AuthType"),
        f"anyone on the internet may call {named}",
        cwe="CWE-306",
        endangers=tuple(functions),
        fix=setting(url, "AuthType", "AWS_IAM", "require a signed request"),
    )
