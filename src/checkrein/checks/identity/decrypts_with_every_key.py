"""A function may decrypt with every key of the account.

## Why

A key of its own is the second lock on valuable data: whoever gets the right to read a table still cannot
read it without the right to decrypt. `kms:Decrypt` on `*` is a key for all those locks, of this and of
every other application in the account.

## Fix

Name the keys that the function needs in `Resource`.

## Examples

```yaml bad template.yaml
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties: {KeyPolicy: {}}
  Cards:
    Type: AWS::SQS::Queue
    Properties: {KmsMasterKeyId: !Ref Key}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: decrypt
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: kms:Decrypt  #! Show may decrypt with every key, that of Cards (payment card number) too, which it never reads
                Resource: "*"
  Show:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code: {ZipFile: "def handler(event, context): pass"}
```

```yaml bad checkrein.yaml
resources:
  template/Cards: {holds: [pay.pan]}
```

```yaml good template.yaml
Resources:
  Key:
    Type: AWS::KMS::Key
    Properties: {KeyPolicy: {}}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument: {}
      Policies:
        - PolicyName: decrypt
          PolicyDocument:
            Statement:
              - {Effect: Allow, Action: "kms:Decrypt", Resource: !GetAtt Key.Arn}
  Show:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: !GetAtt Role.Arn
      Code: {ZipFile: "def handler(event, context): pass"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.context import kept
from checkrein.checks.keeping import deployment_of, under_keys, with_data
from checkrein.checks.privilege import given, holders, place_of
from checkrein.checks.questions import grouped, listed, short
from checkrein.model import Access, App, Finding, Function, Grant

DECRYPTS = ("kms:Decrypt",)


def _wide(app: App) -> list[Grant]:
    roles = grouped(app, Function, "identity")
    return [
        grant
        for grant in app.every(Grant)
        if grant.effect == "Allow" and not grant.holder and grant.identity in roles
        if "*" in grant.resources and not grant.not_actions and given(grant.actions, DECRYPTS)
        if not any("kms:" in str(tested).lower() for tested in grant.conditions.values())
    ]


@check(
    _wide,
    fault=1,
    topics=(
        "least-privilege",
        "key-management",
    ),
    frameworks=(
        "CWE-250",
        "AWS-FSBP:KMS.2",
        "AWS-FSBP:KMS.1",
    ),
    peers=("KMS.1", "KMS.2", "IAM_INLINE_POLICY_BLOCKED_KMS_ACTIONS"),
)
def decrypts_with_every_key(grant: Grant, app: App) -> Iterator[Finding]:
    functions = holders(app, grant.identity)
    home = {deployment_of(app, function) for function in functions}
    read = {a.target for a in grouped(app, Access, "identity").get(grant.identity, [])}
    others = [
        id
        for id in under_keys(app)
        if kept(app, id) and deployment_of(app, id) in home and id not in read
    ]
    who = listed(map(short, functions))
    message = f"{who} may decrypt with every key"
    if others:
        named = listed((with_data(app, id) for id in others), 2)
        message += f", that of {named} too, which it never reads"
    written = next(action for action in grant.actions if given((action,), DECRYPTS))
    yield Finding(
        place_of(app, grant, written),
        message,
        cwe="CWE-250",
        endangers=tuple(others) or tuple(functions),
        by=tuple(functions),
        hygiene=not others,
    )
