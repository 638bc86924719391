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


ITEMS_WITHOUT = {
    "javascript": [
        "for (const item of items) { delete item.card; } console.log(items);",
        "for (const item of items) { item.seen = 1; delete item.card; } console.log({ items });",
        "items.forEach((item) => { delete item.card; }); console.log(items);",
        "items.forEach((item) => delete item.card); console.log(items);",
        "items.map(async (item) => { delete item.card; }); console.log(JSON.stringify(items));",
        "for (const i of items) { if (!i.x) delete i.card; else delete i.card; } console.log(items);",
        "const shown = items.map(({ card, ...rest }) => rest); console.log(shown);",
        "const shown = items.map((i) => { delete i.card; return i; }); console.log(shown);",
    ],
    "python": [
        "for item in items:\n        del item['card']\n    print(items)",
        "for item in items:\n        item.pop('card')\n    print(json.dumps(items))",
        "for item in items:\n        item.pop('card', None)\n    print({'items': items})",
    ],
}
ITEMS_WITH = {
    "javascript": [
        "for (const item of items) { if (item.x) delete item.card; } console.log(items);",
        "for (const item of items) { if (item.x) continue; delete item.card; } console.log(items);",
        "for (const item of items) { if (item.x) break; delete item.card; } console.log(items);",
        "for (const item of items) { delete item[item.x]; } console.log(items);",
        "items.forEach((item) => { if (item.x) return; delete item.card; }); console.log(items);",
        "items.forEach((item) => { if (item.x) delete item.card; }); console.log(items);",
        "items.forEach((item) => { item = {}; delete item.card; }); console.log(items);",
        "items.filter((item) => delete item.card); console.log(body.items);",
        "delete items[0].card; console.log(items);",
        "const first = items.find((item) => item.x); delete first.card; console.log(items);",
    ],
    "python": [
        "for item in items:\n        if item['x']:\n            del item['card']\n    print(items)",
        "for item in items:\n        dict(item).pop('card')\n    print(items)",
        "del items[0]['card']\n    print(items)",
    ],
}


def shows_card(root: Path, language: str, text: str) -> bool:
    """Tell whether the items' cards are in what is logged of them."""
    if language == "python":
        whole = (
            "import json\ndef handler(event, context):\n    body = json.loads(event['body'])\n"
            f"    items = body['items']\n    {text}\n"
        )
    else:
        head = "const body = JSON.parse(event.body);\nconst items = body.items;\n"
        whole = f"exports.handler = async (event) => {{\n{head}{text}\n}};\n"
    (root / FILES[language]).write_text(whole)
    code = Code(folder=".", file=FILES[language])
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    (call,) = [call for call in analyse(root, function).calls if call.kind == "log"]
    lacked = [
        "card" in fields
        for argument in call.arguments
        for source, fields in zip(
            argument.sources, argument.lacking or ((),) * len(argument.sources), strict=True
        )
        if source.attribute.startswith("body.items")
    ]
    assert lacked
    return not all(lacked)


@pytest.mark.parametrize(
    ("language", "text"), [(name, text) for name, texts in ITEMS_WITHOUT.items() for text in texts]
)
def test_what_every_item_loses_is_not_there(tmp_path: Path, language: str, text: str) -> None:
    assert not shows_card(tmp_path, language, text)


@pytest.mark.parametrize(
    ("language", "text"), [(name, text) for name, texts in ITEMS_WITH.items() for text in texts]
)
def test_what_some_items_keep_is_there(tmp_path: Path, language: str, text: str) -> None:
    assert shows_card(tmp_path, language, text)


SEVERAL = """exports.handler = async (event) => {
  const body = JSON.parse(event.body), before = body;
  if (body.a) body.level = 1;
  else if (body.b) body.level = 2;
  else body.level = 3;
  delete body.card;
  console.log(SHOWN);
};
"""


@pytest.mark.parametrize(("shown", "lacks"), [("body", True), ("[body, event.body]", False)])
def test_one_of_several_objects_loses_it(tmp_path: Path, shown: str, lacks: bool) -> None:  # noqa: FBT001 - a case
    (tmp_path / "app.js").write_text(SEVERAL.replace("SHOWN", shown))
    code = Code(folder=".", file="app.js")
    function = Function(
        id="t/F", runtime="", language="javascript", handler="app.handler", code=code
    )
    (call,) = [call for call in analyse(tmp_path, function).calls if call.kind == "log"]
    found = [
        "card" in fields
        for argument in call.arguments
        for source, fields in zip(
            argument.sources, argument.lacking or ((),) * len(argument.sources), strict=True
        )
        if source.attribute == "body"
    ]
    assert found
    assert all(found) == lacks
