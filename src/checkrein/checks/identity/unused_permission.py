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

A whole service on every resource, of which code uses a part, is told as that, where nobody may call
the function and nothing of value is known there (other checks tell those).

```yaml bad template.yaml
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: mail
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action:
                  - s3:*  #! Mailer has s3:* and ses:* on everything and uses only GetObject and SendRawEmail of it
                  - ses:*
                  - sns:Publish  #! Mailer never uses sns:Publish
                Resource: "*"
  Mailer:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              found = boto3.client("s3").get_object(Bucket="letters", Key=event["key"])
              boto3.client("ses").send_raw_email(RawMessage={"Data": found["Body"].read()})
```

What AWS put beside the rights that are used, and that looks at nothing of worth, is for auditors; so is
what reaches only what other rights there reach already.

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
        - AmazonS3ReadOnlyAccess  #? Mood never uses s3:Describe*, s3-object-lambda:Get* and s3-object-lambda:List*
        - AWSCodeCommitFullAccess  #! Mood has codecommit:* on everything and uses only GetRepository of it
      InlineCode: |
        import boto3
        def handler(event, context):
            boto3.client("route53").list_hosted_zones()
            boto3.client("s3").get_object(Bucket="moods", Key="today")
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

What another action does anyway that the code calls is no more power, and for auditors:

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Visits:
    Type: AWS::Kinesis::Stream
    Properties: {ShardCount: 1}
  Writer:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, os
        def handler(event, context):
            boto3.client("kinesis").put_record(StreamName=os.environ["VISITS"], Data=b"", PartitionKey="a")
      Environment: {Variables: {VISITS: !Ref Visits}}
      Policies:
        - Statement: [{Effect: Allow, Action: ["kinesis:PutRecord", "kinesis:PutRecords"], Resource: !GetAtt Visits.Arn}]  #? Writer never uses kinesis:PutRecords on Visits
```

To do it to something else is more power:

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Visits:
    Type: AWS::Kinesis::Stream
    Properties: {ShardCount: 1}
  Orders:
    Type: AWS::Kinesis::Stream
    Properties: {ShardCount: 1}
  Writer:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      InlineCode: |
        import boto3, os
        def handler(event, context):
            boto3.client("kinesis").put_record(StreamName=os.environ["VISITS"], Data=b"", PartitionKey="a")
      Environment: {Variables: {VISITS: !Ref Visits}}
      Policies:
        - Statement:
            - {Effect: Allow, Action: "kinesis:PutRecord", Resource: !GetAtt Visits.Arn}
            - {Effect: Allow, Action: "kinesis:PutRecords", Resource: !GetAtt Orders.Arn}  #! Writer never uses kinesis:PutRecords on Orders
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.powers import (
    HOUSEKEEPING,
    WATCHING,
    classes_of,
    endangered,
    everything,
    unused_powers,
    use,
)
from checkrein.checks.privilege import (
    Permit,
    called_actions,
    covers,
    doubt,
    first_grants,
    given,
    holders,
    is_named,
    is_smallest,
    narrowed,
    permit_of,
    place_of,
    unused,
)
from checkrein.checks.questions import grouped, listed, public_entries, short
from checkrein.checks.sideways import sideways_as_a_whole
from checkrein.checks.small_print import adds_nothing, came_with_triggers, is_small_print
from checkrein.checks.unseen import unseen
from checkrein.model import Access, App, Call, Finding, Grant, Undecided

LOOKING = "list"  # the right that sees how something is set up, and none of its content


@check(first_grants, fault=1, topics=("least-privilege",), frameworks=("CWE-250",))
def unused_permission(grant: Grant, app: App) -> Iterator[Finding]:
    permit = permit_of(app, grant)
    told = tuple({a for power in unused_powers(app, permit) for a in power.actions})
    whole = _whole(app, permit)
    rest = tuple(
        action
        for action in unused(app, permit)
        if action not in whole
        and not given((action,), told)
        and not _is_called(app, permit, action)
    )
    if whole:
        yield _mostly(app, permit, whole)
    if not rest or (whole and is_named(app, grant)):
        # what is power over valuable data is told by power-beyond-use
        if not told and not whole and (reason := doubt(app, permit)):
            raise Undecided(reason)
        return
    if not is_smallest(app, permit):
        yield _never(app, permit, rest)


def _is_called(app: App, permit: Permit, action: str) -> bool:
    """Tell whether code calls what an action is named after, and IAM is not asked: ``SignUp``."""
    functions = holders(app, permit.identity)
    calls = (call for id in functions for call in grouped(app, Call, "function").get(id, []))
    return any(f"{call.service}:{call.operation}".lower() == action.lower() for call in calls)


def _never(app: App, permit: Permit, rest: tuple[str, ...]) -> Finding:
    functions = holders(app, permit.identity)
    reached = _reached(app, permit, rest)
    inside = sorted({access.target for access in reached if access.right != LOOKING})
    data = classes_of(app, inside)
    uses = "uses" if len(functions) == 1 else "use"
    return Finding(
        place_of(app, permit.grants[0], rest[0]),
        f"{listed(map(short, functions))} never {uses} {listed(rest)}{_on(reached, rest)}",
        permit.evidence,
        cwe="CWE-250",
        endangers=tuple(inside),
        fix=narrowed(app, permit, rest),
        key=rest,
        data=data,
        by=tuple(functions),
        hygiene=came_with_triggers(app, permit)
        or adds_nothing(app, permit, rest)
        or (not data and is_small_print(app, permit, rest)),
    )


def _reached(app: App, permit: Permit, actions: tuple[str, ...]) -> list[Access]:
    """Return what some actions do to what the place names, or to all if that is not plain."""
    found = [
        access
        for access in grouped(app, Access, "identity").get(permit.identity, [])
        if given(actions, access.actions)
    ]
    named = [a for a in found if any(covers(app, grant, a.target) for grant in permit.grants)]
    return named or found


def _on(reached: list[Access], actions: tuple[str, ...]) -> str:
    """Name what some actions may be done to, where that is so of each service of theirs."""
    services = {a.partition(":")[0].lower() for access in reached for a in access.actions}
    if not services >= {action.partition(":")[0].lower() for action in actions}:
        return ""
    return f" on {listed(map(short, sorted({access.target for access in reached})))}"


def _whole(app: App, permit: Permit) -> tuple[str, ...]:
    """Return whole services on every resource of which some is used, where nobody else tells it."""
    identity = permit.identity
    wide = tuple(
        action
        for _, action in everything(permit.grants)
        if action.partition(":")[0].lower() not in HOUSEKEEPING | WATCHING
        and not sideways_as_a_whole(app, identity, action)
    )
    if not given(wide, called_actions(app, identity)) or unseen(app, identity, wide):
        return ()
    public = any(public_entries(app, function) for function in holders(app, identity))
    return () if public or endangered(app, identity, wide) else wide


def _mostly(app: App, permit: Permit, whole: tuple[str, ...]) -> Finding:
    functions = holders(app, permit.identity)
    has = "have" if len(functions) > 1 else "has"
    return Finding(
        place_of(app, permit.grants[0], whole[0]),
        f"{listed(map(short, functions))} {has} {listed(whole)} on everything"
        f" {use(app, permit.identity, whole)}",
        permit.evidence,
        cwe="CWE-250",
        key=whole,
        by=tuple(functions),
    )
