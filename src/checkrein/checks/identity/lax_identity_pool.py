"""An identity pool gives credentials more freely than it has to.

## Why

Guests get AWS credentials without a word about who they are. With the classic flow a client picks the role's
session itself, past the policy that Cognito puts on guests otherwise. Without the server-side check of tokens,
somebody who was signed out or deleted still gets credentials until the token expires.

What guests may do with valuable data is told by `guest-access-to-valuable-data`.

## Fix

Set `AllowUnauthenticatedIdentities: false`, leave `AllowClassicFlow` out, set `ServerSideTokenCheck: true`.

## Examples

```yaml bad template.yaml
Resources:
  Pool:
    Type: AWS::Cognito::IdentityPool
    Properties:
      AllowUnauthenticatedIdentities: true  #? Pool gives guests AWS credentials
      AllowClassicFlow: true  #? Pool lets clients choose how they use a role
      CognitoIdentityProviders:
        - {ClientId: abc, ProviderName: cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc, ServerSideTokenCheck: false}  #? Pool gives those who were signed out credentials until their token ends
```

```yaml good template.yaml
Resources:
  Pool:
    Type: AWS::Cognito::IdentityPool
    Properties:
      AllowUnauthenticatedIdentities: false
      CognitoIdentityProviders:
        - {ClientId: abc, ProviderName: cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc, ServerSideTokenCheck: true}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import set_fix
from checkrein.model import App, Finding, Path, Resource

SETTINGS = {  # what is set, to what it should be, and what it does otherwise
    "AllowUnauthenticatedIdentities": "gives guests AWS credentials",
    "AllowClassicFlow": "lets clients choose how they use a role",
}
PROVIDERS, CHECKED = "CognitoIdentityProviders", "ServerSideTokenCheck"


@check(
    resource("AWS::Cognito::IdentityPool"),
    fault=1,
    topics=("authentication",),
    frameworks=("CWE-306", "AWS-FSBP:Cognito.2"),
    peers=(
        *("CKV_AWS_366", "W57", "Cognito.2", "AwsSolutions-COG7"),
        "cognito_identity_pool_guest_access_disabled",
        *("COGNITO_ALLOW_UNAUTHENTICATED_IDENTITIES_RULE",),
    ),
    hygiene=True,
)
def lax_identity_pool(pool: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
    for name, does in SETTINGS.items():
        if pool[name] is True:
            yield _finding(pool, (name,), does, wanted=False)
    providers = pool.value(PROVIDERS)
    for index, _ in enumerate(providers if isinstance(providers, list) else []):
        path = (PROVIDERS, index, CHECKED)
        if pool[path] is False:
            does = "gives those who were signed out credentials until their token ends"
            yield _finding(pool, path, does, wanted=True)


def _finding(pool: Resource, path: Path, does: str, *, wanted: bool) -> Finding:
    return Finding(
        pool.where(path),
        f"{pool.name} {does}",
        cwe="CWE-306",
        endangers=(pool.id,),
        fix=set_fix(pool, [(path, wanted)], "give credentials to known users only"),
        key=tuple(map(str, path)),
    )
