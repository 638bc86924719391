"""What Lambda passes to a handler: Python's gets two arguments, and its own defaults beside."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function

CODE = """
import boto3
table = boto3.resource("dynamodb").Table("users")
def handler(event, context, include_password={default}):
    user = table.get_item(Key={{"id": event["id"]}})["Item"]
    if include_password:
        return {{"name": user["name"], "password": user["password"]}}
    return {{"name": user["name"]}}
"""

WRAPPED = """
import boto3, functools
table = boto3.resource("dynamodb").Table("users")
def answering(function):
    @functools.wraps(function)
    def inner(*given, **named):
        return {"body": function(*given, **named)}
    return inner
@answering
def remove(event, context):
    table.delete_item(Key={"id": event["id"]})
@answering
def handler(event, context):
    return table.get_item(Key={"id": event["id"]})
"""


@pytest.mark.parametrize(("default", "told"), [("False", {"name"}), ("True", {"name", "password"})])
def test_defaults_that_nobody_sets_hold(tmp_path: Path, default: str, told: set[str]) -> None:
    (tmp_path / "app.py").write_text(CODE.format(default=default))
    code = Code(folder=".", file="app.py")
    function = Function(id="t/F", runtime="", language="python", handler="app.handler", code=code)
    answers = [c for c in analyse(tmp_path, function).calls if c.kind == "response"]
    assert {argument.path for call in answers for argument in call.arguments} == told


def test_a_handler_that_a_wrapper_takes_the_name_of_is_not_the_one_invoked(tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(WRAPPED)
    code = Code(folder=".", file="app.py")
    function = Function(id="t/F", runtime="", language="python", handler="app.handler", code=code)
    calls = analyse(tmp_path, function).calls
    assert {call.operation for call in calls if call.service == "dynamodb"} == {"GetItem"}
