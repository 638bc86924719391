"""Content of which code took fields out, or put something else in their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.code import analyse
from checkrein.model import Code, Function

FILES = {"python": "app.py", "javascript": "app.js"}
WITHOUT = {
    "javascript": [
        "console.log({ ...body, card: undefined });",
        "const { card, ...rest } = body; console.log(rest);",
        "const { card, ...rest } = body; console.log(JSON.stringify(rest));",
        "const { card, ...rest } = body; console.log(`got ${JSON.stringify(rest)}`);",
        "delete body.card; console.log(body);",
        "const copy = { ...body }; delete copy['card']; console.log(copy);",
        "console.log(_.omit(body, 'card'));",
        "console.log(_.omit(body, ['card']));",
    ],
    "python": [
        "print({**body, 'card': '***'})",
        "body.pop('card')\n    print(body)",
        "del body['card']\n    print(json.dumps(body))",
        "print(dict(body, card=None))",
        "copy = dict(body)\n    copy['card'] = '***'\n    print(copy)",
        "body.update({'card': '***'})\n    print(body)",
    ],
}
WITH = {
    "javascript": [
        "console.log({ card: '***', ...body });",
        "if (body.x) delete body.card; console.log(body);",
        "console.log(body.x ? body : { card: '***' });",
        "console.log({ ...body, card: undefined }, body);",
        "const { name, ...rest } = body; console.log(rest, name);",
        "console.log({ ...body, [body.x]: undefined });",
    ],
    "python": [
        "print({'card': '***', **body})",
        "if body['x']:\n        body['card'] = '***'\n    print(body)",
        "print({**body, 'card': '***'}, body)",
        "body.pop(body['x'])\n    print(body)",
        "shown = dict(body)\n    shown.pop('card')\n    print(body)",
    ],
}


def lacking(root: Path, language: str, text: str) -> set[str]:
    """Return the fields that the log does not have of the body."""
    if language == "python":
        head = (
            "import json\ndef handler(event, context):\n    body = json.loads(event['body'])\n    "
        )
        whole = f"{head}{text}\n"
    else:
        head = "const _ = require('lodash');\nexports.handler = async (event) => {\n"
        whole = f"{head}const body = JSON.parse(event.body);\n{text}\n}};\n"
    (root / FILES[language]).write_text(whole)
    code = Code(folder=".", file=FILES[language])
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    (call,) = [call for call in analyse(root, function).calls if call.kind == "log"]
    found = [
        (argument.lacking or ((),) * len(argument.sources))[position]
        for argument in call.arguments
        for position, source in enumerate(argument.sources)
        if source.attribute == "body"
    ]
    assert found
    apart = {s.attribute.removeprefix("body.") for a in call.arguments for s in a.sources}
    return set.intersection(*map(set, found)) - apart


@pytest.mark.parametrize(
    ("language", "text"), [(name, text) for name, texts in WITHOUT.items() for text in texts]
)
def test_what_is_taken_out_is_not_there(tmp_path: Path, language: str, text: str) -> None:
    assert "card" in lacking(tmp_path, language, text)


@pytest.mark.parametrize(
    ("language", "text"), [(name, text) for name, texts in WITH.items() for text in texts]
)
def test_what_may_be_there_still_is(tmp_path: Path, language: str, text: str) -> None:
    assert "card" not in lacking(tmp_path, language, text)
