"""What a stack imports that no stack here exports: none of the resources here."""

from collections.abc import Callable

import pytest

from checkrein.model import Access, App, Element

Scan = Callable[[dict[str, str]], App]

TEMPLATE = """
Parameters: {Stage: {Type: String}}
Resources:
  Own: {Type: AWS::S3::Bucket}
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
      Policies:
        - PolicyName: files
          PolicyDocument:
            Statement:
              - Effect: Allow
                Action: s3:GetObject
                Resource:
                  - {"Fn::ImportValue": NAME}
                  - !Join ['', [{"Fn::ImportValue": NAME}, '/*']]
"""
OTHER = """
Resources:
  Files: {Type: AWS::S3::Bucket}
Outputs: {Files: {Value: !GetAtt Files.Arn, Export: {Name: EXPORTED}}}
"""


def read(app: App) -> set[str]:
    return {a.target.rpartition("/")[2] for a in app.every(Access) if a.right == "read"}


@pytest.mark.parametrize(
    ("name", "exported", "expected"),
    [
        ("dev-FilesArn", "dev-PagesArn", set()),
        ("dev-FilesArn", "dev-FilesArn", {"Files"}),
        ("!Sub '${Stage}-FilesArn'", "dev-PagesArn", set()),
        ("!Sub '${Stage}Arn'", "dev-PagesArn", {"Files"}),
    ],
)
def test_what_no_stack_exports_is_no_resource_of_these(
    derived: Scan, name: str, exported: str, expected: set[str]
) -> None:
    app = derived({
        "a/template.yaml": TEMPLATE.replace("NAME", name),
        "b/template.yaml": OTHER.replace("EXPORTED", exported),
    })  # fmt: skip

    assert read(app) == expected


def test_what_several_stacks_may_have_exported_may_be_any(derived: Scan) -> None:
    """Nobody can tell which of the two it is, and not that it is neither."""
    other = OTHER.replace("EXPORTED", "dev-FilesArn")

    app = derived({
        "a/template.yaml": TEMPLATE.replace("NAME", "dev-FilesArn"),
        "b/template.yaml": other,
        "c/template.yaml": other,
    })  # fmt: skip

    assert read(app) == {"Own"}


API = """
Resources:
  Get:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.13, Handler: index.handler, Code: {ZipFile: "def handler(e, c): pass"}}
  Route:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !ImportValue api
      ResourceId: !ImportValue root
      HttpMethod: GET
      AuthorizationType: KIND
      AuthorizerId: !ImportValue authorizer
      Integration:
        Type: AWS_PROXY
        IntegrationHttpMethod: POST
        Uri: !Sub arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Get.Arn}/invocations
"""


@pytest.mark.parametrize(("kind", "claims"), [("CUSTOM", False), ("COGNITO_USER_POOLS", True)])
def test_only_a_pool_puts_claims_into_events(derived: Scan, kind: str, *, claims: bool) -> None:
    app = derived({"template.yaml": API.replace("KIND", kind)})

    paths = {e.slot.path for e in app.every(Element) if e.slot.node == "template/Get"}
    assert "event.requestContext.identity.sourceIp" in paths
    assert any(".claims." in path for path in paths) is claims
