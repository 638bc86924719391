"""A policy allows everything but a few things.

## Why

`NotAction` with `Allow` gives every action of every service that is not named, those that AWS invents tomorrow too;
`NotResource` and `NotPrincipal` do the same with resources and people. Who writes it usually means a deny. AWS's own
`PowerUserAccess` is such a policy.

## Fix

List what is allowed; put the exceptions into a statement with `Effect: Deny`.

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
        - PolicyName: work
          PolicyDocument:
            Statement:
              - Effect: Allow
                NotAction: ["iam:*"]  #! Role may do everything but iam:*, to e-mail address too
                Resource: "*"
```

```yaml bad template.yaml
Resources:
  Policy:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - Effect: Allow
            Action: ["s3:GetObject"]
            NotResource: ["arn:aws:s3:::secret/*"]  #? Policy allows s3:GetObject on everything but arn:aws:s3:::secret/*
```

AWS's own policy for people, on a function:

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
      ManagedPolicyArns:
        - arn:aws:iam::aws:policy/PowerUserAccess  #! Role may do everything but iam:*, organizations:* and account:*, to e-mail address too
  Reader:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code: {ZipFile: "def handler(event, context): pass"}
```

```yaml good template.yaml
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: work
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: ["s3:GetObject"], Resource: "arn:aws:s3:::lessons/*"}
              - {Effect: Deny, NotAction: ["s3:GetObject"], Resource: "*"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import kept
from checkrein.checks.identity_policies import (
    IDENTITY_POLICIES,
    TRUST,
    Written,
    trusting,
    written_in,
)
from checkrein.checks.questions import grouped, listed, titles
from checkrein.checks.worth import valuable
from checkrein.model import Access, App, Finding, Grant, Place, Resource

ATTACHED = ("ManagedPolicyArns",)


@check(
    resource(*IDENTITY_POLICIES),
    fault=2,
    topics=("least-privilege",),
    frameworks=(
        *("CWE-250", "CWE-269", "OWASP-2025:A01", "OWASP-2021:A01", "SAS-4"),
        *("PCI-DSS-4.0.1:7.2.1", "NIST-800-53r5:AC-6"),
    ),
    peers=(
        *("W14", "W15", "W16", "W17", "W21", "W22", "W23", "F6", "CKV_AWS_61"),
        *("IAM_ROLE_OR_POLICY_NO_ALLOW_PLUS_NOT_ACTION",),
        *("IAM_ROLE_OR_POLICY_NO_ALLOW_PLUS_NOT_RESOURCE",),
        *("IAM_ROLE_NO_ALLOW_PLUS_NOT_ACTION_ON_TRUST_POLICY",),
        "IAM_ROLE_NO_ALLOW_PLUS_NOT_PRINCIPAL",
    ),
)
def allowed_all_but(holder: Resource, app: App) -> Iterator[Finding]:
    for written in (*written_in(holder), *trusting(holder)):
        statement = written.statement
        if statement.effect != "Allow":
            continue
        if statement.not_actions and written.path[:1] == (TRUST,):
            but = listed(map(str, statement.not_actions))
            said = f"{holder.name} lets whom it trusts do everything with it but {but}"
            yield _finding(written, "NotAction", said)
        elif statement.not_actions:
            yield _actions(app, holder, written)
        elif statement.not_resources and all(isinstance(a, str) for a in statement.actions):
            named = listed(map(str, statement.actions))
            but = listed(map(str, statement.not_resources))
            yield _finding(
                written, "NotResource", f"{holder.name} allows {named} on everything but {but}"
            )
        elif statement.not_principals:
            said = f"{holder.name} trusts everybody but those it names"
            yield _finding(written, "NotPrincipal", said)
    yield from _by_name(app, holder)


def _by_name(app: App, holder: Resource) -> Iterator[Finding]:
    """Yield what AWS's own policies allow that way."""
    for grant in grouped(app, Grant, "identity").get(holder.id, []):
        if grant.not_actions and grant.effect == "Allow" and grant.path[:1] == ATTACHED:
            yield _everything_but(app, holder, grant.place, grant.actions)


def _actions(app: App, holder: Resource, written: Written) -> Finding:
    excepted = tuple(map(str, written.statement.not_actions))
    return _everything_but(app, holder, written.where("NotAction"), excepted)


def _everything_but(app: App, holder: Resource, place: Place, excepted: tuple[str, ...]) -> Finding:
    targets = {a.target for a in grouped(app, Access, "identity").get(holder.id, [])}
    data = valuable(app, {data for id in targets for data in kept(app, id)})
    but = listed(excepted)
    said = f"{holder.name} may do everything but {but}"
    if not data:
        return _good_practice(holder, place, "NotAction", said)
    return Finding(
        place,
        f"{said}, to {titles(data)} too",
        cwe="CWE-250",
        endangers=tuple(sorted(targets)),
        key=("NotAction", but),
        data=tuple(data),
    )


def _finding(written: Written, key: str, message: str) -> Finding:
    return _good_practice(written.holder, written.where(key), key, message)


def _good_practice(holder: Resource, place: Place, key: str, message: str) -> Finding:
    return Finding(
        place,
        message,
        cwe="CWE-250",
        endangers=(holder.id,),
        key=(key, message),
        hygiene=True,
    )
