"""Who may ask for a field of a GraphQL API, as lines."""

from collections.abc import Callable

import pytest

from checkrein.derive.surface import lines
from checkrein.model import App

Scan = Callable[[dict[str, str]], App]
GRAPH = """
Resources:
  Pool: {{Type: AWS::Cognito::UserPool, Properties: {{AdminCreateUserConfig: {{AllowAdminCreateUserOnly: true}}}}}}
  Graph:
    Type: AWS::AppSync::GraphQLApi
    Properties:
      AuthenticationType: API_KEY
      {more}
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties:
      ApiId: !GetAtt Graph.ApiId
      {schema}
  Notes: {{Type: AWS::DynamoDB::Table, Properties: {{}}}}
  Source:
    Type: AWS::AppSync::DataSource
    Properties: {{ApiId: !GetAtt Graph.ApiId, Name: notes, Type: AMAZON_DYNAMODB, DynamoDBConfig: {{TableName: !Ref Notes}}}}
  Note:
    Type: AWS::AppSync::Resolver
    Properties:
      ApiId: !GetAtt Graph.ApiId
      TypeName: Query
      FieldName: note
      DataSourceName: !GetAtt Source.Name
      Code: "export const request = () => ({{ operation: 'GetItem' }})"
"""
POOL = "AdditionalAuthenticationProviders: [{AuthenticationType: AMAZON_COGNITO_USER_POOLS, UserPoolConfig: {UserPoolId: !Ref Pool}}]"


@pytest.mark.parametrize(
    ("more", "schema", "who"),
    [
        ("Name: notes", "Definition: 'type Query { note(id: ID!): Note }'", ("@anyone",)),
        (POOL, "Definition: 'type Query { note(id: ID!): Note  list: [Note!]! }'", ("@anyone",)),
        (
            POOL,
            "Definition: 'type Query { note(id: ID!): Note @aws_cognito_user_pools list: [Note!]! }'",
            ("app/Pool",),
        ),
        (
            POOL,
            'Definition: "type Query { list: [Note!]! note(id: ID!): Note! @aws_api_key @aws_cognito_user_pools(cognito_groups: [\\"b\\", \\"a\\"]) }"',
            ("@anyone", "app/Pool if in a or b"),
        ),
        (
            POOL,
            "Definition: 'type Query @aws_cognito_user_pools { note: Note }'",
            ("app/Pool",),
        ),
        (
            POOL,
            "DefinitionS3Location: schema.graphql",
            ("@anyone if the schema says so", "app/Pool if the schema says so"),
        ),
    ],
)
def test_the_schema_says_who_may_ask_for_a_field(
    derived: Scan, more: str, schema: str, who: tuple[str, ...]
) -> None:
    app = derived({"app.yaml": GRAPH.format(more=more, schema=schema)})
    told = {line.id: line.values for line in lines(app) if line.owner == "app/Graph"}
    assert told["entry app/Graph appsync Query.note"] == who
    assert told["call app/Graph app/Notes"] == ("dynamodb:GetItem",)
