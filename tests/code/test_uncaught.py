"""Errors that nobody catches: the runtime logs what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function

FILES = {"python": "app.py", "javascript": "app.js"}
HEADS = {
    "python": """
import json
from aws_lambda_powertools.utilities.batch import BatchProcessor, process_partial_response
class Own(ValueError): pass
class Silent(Exception):
    def __init__(self, card): super().__init__("no card")
def check(event):
    if not event["a"]: raise Own("bad", event["a"])
def quiet(work):
    try: return work()
    except Exception: return None
def handler(event, context):
    """,
    "javascript": """
const middy = require("@middy/core");
class Own extends Error {}
class Silent extends Error { constructor(card) { super("no card"); } }
const check = async (event) => { if (!event.a) throw new Own(`bad ${event.a}`); };
exports.handler = async (event) => {
    """,
}
LOGGED = {
    "python": [
        "raise ValueError(f'bad {event[\"a\"]}')",
        "raise Exception('bad ' + event['a'])",
        "raise RuntimeError('bad', event['a'])",
        "assert event['b'], f'bad {event[\"a\"]}'",
        "check(event)",
        "try: check(event)\n    finally: print('done')",
        "try: pass\n    except Exception: raise KeyError(event['a'])",
    ],
    "javascript": [
        "throw new Error(`bad ${event.a}`);",
        "throw new TypeError('bad ' + JSON.stringify({ a: event.a }));",
        "await check(event);",
        "try { await check(event); } finally { console.log('done'); }",
    ],
}
SILENT = {
    "python": [
        "raise ValueError('bad')",
        "raise Silent(event['a'])",
        "try: check(event)\n    except ValueError: pass",
        "quiet(lambda: check(event))",
        "raise LookupError from None",
        "return process_partial_response(event, check, BatchProcessor())",
    ],
    "javascript": [
        "throw new Error('bad');",
        "throw new Silent(event.a);",
        "try { await check(event); } catch (error) { return 1; }",
        "return check(event).catch(() => 1);",
        "return check(event).then(() => 2).catch(() => 1);",
        "return middy(check)(event);",
    ],
}


def logged(root: Path, language: str, body: str) -> set[str]:
    """Return what flows into errors that the runtime logs."""
    end = "\n};" if language == "javascript" else "\n"
    (root / FILES[language]).write_text(f"{HEADS[language]}{body}{end}")
    code = Code(folder=".", file=FILES[language])
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    summary = analyse(root, function)
    assert summary.partial == ""
    return {
        source.attribute
        for call in summary.calls
        if (call.kind, call.operation) == ("log", "raise")
        for argument in call.arguments
        for source in argument.sources
    }


@pytest.mark.parametrize(
    ("language", "body"), [(name, body) for name, bodies in LOGGED.items() for body in bodies]
)
def test_words_of_an_error_that_nobody_catches(tmp_path: Path, language: str, body: str) -> None:
    assert logged(tmp_path, language, body) == {"a"}


@pytest.mark.parametrize(
    ("language", "body"), [(name, body) for name, bodies in SILENT.items() for body in bodies]
)
def test_what_is_caught_or_says_nothing(tmp_path: Path, language: str, body: str) -> None:
    assert logged(tmp_path, language, body) == set()
