"""Another AWS account may get at valuable data.

## Why

A resource policy that names another account hands over to whoever rules there: that account's owner
decides who of it reads, and keeps what was read. Where the data is valuable this is a decision to know of.

## Fix

Name one role of the other account instead of the whole account, give the actions it needs only, or take
the statement away.

## Examples

```yaml bad template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
      ResourcePolicy:
        PolicyDocument:
          Statement:
            - Effect: Allow  #! all of account 444455556666 may read Customers (e-mail address)
              Principal: {AWS: "arn:aws:iam::444455556666:root"}
              Action: dynamodb:GetItem
              Resource: "*"
```

```yaml good template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
      ResourcePolicy:
        PolicyDocument:
          Statement:
            - Effect: Allow
              Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:role/report"}
              Action: dynamodb:GetItem
              Resource: "*"
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.context import kept
from checkrein.checks.keeping import with_data
from checkrein.checks.policies import ACCOUNT, ROLE, rights_of, verbs
from checkrein.checks.questions import listed
from checkrein.model import App, Finding, Grant

DEEDS = ("read", "write", "delete", "permission")


def _foreign(app: App) -> list[Grant]:
    return [
        grant
        for grant in app.every(Grant)
        if grant.holder and grant.effect == "Allow" and _said(grant.identity)
    ]


def _said(identity: str) -> str:
    """Say who of another account is meant, "" where it is none."""
    if found := ACCOUNT.fullmatch(identity):
        return f"all of account {found[1]}"
    if found := ROLE.fullmatch(identity):
        return f"{found[2]} of account {found[1]}"
    return ""


@check(
    _foreign,
    fault=2,
    topics=(
        "third-parties",
        "public-access",
    ),
    frameworks=(
        "CWE-284",
        "CWE-668",
        "AWS-FSBP:S3.6",
    ),
    peers=(
        *("s3_bucket_cross_account_access", "dynamodb_table_cross_account_access", "S3.6"),
        *("eventbridge_bus_cross_account_access", "kms_key_not_publicly_accessible"),
    ),
)
def foreign_account_in_policy(grant: Grant, app: App) -> Iterator[Finding]:
    rights = [r for r in DEEDS if r in rights_of(app, grant)]
    classes = kept(app, grant.holder)
    if not rights or not classes:
        return
    whole = ACCOUNT.fullmatch(grant.identity) is not None
    who = _said(grant.identity)
    yield Finding(
        grant.place,
        f"{who} may {listed(verbs(rights), len(DEEDS))} {with_data(app, grant.holder)}",
        grant.evidence,
        cwe="CWE-284",
        endangers=(grant.holder,),
        key=(grant.identity, *rights),
        data=tuple(classes),
        by=(grant.identity,),
        fault=2 if whole else 1,
    )
