"""Stacks whose template is not here are boxes: what they are given could be in them."""

from collections.abc import Callable

import pytest

from checkrein.model import App, Row, Unread

Scan = Callable[[dict[str, str]], App]

SHOP = """
    Resources:
      People:
        Type: AWS::DynamoDB::Table
        Properties: {TableName: people}
      Save:
        Type: AWS::Lambda::Function
        Properties:
          Runtime: python3.13
          Handler: index.handler
          Role: !GetAtt Role.Arn
          Code:
            ZipFile: |
              import boto3
              def handler(event, context):
                  boto3.resource("dynamodb").Table("people").put_item(Item={"email": event["email"]})
      Role: {Type: AWS::IAM::Role, Properties: {Policies: []}}
"""
SAR = """
      Backup:
        Type: AWS::Serverless::Application
        Properties:
          Location: {ApplicationId: "arn:aws:serverlessrepo:x", SemanticVersion: 1.0.0}
          Parameters: {GIVEN}
"""
ELSEWHERE = """
      Backup:
        Type: AWS::CloudFormation::Stack
        Properties: {TemplateURL: "https://elsewhere/backup.yaml", Parameters: {GIVEN}}
"""


def rows(app: App) -> dict[str, Row]:
    return {row.id: row for row in app.every(Row)}


@pytest.mark.parametrize("box", [SAR, ELSEWHERE])
@pytest.mark.parametrize(
    ("given", "held"),
    [
        ("Stream: !GetAtt People.Arn", ("pii.email",)),
        ('Table: !Sub "x-${People}"', ("pii.email",)),
        ("Days: 3", ()),
    ],
)
def test_a_box_may_hold_what_it_is_given(
    box: str, given: str, held: tuple[str, ...], derived: Scan
) -> None:
    app = derived({"shop.yaml": SHOP + box.replace("GIVEN", given)})

    row = rows(app)["shop/Backup"]
    assert (row.coded, row.potential) == ((), held)
    assert [(u.path, u.fatal) for u in app.every(Unread) if "Backup" in u.reason] == [
        ("shop.yaml", False)
    ]


def test_a_stack_whose_template_is_here_is_no_box(derived: Scan) -> None:
    nested = ELSEWHERE.replace("GIVEN", "T: !Ref People").replace("https://elsewhere/", "")
    child = "Resources: {Note: {Type: AWS::SNS::Topic}}"
    app = derived({"shop.yaml": SHOP + nested, "backup.yaml": child})

    assert "shop/Backup" not in rows(app)
