"""What code knows of who calls: tokens that it opens, and what it compares with the caller."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from checkrein.code import analyse
from checkrein.model import Argument, CallSite, Code, Function, Summary


def python(root: Path, text: str) -> Summary:
    return _summary(root, text, "python", "app.py")


def javascript(root: Path, text: str) -> Summary:
    return _summary(root, text, "javascript", "app.js")


def _summary(root: Path, text: str, language: str, file: str) -> Summary:
    (root / file).write_text(dedent(text))
    code = Code(folder=".", file=file)
    return analyse(
        root, Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    )


def uses(found: Summary, family: str) -> list[CallSite]:
    return [site for site in found.calls if site.service == family]


def said(argument: Argument) -> str:
    return f"{argument.path} < {' '.join(f'{s.owner} {s.attribute}' for s in argument.sources)}"


@pytest.mark.parametrize(
    "opening",
    [
        'json.loads(base64.b64decode(token.split(".")[1] + "=="))',
        'json.loads(base64.urlsafe_b64decode(token.split(".")[1]).decode("utf-8"))',
        'decoded(*token.split("."))',
        'jwt.decode(token, options={"verify_signature": False})',
    ],
)
def test_what_a_token_says_is_known_by_where_it_was_opened(tmp_path: Path, opening: str) -> None:
    found = python(
        tmp_path,
        f"""
        import base64, boto3, json, jwt

        def decoded(header, payload, signature):
            payload += "=" * (-len(payload) % 4)
            return json.loads(base64.b64decode(payload))

        def handler(event, context):
            token = event["headers"]["Authorization"].replace("Bearer ", "")
            claims = {opening}
            boto3.client("dynamodb").get_item(TableName="t", Key={{"u": {{"S": claims["sub"]}}}})
        """,
    )
    (site,) = uses(found, "token")
    assert (site.kind, site.reads, said(site.arguments[0])) == (
        "use",
        ("sub",),
        "token < event headers.Authorization",
    )
    (read,) = uses(found, "dynamodb")
    assert said(read.arguments[1]) == "Key.u.S < call:0 sub"


def test_a_piece_of_anything_else_that_is_split_is_no_token(tmp_path: Path) -> None:
    found = python(
        tmp_path,
        """
        import boto3, json

        def handler(event, context):
            name = event["body"].split(".")[0] + "," + event["path"]
            boto3.client("dynamodb").get_item(TableName="t", Key=json.loads(name))
            boto3.client("dynamodb").get_item(TableName="t", Key=json.loads(event["x"].split(",")[1]))
        """,
    )
    assert uses(found, "token") == []


def test_callbacks_get_what_the_token_says(tmp_path: Path) -> None:
    found = javascript(
        tmp_path,
        """
        const jwt = require("jsonwebtoken");
        exports.handler = (event, context, callback) => {
          jwt.verify(event.headers.token, process.env.KEY, (error, claims) => callback(null, claims.sub));
        };
        """,
    )
    (site,) = uses(found, "token")
    (answer,) = [site for site in found.calls if site.kind == "response"]
    assert (site.operation, site.reads) == ("jsonwebtoken.verify", ("sub",))
    assert said(answer.arguments[0]) == " < call:0 sub"


@pytest.mark.parametrize(
    ("test", "compared"),
    [
        ('item["owner"] != caller["sub"]', ["call:0 Item.owner"]),
        ('caller["sub"] == event["body"]', ["event body"]),
        ('"admin" in caller["cognito:groups"]', [""]),
        ('caller["sub"] is None', None),
        ('event["body"] == item["owner"]', None),
    ],
)
def test_comparisons_with_what_is_known_of_the_caller_are_recorded(
    tmp_path: Path, test: str, compared: list[str] | None
) -> None:
    found = python(
        tmp_path,
        f"""
        import boto3

        def handler(event, context):
            caller = event["requestContext"]["authorizer"]["claims"]
            item = boto3.resource("dynamodb").Table("t").get_item(Key={{"id": "1"}})["Item"]
            if {test}:
                return item
        """,
    )
    sites = uses(found, "caller")
    values = [a for site in sites for a in site.arguments if a.path == "value"]
    shown = [" ".join(f"{s.owner} {s.attribute}" for s in a.sources) for a in values]
    assert shown == (compared or [])


def test_what_equals_what_the_authorizer_says_is_harmless(tmp_path: Path) -> None:
    found = javascript(
        tmp_path,
        """
        const { execSync } = require("child_process");
        exports.handler = async (event) => {
          if (event.body !== event.requestContext.authorizer.name) return;
          execSync(event.body);
          if (event.path !== event.requestContext.path) return;
          execSync(event.path);
        };
        """,
    )
    assert [site.arguments[0].harmless for site in uses(found, "command")] == [(("all",),), ()]


def test_fields_that_code_fails_without_are_required(tmp_path: Path) -> None:
    found = python(
        tmp_path,
        """
        import json

        def handler(event, context):
            body = json.loads(event["body"])
            print(body["name"], body.get("nick"))
            print(body["age"] if "age" in body else 0)
            if body["name"] == "x":
                print(body["x"])
        """,
    )
    assert {read.source.attribute: read.required for read in found.reads} == {
        "body.name": True,
        "body.nick": False,
        "body.age": False,
        "body.x": False,
    }


@pytest.mark.parametrize(
    "test",
    [
        "event.get('type') == 'TOKEN'",
        "'TOKEN' == event.get('type')",
        "event.get('type', '').startswith('TOKEN')",
    ],
)
def test_a_method_of_what_was_sent_is_no_field_of_it(tmp_path: Path, test: str) -> None:
    found = python(
        tmp_path,
        f"""
        def handler(event, context):
            if {test}:
                return {{"allowed": True}}
        """,
    )
    assert [read.source.attribute for read in found.reads] == ["type"]


def test_a_module_below_a_setting_is_the_nearest_above(tmp_path: Path) -> None:
    """``require(`${process.env.ROOT}/shared`)``: where it stands when deployed, nobody here knows."""
    (tmp_path / "services" / "orders").mkdir(parents=True)
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "index.js").write_text("exports.told = (event) => event.body.name;\n")
    (tmp_path / "services" / "orders" / "app.js").write_text(
        "const { told } = require(`${process.env.ROOT}/shared`);\n"
        "exports.handler = async (event) => { console.log(told(event)); };\n"
    )
    code = Code(folder="services/orders", file="services/orders/app.js")
    function = Function(
        id="t/F", runtime="", language="javascript", handler="app.handler", code=code
    )
    (log,) = (call for call in analyse(tmp_path, function).calls if call.kind == "log")
    assert [symbol.attribute for symbol in log.arguments[0].sources] == ["body.name"]
