"""Code that a call's own arguments switch on or off."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function

FILES = {"python": "app.py", "javascript": "app.js"}
PYTHON = """
def log(event, loud=False, plain=True):
    if loud:
        print(event['a'])
    elif not plain:
        print(event['b'])
    else:
        print(event['c'])
    text = event['d'] if loud else 'x'
    loud and print(event['e'])
    print(text)
def handler(event, context):
"""
JAVASCRIPT = """
function log(event, loud = false, plain = true) {
  if (loud) console.log(event.a);
  else if (!plain) console.log(event.b);
  else console.log(event.c);
  const text = loud ? event.d : "x";
  loud && console.log(event.e);
  console.log(text);
}
exports.handler = async (event) => {
"""
HEADS = {"python": PYTHON, "javascript": JAVASCRIPT}
CALLS = [
    ("{log}", {"c"}),
    ("{log_true}", {"a", "d", "e"}),
    ("{log_event}", {"a", "c", "d", "e"}),
    ("{log_not_plain}", {"b"}),
    ("{log}{end}{log_true}", {"a", "c", "d", "e"}),
]
WORDS = {
    "python": {
        "log": "log(event)",
        "log_true": "log(event, True)",
        "log_event": "log(event, event['x'])",
        "log_not_plain": "log(event, plain=False)",
        "end": "\n    ",
    },
    "javascript": {
        "log": "log(event)",
        "log_true": "log(event, true)",
        "log_event": "log(event, event.x)",
        "log_not_plain": "log(event, false, false)",
        "end": "; ",
    },
}


@pytest.mark.parametrize("language", FILES)
@pytest.mark.parametrize(("body", "expected"), CALLS)
def test_only_what_the_flags_let_run_is_logged(
    tmp_path: Path, language: str, body: str, expected: set[str]
) -> None:
    end = "" if language == "python" else "\n};"
    text = f"{HEADS[language]}    {body.format(**WORDS[language])}{end}"
    assert logged(tmp_path, language, text) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("{ event, shape: (one) => one.a }", {"a"}),
        ("{ event }", {"", "b"}),  # what is not passed is not followed
        ("{ event, shape: event.shape }", {"", "b", "shape"}),
    ],
)
def test_a_function_that_is_passed_is_there(tmp_path: Path, given: str, expected: set[str]) -> None:
    text = f"""
function log({{ event, shape }}) {{
  const found = shape ? shape(event) : event.b;
  console.log(found);
}}
exports.handler = async (event) => {{ log({given}); }};
"""
    assert logged(tmp_path, "javascript", text) == expected


def test_a_flag_that_code_sets_itself_stays_open(tmp_path: Path) -> None:
    text = """
const log = (event, once = true) => {
  for (const item of event.items) {
    if (!once) console.log(item.later);
    once = false;
  }
};
let cold = true;
exports.handler = async (event) => { if (!cold) console.log(event.warm); cold = false; log(event); };
"""
    assert logged(tmp_path, "javascript", text) == {"items[].later", "warm"}


def logged(root: Path, language: str, text: str) -> set[str]:
    """Return the fields of the event that reach the log."""
    (root / FILES[language]).write_text(text)
    code = Code(folder=".", file=FILES[language])
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    summary = analyse(root, function)
    assert summary.partial == ""
    return {
        source.attribute
        for call in summary.calls
        if call.kind == "log"
        for argument in call.arguments
        for source in argument.sources
    }
