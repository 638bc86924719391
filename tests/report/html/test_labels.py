"""What stands in a box: whole words, less what the type says, in two lines rather than cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkrein.model.picture import Node
from checkrein.report.drawing.words import measured
from checkrein.report.html.labels import Label, labels

ROOM = 100  # CSS pixels


def node(id: str, name: str, type: str, service: str, risk: int = 0) -> Node:
    return Node(
        id=id, name=name, kind="store", column=5, zone="z", type=type, service=service, risk=risk
    )


@pytest.mark.parametrize(
    ("name", "type", "service", "told"),
    [
        ("Orders", "AWS::DynamoDB::Table", "DynamoDB", Label("Orders", under="DynamoDB")),
        ("CustomerReceiptsBucket", "AWS::S3::Bucket", "S3", Label("Customer", "Receipts")),
        ("S3ReceiptsBucket", "AWS::S3::Bucket", "S3", Label("Receipts", under="S3")),
        ("customer_orders_by_day", "AWS::DynamoDB::Table", "DynamoDB", Label("customer", "order…y_day")),
        ("api.partner.example.org", "", "", Label("api.partner.", "example.org")),
        ("Internet", "", "Internet", Label("Internet")),
        ("Forecast", "AWS::Scheduler::Schedule", "EventBridge Scheduler", Label("Forecast", under="EventBridge")),
    ],
)  # fmt: skip
def test_a_name_stands_in_the_room_there_is(
    name: str, type: str, service: str, told: Label
) -> None:
    assert labels([node("a", name, type, service)], ROOM) == {"a": told}


def test_two_boxes_of_a_column_are_not_called_the_same() -> None:
    cluster = node("a", "CustomersDBCluster", "AWS::RDS::DBCluster", "RDS", risk=3)
    instance = node("b", "CustomersDBInstance", "AWS::RDS::DBInstance", "RDS", risk=3)

    told = labels([cluster, instance], ROOM)
    assert told["a"] != told["b"]
    assert {told["a"].first, told["b"].first} == {"CustomersDB"}


def test_functions_lose_what_says_that_they_are_and_nothing_else() -> None:
    named = ["getCase", "createCase", "updateCase", "deleteCase"]
    functions = [
        Node(id=name, name=name, kind="compute", column=3, zone="z", service="Lambda")
        for name in named
    ]

    assert [label.first for label in labels(functions, ROOM).values()] == named


@given(st.text(min_size=1), st.integers(0, 3))
def test_every_name_fits(name: str, risk: int) -> None:
    told = labels([node("a", name, "AWS::S3::Bucket", "S3", risk)], ROOM)["a"]

    assert measured(told.first) <= ROOM
    assert measured(told.second) <= ROOM - 10 * risk
