"""A store could come to hold data it is not meant to hold.

## Why

Who protects, keeps and deletes a store knows what it is meant to hold. Data that permissions alone
can bring there has none of that care, and nobody looks for it. Where another check already calls the
right needless, this is told as its evidence.

## Fix

Take away the right that the path names (`checkrein cuts` looks for the least that does), or declare the
class as `holds` or `may_hold` of the resource in `checkrein.yaml`.

## With a lock

What `checkrein.lock` says could come to the store is accepted as more than is meant: it is no finding, and
no pass. What could come beyond that is told of the change that lets it, by `right-not-in-lock` and its like.

## Examples

```yaml bad template.yaml
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
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: both
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Customers.Arn}
              - Effect: Allow
                Action: s3:PutObject  #! Pages could come to hold e-mail address: Show may write it there, though its code never does
                Resource: !Sub "${Pages.Arn}/*"
  Show:
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
              return table.get_item(Key={"email": event["email"]})["Item"]
```

```yaml good template.yaml
Resources:
  Pages:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: pages-for-all
      WebsiteConfiguration: {IndexDocument: index.html}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: one
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "s3:PutObject", Resource: !Sub "${Pages.Arn}/*"}
  Publish:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code:
        ZipFile: |
          import boto3
          def handler(event, context):
              boto3.client("s3").put_object(Bucket="pages-for-all", Key="count", Body="1")
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.locked.comparing import accepted_at, grown, is_locked
from checkrein.checks.privilege import holders, is_used, permits, place_of_access
from checkrein.checks.questions import grouped, is_store, short, titles
from checkrein.checks.spread import WRITE, brought, is_told
from checkrein.checks.steering import came_with, steered, taken_over
from checkrein.checks.unseen import unseen
from checkrein.model import Access, App, Basis, Evidence, Finding, Resource, Row, Undecided


def _stores(app: App) -> list[Row]:
    return [row for row in app.every(Row) if is_store(row) and app.get(Resource, row.id)]


@check(
    _stores,
    fault=2,
    topics=("data-inventory",),
    frameworks=("CWE-668", "SAS-4", "CIS-AWS-7.0:3.1.3"),
)
def potential_beyond_intent(store: Row, app: App) -> Iterator[Finding]:
    doubts, found = [], False
    for access in grouped(app, Access, "target").get(store.id, []):
        if access.right != WRITE or not access.certain or is_used(app, access):
            continue  # a right that code needs cannot be taken away
        bringing = [
            (function, classes)
            for function in holders(app, access.identity)
            if (classes := _unsaid(app, store, brought(app, store, function)))
        ]
        if not bringing or is_told(app, access):
            continue  # is_told: it is evidence of the finding on that statement
        doubt = unseen(app, access.identity, access.actions, state=False)
        doubts.append(doubt)
        for function, classes in () if doubt else bringing:
            found = True
            yield _finding(app, store, access, function, classes)
    if any(doubts) and not found:
        raise Undecided(next(filter(None, doubts)))


def _unsaid(app: App, store: Row, classes: list[str]) -> list[str]:
    """Leave out what is not in the lock: another check tells that, of whatever lets it come."""
    new = grown(app, store.id)
    return [data for data in classes if data not in new]


CONJECTURE = 1  # fault: who names a bucket or a file has nothing written there that is seen


def _finding(app: App, store: Row, access: Access, function: str, classes: list[str]) -> Finding:
    idle = not steered(app, (function,))
    reasons = [r for r in store.reasons if r.data == classes[0] and r.basis == Basis.POTENTIAL]
    return Finding(
        place_of_access(app, access),
        f"{short(store.id)} could come to hold {titles(classes)}: {short(function)} may write it"
        " there, though its code never does",
        (*access.evidence, *_of_aws(app, access)),
        reasons[0].steps if reasons else (),
        cwe="CWE-668",
        endangers=(store.id, function),
        key=(function, *classes),
        confidence="likely",  # nothing shows that it ever happens
        data=tuple(classes),
        by=(function,),
        idle=idle,
        fault=0 if idle or taken_over(app, function) else CONJECTURE,
        accepted=accepted_at(app, store.id, classes) if is_locked(app) else "",
    )


def _of_aws(app: App, access: Access) -> tuple[Evidence, ...]:
    """Say where the right came with a policy that AWS wrote."""
    for permit in permits(app, access.identity):
        if permit.place == access.place:
            return came_with(app, permit)
    return ()
