"""Functions that say who calls by a part of what they return: ``return None, error``."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function

PYTHON = """
import json, os
import boto3
def response(status, body):
    return {"statusCode": status, "body": json.dumps(body)}
def is_right(key):
    try:
        return os.environ["API_KEY"] == key
    except Exception as error:
        return False
def validated(key):
    if not key:
        return False, "no key"
    try:
        if not is_right(key):
            return False, "wrong key"
        return True, None
    except Exception as error:
        return False, f"failed: {error}"
def required(event):
    key = event["headers"].get("x-api-key")
    good, message = validated(key)
    if not good:
        return None, response(401, message)
    return key, None
def refused(event):
    if event["headers"].get("x-api-key") != os.environ["API_KEY"]:
        return response(401, "no")
    return None
def looked(event):
    if event["headers"].get("x-api-key") != os.environ["API_KEY"]:
        return {"ok": False, "error": "no"}
    return {"ok": True, "user": event["headers"].get("x-user")}
def handed_on(event):
    return required(event)
def handler(event, context):
    table = boto3.client("dynamodb")
"""
JAVASCRIPT = """
const AWS = require("aws-sdk");
const db = new AWS.DynamoDB.DocumentClient();
const refused = (event) => {
  if (event.headers["x-api-key"] !== process.env.API_KEY) return { statusCode: 401, body: "no" };
  return null;
};
async function looked(event) {
  if (event.headers["x-api-key"] !== process.env.API_KEY) return { ok: false, error: "no" };
  return { ok: true, user: event.headers["x-user"] };
}
exports.handler = async (event) => {
"""
THEN_PYTHON = 'table.put_item(TableName="t", Item=json.loads(event["body"]))'
THEN_JAVASCRIPT = 'await db.put({ TableName: "t", Item: JSON.parse(event.body) }).promise();\n};\n'
ASKING_PYTHON = [
    "key, error = required(event)\nif error:\n    return error",
    "_, error = required(event)\nif error is not None:\n    return error",
    "key, error = handed_on(event)\nif error:\n    return error",
    "found = required(event)\nif found[1]:\n    return found[1]",
    "error = refused(event)\nif error:\n    return error",
    "error = refused(event)\nif error is not None:\n    return error",
    'auth = looked(event)\nif not auth["ok"]:\n    return response(401, auth["error"])',
    'auth = looked(event)\nif auth["ok"] is False:\n    return response(401, auth["error"])',
    "good, message = validated(event['headers'].get('x-api-key'))\nif good is not True:\n    return {}",
]
DECEIVING_PYTHON = [
    "key, error = required(event)\nif error:\n    print(error)",
    "key, error = required(event)\nif not error:\n    return {}",
    "key, error = required(event)\nerror = None\nif error:\n    return error",
    "key, error = required(event)\nkey, error = event['key'], event['error']\nif error:\n    return error",
    "error = refused(event)\nif error is None:\n    return {}",
    'auth = looked(event)\nif not auth["user"] and auth["ok"]:\n    return {}',
    'auth = looked(event)\nauth = event["auth"]\nif not auth["ok"]:\n    return {}',
    'auth = looked(event)\nif not event["ok"]:\n    return {}',
    "key, error = event['key'], None\nif error:\n    return error",
]
ASKING_JAVASCRIPT = [
    "const error = refused(event); if (error) return error;",
    "const error = refused(event); if (error !== null) return error;",
    "const { ok, error } = await looked(event); if (!ok) return { statusCode: 401, body: error };",
    "const auth = await looked(event); if (!auth.ok) return { statusCode: 401 };",
    "const auth = await looked(event); if (auth.ok === false) return { statusCode: 401 };",
    "const auth = await looked(event); if (auth.error) return { statusCode: 401 };",
    "const auth = await looked(event); if (!auth.user) return { statusCode: 401 };",
]
DECEIVING_JAVASCRIPT = [
    "const error = refused(event); if (error) console.log(error);",
    "const { ok } = await looked(event); if (ok) return { statusCode: 401 };",
    "const auth = looked(event); if (!auth.ok) return { statusCode: 401 };",
    "const { ok } = JSON.parse(event.body); if (!ok) return { statusCode: 401 };",
]


def proof(root: Path, file: str, text: str) -> str:
    (root / file).write_text(text)
    language = "python" if file.endswith(".py") else "javascript"
    code = Code(folder=".", file=file)
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    found = analyse(root, function)
    assert found.partial == ""
    (site,) = [site for site in found.calls if site.service == "dynamodb"]
    return site.proof


def python(lines: str) -> str:
    return PYTHON + indent(f"{lines}\n{THEN_PYTHON}\n", "    ")


@pytest.mark.parametrize("lines", ASKING_PYTHON)
def test_who_gets_past_a_part_of_the_answer_has_shown_the_secret(
    tmp_path: Path, lines: str
) -> None:
    assert proof(tmp_path, "app.py", python(lines)) == "secret"


@pytest.mark.parametrize("lines", DECEIVING_PYTHON)
def test_what_does_not_end_by_that_part_is_for_anyone(tmp_path: Path, lines: str) -> None:
    assert proof(tmp_path, "app.py", python(lines)) == ""


@pytest.mark.parametrize("lines", ASKING_JAVASCRIPT)
def test_who_gets_past_a_part_of_the_answer_has_shown_it_in_javascript(
    tmp_path: Path, lines: str
) -> None:
    assert proof(tmp_path, "app.js", f"{JAVASCRIPT}{lines}\n{THEN_JAVASCRIPT}") == "secret"


@pytest.mark.parametrize("lines", DECEIVING_JAVASCRIPT)
def test_what_does_not_end_by_that_part_is_for_anyone_in_javascript(
    tmp_path: Path, lines: str
) -> None:
    assert proof(tmp_path, "app.js", f"{JAVASCRIPT}{lines}\n{THEN_JAVASCRIPT}") == ""
