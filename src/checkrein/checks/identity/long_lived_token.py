"""A stolen token works for very long, or can not be taken back.

## Why

Whoever has a refresh token makes new tokens with it until it expires: by default 30 days. A client may be given
up to ten years, and may switch revocation off: then signing out, or an administrator's sign-out, leaves a
stolen access token valid. Access tokens are for an hour by default.

## Fix

Leave `EnableTokenRevocation` on, and set `RefreshTokenValidity` to days or weeks.

## Examples

```yaml bad template.yaml
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolName: riders}
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !Ref Pool
      RefreshTokenValidity: 3650  #! a stolen refresh token of Client works for 3650 days
      EnableTokenRevocation: false  #! nobody can take back a stolen token of Client
```

```yaml good template.yaml
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolName: riders}
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties: {UserPoolId: !Ref Pool, RefreshTokenValidity: 30}
```

```yaml bad template.yaml
Resources:
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: eu-west-1_abc
      RefreshTokenValidity: 60  #? a stolen refresh token of Client works for 60 days
      AccessTokenValidity: 1440  #? a stolen access token of Client works for 24 hours
      TokenValidityUnits: {AccessToken: minutes}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import set_fix
from checkrein.checks.pools import CLIENT, opened_by
from checkrein.model import App, Finding, Resource

SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
DAY, HOUR = 86400, 3600
REVOKING = "EnableTokenRevocation"
REFRESH, ACCESS = "RefreshTokenValidity", "AccessTokenValidity"
MONTH, YEAR = 30 * DAY, 365 * DAY


@check(
    resource(CLIENT),
    fault=1,
    topics=("authentication",),
    frameworks=("CWE-613",),
    peers=("cognito_user_pool_client_token_revocation_enabled",),
)
def long_lived_token(client: Resource, app: App) -> Iterator[Finding]:
    if client[REVOKING] is False:
        message = f"nobody can take back a stolen token of {client.name}"
        yield _finding(app, client, REVOKING, message, wanted=True)
    lasting = _lasts(client, REFRESH, "RefreshToken", "days")
    if lasting > MONTH:
        message = f"a stolen refresh token of {client.name} works for {lasting // DAY} days"
        yield _finding(app, client, REFRESH, message, wanted=30, hygiene=lasting < YEAR)
    lasting = _lasts(client, ACCESS, "AccessToken", "hours")
    if lasting > HOUR:
        message = f"a stolen access token of {client.name} works for {lasting // HOUR} hours"
        yield _finding(app, client, ACCESS, message, wanted=1, hygiene=True)


def _lasts(client: Resource, path: str, token: str, usual: str) -> int:
    """Return for how many seconds a token is valid, 0 where the default is left."""
    number = client[path]
    unit = client[f"TokenValidityUnits.{token}"] or usual
    return int(number) * SECONDS.get(str(unit), 0) if isinstance(number, int) else 0


def _finding(
    app: App, client: Resource, path: str, message: str, *, wanted: object, hygiene: bool = False
) -> Finding:
    plain = client.value("TokenValidityUnits") is None or path == REVOKING
    return Finding(
        client.where(path),
        message,
        cwe="CWE-613",
        endangers=(client.id,),
        data=opened_by(app, client),
        fix=set_fix(client, [(path, wanted)], "let stolen tokens end sooner") if plain else None,
        key=(path,),
        hygiene=hygiene,
    )
