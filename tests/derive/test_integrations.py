from collections.abc import Callable
from textwrap import dedent, indent

import pytest

from checkrein.model import App, Entry

Scan = Callable[[dict[str, str]], App]

FUNCTION = """
Resources:
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: arn:aws:iam::111122223333:role/worker
      Code: {ZipFile: "def handler(event, context): return {}"}
"""
API = """
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: a}}
  Post:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: POST
      AuthorizationType: NONE
      Integration:
        Uri: !Sub "arn:aws:apigateway:r:lambda:path/f/${Work.Arn}/invocations"
"""


@pytest.mark.parametrize(
    ("integration", "handed"),
    [
        pytest.param("Type: AWS_PROXY", (True, False, "event.body"), id="proxy"),
        pytest.param("Type: AWS", (False, False, "event"), id="passthrough"),
        pytest.param(
            """
            Type: AWS
            RequestParameters:
              integration.request.header.X-Amz-Invocation-Type: "'Event'"
            RequestTemplates:
              application/json: '{"payload": $input.json("$"), "who": "$context.identity.sourceIp"}'
            """,
            (False, True, "event.payload"),
            id="asynchronous, with a template",
        ),
    ],
)
def test_what_a_function_gets(
    derived: Scan, integration: str, handed: tuple[bool, bool, str]
) -> None:
    text = FUNCTION + API + indent(dedent(integration), "        ")
    [found] = derived({"app.yaml": text}).every(Entry)
    assert (found.proxy, found.asynchronous, found.content) == handed
