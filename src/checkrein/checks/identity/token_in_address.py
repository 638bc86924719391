"""Users' tokens stand in the browser's address.

## Why

The implicit grant gives the tokens to the page in its address: they stay in the browser's history, in logs of
what the page loads, and in whatever script reads the address. OAuth 2.1 leaves it out. The code grant with PKCE
does the same for pages without a secret.

## Fix

Use `code` in `AllowedOAuthFlows`.

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
      AllowedOAuthFlowsUserPoolClient: true
      AllowedOAuthFlows: [implicit]  #! tokens of those who sign in through Client stand in the browser's address
      AllowedOAuthScopes: [openid]
      CallbackURLs: ["https://rides.example.com"]
```

```yaml good template.yaml
Resources:
  Pool:
    Type: AWS::Cognito::UserPool
    Properties: {UserPoolName: riders}
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: !Ref Pool
      AllowedOAuthFlowsUserPoolClient: true
      AllowedOAuthFlows: [code]
      AllowedOAuthScopes: [openid]
      CallbackURLs: ["https://rides.example.com"]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import set_fix
from checkrein.checks.pools import CLIENT, opened_by, speaks_oauth
from checkrein.model import App, Finding, Resource

FLOWS = "AllowedOAuthFlows"


@check(
    resource(CLIENT),
    fault=1,
    topics=("authentication", "data-exposure"),
    frameworks=("CWE-598", "CWE-522"),
)
def token_in_address(client: Resource, app: App) -> Iterator[Finding]:
    flows = client[FLOWS]
    if isinstance(flows, list) and "implicit" in flows and speaks_oauth(client):
        kept = list(dict.fromkeys("code" if flow == "implicit" else flow for flow in flows))
        yield Finding(
            client.where(FLOWS),
            f"tokens of those who sign in through {client.name} stand in the browser's address",
            cwe="CWE-598",
            endangers=(client.id,),
            data=opened_by(app, client),
            fix=set_fix(client, [(FLOWS, kept)], "use the code grant"),
        )
