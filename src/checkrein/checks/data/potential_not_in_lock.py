"""Data could come to a service that checkrein.lock does not expect there.

## Why

Data that could come to a service has none of the care that its own data has. This is told where no right,
way in or code that is new explains it: a class is worth more, a network or a policy became wider.

## Fix

Take it back, or accept it: `checkrein accept FINDING --reason WHY` writes it into `checkrein.lock`.

## Examples

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Pages:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: pages-for-all
      WebsiteConfiguration: {IndexDocument: index.html}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Pages
      PolicyDocument:
        Statement: [{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: !Sub "${Pages.Arn}/*"}]
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Policies:
        - Statement:
            - {Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Customers.Arn}
            - Effect: Allow  #! e-mail address could come to Pages, which anyone may read, and more to 3 other services: checkrein.lock does not expect it
              Action: s3:PutObject
              Resource: !Sub "${Pages.Arn}/*"
      InlineCode: |
        import boto3
        def handler(event, context):
            return boto3.resource("dynamodb").Table("customers").get_item(Key={"email": event["email"]})["Item"]
```

```yaml bad checkrein.lock
lock: 1
intended:
  template/Customers: pii.email
  template/Pages: public.content
  template/Show: pii.email
  template@browser: public.content
coded:
  template/Customers: pii.email
  template/Pages: public.content
  template/Show: pii.email
  template@browser: public.content
flow:
  template/Pages:
    all -> template@browser: public.content
  template/Show:
    template/Customers -> @response: pii.email
call:
  template/Show:
    template/Customers: dynamodb:GetItem
right:
  template@anyone:
    template/Pages read: s3:GetObject
  template/ShowRole:
    "*": logs:CreateLogGroup, logs:CreateLogStream, logs:PutLogEvents
    template/Customers read: dynamodb:GetItem
    template/Pages write: s3:PutObject
```

```yaml good template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Pages:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: pages-for-all
      WebsiteConfiguration: {IndexDocument: index.html}
  Policy:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Pages
      PolicyDocument:
        Statement: [{Effect: Allow, Principal: "*", Action: "s3:GetObject", Resource: !Sub "${Pages.Arn}/*"}]
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Policies:
        - Statement:
            - {Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Customers.Arn}
            - Effect: Allow
              Action: s3:PutObject
              Resource: !Sub "${Pages.Arn}/*"
      InlineCode: |
        import boto3
        def handler(event, context):
            return boto3.resource("dynamodb").Table("customers").get_item(Key={"email": event["email"]})["Item"]
```

```yaml good checkrein.lock
lock: 1
intended:
  template/Customers: pii.email
  template/Pages: public.content
  template/Show: pii.email
  template@browser: public.content
coded:
  template/Customers: pii.email
  template/Pages: public.content
  template/Show: pii.email
  template@browser: public.content
potential:
  template/Pages:
    direct: pii.email
  template/Show@logs:
    direct: pii.email
  template@browser:
    direct: pii.email
  template@internet:
    direct: pii.email
flow:
  template/Pages:
    all -> template@browser: public.content
  template/Show:
    template/Customers -> @response: pii.email
call:
  template/Show:
    template/Customers: dynamodb:GetItem
right:
  template@anyone:
    template/Pages read: s3:GetObject
  template/ShowRole:
    "*": logs:CreateLogGroup, logs:CreateLogStream, logs:PutLogEvents
    template/Customers read: dynamodb:GetItem
    template/Pages write: s3:PutObject
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.exposure import ANYONE
from checkrein.checks.locked.causes import POTENTIAL, is_open, of_kind
from checkrein.checks.locked.comparing import subjects
from checkrein.checks.locked.sentences import (
    cells,
    data_named,
    key_of,
    named,
    place_of,
    told,
    way_to,
)
from checkrein.checks.worth import valuable
from checkrein.model import App, Fact, Finding, Kind

HOW = {"direct": "", "takeover": " after a takeover", "influence": " by making others act"}


@check(
    subjects(Kind.POTENTIAL),
    fault=2,
    topics=("data-inventory",),
    frameworks=("CWE-668",),
)
def potential_not_in_lock(service: Fact, app: App) -> Iterator[Finding]:
    cause = of_kind(app, POTENTIAL).get(service.id)
    if cause is None:
        return
    own = [each for each in cause.lines if each.owner == service.id]
    classes = cells(cause, Kind.POTENTIAL)[service.id]
    worst = next(iter(valuable(app, classes)), classes[0])
    line = next(each for each in own if worst in each.added)
    others = len({each.owner for each in cause.lines}) - 1
    public = is_open(app, service.id)
    read = ", which anyone may read" if public else ""
    rest = f", and more to {others} other services" if others else ""
    yield Finding(
        place_of(cause),
        f"{data_named(app, classes)} could come to {named(app, service.id)}{read}"
        f"{HOW[line.key]}{rest}: checkrein.lock does not expect it",
        told(app, cause),
        way_to(line, worst),
        cwe="CWE-668",
        endangers=(service.id,),
        key=key_of(cause),
        data=classes,
        by=(service.id, *((f"{service.id}{ANYONE}",) if public else ())),
        fault=3 if public else 1 if line.key != "direct" else 2,
        lines=cause.lines,
    )
