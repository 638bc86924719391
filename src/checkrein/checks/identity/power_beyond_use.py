"""A role may do to valuable data what no function of it does.

## Why

Whoever takes over the function (through an injection, a bad dependency, a leaked key) gets the
role's rights, not the code's habits. A right over valuable data that nothing uses is pure risk.

Rights that nothing uses are worse the further somebody gets who steers the code: at most medium
where no injection is known in it and it asks services for nothing that callers name, whole services
too. Every right on everything is high there as well.

A whole service on every resource (`dynamodb:*` on `*`) is told even where the code cannot be read:
no code needs that.

## Fix

Take the actions out of the statement, or narrow its resources to what the code addresses.

## Examples

```yaml bad template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: customers
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action:
                  - dynamodb:GetItem
                  - dynamodb:DeleteItem  #! Reader may delete e-mail address in Customers (dynamodb:DeleteItem), though its code never does
                Resource: !GetAtt Customers.Arn
  Reader:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          import boto3
          table = boto3.resource("dynamodb").Table("customers")
          def handler(event, context):
              return table.get_item(Key={"email": event["email"]})
```

```yaml good template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: customers
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: [dynamodb:GetItem]
                Resource: !GetAtt Customers.Arn
  Reader:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          import boto3
          table = boto3.resource("dynamodb").Table("customers")
          def handler(event, context):
              return table.get_item(Key={"email": event["email"]})
```

What AWS's own policy for a trigger allows on every queue is no finding, whatever else stands beside it:

```yaml good template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Riders: {Type: AWS::SQS::Queue}
  Failed: {Type: AWS::SQS::Queue}
  Book:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Tracing: Active
      InlineCode: |
        import boto3, json
        def handler(event, context):
            email = json.loads(event["Records"][0]["body"])["email"]
            boto3.client("sqs").send_message(QueueUrl="Failed", MessageBody=json.dumps({"email": email}))
      Policies: [{SQSSendMessagePolicy: {QueueName: !GetAtt Failed.QueueName}}]
      Events:
        Queued: {Type: SQS, Properties: {Queue: !GetAtt Riders.Arn}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.powers import (
    Power,
    classes_of,
    doubted_powers,
    endangered,
    everything,
    predicate,
    unused_powers,
    use,
)
from checkrein.checks.privilege import (
    Permit,
    first_grants,
    holders,
    narrowed,
    permit_of,
    place_of,
    written,
)
from checkrein.checks.questions import listed, public_entries, short
from checkrein.checks.spread import could_spread
from checkrein.checks.steering import came_with, idle
from checkrein.checks.tainted import ROLE
from checkrein.checks.unseen import unseen
from checkrein.model import App, Finding, Grant, Undecided

ADMINISTRATOR = 3  # the fault of every action on everything


@check(
    first_grants,
    fault=2,
    topics=("least-privilege",),
    frameworks=("CWE-250", "CWE-269", "CIS-AWS-7.0:2.14"),
    peers=(
        "CKV_AWS_62",
        "CKV_AWS_63",
        "CKV_AWS_111",
        "IAM.21",
        "W11",
        "W12",
        "F3",
        "F4",
        "AwsSolutions-IAM5",
        *("IAM_POLICY_NO_STATEMENTS_WITH_FULL_ACCESS", "IAM_ROLE_ELEVATED_MANAGED_POLICY_RULE"),
        *("IAM_MANAGEDPOLICY_NO_STATEMENTS_WITH_FULL_ACCESS",),
        *("IAM_ROLE_NO_WILDCARD_ACTIONS_ON_PERMISSIONS",),
        "IAM_POLICYDOCUMENT_NO_WILDCARD_RESOURCE",
    ),
)
def power_beyond_use(grant: Grant, app: App) -> Iterator[Finding]:
    functions = holders(app, grant.identity)
    if any(public_entries(app, function) for function in functions):
        return  # told by public-route-to-powerful-function
    permit = permit_of(app, grant)
    powers, reason = unused_powers(app, permit), doubted_powers(app, permit)
    wide = {action: given for given, action in everything(permit.grants)}
    if powers and "*" not in wide:
        yield _unused(app, permit, powers)
    elif targets := endangered(app, grant.identity, wide):
        unknown = reason or unseen(app, grant.identity, sorted(wide), state=False)
        yield _everything(app, permit, wide, targets, known=not unknown)
    elif reason:
        raise Undecided(reason)


def _unused(app: App, permit: Permit, powers: list[Power]) -> Finding:
    functions = holders(app, permit.identity)
    actions = sorted({action for power in powers for action in power.actions})
    patterns = written(permit, actions)
    targets = sorted({power.target for power in powers})
    return Finding(
        place_of(app, permit.grants[0], patterns[0]),
        f"{listed(map(short, functions))} {predicate(app, permit.identity, powers, patterns)}",
        (*permit.evidence, *came_with(app, permit), *could_spread(app, permit.identity, actions)),
        cwe="CWE-250",
        endangers=tuple(targets),
        fix=narrowed(app, permit, actions),
        key=(*map(str.lower, patterns), *targets),
        data=classes_of(app, targets),
        by=tuple(functions),
        idle=idle(app, functions),
    )


def _everything(
    app: App, permit: Permit, wide: dict[str, Grant], targets: list[str], *, known: bool
) -> Finding:
    functions = holders(app, permit.identity)
    first = next(iter(wide))
    used = f" {use(app, permit.identity, wide)}" if known else ""
    has = "have" if len(functions) > 1 else "has"
    return Finding(
        place_of(app, wide[first], first),
        f"{listed(map(short, functions))} {has} {listed(wide)} on everything{used}",
        (*permit.evidence, *could_spread(app, permit.identity, wide)),
        cwe="CWE-250",
        endangers=tuple(targets),
        key=tuple(wide),
        data=(*classes_of(app, targets), *(ROLE if "*" in wide else ())),
        by=tuple(functions),
        fault=ADMINISTRATOR if "*" in wide else 0,
        over="*" in wide,
        idle=idle(app, functions),
    )
