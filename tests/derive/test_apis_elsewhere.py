"""A part of a SAM application: who may call an API that another template declares is not known."""

from collections.abc import Callable

import pytest

from checkrein.model import App, Entry

Scan = Callable[[dict[str, str]], App]

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Parameters: {Given: {Type: String}}
Resources:
  Own: {Type: AWS::Serverless::Api, Properties: {StageName: live}}
  Open:
    Type: AWS::Serverless::Function
    Properties: &code
      Runtime: python3.14
      Handler: index.handler
      InlineCode: "def handler(event, context): pass"
      Events: {Get: {Type: Api, Properties: {Path: /open, Method: get}}}
  Asked:
    Type: AWS::Serverless::Function
    Properties:
      <<: *code
      Events: {Get: {Type: KIND, Properties: {NAME: REFERENCE, Path: /asked, Method: get}}}
"""


@pytest.mark.parametrize(
    ("kind", "reference", "identity"),
    [
        ("Api", "!Ref Own", "@anyone"),
        ("Api", "!Ref Given", "open"),
        ("Api", "!Ref Missing", "open"),
        ("Api", "!ImportValue api", "open"),
        ("HttpApi", "!ImportValue api", "open"),
        (
            "Api",
            "!ImportValue api, Auth: {Authorizer: NONE}",
            "@anyone",
        ),  # the route says so itself
    ],
)
def test_only_what_declares_an_api_says_who_may_call_it(
    kind: str, reference: str, identity: str, derived: Scan
) -> None:
    text = TEMPLATE.replace("KIND", kind).replace("REFERENCE", reference)
    text = text.replace("NAME", "ApiId" if kind == "HttpApi" else "RestApiId")
    found = {each.function: each.identity for each in derived({"a.yaml": text}).every(Entry)}

    assert found == {"a/Open": "@anyone", "a/Asked": identity}
