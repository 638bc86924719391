"""What a function reads by name of a store that no template here has: it handles that."""

from collections.abc import Callable

import pytest

from checkrein.model import App, Row

Scan = Callable[[dict[str, str]], App]

TEMPLATE = """
Resources:
  Own: {Type: AWS::DynamoDB::Table, Properties: {TableName: own}}
  Reader:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      InlineCode: |
        import boto3
        def handler(event, context):
            found = boto3.client("dynamodb").OPERATION(TableName="NAME", Key={})
            return len(found["Item"]PART)
"""


@pytest.mark.parametrize(
    ("name", "operation", "part", "expected"),
    [
        ("elsewhere", "get_item", '["user"]["card_number"]', ("pay.pan",)),
        ("elsewhere", "get_item", '["user"]["colour"]', ()),
        ("elsewhere", "get_item", "", ()),
        ("elsewhere", "describe_table", '["user"]["card_number"]', ()),  # answers no content
    ],
)
def test_what_is_read_by_name_is_handled(
    derived: Scan, name: str, operation: str, part: str, expected: tuple[str, ...]
) -> None:
    template = TEMPLATE.replace("NAME", name).replace("OPERATION", operation)
    app = derived({"template.yaml": template.replace("PART", part)})

    row = app.get(Row, "template/Reader")
    assert row is not None
    assert row.coded == expected
    own = app.get(Row, "template/Own")
    assert own is not None
    assert own.coded == ()


SENDING = TEMPLATE.replace("import boto3", "import boto3, requests").replace(
    "return len(", "print(event['card_number']); requests.post(found['Item']['url'], json="
)


@pytest.mark.parametrize("name", ["elsewhere", "own"])
def test_what_is_read_elsewhere_may_take_all_along_to_a_host(derived: Scan, name: str) -> None:
    """Nobody knows what is sent; so the host could get what the function handles."""
    template = SENDING.replace("NAME", name).replace("OPERATION", "get_item")
    app = derived({"template.yaml": template.replace("PART", '["colour"]')})

    row = app.get(Row, "template/Reader@host")
    assert row is not None
    assert "pay.pan" in row.potential
