"""Sign-in sends users back over plain HTTP.

## Why

After signing in, the browser brings the code or the tokens to the callback address. Over `http:` everybody on the
way reads them and is signed in as the user. Addresses of the developer's own machine are let be.

## Fix

Serve the page over HTTPS and name that address.

## Examples

```yaml bad template.yaml
Resources:
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: eu-west-1_abc
      AllowedOAuthFlowsUserPoolClient: true
      AllowedOAuthFlows: [code]
      AllowedOAuthScopes: [openid]
      CallbackURLs:
        - http://localhost:3000
        - http://rides.example.com/signed-in  #! Client sends users back to http://rides.example.com/signed-in in clear
```

```yaml good template.yaml
Resources:
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: eu-west-1_abc
      AllowedOAuthFlowsUserPoolClient: true
      AllowedOAuthFlows: [code]
      AllowedOAuthScopes: [openid]
      CallbackURLs: ["https://rides.example.com/signed-in", "http://localhost:3000", "myapp://signed-in"]
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import set_fix
from checkrein.checks.pools import CLIENT, opened_by, speaks_oauth
from checkrein.late import regex
from checkrein.model import App, Finding, Resource
from checkrein.model.values import alternatives

ADDRESSES = ("CallbackURLs", "DefaultRedirectURI")
OWN = regex(r"http://(localhost|127\.|\[::1\]|0\.0\.0\.0|10\.|192\.168\.)")


@check(
    resource(CLIENT),
    fault=2,
    topics=("encryption-in-transit",),
    frameworks=("CWE-319", "CWE-523"),
)
def plain_http_callback(client: Resource, app: App) -> Iterator[Finding]:
    if not speaks_oauth(client):
        return
    for name in ADDRESSES:
        value = client.value(name)
        for index, address in enumerate(value if isinstance(value, list) else [value]):
            path = (name, index) if isinstance(value, list) else (name,)
            for text in (str(one) for one in alternatives(address) if one is not None):
                if not text.startswith("http://") or OWN.match(text):
                    continue
                secure = text.replace("http://", "https://", 1)
                plain = isinstance(address, str)
                yield Finding(
                    client.where(path),
                    f"{client.name} sends users back to {_shown(text)} in clear",
                    cwe="CWE-319",
                    endangers=(client.id,),
                    data=("cred.token", *opened_by(app, client)),
                    fix=set_fix(client, [(path, secure)], "come back over HTTPS")
                    if plain
                    else None,
                    key=(name, text),
                )


def _shown(text: str) -> str:
    """Return an address with what is open in it as a person would write it."""
    return re.sub(r"\$\{[^}]*[./@]([^}.]+)(?:\.\w+)?\}", r"…", text)
