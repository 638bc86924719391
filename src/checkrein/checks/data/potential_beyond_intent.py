"""A store could come to hold data it is not meant to hold.

## Why

Who protects, keeps and deletes a store knows what it is meant to hold. Data that permissions alone
can bring there has none of that care, and nobody looks for it.

## Fix

Take away the right that the path names, or declare the class as `holds` or `may_hold` of the resource
in `checkrein.yaml`.

## Examples

```yaml bad template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Pages:  #! Pages could come to hold e-mail address: Publish may write it there
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
          table = boto3.resource("dynamodb").Table("customers")
          def handler(event, context):
              item = table.get_item(Key={"email": event["email"]})["Item"]
              boto3.client("s3").put_object(Bucket="pages-for-all", Key="count", Body=str(len(item)))
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
from checkrein.checks.questions import grouped, is_store, listed, short, titles
from checkrein.checks.worth import valuable
from checkrein.model import Access, App, Basis, Decision, Finding, Function, Reason, Resource, Row


def _stores(app: App) -> list[Row]:
    return [row for row in app.every(Row) if is_store(row) and app.get(Resource, row.id)]


@check(
    _stores,
    fault=2,
    frameworks=("CWE-668", "OWASP-2021:A04", "SAS-4", "PCI-DSS-4.0.1:12.5.2", "NIST-800-53r5:AC-4"),
)
def potential_beyond_intent(store: Row, app: App) -> Iterator[Finding]:
    reasons = [r for r in store.reasons if r.basis == Basis.POTENTIAL and r.level == "direct"]
    meant = {*store.intended, *store.coded, *_accepted(app, store.id)}
    excess = set(valuable(app, (reason.data for reason in reasons))) - meant
    told = [reason for reason in reasons if reason.data in excess]
    if not told:
        return
    resource = app.get(Resource, store.id)
    worst = valuable(app, excess)
    first: Reason = next(reason for reason in told if reason.data == worst[0])
    writers = _writers(app, store.id)
    by = f": {listed(writers)} may write it there" if writers else ""
    yield Finding(
        resource.place if resource else first.steps[-1].place,
        f"{short(store.id)} could come to hold {titles(worst)}{by}",
        steps=first.steps,
        cwe="CWE-668",
        endangers=(store.id,),
        key=tuple(worst),
        confidence="likely",
    )


def _accepted(app: App, id: str) -> tuple[str, ...]:
    found = [d.content for d in app.every(Decision) if d.kind == "resource" and d.subject == id]
    return tuple(data for content in found for data in content.get("may_hold", ()))


def _writers(app: App, store: str) -> list[str]:
    """Return the functions whose role may write to a store."""
    roles = {
        access.identity
        for access in grouped(app, Access, "target").get(store, [])
        if access.right == "write"
    }
    by_role = grouped(app, Function, "identity")
    return sorted(short(f.id) for role in roles for f in by_role.get(role, []))
