"""A user pool does not notice stolen passwords.

## Why

Threat protection (formerly advanced security) compares passwords with those known from leaks and looks at where
and how people sign in. It belongs to the Plus plan and costs by active user, so it is for those whose auditors
or users' worth ask for it.

## Fix

Set `UserPoolAddOns: {AdvancedSecurityMode: ENFORCED}`.

## Examples

```yaml bad template.yaml
Resources:
  Pool:  #? Pool does not notice stolen passwords
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolName: riders}
```

```yaml good template.yaml
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      UserPoolAddOns: {AdvancedSecurityMode: ENFORCED}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import place_of, set_fix
from checkrein.checks.pools import POOL
from checkrein.model import App, Finding, Resource

SETTING = "UserPoolAddOns.AdvancedSecurityMode"


@check(
    resource(POOL),
    fault=1,
    topics=("threat-detection",),
    frameworks=("CWE-307", "AWS-FSBP:Cognito.1"),
    peers=(
        "Cognito.1",
        "cognito_user_pool_advanced_security_enabled",
        *(
            "cognito_user_pool_blocks_compromised_credentials_sign_in_attempts",
            "cognito_user_pool_blocks_potential_malicious_sign_in_attempts",
        ),
    ),
    hygiene=True,
)
def pool_without_threat_protection(pool: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
    if pool[SETTING] != "ENFORCED":
        yield Finding(
            place_of(pool, SETTING),
            f"{pool.name} does not notice stolen passwords",
            cwe="CWE-307",
            endangers=(pool.id,),
            fix=set_fix(pool, [(SETTING, "ENFORCED")], "refuse what looks stolen"),
        )
