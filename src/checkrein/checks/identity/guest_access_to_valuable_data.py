"""Guests of an identity pool may reach valuable data.

## Why

An identity pool with unauthenticated identities hands AWS credentials to every visitor who asks. What
the role for guests may do, everybody on the internet may do.

## Fix

Set `AllowUnauthenticatedIdentities: false`, or take the right from the guests' role.

## Examples

```yaml bad template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Pool:
    Type: AWS::Cognito::IdentityPool
    Properties: {AllowUnauthenticatedIdentities: true}
  Guests:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: guests
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Customers.Arn}
  Roles:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties:
      IdentityPoolId: !Ref Pool
      Roles:
        unauthenticated: !GetAtt Guests.Arn  #! everybody on the internet may read e-mail address in Customers as a guest
```

```yaml good template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Pool:
    Type: AWS::Cognito::IdentityPool
    Properties: {AllowUnauthenticatedIdentities: true}
  Guests:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: guests
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "mobiletargeting:PutEvents", Resource: "*"}
  Roles:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties:
      IdentityPoolId: !Ref Pool
      Roles:
        unauthenticated: !GetAtt Guests.Arn
```

A bucket in which guests may read and replace what others put there, whatever it is, but for its folder `public`:

```yaml bad template.yaml
Resources:
  Files: {Type: AWS::S3::Bucket}
  Pool:
    Type: AWS::Cognito::IdentityPool
    Properties: {AllowUnauthenticatedIdentities: true}
  Guests:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: guests
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: ["s3:GetObject", "s3:PutObject"], Resource: !Sub "${Files.Arn}/*"}
  Roles:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties:
      IdentityPoolId: !Ref Pool
      Roles:
        unauthenticated: !GetAtt Guests.Arn  #! everybody on the internet may read and write what others put into Files as a guest
```

```yaml good template.yaml
Resources:
  Files: {Type: AWS::S3::Bucket}
  Letters: {Type: AWS::S3::Bucket}
  Pool:
    Type: AWS::Cognito::IdentityPool
    Properties: {AllowUnauthenticatedIdentities: true}
  Guests:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: guests
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: ["s3:GetObject", "s3:PutObject"], Resource: !Sub "${Files.Arn}/public/*"}
              - {Effect: Allow, Action: "s3:PutObject", Resource: !Sub "${Letters.Arn}/*"}
  Roles:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties:
      IdentityPoolId: !Ref Pool
      Roles:
        unauthenticated: !GetAtt Guests.Arn
```

Of a GraphQL API, what the fields take counts that guests may ask for.

```yaml bad template.yaml
Resources:
  Api:
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: people, AuthenticationType: AWS_IAM}
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt WorkerRole.Arn
      Code:
        ZipFile: |
          import boto3
          table = boto3.resource("dynamodb").Table("people")
          def handler(event, context):
              table.put_item(Item={"email": event["arguments"]["email"]})
  WorkerRole: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}
  Source:
    Type: AWS::AppSync::DataSource
    Properties:
      ApiId: !GetAtt Api.ApiId
      Name: worker
      Type: AWS_LAMBDA
      LambdaConfig: {LambdaFunctionArn: !GetAtt Worker.Arn}
  Join:
    Type: AWS::AppSync::Resolver
    Properties: {ApiId: !GetAtt Api.ApiId, TypeName: Mutation, FieldName: join, DataSourceName: !GetAtt Source.Name}
  Pool:
    Type: AWS::Cognito::IdentityPool
    Properties: {AllowUnauthenticatedIdentities: true}
  Guests:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: guests
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "appsync:GraphQL", Resource: !Sub "${Api.Arn}/types/Mutation/fields/join"}
  Roles:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties:
      IdentityPoolId: !Ref Pool
      Roles:
        unauthenticated: !GetAtt Guests.Arn  #! everybody on the internet may invoke e-mail address in Api as a guest
```

```yaml good template.yaml
Resources:
  Api:
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: people, AuthenticationType: AWS_IAM}
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt WorkerRole.Arn
      Code:
        ZipFile: |
          import boto3
          table = boto3.resource("dynamodb").Table("people")
          def handler(event, context):
              table.put_item(Item={"email": event["arguments"]["email"]})
  WorkerRole: {Type: AWS::IAM::Role, Properties: {AssumeRolePolicyDocument: {}}}
  Source:
    Type: AWS::AppSync::DataSource
    Properties:
      ApiId: !GetAtt Api.ApiId
      Name: worker
      Type: AWS_LAMBDA
      LambdaConfig: {LambdaFunctionArn: !GetAtt Worker.Arn}
  Join:
    Type: AWS::AppSync::Resolver
    Properties: {ApiId: !GetAtt Api.ApiId, TypeName: Mutation, FieldName: join, DataSourceName: !GetAtt Source.Name}
  Pool:
    Type: AWS::Cognito::IdentityPool
    Properties: {AllowUnauthenticatedIdentities: true}
  Guests:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: guests
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "appsync:GraphQL", Resource: !Sub "${Api.Arn}/types/Query/fields/settings"}
  Roles:
    Type: AWS::Cognito::IdentityPoolRoleAttachment
    Properties:
      IdentityPoolId: !Ref Pool
      Roles:
        unauthenticated: !GetAtt Guests.Arn
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.exposure import ANYONE
from checkrein.checks.questions import (
    elements_by_node,
    grouped,
    listed,
    short,
    titles,
    treasures,
)
from checkrein.iam.patterns import matches
from checkrein.late import regex
from checkrein.model import Access, App, Finding, Grant, Resource, Row, Text, Value
from checkrein.model.values import symbols

GUESTS = "Roles.unauthenticated"
QUERY = "appsync:GraphQL"
FIELD = regex(r"/types/(\w+)(?:/fields/(\w+))?\Z")
RIGHTS = ("read", "write", "delete", "invoke")
KEEPING = ("read", "write", "delete")
PUBLIC = "public"  # the folder that libraries of AWS keep what all may read and write in


@check(
    resource("AWS::Cognito::IdentityPoolRoleAttachment"),
    fault=3,
    topics=("authentication", "authorization"),
    frameworks=("CWE-306", "CWE-284"),
    peers=("CKV_AWS_366", "W57", "cognito_identity_pool_guest_access_disabled"),
)
def guest_access_to_valuable_data(attachment: Resource, app: App) -> Iterator[Finding]:
    if not _admits_guests(app, attachment):
        return
    roles = sorted({symbol.owner for symbol in symbols(attachment.value(GUESTS))})
    given = [a for role in roles for a in grouped(app, Access, "identity").get(role, [])]
    found = [(a, held) for a in given if a.right in RIGHTS and (held := _held(app, a))]
    if found:
        yield _of_value(attachment, found)
    elif shared := _shared(app, given):
        yield _of_others(attachment, shared)


def _of_value(attachment: Resource, found: list[tuple[Access, set[str]]]) -> Finding:
    rights = {access.right for access, _ in found}
    verbs = listed(right for right in RIGHTS if right in rights)
    classes = sorted({data for _, held in found for data in held})
    targets = sorted({access.target for access, _ in found})
    return Finding(
        attachment.where(GUESTS),
        f"everybody on the internet may {verbs} {titles(classes)} in"
        f" {listed(map(short, targets))} as a guest",
        tuple(dict.fromkeys(evidence for access, _ in found for evidence in access.evidence)),
        cwe="CWE-306",
        endangers=tuple(targets),
        key=(*sorted(rights), *targets),
        confidence="certain" if any(access.certain for access, _ in found) else "likely",
        data=tuple(classes),
        by=(ANYONE,),
    )


def _shared(app: App, given: list[Access]) -> list[Access]:
    """Return the rights by which guests read, and replace or delete, what others put into a bucket.

    Of what lies in its folder ``public`` that is meant.
    """
    deeds: dict[str, list[Access]] = {}
    for access in given:
        if access.right in KEEPING and _is_bucket(app, access) and not _is_public(app, access):
            deeds.setdefault(access.target, []).append(access)
    return [
        access
        for found in deeds.values()
        if "read" in (rights := {access.right for access in found}) and len(rights) > 1
        for access in found
    ]


def _of_others(attachment: Resource, found: list[Access]) -> Finding:
    verbs = listed(right for right in KEEPING if right in {access.right for access in found})
    targets = sorted({access.target for access in found})
    return Finding(
        attachment.where(GUESTS),
        f"everybody on the internet may {verbs} what others put into"
        f" {listed(map(short, targets))} as a guest",
        tuple(dict.fromkeys(evidence for access in found for evidence in access.evidence)),
        cwe="CWE-306",
        endangers=tuple(targets),
        key=(verbs, *targets),
        confidence="certain" if any(access.certain for access in found) else "likely",
        by=(ANYONE,),
        fault=2,
    )


def _is_bucket(app: App, access: Access) -> bool:
    target = app.get(Resource, access.target)
    return target is not None and target.type == "AWS::S3::Bucket"


def _is_public(app: App, access: Access) -> bool:
    """Tell whether all that an identity's statements say of a bucket is its folder ``public``."""
    ends = [
        _end(value).split("/")
        for grant in grouped(app, Grant, "identity").get(access.identity, [])
        for value in grant.resources
        if access.target in {symbol.owner for symbol in symbols(value)} and _end(value)
    ]
    return bool(ends) and all(PUBLIC in end for end in ends)


def _end(value: Value) -> str:
    """Return what a resource says after the name of a bucket: ``/public/*``."""
    last = value.parts[-1] if isinstance(value, Text) else ""
    return last if isinstance(last, str) else ""


def _held(app: App, access: Access) -> set[str]:
    """Return the valuable classes that a right is about: of a GraphQL API its fields' alone."""
    row = app.get(Row, access.target)
    held = set(treasures(app, row)) if row else set()
    fields = _fields(app, access)
    if not fields:
        return held
    known = elements_by_node(app).get(access.target, [])
    return held & {e.data for e in known if e.slot.path.partition(" ")[0] in fields}


def _fields(app: App, access: Access) -> set[str]:
    """Return the fields (``Query.orders``) that an identity may only ask for, none if all."""
    found: set[str] = set()
    for grant in grouped(app, Grant, "identity").get(access.identity, []):
        about = grant.effect == "Allow" and any(matches(p, QUERY, fold=True) for p in grant.actions)
        for value in grant.resources if about else ():
            owners = {symbol.owner for symbol in symbols(value)}
            if owners and access.target not in owners:
                continue
            end = value.parts[-1] if isinstance(value, Text) else value
            field = FIELD.search(end) if isinstance(end, str) else None
            if field is None:
                return set()
            found.add(f"{field[1]}.{field[2]}")
    return found


def _admits_guests(app: App, attachment: Resource) -> bool:
    pools = grouped(app, Resource, "type").get("AWS::Cognito::IdentityPool", [])
    named = {symbol.owner for symbol in symbols(attachment.value("IdentityPoolId"))}
    return any(pool["AllowUnauthenticatedIdentities"] is True for pool in pools if pool.id in named)
