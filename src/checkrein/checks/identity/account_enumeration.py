"""Sign-in tells strangers whose address has an account.

## Why

An app client made by a template answers `UserNotFoundException` for names that do not exist (`LEGACY` is the
default; the console sets `ENABLED`). Whoever tries addresses learns who is a customer, and which names are
worth guessing passwords for.

Where anyone may sign up, signing up tells the same; that is for auditors.

## Fix

Set `PreventUserExistenceErrors: ENABLED`.

## Examples

```yaml bad template.yaml
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      AdminCreateUserConfig: {AllowAdminCreateUserOnly: true}
  Client:  #! Client tells strangers who has an account in Pool
    Type: AWS::Cognito::UserPoolClient
    Properties: {UserPoolId: !Ref Pool}
```

```yaml good template.yaml
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      AdminCreateUserConfig: {AllowAdminCreateUserOnly: true}
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties: {UserPoolId: !Ref Pool, PreventUserExistenceErrors: ENABLED}
```

```yaml bad template.yaml
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolName: riders}
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !Ref Pool
      PreventUserExistenceErrors: LEGACY  #? Client tells strangers who has an account in Pool
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import place_of, set_fix
from checkrein.checks.pools import CLIENT, invites_only, pools_of
from checkrein.checks.questions import listed
from checkrein.model import App, Finding, Resource

SETTING = "PreventUserExistenceErrors"
MACHINES = ["client_credentials"]  # nobody signs in through such a client


@check(
    resource(CLIENT),
    fault=1,
    topics=("authentication", "data-exposure"),
    frameworks=("CWE-204",),
    peers=("cognito_user_pool_client_prevent_user_existence_errors",),
)
def account_enumeration(client: Resource, app: App) -> Iterator[Finding]:
    if client[SETTING] == "ENABLED" or client.value("AllowedOAuthFlows") == MACHINES:
        return
    pools = pools_of(app, client)
    closed = bool(pools) and all(invites_only(pool) for pool in pools)
    named = listed(pool.name for pool in pools) if pools else "its pool"
    yield Finding(
        place_of(client, SETTING),
        f"{client.name} tells strangers who has an account in {named}",
        cwe="CWE-204",
        endangers=tuple(pool.id for pool in pools),
        data=("pii.email",),
        fix=set_fix(client, [(SETTING, "ENABLED")], "answer the same for all names", safe=True),
        hygiene=not closed,
    )
