from collections.abc import Callable

from checkrein.model import App, Need

Scan = Callable[[dict[str, str]], App]

TEMPLATE = """
    Resources:
      Role:
        Type: AWS::IAM::Role
        Properties:
          Policies:
            - PolicyDocument:
                Statement: [{Effect: Allow, Action: ["secretsmanager:GetSecretValue", "sns:Publish"], Resource: "*"}]
      Work:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: index.handler
          Role: !GetAtt Role.Arn
          Code:
            ZipFile: |
              import LIBRARY
              def handler(event, context):
                  return LIBRARY.work(event)
"""


def unused(app: App) -> list[str]:
    return [need.action for need in app.every(Need) if not need.needed]


def test_a_package_that_calls_aws_itself_keeps_its_permission(derived: Scan) -> None:
    app = derived({"app.yaml": TEMPLATE.replace("LIBRARY", "aws_secretsmanager_caching")})

    assert unused(app) == ["sns:Publish"]


def test_an_ordinary_package_keeps_none(derived: Scan) -> None:
    app = derived({"app.yaml": TEMPLATE.replace("LIBRARY", "json")})

    assert unused(app) == ["secretsmanager:GetSecretValue", "sns:Publish"]
