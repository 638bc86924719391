"""Requests with several entries: each goes where it says, with what stands beside that."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.code import analyse
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.arms import BREADTH, armed
from checkrein.code.domain.entries import apart
from checkrein.code.domain.things import Structure
from checkrein.code.domain.values import constant
from checkrein.model import CallSite, Code, Function, Symbol


def calls(root: Path, file: str, text: str) -> tuple[CallSite, ...]:
    (root / file).write_text(text)
    language = "python" if file.endswith(".py") else "javascript"
    code = Code(folder=".", file=file)
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    found = analyse(root, function)
    assert found.partial == ""
    return found.calls


def written(found: tuple[CallSite, ...]) -> list[tuple[str, list[str]]]:
    """Return, for each request to a table, which variables name it, and what it is sent."""
    return [
        (
            " ".join(sorted({s.attribute for a in site.arguments for s in _of(a.sources, "env")})),
            sorted({s.attribute for a in site.arguments for s in _of(a.sources, "event")}),
        )
        for site in found
        if site.service == "dynamodb"
    ]


def _of(sources: tuple[Symbol, ...], owner: str) -> list[Symbol]:
    return [one for one in sources if one.owner == owner]


JAVASCRIPT = """
const {DynamoDBClient} = require("@aws-sdk/client-dynamodb");
const lib = require("@aws-sdk/lib-dynamodb");
const db = lib.DynamoDBDocumentClient.from(new DynamoDBClient({}));
const put = (table, item) => ({Put: {TableName: table, Item: item}});
exports.handler = async (event) => {
  const items = [];
  %s
};
"""
PYTHON = """
import boto3, os
db = boto3.client("dynamodb")
def handler(event, context):
    USERS, ORDERS = os.environ["USERS"], os.environ["ORDERS"]
    %s
"""
APART = [("USERS", ["password"]), ("ORDERS", ["count"])]
SENT = "await db.send(new lib.TransactWriteCommand({TransactItems: items}));"


@pytest.mark.parametrize(
    "body",
    [
        """await db.send(new lib.TransactWriteCommand({TransactItems: [
             {Put: {TableName: process.env.USERS, Item: {id: "1", p: event.password}}},
             {Put: {TableName: process.env.ORDERS, Item: {id: "2", n: event.count}}}]}));""",
        f"""items.push(put(process.env.USERS, {{p: event.password}}));
            items.push(put(process.env.ORDERS, {{n: event.count}}));
            {SENT}""",
        f"""items.push(put(process.env.USERS, {{p: event.password}}));
            if (event.more) items.push(put(process.env.ORDERS, {{n: event.count}}));
            {SENT}""",
        """await db.send(new lib.BatchWriteCommand({RequestItems: {
             [process.env.USERS]: [{PutRequest: {Item: {p: event.password}}}],
             [process.env.ORDERS]: [{PutRequest: {Item: {n: event.count}}}]}}));""",
    ],
)
def test_entries_in_javascript(tmp_path: Path, body: str) -> None:
    assert written(calls(tmp_path, "app.js", JAVASCRIPT % body)) == APART


@pytest.mark.parametrize(
    "body",
    [
        """db.transact_write_items(TransactItems=[
        {"Put": {"TableName": USERS, "Item": {"p": {"S": event["password"]}}}},
        {"Update": {"TableName": ORDERS, "Key": {"id": {"S": "1"}},
                    "ExpressionAttributeValues": {":n": {"N": event["count"]}}}}])""",
        """db.batch_write_item(RequestItems={
        USERS: [{"PutRequest": {"Item": {"p": {"S": event["password"]}}}}],
        ORDERS: [{"PutRequest": {"Item": {"n": {"S": event["count"]}}}}]})""",
    ],
)
def test_entries_in_python(tmp_path: Path, body: str) -> None:
    assert written(calls(tmp_path, "app.py", PYTHON % body)) == APART


def test_tables_that_the_code_spells_out(tmp_path: Path) -> None:
    body = """db.batch_write_item(RequestItems={
        "users": [{"PutRequest": {"Item": {"p": {"S": event["password"]}}}}],
        "orders": [{"PutRequest": {"Item": {"n": {"S": event["count"]}}}}]})"""
    found = calls(tmp_path, "app.py", PYTHON % body)

    heads = [a.value for site in found for a in site.arguments if a.path == "RequestItems{}"]
    assert heads == ["users", "orders"]
    assert [sent for _, sent in written(found)] == [["password"], ["count"]]


def test_entries_for_one_table_are_one_request(tmp_path: Path) -> None:
    body = f"items.push(put(process.env.USERS, {{p: event.password}}), {{}}); {SENT}".replace(
        "{}", "put(process.env.USERS, {n: event.count})"
    )
    assert written(calls(tmp_path, "app.js", JAVASCRIPT % body)) == [
        ("USERS", ["count", "password"])
    ]


def test_what_may_be_any_entry_stays_beside_the_known_ones(tmp_path: Path) -> None:
    body = f"""items.push(put(process.env.USERS, {{p: event.password}}));
      items.push(put(process.env.ORDERS, {{n: event.count}}));
      items.push(event.anything);
      {SENT}"""
    found = written(calls(tmp_path, "app.js", JAVASCRIPT % body))

    assert found == [*APART, ("", ["anything"])]


def test_too_many_entries_are_one_request_with_all_that_they_hold(tmp_path: Path) -> None:
    parts = ", ".join(
        f'{{"Put": {{"TableName": "t{n}", "Item": {{"p": event["field{n}"]}}}}}}'
        for n in range(100)
    )
    found = written(
        calls(tmp_path, "app.py", PYTHON % f"db.transact_write_items(TransactItems=[{parts}])")
    )

    assert [len(sent) for _, sent in found] == [100]


def test_arms_and_their_entries_together_are_not_too_many() -> None:
    def listed(arm: int) -> Abstract:
        items = {str(n): constant(f"{arm} {n}") for n in range(BREADTH)}
        held = Abstract(things=(Structure("list", items),))
        return Abstract(things=(Structure("dict", {"Entries": held}),))

    request = armed(1, {arm: listed(arm) for arm in range(BREADTH)})
    assert len(apart(request, "Entries")) == 1
    assert len(apart(listed(1), "Entries")) == BREADTH
