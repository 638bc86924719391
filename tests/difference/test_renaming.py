"""What has another name is the same: templates, resources, and both at once."""

from __future__ import annotations

import pytest

from tests.difference.conftest import Ask, Write

NAMED = (
    "      Handler: order.handler\n",
    '      Handler: order.handler\n      FunctionName: !Sub "${AWS::StackName}-order"\n',
)
ORDERS = "  OrderEntries:\n    Type: AWS::Serverless::Function"
AGAIN = (
    ("  Order:\n    Type: AWS::Serverless::Function", ORDERS),
    ("${AWS::StackName}-order", "${AWS::StackName}-order-entries"),
)


def test_a_function_whose_own_names_change_too_is_the_same(write: Write, ask: Ask) -> None:
    _, said, _ = ask(write("before", NAMED), write("after", NAMED, *AGAIN))

    assert said.startswith("Nothing changes")
    assert "renamed: template/Order -> template/OrderEntries\n" in said
    assert "renamed: template/OrderRole -> template/OrderEntriesRole\n" in said


def test_what_it_may_do_besides_is_told_of_its_new_name(write: Write, ask: Ask) -> None:
    wider = (*AGAIN, ("dynamodb:PutItem", "dynamodb:*"))
    _, said, _ = ask(write("before", NAMED), write("after", NAMED, *wider))

    assert "renamed: template/Order -> template/OrderEntries\n" in said
    assert "DynamoDB Cards (dynamodb:*)" in said
    assert "OrderEntries is new" not in said


def test_a_template_and_all_that_is_in_it(write: Write, ask: Ask) -> None:
    before, after = write("before", NAMED), write("after", NAMED, *AGAIN)
    for folder, name in ((before, "order.yaml"), (after, "orderEntries.yaml")):
        (folder / "template.yaml").rename(folder / name)
    _, said, _ = ask(before, after)

    assert said.startswith("Nothing changes")
    assert "renamed: order -> orderEntries\n" in said


@pytest.mark.parametrize("name", ["Pay", "RefundThe"])
def test_what_is_called_otherwise_altogether_is_another(write: Write, ask: Ask, name: str) -> None:
    other = [(old, new.replace("OrderEntries", name)) for old, new in AGAIN]
    _, said, _ = ask(write("before", NAMED), write("after", NAMED, *other))

    assert f"renamed: template/Order -> template/{name}\n" not in said
    assert f"runs {name})" in said
