"""A client lets passwords be sent as they are.

## Why

With `USER_PASSWORD_AUTH` the application sends the password itself to Cognito; with SRP it proves that it knows it,
and nobody between ever has it. The flow is there for moving users from elsewhere.

## Fix

Leave `ALLOW_USER_SRP_AUTH` only in `ExplicitAuthFlows`.

## Examples

```yaml bad template.yaml
Resources:
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: eu-west-1_abc
      ExplicitAuthFlows: [ALLOW_USER_PASSWORD_AUTH, ALLOW_REFRESH_TOKEN_AUTH]  #? Client lets passwords be sent as they are
```

```yaml good template.yaml
Resources:
  Client:
    Type: AWS::Cognito::UserPoolClient
    Properties:
      UserPoolId: eu-west-1_abc
      ExplicitAuthFlows: [ALLOW_USER_SRP_AUTH, ALLOW_REFRESH_TOKEN_AUTH]
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import set_fix
from checkrein.checks.pools import CLIENT
from checkrein.model import App, Finding, Resource
from checkrein.model.values import items_of

FLOWS = "ExplicitAuthFlows"
IN_CLEAR = {"ALLOW_USER_PASSWORD_AUTH": "ALLOW_USER_SRP_AUTH", "USER_PASSWORD_AUTH": ""}


@check(
    resource(CLIENT),
    fault=1,
    topics=("authentication",),
    frameworks=("CWE-522",),
    hygiene=True,
)
def user_password_flow(client: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
    flows = list(map(str, items_of(client[FLOWS], FLOWS)))
    if IN_CLEAR.keys() & set(flows):
        kept = list(dict.fromkeys(filter(None, (IN_CLEAR.get(flow, flow) for flow in flows))))
        yield Finding(
            client.where(FLOWS),
            f"{client.name} lets passwords be sent as they are",
            cwe="CWE-522",
            endangers=(client.id,),
            fix=set_fix(client, [(FLOWS, kept)], "sign in with SRP"),
        )
