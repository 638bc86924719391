"""A token for a website lets whoever has it change the user's account.

## Why

`aws.cognito.signin.user.admin` lets an access token call Cognito's own API as the user: read and change
attributes, the e-mail address among them, change factors, delete the account. A client that only has to know who
signed in does not need it; what steals the token then takes the account over.

## Fix

Take the scope out of `AllowedOAuthScopes`; `openid`, `email` and `profile` say who the user is.

## Examples

```yaml bad template.yaml
Resources:
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: eu-west-1_abc
      AllowedOAuthFlowsUserPoolClient: true
      AllowedOAuthFlows: [code]
      AllowedOAuthScopes: [openid, aws.cognito.signin.user.admin]  #? tokens of Client may change and delete the user's account
      CallbackURLs: ["https://rides.example.com"]
```

```yaml good template.yaml
Resources:
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: eu-west-1_abc
      AllowedOAuthFlowsUserPoolClient: true
      AllowedOAuthFlows: [code]
      AllowedOAuthScopes: [openid, email]
      CallbackURLs: ["https://rides.example.com"]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import set_fix
from checkrein.checks.pools import CLIENT, speaks_oauth
from checkrein.model import App, Finding, Resource

SCOPES, WIDE = "AllowedOAuthScopes", "aws.cognito.signin.user.admin"


@check(
    resource(CLIENT),
    fault=1,
    topics=("least-privilege",),
    frameworks=("CWE-272",),
    hygiene=True,
)
def self_service_scope(client: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
    scopes = client.value(SCOPES)
    if isinstance(scopes, list) and WIDE in scopes and speaks_oauth(client):
        kept = [scope for scope in scopes if scope != WIDE]
        yield Finding(
            client.where(SCOPES),
            f"tokens of {client.name} may change and delete the user's account",
            cwe="CWE-272",
            endangers=(client.id,),
            fix=set_fix(client, [(SCOPES, kept)], "give tokens only what says who the user is"),
        )
