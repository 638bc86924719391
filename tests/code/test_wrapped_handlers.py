"""Handlers that decorators and wrappers stand before: what they ask holds for the handler."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function


def proofs(root: Path, file: str, text: str) -> dict[str, str]:
    """Return what callers have shown before the code gets to each table, on every way."""
    (root / file).write_text(text)
    language = "python" if file.endswith(".py") else "javascript"
    code = Code(folder=".", file=file)
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    found = analyse(root, function)
    assert found.partial == ""
    told: dict[str, list[str]] = {}
    for site in found.calls:
        for argument in site.arguments:
            if site.service == "dynamodb" and argument.path == "TableName":
                told.setdefault(str(argument.value), []).append(site.proof)
    return {table: min(shown) for table, shown in told.items()}


PYTHON = """
import asyncio, functools, inspect, os
import boto3, jwt, retrying
SECRET = os.environ["JWT_SECRET"]
def opened(event):
    return jwt.decode(event["headers"]["Authorization"][7:], SECRET, algorithms=["HS256"])
def peeked(event):
    return jwt.decode(event["headers"]["Authorization"][7:], options={"verify_signature": False})
"""
THEN = """
def handler(event, context):
    return boto3.resource("dynamodb").Table("t").scan()["Items"]
"""
FACTORY = """
def require(roles=None):
    def decorator(function):
        @functools.wraps(function)
        def wrapper(event, context):
            ASK
            try:
                claims = OPEN(event)
            except jwt.InvalidTokenError:
                return {"statusCode": 401}
            if roles is not None and claims.get("role") not in roles:
                return {"statusCode": 403}
            return function(event, context)
        return wrapper
    return decorator
@require(roles=["admin"])"""
CLASS = """
class Require:
    def __init__(self, roles=None):
        self.roles = roles
    def __call__(self, function):
        ASK
        def inner(event, context):
            OPEN(event)
            return function(event, context)
        return functools.wraps(function)(inner)
@Require(["admin"])"""
BOTH = """
def require(function=None, *, roles=None):
    if not callable(function):
        return lambda inner: require(inner, roles=roles)
    ASK
    def wrapper(event, context):
        OPEN(event)
        return function(event, context)
    return wrapper
@require"""
ASKS = (  # of a function, none of which calls it
    "pass",
    'while hasattr(getattr(function, "__wrapped__", None), "__wrapped__"): break',
    "if asyncio.iscoroutinefunction(function): raise TypeError",
    "names = inspect.signature(function).parameters",
    "isinstance(function, type) or callable(function)",
)


@pytest.mark.parametrize("wrapping", [FACTORY, CLASS, BOTH])
@pytest.mark.parametrize("ask", ASKS)
def test_a_decorator_stands_before_the_handler(tmp_path: Path, wrapping: str, ask: str) -> None:
    text = PYTHON + wrapping.replace("ASK", ask) + THEN
    assert proofs(tmp_path, "app.py", text.replace("OPEN", "opened")) == {"t": "token"}


@pytest.mark.parametrize("wrapping", [FACTORY, CLASS, BOTH])
@pytest.mark.parametrize("ask", ASKS)
def test_one_that_checks_nothing_proves_nothing(tmp_path: Path, wrapping: str, ask: str) -> None:
    text = PYTHON + wrapping.replace("ASK", ask) + THEN
    assert proofs(tmp_path, "app.py", text.replace("OPEN", "peeked")) == {"t": ""}


def test_what_calls_a_function_that_it_is_given_gets_to_it(tmp_path: Path) -> None:
    text = PYTHON + FACTORY.replace("ASK", "retrying.run(function)") + THEN
    assert proofs(tmp_path, "app.py", text.replace("OPEN", "opened")) == {"t": ""}


POWERTOOLS = """
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
app = APIGatewayHttpResolver()
def require(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        event = function.__globals__.get("app").current_event
        try:
            GUARD
        except jwt.InvalidTokenError:
            return {"error": "no"}, 401
        return function(*args, **kwargs)
    return wrapper
@app.get("/coaches")
@require
def coaches():
    return boto3.resource("dynamodb").Table("t").scan()["Items"]
def handler(event, context):
    return app.resolve(event, context)
"""


@pytest.mark.parametrize(
    ("guard", "proof"),
    [
        ('jwt.decode(event.get_header_value("Authorization")[7:], SECRET)', "token"),
        ('jwt.decode(event.get_header_value("Authorization")[7:], options={"verify_signature": False})', ""),
    ],
)  # fmt: skip
def test_a_wrapper_finds_the_application_in_the_globals_of_what_it_wraps(
    tmp_path: Path, guard: str, proof: str
) -> None:
    text = PYTHON + POWERTOOLS.replace("GUARD", guard)
    assert proofs(tmp_path, "app.py", text) == {"t": proof}


JAVASCRIPT = """
const jwt = require("jsonwebtoken");
const AWS = require("aws-sdk");
const db = new AWS.DynamoDB.DocumentClient();
const opened = (event) => jwt.verify(event.headers.authorization, process.env.JWT_SECRET);
const peeked = (event) => jwt.decode(event.headers.authorization);
const list = async (event) => (await db.scan({ TableName: "t" }).promise()).Items;
const withAuth = (roles = []) => (handler) => async (event) => {
  const claims = OPEN(event);
  if (roles.length && !roles.includes(claims.role)) return { statusCode: 403 };
  return handler(event);
};
const asJson = (handler) => async (event) => ({ body: JSON.stringify(await handler(event)) });
class Guard {
  constructor(roles) { this.roles = roles; }
  wrap(handler) {
    if (Object.is(handler, null)) throw new TypeError("no handler");
    return (event) => { const claims = OPEN(event); return handler(event); };
  }
}
const compose = (...wrappers) => (last) => wrappers.reduceRight((made, wrap) => wrap(made), last);
const pipe = (wrappers, last) => wrappers.reduce((made, wrap) => wrap(made), last);
"""
WRAPPED = (
    'withAuth(["admin"])(list)',
    'new Guard(["admin"]).wrap(list)',
    "compose(asJson, withAuth())(list)",
    "pipe([withAuth(), asJson], list)",
)


@pytest.mark.parametrize("wrapped", WRAPPED)
@pytest.mark.parametrize(("how", "proof"), [("opened", "token"), ("peeked", "")])
def test_a_wrapper_in_javascript(tmp_path: Path, wrapped: str, how: str, proof: str) -> None:
    text = f"{JAVASCRIPT}exports.handler = {wrapped};\n".replace("OPEN", how)
    assert proofs(tmp_path, "app.js", text) == {"t": proof}


def test_a_fold_over_functions_calls_none_but_the_outermost(tmp_path: Path) -> None:
    text = f"{JAVASCRIPT}exports.handler = pipe([withAuth(), (h) => list], list);\n"
    assert proofs(tmp_path, "app.js", text.replace("OPEN", "opened")) == {"t": ""}
