"""Strangers may ask a GraphQL API for its whole schema.

## Why

Introspection names every type, field and mutation, those of administrators too. Whoever looks for a way in
starts there. AppSync answers it by default; a finished application does not need it.

## Fix

Set `IntrospectionConfig: DISABLED`.

## Examples

```yaml bad template.yaml
Resources:
  Graph:  #? whoever finds the API key of Graph may ask for its whole schema
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: rides, AuthenticationType: API_KEY}
```

```yaml good template.yaml
Resources:
  Graph:
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: rides, AuthenticationType: API_KEY, IntrospectionConfig: DISABLED}
  Inner:
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: reports, AuthenticationType: AWS_IAM}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import set_fix
from checkrein.checks.doors import GRAPHQL
from checkrein.checks.graphql import modes
from checkrein.model import App, Finding, Resource

SETTING = "IntrospectionConfig"


@check(
    resource(GRAPHQL),
    fault=1,
    topics=("configuration",),
    frameworks=("CWE-200",),
    hygiene=True,
)
def open_introspection(api: Resource, app: App) -> Iterator[Finding]:  # noqa: ARG001
    if api[SETTING] != "DISABLED" and "API_KEY" in modes(api):
        yield Finding(
            api.place,
            f"whoever finds the API key of {api.name} may ask for its whole schema",
            cwe="CWE-200",
            endangers=(api.id,),
            fix=set_fix(api, [(SETTING, "DISABLED")], "answer no questions about the schema"),
        )
