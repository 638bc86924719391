"""A template makes an access key, or a password, that never expires.

## Why

A role's credentials last hours, a key's until somebody takes it away: it ends in a laptop, a pipeline, a repository.
The stack's outputs and its state know the secret too. A password without a reset is known to whoever deployed it.

## Fix

Let code take a role (for pipelines outside AWS by OIDC, for people by IAM Identity Center), and remove the user.

## Examples

```yaml bad template.yaml
Resources:
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      KeySchema: [{AttributeName: email, KeyType: HASH}]
      AttributeDefinitions: [{AttributeName: email, AttributeType: S}]
  Robot:
    Type: AWS::IAM::User
    Properties:
      Policies:
        - PolicyName: read
          PolicyDocument: {Statement: [{Effect: Allow, Action: "dynamodb:GetItem", Resource: !GetAtt Customers.Arn}]}
  Key:  #! Key of Robot never expires, and opens e-mail address
    Type: AWS::IAM::AccessKey
    Properties: {UserName: !Ref Robot}
```

```yaml bad template.yaml
Parameters:
  Password: {Type: String, NoEcho: true}
Resources:
  Person:
    Type: AWS::IAM::User
    Properties:
      LoginProfile: {Password: !Ref Password}  #? the first password of Person need not be changed
```

```yaml good template.yaml
Resources:
  Robot:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import is_open, kept, owners, set_fix
from checkrein.checks.questions import grouped, short, titles
from checkrein.checks.worth import valuable
from checkrein.model import Access, App, Finding, Resource

KEY, USER = "AWS::IAM::AccessKey", "AWS::IAM::User"
RESET = "LoginProfile.PasswordResetRequired"


@check(
    resource(KEY, USER),
    fault=2,
    topics=("secret-rotation",),
    frameworks=(
        *("CWE-798", "CWE-324", "OWASP-2025:A07", "OWASP-2021:A07", "AWS-FSBP:IAM.3"),
        *("PCI-DSS-4.0.1:8.6.3", "NIST-800-53r5:IA-5"),
    ),
    peers=(
        *("W50", "IAM.3", "IAM_USER_LOGIN_PROFILE_PASSWORD_RESET_RULE", "CKV_AWS_273"),
        *("iam_rotate_access_key_90_days", "iam_user_no_setup_initial_access_key"),
        "iam_user_with_temporary_credentials",
    ),
)
def long_lived_key(credential: Resource, app: App) -> Iterator[Finding]:
    if credential.type == USER:
        yield from _password(credential)
        return
    users = sorted(owners(app, credential.value("UserName")))
    targets = {a.target for u in users for a in grouped(app, Access, "identity").get(u, [])}
    data = valuable(app, {data for id in targets for data in kept(app, id)})
    named = credential.value("UserName")
    user = short(users[0]) if users else named if isinstance(named, str) else "a user"
    yield Finding(
        credential.place,
        f"{credential.name} of {user} never expires"
        + (f", and opens {titles(data)}" if data else ""),
        cwe="CWE-798",
        endangers=tuple(sorted(targets)),
        data=tuple(data),
        by=tuple(users) or (credential.id,),  # whoever reaches the data has not got the key
    )


def _password(user: Resource) -> Iterator[Finding]:
    profile = user.value("LoginProfile")
    if not isinstance(profile, dict) or is_open(user.value(RESET)) or user.value(RESET):
        return
    yield Finding(
        user.where("LoginProfile"),
        f"the first password of {user.name} need not be changed",
        cwe="CWE-324",
        endangers=(user.id,),
        fix=set_fix(user, [(RESET, True)], "ask for a new password at once", safe=True),
        hygiene=True,
    )
