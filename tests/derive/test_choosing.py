"""Who may choose what code uses: fields of requests, and what a user pool holds."""

from collections.abc import Callable
from textwrap import indent

import pytest

from checkrein.model import App, Taint

Scan = Callable[[dict[str, str]], App]

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Pool: {{Type: AWS::Cognito::UserPool}}
  Web: {{Type: AWS::Cognito::UserPoolClient, Properties: {{UserPoolId: !Ref Pool}}}}
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Environment: {{Variables: {{POOL: !Ref Pool, CLIENT: !Ref Web}}}}
      Events: {{Asked: {{Type: {kind}, Properties: {{Method: get, Path: "{path}"}}}}}}
      InlineCode: |
        import boto3, os
        pool = boto3.client("cognito-idp")
        def handler(event, context):
{code}
"""
ASKED = """\
answer = pool.admin_initiate_auth(UserPoolId=os.environ["POOL"], AuthFlow="ADMIN_NO_SRP_AUTH", AuthParameters={"USERNAME": event["body"]})
os.system(answer["AuthenticationResult"]["%s"])
"""
USER = """\
user = pool.admin_get_user(UserPoolId=os.environ["POOL"], Username="me")
os.system(user["UserAttributes"][0]["Value"])
"""


def chosen(
    derived: Scan, code: str, path: str = "/rides", kind: str = "Api"
) -> list[tuple[str, str]]:
    """Return who may choose what the code hands to a command, and where it comes in."""
    text = TEMPLATE.format(code=indent(code, " " * 10), path=path, kind=kind)
    app = derived({"app.yaml": text})
    return [(t.who, t.field.path) for t in app.every(Taint) if t.argument == "command"]


@pytest.mark.parametrize(
    ("field", "path", "kind", "who"),
    [
        ("['queryStringParameters']['q']", "/rides", "Api", "anyone"),
        ("['path']", "/rides", "Api", None),
        ("['path']", "/rides/{id}", "Api", "anyone"),
        ("['path']", "/{proxy+}", "Api", "anyone"),
        ("['rawPath']", "/rides", "HttpApi", None),
        ("['rawPath']", "/rides/{id}", "HttpApi", "anyone"),
        ("['requestContext']['http']['path']", "/rides", "HttpApi", None),
        ("['headers']['Host']", "/rides", "Api", None),
        ("['headers']['host']", "/rides/{id}", "HttpApi", None),
        ("['multiValueHeaders']['Host'][0]", "/rides", "Api", None),
        ("['headers']['X-Forwarded-Host']", "/rides", "Api", "anyone"),
    ],
)
def test_what_a_request_can_not_say_otherwise_nobody_chooses(
    derived: Scan, field: str, path: str, kind: str, who: str | None
) -> None:
    found = chosen(derived, f"os.system(event{field})", path, kind)
    assert [each for each, _ in found] == ([who] if who else [])


@pytest.mark.parametrize("made", ["AccessToken", "IdToken", "RefreshToken"])
def test_a_pool_makes_its_tokens_itself(derived: Scan, made: str) -> None:
    assert chosen(derived, ASKED % made) == []


BY_CLIENT = """\
web = os.environ["CLIENT"]
pool.respond_to_auth_challenge(ClientId=web, ChallengeName="C", ChallengeResponses=event["body"])
answer = pool.initiate_auth(ClientId=web, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters={})
os.system(answer["%s"])
"""


@pytest.mark.parametrize(
    ("answer", "count"),
    [('AuthenticationResult"]["IdToken', 0), ('AuthenticationResult"]["Other', 1)],
)
def test_a_pool_makes_its_tokens_for_clients_too(derived: Scan, answer: str, count: int) -> None:
    assert len(chosen(derived, BY_CLIENT % answer)) == count


def test_users_fill_in_their_attributes(derived: Scan) -> None:
    assert chosen(derived, USER) == [("anyone who signs up", "Value")]


FIELD = """
Resources:
  Pool: {{Type: AWS::Cognito::UserPool, Properties: {{AdminCreateUserConfig: {{AllowAdminCreateUserOnly: true}}}}}}
  Graph:
    Type: AWS::AppSync::GraphQLApi
    Properties:
      AuthenticationType: API_KEY
      AdditionalAuthenticationProviders: [{{AuthenticationType: AMAZON_COGNITO_USER_POOLS, UserPoolConfig: {{UserPoolId: !Ref Pool}}}}]
  Schema:
    Type: AWS::AppSync::GraphQLSchema
    Properties:
      ApiId: !GetAtt Graph.ApiId
      Definition: "type Mutation {{ add(it: String): String {mark} }}"
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/worker
      Environment: {{Variables: {{TOOL: "{{{{resolve:ssm:/tool}}}}"}}}}
      Code:
        ZipFile: |
          import os
          def handler(event, context):
              os.system({said})
  Source: {{Type: AWS::AppSync::DataSource, Properties: {{ApiId: !GetAtt Graph.ApiId, Name: work, Type: AWS_LAMBDA, LambdaConfig: {{LambdaFunctionArn: !GetAtt Work.Arn}}}}}}
  Add:
    Type: AWS::AppSync::Resolver
    Properties:
      ApiId: !GetAtt Graph.ApiId
      TypeName: Mutation
      FieldName: add
      DataSourceName: !GetAtt Source.Name
      RequestMappingTemplate: '{{"operation": "Invoke", "payload": {payload}}}'
"""
HANDED = '{"it": $util.toJson($ctx.args.it), "by": "$ctx.identity.sub"}'


@pytest.mark.parametrize(
    ("payload", "said", "who"),
    [
        ("$util.toJson($ctx)", "event['arguments']['it']", ["anyone"]),
        ("$util.toJson($ctx)", "event['identity']['sub']", []),
        ("$util.toJson($ctx.args)", "event['it']", ["anyone"]),
        ('{"all": $util.toJson($ctx)}', "event['all']['arguments']['it']", ["anyone"]),
        ('{"action": "list", "it": $util.toJson($ctx.args.it)}', "event['action']", []),
    ],
)
def test_callers_choose_what_a_template_hands_on_of_a_request(
    derived: Scan, payload: str, said: str, who: list[str]
) -> None:
    app = derived({"app.yaml": FIELD.format(mark="", said=said, payload=payload)})
    assert [t.who for t in app.every(Taint) if t.argument == "command"] == who


@pytest.mark.parametrize(
    ("mark", "said", "who"),
    [
        ("", "event['it']", ["anyone"]),
        ("", "event['by']", []),
        ("@aws_api_key @aws_cognito_user_pools", "event['it']", ["anyone"]),
        ("@aws_cognito_user_pools", "event['it']", ["a signed-in caller"]),
        ("", "os.environ['TOOL']", []),
    ],
)
def test_those_choose_whom_the_schema_lets_ask_and_nobody_a_setting(
    derived: Scan, mark: str, said: str, who: list[str]
) -> None:
    app = derived({"app.yaml": FIELD.format(mark=mark, said=said, payload=HANDED)})
    assert [t.who for t in app.every(Taint) if t.argument == "command"] == who
