"""A user pool takes passwords that are soon guessed.

## Why

What a password guards is worth what guessing it costs. Without a policy of its own a pool asks for eight
characters of all four kinds; a policy that is given replaces that, and each kind it does not name is no longer
asked for. Length counts most: below eight a leaked hash is guessed in hours.

Eight characters of all kinds, or twelve of any, are let be. A pool that always asks for a second factor is for
auditors.

## Fix

Set `MinimumLength: 12` or more, and ask for kinds of characters below that.

## Examples

```yaml bad template.yaml
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      Policies:
        PasswordPolicy: {MinimumLength: 6}  #! Pool takes passwords of 6 characters of any kind
```

```yaml good template.yaml
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      Policies:
        PasswordPolicy: {MinimumLength: 12}
  Default:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolName: default}
```

```yaml bad template.yaml
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties:
      Policies:
        PasswordPolicy:
          MinimumLength: 8  #! Pool takes passwords of 8 characters with lower case and digits
          RequireLowercase: true
          RequireNumbers: true
  Almost:
    Type: AWS::Cognito::UserPool
    Properties:
      Policies:
        PasswordPolicy:
          MinimumLength: 10  #? Almost takes passwords of 10 characters with upper case, lower case and digits
          RequireUppercase: true
          RequireLowercase: true
          RequireNumbers: true
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import set_fix
from checkrein.checks.pools import POOL, invites_only, opened
from checkrein.checks.questions import listed
from checkrein.model import App, Finding, Resource

POLICY = "Policies.PasswordPolicy"
LENGTH = f"{POLICY}.MinimumLength"
KINDS = {
    "RequireUppercase": "upper case",
    "RequireLowercase": "lower case",
    "RequireNumbers": "digits",
    "RequireSymbols": "symbols",
}
DEFAULT = 8
SHORT, LONG = 8, 12  # below, at once a finding; from here on, none
GRAVE = frozenset({"pay", "bank", "phi", "special"})  # families of what a guess may cost dearly
FEW = 2  # kinds of characters that make eight of them easy to guess


@check(
    resource(POOL),
    fault=1,
    topics=("passwords",),
    frameworks=("CWE-521",),
    peers=(
        *("AwsSolutions-COG1", "cognito_user_pool_password_policy_minimum_length_14"),
        *(
            "cognito_user_pool_password_policy_lowercase",
            "cognito_user_pool_password_policy_number",
        ),
        *(
            "cognito_user_pool_password_policy_symbol",
            "cognito_user_pool_password_policy_uppercase",
        ),
    ),
)
def weak_password_policy(pool: Resource, app: App) -> Iterator[Finding]:
    if pool.value(POLICY) is None:
        return
    length = pool.number(LENGTH, DEFAULT)
    asked = [words for name, words in KINDS.items() if pool[f"{POLICY}.{name}"] is True]
    if length >= LONG or (length >= SHORT and len(asked) == len(KINDS)):
        return
    weak = length < SHORT or len(asked) <= FEW
    kinds = f"with {listed(asked, len(KINDS))}" if asked else "of any kind"
    yield Finding(
        pool.where(LENGTH),
        f"{pool.name} takes passwords of {length} characters {kinds}",
        cwe="CWE-521",
        endangers=(pool.id,),
        data=("cred.password", *opened(app, pool.id)),
        fix=set_fix(pool, [(LENGTH, LONG)], f"ask for {LONG} characters"),
        fault=2 if length < SHORT and _opens_much(app, pool) else 1,
        hygiene=not weak or pool["MfaConfiguration"] == "ON",
    )


def _opens_much(app: App, pool: Resource) -> bool:
    """Tell whether a guessed password opens money, health or what staff may do.

    Cognito slows down who guesses, so that for anything else few characters are a lesser fault.
    """
    families = {data.partition(".")[0] for data in opened(app, pool.id)}
    return invites_only(pool) or not GRAVE.isdisjoint(families)
