"""An identity may do what checkrein.lock does not accept.

## Why

A right that is granted beyond what the team accepted lets code, or whoever takes it over, do more with the
data. The worst of it is told: data that could come where it was not meant to be, and who reads it there.

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
            - Effect: Allow  #! Show may now write Pages, which anyone may read: e-mail address could come to stand there
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
  template/Customers: pii.email, pii.name
  template/Show: pii.email, pii.name
  template/Pages: nothing
coded:
  template/Customers: pii.email, pii.name
  template/Show: pii.email, pii.name
right:
  template@anyone:
    template/Pages read: s3:GetObject
  template/ShowRole:
    template/Customers read: dynamodb:GetItem
    "*": logs:CreateLogGroup, logs:CreateLogStream, logs:PutLogEvents
```

A right over data that is kept:

```yaml bad template.yaml
Transform: AWS::Serverless-2016-10-31
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Show:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Policies:
        - Statement:
            - {Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Customers.Arn}
            - {Effect: Allow, Action: "dynamodb:DeleteItem", Resource: !GetAtt Customers.Arn}  #! Show may now delete e-mail address and name of a person in Customers; checkrein.lock accepts no such right
      InlineCode: |
        import boto3
        def handler(event, context):
            return boto3.resource("dynamodb").Table("customers").get_item(Key={"email": event["email"]})["Item"]
```

```yaml bad checkrein.lock
lock: 1
intended:
  template/Customers: pii.email, pii.name
  template/Show: pii.email, pii.name
coded:
  template/Customers: pii.email, pii.name
  template/Show: pii.email, pii.name
right:
  template/ShowRole:
    template/Customers read: dynamodb:GetItem
    "*": logs:CreateLogGroup, logs:CreateLogStream, logs:PutLogEvents
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
      InlineCode: |
        import boto3
        def handler(event, context):
            return boto3.resource("dynamodb").Table("customers").get_item(Key={"email": event["email"]})["Item"]
```

```yaml good checkrein.lock
lock: 1
intended:
  template/Customers: pii.email, pii.name
  template/Show: pii.email, pii.name
  template/Pages: nothing
coded:
  template/Customers: pii.email, pii.name
  template/Show: pii.email, pii.name
right:
  template@anyone:
    template/Pages read: s3:GetObject
  template/ShowRole:
    template/Customers read: dynamodb:GetItem
    "*": logs:CreateLogGroup, logs:CreateLogStream, logs:PutLogEvents
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.exposure import ANYONE, anonymous
from checkrein.checks.locked.causes import RIGHT, Cause, is_open, of_kind, worst_cell
from checkrein.checks.locked.comparing import subjects
from checkrein.checks.locked.sentences import (
    actor,
    allowed,
    cells,
    data_named,
    key_of,
    named,
    place_of,
    sentence,
    told,
    way_to,
)
from checkrein.checks.privilege import holders
from checkrein.checks.questions import treasures
from checkrein.checks.worth import valuable
from checkrein.model import App, Fact, Finding, Kind, Row
from checkrein.model.surface import Changed

GRAVE = frozenset({"delete", "permission", "configure"})


@check(
    subjects(Kind.RIGHT, Kind.GAIN, Kind.DENIAL),
    fault=2,
    topics=("least-privilege",),
    frameworks=("CWE-269", "CWE-732"),
)
def right_not_in_lock(identity: Fact, app: App) -> Iterator[Finding]:
    cause = of_kind(app, RIGHT).get(identity.id)
    if cause is None:
        return
    could = cells(cause, Kind.POTENTIAL)
    node = worst_cell(app, could)
    if node and valuable(app, could[node]):
        yield _bringing(app, identity.id, cause, node)
    else:
        yield _allowing(app, identity.id, cause)


def _bringing(app: App, identity: str, cause: Cause, node: str) -> Finding:
    """Return the finding on rights that let valuable data come where it was not accepted."""
    classes = cells(cause, Kind.POTENTIAL)[node]
    public = is_open(app, node)
    read = ", which anyone may read" if public else ""
    if node in {target(each) for each in cause.first}:
        first = f"{actor(app, identity)} may now write {named(app, node)}{read}"
        ending = f"{data_named(app, classes)} could come to stand there"
    else:
        first = _first(app, cause)
        ending = f"{data_named(app, classes)} could come to {named(app, node)}{read}"
    steps = next((way_to(c, d) for d in valuable(app, classes) for c in cause.lines
                  if c.kind is Kind.POTENTIAL and c.owner == node and d in c.added), ())  # fmt: skip
    return Finding(
        place_of(cause),
        f"{first}: {ending}",
        told(app, cause),
        steps,
        cwe="CWE-732" if public else "CWE-269",
        endangers=(node,),
        key=key_of(cause),
        data=classes,
        by=(*holders(app, identity), *((f"{node}{ANYONE}",) if public else ())),
        fault=3 if public else 2,
        lines=cause.lines,
    )


def _allowing(app: App, identity: str, cause: Cause) -> Finding:
    """Return the finding on rights by what they are over."""
    targets = {target(each) for each in cause.first}
    rows = sorted(row.id for t in targets if (row := app.get(Row, t)))
    held = {data for id in rows if (row := app.get(Row, id)) for data in treasures(app, row)}
    deed = allowed(app, cause.first)
    first = f"{actor(app, identity)} may now {deed}" if deed else _first(app, cause)
    outsider = anonymous(identity)
    return Finding(
        place_of(cause),
        f"{first}; {_accepted(cause)}",
        told(app, cause),
        cwe="CWE-269",
        endangers=tuple(rows),
        key=key_of(cause),
        data=tuple(valuable(app, held)),
        by=(identity,) if outsider else tuple(holders(app, identity)),
        fault=3 if outsider and held else 2 if held else 1,
        lines=cause.lines,
    )


def _accepted(cause: Cause) -> str:
    """Say what the lock knows of the rights: nothing, or less of the same."""
    rights = [each for each in cause.first if each.kind is Kind.RIGHT]
    if rights and all(each.is_limited(widens=True) for each in rights):
        return "checkrein.lock accepts it only within limits"
    return "checkrein.lock accepts no such right"


def _first(app: App, cause: Cause) -> str:
    return sentence(app, cause.first[0])


def target(each: Changed) -> str:
    """Return over what a right is."""
    return each.key.rpartition(" ")[0]
