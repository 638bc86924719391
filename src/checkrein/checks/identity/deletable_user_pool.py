"""One call deletes a user pool with all its users.

## Why

Users and their passwords can not be exported, and Cognito keeps no backup: a pool that is deleted by mistake, or
by a change of the template that replaces it, is gone. With deletion protection the call is refused.

## Fix

Set `DeletionProtection: ACTIVE`.

## Examples

```yaml bad template.yaml
Resources:
  Pool:  #? one call deletes Pool with all its users
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolName: riders}
```

```yaml good template.yaml
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolName: riders, DeletionProtection: ACTIVE}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import place_of, set_fix
from checkrein.checks.pools import POOL
from checkrein.model import App, Finding, Resource

SETTING = "DeletionProtection"


@check(
    resource(POOL),
    fault=1,
    topics=("backup",),
    frameworks=("CWE-404",),
    peers=("cognito_user_pool_deletion_protection_enabled",),
    hygiene=True,
)
def deletable_user_pool(pool: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
    if pool[SETTING] != "ACTIVE":
        yield Finding(
            place_of(pool, SETTING),
            f"one call deletes {pool.name} with all its users",
            cwe="CWE-404",
            endangers=(pool.id,),
            fix=set_fix(pool, [(SETTING, "ACTIVE")], "refuse to delete the pool"),
        )
