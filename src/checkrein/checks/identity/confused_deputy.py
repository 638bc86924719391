"""A role can be used through somebody else's account.

## Why

A service acts for whoever asks it. A trust policy that names the service alone lets it use the role for another account, if that account
knows the role's ARN and the service lets it be named. Another company's account that may take the role should show the external id that was
agreed, or any of its customers can have it used for them.

## Fix

Add `aws:SourceAccount` (or `aws:SourceArn`) for a service, `sts:ExternalId` for another company.

## Examples

```yaml bad template.yaml
Resources:
  Partner:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {AWS: "arn:aws:iam::999988887777:root"}  #! all of account 999988887777 gets Partner, and no external id is asked
            Action: sts:AssumeRole
      Policies:
        - PolicyName: read
          PolicyDocument: {Statement: [{Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Customers.Arn}]}
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
```

```yaml bad template.yaml
Resources:
  Deliver:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Service: firehose.amazonaws.com}  #? firehose.amazonaws.com may use Deliver for another account
            Action: sts:AssumeRole
```

```yaml good template.yaml
Resources:
  Deliver:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - Effect: Allow
            Principal: {Service: firehose.amazonaws.com}
            Action: sts:AssumeRole
            Condition: {StringEquals: {"aws:SourceAccount": !Ref "AWS::AccountId"}}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import kept
from checkrein.checks.identity_policies import ROLE, Written, trusting
from checkrein.checks.questions import grouped
from checkrein.checks.worth import valuable
from checkrein.iam.principals import principal_ids
from checkrein.model import Access, App, Finding, Resource

# Services that use roles for what their callers name, and pass on whose resource it is.
# Lambda, EC2 and ECS take roles only from the account they run in.
DEPUTIES = frozenset(
    f"{name}.amazonaws.com"
    for name in (
        *("firehose", "scheduler", "pipes", "events", "states", "sns", "appsync", "logs"),
        *("delivery.logs", "config", "cloudtrail", "backup", "glue", "bedrock", "iot", "s3"),
        *("cognito-idp", "apigateway", "vpc-flow-logs", "transcribe", "comprehend", "textract"),
        *("rekognition", "sagemaker", "kinesisanalytics", "ses", "transfer", "mediaconvert"),
    )
)
NARROWING = ("aws:sourceaccount", "aws:sourcearn", "aws:sourceorgid", "aws:sourceowner")
AGREED = ("sts:externalid", "aws:principalorgid", "aws:principalarn", "aws:multifactorauthpresent")


@check(
    resource(ROLE),
    fault=2,
    topics=("authorization",),
    frameworks=("CWE-441", "OWASP-2025:A01", "OWASP-2021:A01", "NIST-800-53r5:AC-3"),
    peers=(
        "iam_role_service_trust_restricts_source_to_account",
        "iam_role_cross_service_confused_deputy_prevention",
        "iam_role_cross_account_readonlyaccess_policy",
        "CKV_AWS_60",
    ),
)
def confused_deputy(role: Resource, app: App) -> Iterator[Finding]:
    for written in () if role.source_type else trusting(role):  # SAM's own roles are as they are
        statement = written.statement
        asked = _keys(written)
        if statement.effect != "Allow" or asked is None:
            continue
        for principal in principal_ids(statement):
            if not isinstance(principal, str):
                continue
            kind, _, name = principal.partition(":")
            if kind == "service" and name in DEPUTIES and not asked & {*NARROWING}:
                said = f"{name} may use {role.name} for another account"
                yield _finding(app, role, written, said)
            elif kind == "account" and not asked & {*AGREED}:
                said = f"all of account {name} gets {role.name}, and no external id is asked"
                yield _finding(app, role, written, said)


def _keys(written: Written) -> set[str] | None:
    """Return the keys that conditions ask for, None where they are open."""
    conditions = written.statement.conditions
    if not isinstance(conditions, dict):
        return None
    return {key.lower() for keys in conditions.values() if isinstance(keys, dict) for key in keys}


def _finding(app: App, role: Resource, written: Written, said: str) -> Finding:
    targets = {access.target for access in grouped(app, Access, "identity").get(role.id, [])}
    data = valuable(app, {data for id in targets for data in kept(app, id)})
    by_service = " for another account" in said
    return Finding(
        written.where("Principal"),
        said,
        cwe="CWE-441",
        endangers=tuple(sorted(targets)) or (role.id,),
        key=(said,),
        data=tuple(data),
        hygiene=not data or by_service,
        fault=1 if by_service else 0,  # an account comes to it through the service alone
    )
