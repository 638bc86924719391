"""One GraphQL query may ask for everything at once.

## Why

Where types refer to each other a query can nest them without end (`rides { rider { rides { …`): one request
becomes thousands of reads. AppSync has no limit unless `QueryDepthLimit` or `ResolverCountLimit` is set; by
default a query may run 10,000 resolvers. It matters where callers are strangers; where the schema stands in the
template and no types refer to each other in a circle, nothing is said.

## Fix

Set `QueryDepthLimit` to what the app's own queries need, and `ResolverCountLimit`.

## Examples

```yaml bad template.yaml
Resources:
  Graph:  #! whoever finds the API key of Graph may nest queries without end
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: rides, AuthenticationType: API_KEY}
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties:
      ApiId: !GetAtt Graph.ApiId
      Definition: |
        type Ride { id: ID! rider: Rider }
        type Rider { name: String rides: [Ride] }
        type Query { rides: [Ride] }
```

```yaml good template.yaml
Resources:
  Graph:
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: rides, AuthenticationType: API_KEY, QueryDepthLimit: 8, ResolverCountLimit: 500}
```

```yaml bad template.yaml
Resources:
  Graph:  #? callers of Graph may nest queries without end
    Type: AWS::AppSync::GraphQLApi
    Properties: {Name: rides, AuthenticationType: AWS_IAM}
```
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import set_fix
from checkrein.checks.doors import GRAPHQL
from checkrein.checks.graphql import held, modes, nests, schemas
from checkrein.model import App, Finding, Resource

LIMITS = (("QueryDepthLimit", 10), ("ResolverCountLimit", 1000))


@check(
    resource(GRAPHQL),
    fault=1,
    topics=("denial-of-service",),
    frameworks=("CWE-770", "CWE-674"),
)
def unlimited_query(api: Resource, app: App) -> Iterator[Finding]:
    if any(api.value(name) not in (None, 0) for name, _ in LIMITS):
        return
    known = [text for _, text in schemas(app, api.id)]
    if known and not any(map(nests, known)):
        return
    strangers = bool(known) and "API_KEY" in modes(api)
    who = f"whoever finds the API key of {api.name}" if strangers else f"callers of {api.name}"
    yield Finding(
        api.place,
        f"{who} may nest queries without end",
        cwe="CWE-770",
        endangers=(api.id,),
        data=held(app, api.id) if strangers else (),
        fix=set_fix(api, LIMITS, "limit how deep and how wide a query may be"),
        hygiene=not strangers,
    )
