"""Code needs a right that its function's role does not have.

## Why

The call fails when it is made: often after the deployment, and only on the way through the code that makes
it. Where `checkrein.lock` accepts the right, somebody took it away and left the code.

## Fix

Grant the action on that resource, or take the call out.

## Examples

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Keep:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Policies:
        - Statement: [{Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Orders.Arn}]
      InlineCode: |
        import boto3
        def handler(event, context):
            boto3.resource("dynamodb").Table("orders").put_item(Item={"id": event["id"]})  #! Keep calls dynamodb:PutItem on Orders, and its role may not: the call will fail
```

A right that was accepted, and is gone:

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Keep:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3
        def handler(event, context):
            boto3.resource("dynamodb").Table("orders").put_item(Item={"id": event["id"]})  #! Keep calls dynamodb:PutItem on Orders, and its role may no longer: the call will fail
```

```yaml bad checkrein.lock
lock: 1
intended:
  template/Orders: nothing
  template/Keep: nothing
right:
  template/KeepRole:
    template/Orders write: dynamodb:PutItem
```

Code that takes another role asks with that role's rights:

```yaml undecided template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Keep:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, os
        def handler(event, context):
            taken = boto3.client("sts").assume_role(RoleArn=os.environ["ROLE"], RoleSessionName="x")["Credentials"]
            own = boto3.Session(aws_access_key_id=taken["AccessKeyId"], aws_secret_access_key=taken["SecretAccessKey"])
            own.resource("dynamodb").Table("orders").put_item(Item={"id": event["id"]})
```

```yaml good template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Keep:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Policies:
        - Statement: [{Effect: Allow, Action: "dynamodb:PutItem", Resource: !GetAtt Orders.Arn}]
      InlineCode: |
        import boto3
        def handler(event, context):
            boto3.resource("dynamodb").Table("orders").put_item(Item={"id": event["id"]})
```
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from checkrein.checks import check, every
from checkrein.checks.locked.comparing import locked
from checkrein.checks.missing import missing, takes_roles
from checkrein.checks.questions import listed, short
from checkrein.model import App, Finding, Function, Kind, Need, Undecided
from checkrein.model.surface import covers


@check(every(Function), fault=1, topics=("least-privilege",), frameworks=("CWE-280",))
def missing_permission(function: Function, app: App) -> Iterator[Finding]:
    if function.id in missing(app) and takes_roles(app, function.id):
        raise Undecided("code takes another role, and may ask with its rights")
    by_target: defaultdict[str, list[Need]] = defaultdict(list)
    for need in missing(app).get(function.id, ()):
        by_target[need.resource].append(need)
    for target, needs in by_target.items():
        actions = sorted({need.action for need in needs})
        was = any(_was_accepted(app, function.identity, target, action) for action in actions)
        yield Finding(
            needs[0].place,
            f"{short(function.id)} calls {listed(actions)} on {short(target)}, and its role may"
            f" {'no longer' if was else 'not'}: the call will fail",
            tuple(dict.fromkeys(said for need in needs for said in need.evidence)),
            cwe="CWE-280",
            endangers=(target,),
            key=(target, *actions),
            by=(function.id,),
            fault=2 if was else 1,
        )


def _was_accepted(app: App, identity: str, target: str, action: str) -> bool:
    """Tell whether the lock accepts an identity's action on a resource."""
    return any(
        line.kind is Kind.RIGHT
        and line.owner == identity
        and line.key.rpartition(" ")[0] == target
        and any(covers(value, action) for value in line.values)
        for line in locked(app).values()
    )
