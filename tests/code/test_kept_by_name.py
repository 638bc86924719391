"""Tables, clients and names that a program keeps under a name: who asks for one gets that one."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.code import analyse
from checkrein.model import Choice, Code, Function, Symbol, Value

FILES = {"python": "app.py", "javascript": "app.js"}
HEADS = {
    "python": """
import boto3, os
dynamodb = boto3.resource("dynamodb")
USERS, ROOMS = os.environ["USERS"], os.environ["ROOMS"]
""",
    "javascript": """
const { DynamoDBDocument } = require("@aws-sdk/lib-dynamodb");
const db = DynamoDBDocument.from({});
const { USERS, ROOMS } = process.env;
const get = (table, id) => db.get({ TableName: table, Key: { id } });
const scan = (table) => db.scan({ TableName: table });
""",
}
ENDS = {
    "python": """
def handler(event, context):
    {scan}("{users}").scan()
    return {scan}("{rooms}").get_item(Key={"id": event["id"]})
""",
    "javascript": """
exports.handler = async (event) => {
  await scan({scan}("{users}"));
  return get({scan}("{rooms}"), event.id);
};
""",
}
PYTHON = {
    "asked whether it is there": """
kept = {}
def table(name):
    if name not in kept:
        kept[name] = dynamodb.Table(os.environ[name.upper()])
    return kept[name]
""",
    "under the value of a variable": """
kept = {}
def table(key):
    name = os.environ[key.upper()]
    if name not in kept:
        kept[name] = dynamodb.Table(name)
    return kept[name]
""",
    "under a text with a variable": """
kept = {}
def table(key):
    name = os.environ[key.upper()] + "-v2"
    found = kept.get(name)
    if found is None:
        found = kept[name] = dynamodb.Table(os.environ[key.upper()])
    return found
""",
    "written out with variables": """
kept = {USERS: dynamodb.Table(USERS), ROOMS: dynamodb.Table(ROOMS)}
def table(key):
    return kept[os.environ[key.upper()]]
""",
    "a comprehension of names": """
kept = {name: dynamodb.Table(os.environ[name.upper()]) for name in ("users", "rooms")}
def table(name):
    return kept[name]
""",
    "a comprehension of pairs": """
NAMES = {"users": USERS, "rooms": ROOMS}
kept = {name: dynamodb.Table(variable) for name, variable in NAMES.items()}
def table(name):
    return kept[name]
""",
    "a loop over names": """
kept = {}
for name in ["users", "rooms"]:
    kept[name] = dynamodb.Table(os.environ[name.upper()])
def table(name):
    return kept[name]
""",
    "compared": """
def table(kind):
    if kind == "users":
        return dynamodb.Table(USERS)
    elif kind in ("rooms", "halls"):
        return dynamodb.Table(ROOMS)
    raise ValueError(kind)
""",
}
JAVASCRIPT = {
    "a switch": """
function table(kind) {
  switch (kind) {
    case "users": return USERS;
    case "rooms": return ROOMS;
    default: throw new Error(kind);
  }
}
""",
    "a conditional": 'const table = (kind) => kind === "users" ? USERS : ROOMS;',
    "entries": """
const NAMES = { users: USERS, rooms: ROOMS };
const kept = Object.fromEntries(Object.entries(NAMES).map(([k, name]) => [k, { name }]));
const table = (kind) => kept[kind].name;
""",
    "each of names": """
const kept = {};
["users", "rooms"].forEach((k) => { kept[k] = process.env[k.toUpperCase()]; });
const table = (kind) => kept[kind];
""",
    "a loop over names": """
const kept = {};
for (const k of ["users", "rooms"]) kept[k] = process.env[k.toUpperCase()];
const table = (kind) => kept[kind];
""",
    "under the value of a variable": """
const kept = {};
function table(kind) {
  const name = process.env[kind.toUpperCase()];
  if (!kept[name]) kept[name] = { name };
  return kept[name].name;
}
""",
    "a map under the value of a variable": """
const kept = new Map();
function table(kind) {
  const name = process.env[kind.toUpperCase()];
  if (!kept.has(name)) kept.set(name, { name });
  return kept.get(name).name;
}
""",
}
CASES = [("python", each) for each in PYTHON] + [("javascript", each) for each in JAVASCRIPT]
OTHERS = {  # where nobody can tell which it is, it may be any
    "of the event": ("python", 'kept = {"a": USERS, "b": ROOMS}\ndef table(n): return kept[n]'),
    "set under another": (
        "python",
        (
            "kept = {}\ndef table(n):\n    kept[USERS] = USERS\n    kept[n] = ROOMS\n"
            "    return kept[USERS]"
        ),
    ),
    "one of two copies": (
        "python",
        (
            "import time\ndef table(n):\n    one, other = {USERS: USERS}, {USERS: ROOMS}\n"
            "    return {**(one if time.time() > 1 else other)}[USERS]"
        ),
    ),
    "compared": (
        "python",
        'def table(n):\n    if n == "users":\n        return USERS\n    return ROOMS',
    ),
}


@pytest.mark.parametrize(("language", "case"), CASES)
def test_what_is_kept_under_a_name_is_asked_for_by_it(
    language: str, case: str, tmp_path: Path
) -> None:
    program = {"python": PYTHON, "javascript": JAVASCRIPT}[language][case]
    end = ENDS[language].replace("{scan}", "table")
    end = end.replace("{users}", "users").replace("{rooms}", "rooms")
    assert _asked(HEADS[language] + program + end, language, tmp_path) == {
        "Scan": [Symbol("env", "USERS")],
        "GetItem": [Symbol("env", "ROOMS")],
    }


@pytest.mark.parametrize("case", OTHERS)
def test_what_nobody_can_tell_may_be_any(case: str, tmp_path: Path) -> None:
    language, program = OTHERS[case]
    end = """
def handler(event, context):
    return dynamodb.Table(table(event["kind"])).get_item(Key={"id": "1"})
"""
    found = _asked(HEADS[language] + program + end, language, tmp_path)["GetItem"]
    told = {one for value in found for one in _options(value)}
    assert told == {Symbol("env", "ROOMS"), Symbol("env", "USERS")}


def test_loops_in_loops_are_run_to_their_end(tmp_path: Path) -> None:
    listed = ", ".join(['"x"'] * 8)
    loops = " ".join(f"for (const k{each} of [{listed}])" for each in range(6))
    program = f"exports.handler = async () => {{ {loops} await scan(USERS); }};"
    found = _asked(HEADS["javascript"] + program, "javascript", tmp_path)
    assert found == {"Scan": [Symbol("env", "USERS")]}


def _options(value: Value) -> list[Value]:
    return [one for _, one in value.options] if isinstance(value, Choice) else [value]


def _asked(program: str, language: str, folder: Path) -> dict[str, list[Value]]:
    (folder / FILES[language]).write_text(program)
    code = Code(folder=".", file=FILES[language])
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    summary = analyse(folder, function)
    assert summary.partial == ""
    found: dict[str, list[Value]] = {}
    for call in summary.calls:
        names = [one.value for one in call.arguments if one.path == "TableName"]
        if names:
            found.setdefault(call.operation, []).extend(names)
    return found
