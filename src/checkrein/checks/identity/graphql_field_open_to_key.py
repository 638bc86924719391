"""A GraphQL field is open to whoever has the API key, as nothing says otherwise.

## Why

An API with several ways to authenticate uses the first for every type and field that has no directive. Where
that is the API key, which every client carries, a mutation without `@aws_cognito_user_pools`, `@aws_iam`,
`@aws_oidc` or `@aws_lambda` may be called by anyone, though the application knows its users.

Only schemas that stand in the template are read. A field that no resolver answers does nothing.

## Fix

Make the user pool the default (`AuthenticationType`), and mark what the key may do with `@aws_api_key`.

## Examples

```yaml bad template.yaml
Resources:
  Graph:
    Type: AWS::AppSync::GraphQLApi
    Properties:
      Name: rides
      AuthenticationType: API_KEY
      AdditionalAuthenticationProviders:
        - AuthenticationType: AMAZON_COGNITO_USER_POOLS
          UserPoolConfig: {UserPoolId: eu-west-1_abc, AwsRegion: eu-west-1}
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties:
      ApiId: !GetAtt Graph.ApiId
      Definition: |  #! whoever finds the API key of Graph may call Mutation.deleteRide, which asks for no user
        type Ride { id: ID! }
        type Query { rides: [Ride] }
        type Mutation {
          deleteRide(id: ID!): Ride
          bookRide(id: ID!): Ride @aws_cognito_user_pools
        }
```

```yaml bad template.yaml
Resources:
  Graph:
    Type: AWS::AppSync::GraphQLApi
    Properties:
      Name: rides
      AuthenticationType: API_KEY
      AdditionalAuthenticationProviders:
        - AuthenticationType: AWS_IAM
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties:
      ApiId: !GetAtt Graph.ApiId
      Definition: |  #! whoever finds the API key of Graph may call Mutation.endRide, which asks for no user
        type Ride { id: ID! }
        type Query { ride(id: ID!): Ride }
        type Mutation {
          endRide(id: ID!): Ride
          deleteRide(id: ID!): Ride
          bookRide(id: ID!): Ride @aws_iam
        }
  Nothing:
    Type: AWS::AppSync::DataSource
    Properties: {ApiId: !GetAtt Graph.ApiId, Name: nothing, Type: NONE}
  EndRide:
    Type: AWS::AppSync::Resolver
    Properties:
      ApiId: !GetAtt Graph.ApiId
      TypeName: Mutation
      FieldName: endRide
      DataSourceName: !GetAtt Nothing.Name
```

```yaml good template.yaml
Resources:
  Graph:
    Type: AWS::AppSync::GraphQLApi
    Properties:
      Name: rides
      AuthenticationType: AMAZON_COGNITO_USER_POOLS
      UserPoolConfig: {UserPoolId: eu-west-1_abc, AwsRegion: eu-west-1, DefaultAction: ALLOW}
      AdditionalAuthenticationProviders:
        - {AuthenticationType: API_KEY}
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties:
      ApiId: !GetAtt Graph.ApiId
      Definition: |
        type Ride { id: ID! }
        type Query { rides: [Ride] @aws_api_key }
        type Mutation { deleteRide(id: ID!): Ride }
```
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from checkrein.checks import check, resource
from checkrein.checks.context import configuring
from checkrein.checks.doors import GRAPHQL
from checkrein.checks.graphql import RESOLVER, held, modes, schemas
from checkrein.checks.questions import listed
from checkrein.late import regex
from checkrein.model import App, Finding, Resource

BLOCK = regex(r"(?:extend\s+)?type\s+Mutation\b([^{]*)\{(.*?)\}", re.DOTALL)
FIELD = regex(r"^\s*(\w+)\s*(?:\([^)]*\))?\s*:", re.MULTILINE)
DIRECTIVE = regex(r"@aws_(cognito_user_pools|iam|oidc|lambda|auth|api_key)\b")
KNOWN = frozenset({"AMAZON_COGNITO_USER_POOLS", "AWS_IAM", "OPENID_CONNECT", "AWS_LAMBDA"})


@check(
    resource(GRAPHQL),
    fault=2,
    topics=("authentication", "authorization"),
    frameworks=("CWE-306", "CWE-862"),
)
def graphql_field_open_to_key(api: Resource, app: App) -> Iterator[Finding]:
    taken = modes(api)
    if taken[:1] != ["API_KEY"] or not KNOWN & set(taken):
        return
    answered = _answered(app, api)
    for schema, text in schemas(app, api.id):
        fields = [
            f"Mutation.{name}" for name in _unmarked(text) if answered is None or name in answered
        ]
        if fields:
            verb = "asks" if len(fields) == 1 else "ask"
            yield Finding(
                schema.where("Definition"),
                f"whoever finds the API key of {api.name} may call {listed(fields)}, which {verb}"
                " for no user",
                cwe="CWE-862",
                endangers=(api.id,),
                data=held(app, api.id),
                key=tuple(fields),
            )


def _answered(app: App, api: Resource) -> set[str] | None:
    """Return the mutations that resolvers answer; None where some or all stand elsewhere."""
    found = configuring(app, api.id, RESOLVER, "ApiId")
    names = [(each.value("TypeName"), each.value("FieldName")) for each in found]
    if not names or not all(
        isinstance(type, str) and isinstance(name, str) for type, name in names
    ):
        return None
    return {str(name) for type, name in names if type == "Mutation"}


def _unmarked(text: str) -> Iterator[str]:
    """Yield the mutations that no directive gives to anybody in particular."""
    plain = re.sub(r'#[^\n]*|"""(?:.*?)"""', "", text, flags=re.DOTALL)
    for block in BLOCK.finditer(plain):
        if DIRECTIVE.search(block[1]):
            continue
        fields = list(FIELD.finditer(block[2]))
        ends = [*(field.start() for field in fields[1:]), len(block[2])]
        for field, end in zip(fields, ends, strict=True):
            if not DIRECTIVE.search(block[2][field.start() : end]):
                yield field[1]
