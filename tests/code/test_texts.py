"""What is known to be a text, in place of which no operator of a database can come."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function

FILES = {"python": "app.py", "javascript": "app.js"}
PYTHON = """
import copy, json, yaml
from pymongo import MongoClient
users = MongoClient("x").shop.users
def ask(x):
    return users.find_one({"x": x})
def short(x):
    return len(x.strip()) < 3
def read(x):
    return json.loads(x)
def handler(event, context):
    body = json.loads(event["body"])
    x = body["x"]
"""
JAVASCRIPT = """
const { MongoClient } = require("mongodb");
const users = new MongoClient("x").db("shop").collection("users");
const ask = (x) => users.findOne({ x });
const short = (x) => x.trim().length < 3;
const read = (x) => JSON.parse(x);
exports.handler = async (event, context) => {
  const body = JSON.parse(event.body);
  const { x } = body;
"""
TEXTS = {
    "python": [
        "ask(x.strip())",
        "x.lower()\nask(x)",
        "if x.startswith('a'): return\nask(x)",
        "if short(x): return\nask(x)",
        "first, *rest = x.split('@')\nask(x)",
        "y = body['x'].casefold()\nask(body['x'])",
        "for y in (x or '').split(','): ask(y)",
        "ask(json.dumps(x))",
        "if not isinstance(x, str): return\nask(x)",
    ],
    "javascript": [
        "ask(x.trim());",
        "x.toLowerCase(); ask(x);",
        "if (x.includes('@')) ask(x);",
        "const mail = x.includes('@'); ask(x);",
        "if (short(x)) return; ask(x);",
        "x?.trim(); ask(x);",
        "(x || '').split('@'); ask(body.x);",
        "ask(x.toString());",
        "ask(JSON.stringify(x));",
        "const y = context.a ?? 'b'; x.trim(); ask(x);",
        "try { x.trim(); } catch (e) { return; } ask(x);",
        "if (typeof x !== 'string') return; ask(x);",
    ],
}
ANYTHING = {
    "python": [
        "ask(x)",
        "if context.a: x.strip()\nask(x)",
        "y = x.strip() if context.a else ''\nask(x)",
        "y = context.a and x.strip()\nask(x)",
        "try:\n    x.strip()\nexcept AttributeError:\n    pass\nask(x)",
        "str(x).strip()\nask(x)",
        "x.get('a')\nask(x)",
        "x.items()\nask(x)",
        "x.count('a')\nfor y in x: ask(y)",
        "json.dumps(x).strip()\nask(x)",
        "if not isinstance(x, str): return\nask(json.loads(x))",
        "if not isinstance(x, str): return\nask(read(x))",
        "x.strip()\ny = yaml.safe_load(x)\nask(y)",
        "x.strip()\ny = json.loads(x)\nask(y['a'])",
        "event['body'].strip()\nask(json.loads(event['body'])['x'])",
        "ask(json.loads(json.dumps(x)))",
        "ask(copy.deepcopy(x))",
    ],
    "javascript": [
        "ask(x);",
        "if (context.a) x.trim(); ask(x);",
        "const y = context.a ? x.trim() : ''; ask(x);",
        "const y = context.a && x.trim(); ask(x);",
        "const y = context.a || x.trim(); ask(x);",
        "const y = context.a ?? x.trim(); ask(x);",
        "x.trim?.(); ask(x);",
        "try { x.trim(); } catch (e) { } ask(x);",
        "String(x).trim(); ask(x);",
        "x.toString().trim(); ask(x);",
        "JSON.stringify(x).trim(); ask(x);",
        "x.hasOwnProperty('a'); ask(x);",
        "x.includes('a'); for (const y of x) ask(y);",
        "if (typeof x !== 'string') return; ask(JSON.parse(x));",
        "if (typeof x !== 'string') return; const y = read(x); ask(y);",
        "x.trim(); const y = JSON.parse(x); ask(y.a);",
        "ask(require('js-yaml').load(x.trim()));",
        "event.body.trim(); ask(JSON.parse(event.body).x);",
        "ask(JSON.parse(JSON.stringify(x)));",
        "[1].forEach(() => { if (context.a) x.trim(); }); ask(x);",
    ],
}


def may_be_object(root: Path, language: str, text: str) -> bool:
    """Tell whether the last thing asked of the database may hold an object."""
    (root / FILES[language]).write_text(text)
    code = Code(folder=".", file=FILES[language])
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    summary = analyse(root, function)
    assert summary.partial == ""
    site = [call for call in summary.calls if call.service == "nosql"][-1]
    return any(
        not {"all", "text"} & set(argument.harmless[position] if argument.harmless else ())
        for argument in site.arguments
        for position, _ in enumerate(argument.sources)
    )


def _program(language: str, text: str) -> str:
    if language == "javascript":
        return f"{JAVASCRIPT}  {text}\n}};\n"
    return PYTHON + "".join(f"    {line}\n" for line in text.split("\n"))


def _cases(every: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in every.items() for text in texts]


@pytest.mark.parametrize(("language", "text"), _cases(TEXTS))
def test_what_is_a_text_is_no_object(tmp_path: Path, language: str, text: str) -> None:
    assert not may_be_object(tmp_path, language, _program(language, text))


@pytest.mark.parametrize(("language", "text"), _cases(ANYTHING))
def test_what_only_looks_so_may_be_one(tmp_path: Path, language: str, text: str) -> None:
    assert may_be_object(tmp_path, language, _program(language, text))
