"""A service may call a function in anybody's name.

## Why

A permission for a service (`s3.amazonaws.com`, `apigateway.amazonaws.com`) without `SourceArn` or
`SourceAccount` lets that service call the function for whoever asks it to: another account's bucket, topic or
API included. The function then works on a stranger's event with its own rights.

Alexa asks with the `EventSourceToken` of a skill. AWS lets an Elastic Load Balancer or Lex name its source too.

## Fix

Name the resource that calls in `SourceArn`, for buckets the account in `SourceAccount` too, as a bucket's
name can be given to somebody else once it is deleted.

## Examples

```yaml bad template.yaml
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Book:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              boto3.resource("dynamodb").Table("orders").put_item(Item={"email": event["email"]})
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref Book
      Principal: sns.amazonaws.com  #! any account's sns.amazonaws.com may call Book, which handles e-mail address
```

```yaml good template.yaml
Resources:
  Book:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref Book
      Principal: sns.amazonaws.com
      SourceArn: arn:aws:sns:eu-west-1:111122223333:orders
```

```yaml bad template.yaml
Resources:
  Book:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Code: {ZipFile: "def handler(event, context): pass"}
  Permission:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref Book
      Principal: s3.amazonaws.com
      SourceArn: arn:aws:s3:::uploads  #? who gets the bucket's name after it is deleted may call Book
  Any:
    Type: AWS::Lambda::Permission
    Properties:
      Action: lambda:InvokeFunction
      FunctionName: !Ref Book
      Principal: events.amazonaws.com  #? any account's events.amazonaws.com may call Book
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import owners, set_fix
from checkrein.checks.doors import CREDENTIALS, stored_by
from checkrein.checks.questions import listed, short, titles
from checkrein.model import App, Finding, Fix, Function, Resource, Symbol

NARROWING = ("SourceArn", "SourceAccount", "PrincipalOrgID", "EventSourceToken")
ACCOUNT = Symbol("@aws", "AccountId")
SELF = frozenset({"lambda.amazonaws.com", "edgelambda.amazonaws.com"})  # have no source to name


@check(
    resource("AWS::Lambda::Permission"),
    fault=1,
    topics=("public-access",),
    frameworks=("CWE-441", "AWS-FSBP:Lambda.1"),
    peers=("CKV_AWS_364", "AWS-0067", "Lambda.1", "awslambda_function_not_publicly_accessible"),
)
def permission_without_source(permission: Resource, app: App) -> Iterator[Finding]:
    service = permission.value("Principal")
    if not isinstance(service, str) or not service.endswith(".amazonaws.com") or service in SELF:
        return
    functions = sorted(
        o for o in owners(app, permission.value("FunctionName")) if app.get(Function, o)
    )
    named = listed(map(short, functions)) if functions else "a function"
    if all(permission.value(name) is None for name in NARROWING):
        yield _anybody(app, permission, service, functions, named)
    elif service == "s3.amazonaws.com" and _nobodys(permission):
        yield Finding(
            permission.where("SourceArn"),
            f"who gets the bucket's name after it is deleted may call {named}",
            cwe="CWE-441",
            endangers=tuple(functions),
            fix=_fix(permission),
            key=("bucket",),
            hygiene=True,
        )


def _nobodys(permission: Resource) -> bool:
    """Tell whether a permission names a bucket, whose ARN has no account, and no account."""
    if permission.source_type or permission.value("SourceAccount") is not None:
        return False
    return ":::" in str(permission.value("SourceArn"))


def _anybody(
    app: App, permission: Resource, service: str, functions: list[str], named: str
) -> Finding:
    stored = [data for function in functions for data in stored_by(app, function)]
    classes = list(dict.fromkeys(data for data in stored if not data.startswith(CREDENTIALS)))
    handled = f", which handles {titles(classes)}" if classes else ""
    return Finding(
        permission.where("Principal"),
        f"any account's {service} may call {named}{handled}",
        cwe="CWE-441",
        endangers=tuple(functions),
        data=tuple(classes),
        fix=_fix(permission),
        key=(service,),
        hygiene=not classes,
    )


def _fix(permission: Resource) -> Fix:
    return set_fix(
        permission, [("SourceAccount", ACCOUNT)], "let only this account's resources call"
    )
