"""A permission is granted that no code of the function uses.

## Why

What a function may do and does not need is what an attacker inside it can do and the team never
tested. Least privilege is what the calls in the code need, and nothing else.

## Fix

Name the actions that the code uses. The fix does so where the statement lists its actions.

## Examples

```yaml bad template.yaml
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: orders
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action:
                  - dynamodb:GetItem
                  - dynamodb:Scan  #! Reader never uses dynamodb:Scan on Orders
                Resource: !GetAtt Orders.Arn
  Reader:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          import boto3
          table = boto3.resource("dynamodb").Table("orders")
          def handler(event, context):
              return table.get_item(Key={"id": event["id"]})
```

```yaml good template.yaml
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: orders
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: orders
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: [dynamodb:GetItem]
                Resource: !GetAtt Orders.Arn
  Reader:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          import boto3
          table = boto3.resource("dynamodb").Table("orders")
          def handler(event, context):
              return table.get_item(Key={"id": event["id"]})
```

What AWS put beside the rights that are used, and that looks at nothing of worth, is for auditors.

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Mood:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Policies:
        - ComprehendBasicAccessPolicy: {}  #? Mood never uses comprehend:BatchDetectKeyPhrases, comprehend:DetectDominantLanguage, comprehend:DetectEntities and 4 more
        - AmazonRoute53ReadOnlyAccess  #? Mood never uses route53:Get* and route53:TestDNSAnswer
        - AWSCodeCommitFullAccess  #! Mood never uses events:DeleteRule, events:DescribeRule, events:DisableRule and 47 more
      InlineCode: |
        import boto3
        def handler(event, context):
            boto3.client("route53").list_hosted_zones()
            boto3.client("codecommit").get_repository(repositoryName="orders")
            return boto3.client("comprehend").detect_sentiment(Text="fine", LanguageCode="en")
```

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Parameters:
  InName: {Type: String}
  OutName: {Type: String}
Resources:
  In: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref InName}}
  Out: {Type: AWS::S3::Bucket, Properties: {BucketName: !Ref OutName}}
  Shrink:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Environment: {Variables: {OUT: !Ref OutName}}
      Policies:
        - S3ReadPolicy: {BucketName: !Ref InName}
        - S3CrudPolicy: {BucketName: !Ref OutName}  #! Shrink never uses s3:GetBucketLocation, s3:GetObjectVersion, s3:PutObjectAcl and 3 more on Out
      InlineCode: |
        import boto3, os
        s3 = boto3.client("s3")
        def handler(event, context):
            found = s3.get_object(Bucket=event["bucket"], Key=event["key"])
            s3.put_object(Bucket=os.environ["OUT"], Key=event["key"], Body=found["Body"].read())
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.powers import classes_of, unused_powers
from checkrein.checks.privilege import (
    Permit,
    covers,
    doubt,
    first_grants,
    given,
    holders,
    is_smallest,
    narrowed,
    permit_of,
    place_of,
    unused,
)
from checkrein.checks.questions import grouped, listed, short
from checkrein.checks.small_print import came_with_triggers, is_small_print
from checkrein.model import Access, App, Finding, Grant, Undecided


@check(first_grants, fault=1, topics=("least-privilege",), frameworks=("CWE-250",))
def unused_permission(grant: Grant, app: App) -> Iterator[Finding]:
    permit, functions = permit_of(app, grant), holders(app, grant.identity)
    told = tuple({a for power in unused_powers(app, permit) for a in power.actions})
    rest = tuple(action for action in unused(app, permit) if not given((action,), told))
    if not rest:  # what is power over valuable data is told by power-beyond-use
        if not told and (reason := doubt(app, permit)):
            raise Undecided(reason)
        return
    if is_smallest(app, permit):
        return
    targets = _targets(app, permit, rest)
    data = classes_of(app, targets)
    on = f" on {listed(map(short, targets))}" if targets else ""
    uses = "uses" if len(functions) == 1 else "use"
    yield Finding(
        place_of(app, grant, rest[0]),
        f"{listed(map(short, functions))} never {uses} {listed(rest)}{on}",
        permit.evidence,
        cwe="CWE-250",
        endangers=tuple(targets),
        fix=narrowed(app, permit, rest),
        key=rest,
        data=data,
        by=tuple(functions),
        hygiene=came_with_triggers(app, permit) or (not data and is_small_print(app, permit, rest)),
    )


def _targets(app: App, permit: Permit, actions: tuple[str, ...]) -> list[str]:
    """Return what some actions may be done to: what the place names, or all if that is not plain."""
    found = {
        access.target
        for access in grouped(app, Access, "identity").get(permit.identity, [])
        if given(actions, access.actions)
    }
    named = {t for t in found if any(covers(app, grant, t) for grant in permit.grants)}
    return sorted(named or found)
