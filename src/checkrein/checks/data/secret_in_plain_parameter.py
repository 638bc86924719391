"""Code asks for a secure parameter, and the template makes a plain one.

## Why

`GetParameter` with `WithDecryption` says that the author takes the value for a secret. A parameter of type
`String` is not encrypted with a key: everybody with `ssm:GetParameter` reads it, it stands in the console
and in the template. CloudFormation cannot make a `SecureString`.

## Fix

Keep the value in Secrets Manager, or create the `SecureString` outside the template.

## Examples

```yaml bad template.yaml
Resources:
  Login:
    Type: AWS::SSM::Parameter
    Properties:
      Name: /shop/provider
      Type: String  #! Show reads Login as a secret, and it is a plain parameter
      Value: to be set by hand
  Show:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              boto3.client("ssm").get_parameter(Name="/shop/provider", WithDecryption=True)
```

```yaml good template.yaml
Resources:
  Login:
    Type: AWS::SSM::Parameter
    Properties:
      Name: /shop/currency
      Type: String
      Value: EUR
  Show:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              boto3.client("ssm").get_parameter(Name="/shop/currency")
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.keeping import sites
from checkrein.checks.questions import short
from checkrein.model import App, Evidence, Finding, Resource
from checkrein.model.values import symbols

READS = frozenset({"GetParameter", "GetParameters"})


@check(
    resource("AWS::SSM::Parameter"),
    fault=1,
    topics=(
        "secrets",
        "encryption-at-rest",
    ),
    frameworks=(
        "CWE-312",
        "CWE-522",
    ),
)
def secret_in_plain_parameter(parameter: Resource, app: App) -> Iterator[Finding]:
    if parameter["Type"] == "SecureString" or any(symbols(parameter.value("Value"))):
        return  # a name or an address of the stack's own is no secret
    for function, site in sites(app, parameter.id, READS):
        if any(a.path == "WithDecryption" and a.value is True for a in site.arguments):
            said = Evidence(f"{short(function)} asks for it WithDecryption", site.place)
            yield Finding(
                parameter.where("Type"),
                f"{short(function)} reads {parameter.name} as a secret, and it is a plain parameter",
                (said,),
                cwe="CWE-312",
                endangers=(parameter.id,),
                data=("cred.secret",),
                by=(function,),
                confidence="likely",
            )
            return
