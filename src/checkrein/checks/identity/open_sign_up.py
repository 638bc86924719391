"""Anyone may make an account, though the application makes them itself.

## Why

A pool takes sign-ups from everybody unless `AllowAdminCreateUserOnly` is set: the client's id, which every page
has in it, is enough to call `SignUp`. Where code of the application creates the users, a stranger's account was
not meant to be, and still passes every authorizer that asks the pool.

A pool where people register themselves is for auditors. Where strangers can call the code that creates users,
they may be meant to register; still they get round whatever it asks of them.

## Fix

Set `AdminCreateUserConfig: {AllowAdminCreateUserOnly: true}`, or check who signs up in a `PreSignUp` function.

## Examples

```yaml bad template.yaml
Resources:
  Pool:  #! anyone may make an account in Pool, though Invite makes them
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolName: staff}
  Invite:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.14
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/plain
      Environment: {Variables: {POOL: !Ref Pool}}
      Code:
        ZipFile: |
          import boto3, os
          def handler(event, context):
              boto3.client("cognito-idp").admin_create_user(UserPoolId=os.environ["POOL"], Username=event["name"])
```

```yaml good template.yaml
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolName: staff
      AdminCreateUserConfig: {AllowAdminCreateUserOnly: true}
```

```yaml bad template.yaml
Resources:
  Pool:  #? anyone may make an account in Pool
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolName: riders}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import place_of, set_fix, starts
from checkrein.checks.exposure import Exposure, exposure
from checkrein.checks.pools import POOL, invites_only, opened
from checkrein.checks.questions import grouped, listed, short
from checkrein.model import App, Call, Finding, Resource

SMALL = 1  # fault
SETTING = "AdminCreateUserConfig.AllowAdminCreateUserOnly"
CREATING, JOINING = "AdminCreateUser", ("SignUp", "ConfirmSignUp", "AdminConfirmSignUp")


@check(
    resource(POOL),
    fault=2,
    topics=("authentication",),
    frameworks=("CWE-287",),
    peers=("cognito_user_pool_self_registration_disabled",),
)
def open_sign_up(pool: Resource, app: App) -> Iterator[Finding]:
    if invites_only(pool) or pool.value("LambdaConfig.PreSignUp") is not None:
        return
    calls = [call for call in app.every(Call) if call.service == "cognito-idp"]
    joined = any(call.operation in JOINING for call in calls)
    makers = [
        call.function
        for call in grouped(app, Call, "target").get(pool.id, [])
        if call.operation == CREATING and not _is_setup(app, call.function)
    ]
    makers = [] if joined else sorted(set(makers))
    verb = "makes" if len(makers) == 1 else "make"
    made = f", though {listed(map(short, makers))} {verb} them" if makers else ""
    yield Finding(
        place_of(pool, SETTING),
        f"anyone may make an account in {pool.name}{made}",
        cwe="CWE-287",
        endangers=(pool.id,) if (classes := opened(app, pool.id)) else (),
        data=classes,
        by=("@anyone",) if makers else (),
        fix=set_fix(pool, [(SETTING, True)], "let only administrators make accounts"),
        key=tuple(makers),
        fault=SMALL if _is_for_anyone(app, makers) else 0,
        confidence="likely",
        hygiene=not makers,
    )


def _is_for_anyone(app: App, makers: list[str]) -> bool:
    """Tell whether strangers get at what makes accounts: people may be meant to register."""
    return any(exposure(app, maker) is Exposure.ANYONE for maker in makers)


def _is_setup(app: App, function: str) -> bool:
    """Tell whether a function only runs when the stack is deployed: it makes the first account."""
    entries = starts(app, function)
    return bool(entries) and all(entry.kind == "custom-resource" for entry in entries)
