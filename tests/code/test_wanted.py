"""Whole bodies without the fields that code reads for other requests only."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.code import analyse
from checkrein.code.domain.arms import BREADTH
from checkrein.code.domain.ways import WANTED, Requests, either, told
from checkrein.model import Code, Function

FILES = {"python": "app.py", "javascript": "app.js"}
HEADS = {
    "python": (
        "import json, requests\nfrom flask import Flask, request\napp = Flask(__name__)\n"
        "def whole(event):\n    requests.post('https://a.example.com', data=event['body'])\n"
        "def pay(event):\n    print(json.loads(event['body'])['card'])\n"
    ),
    "javascript": (
        "const axios = require('axios');\nconst app = require('express')();\n"
        "const whole = (event) => axios.post('https://a.example.com', JSON.parse(event.body));\n"
        "const pay = (event) => console.log(JSON.parse(event.body).card);\n"
    ),
}
APART = {
    "python": [
        "if event['httpMethod'] == 'PUT': whole(event)\n    if event['httpMethod'] == 'POST': pay(event)",
        (
            "body = json.loads(event['body'])\n    if body['action'] == 'a': return whole(event)\n"
            "    elif body['action'] == 'b': return pay(event)"
        ),
        (
            "asked = f\"{event['httpMethod']} {event['path']}\"\n    if asked == 'PUT /a': whole(event)\n"
            "    if asked == 'POST /b': pay(event)"
        ),
    ],
    "javascript": [
        "switch (event.httpMethod) { case 'PUT': return whole(event); case 'POST': return pay(event); }",
        (
            "if (event.routeKey === 'PUT /a') return whole(event);\n"
            "if (event.routeKey === 'POST /a') return pay(event);"
        ),
        (
            "const path = event.pathParameters?.proxy || '';\nswitch (`${event.httpMethod}:${path}`) {\n"
            "case 'PUT:a': return whole(event);\ncase 'POST:b': return pay(event); }"
        ),
        (
            "const { action } = JSON.parse(event.body);\nif (action === 'a') { await whole(event); return; }\n"
            "if (action !== 'b') return;\npay(event);"
        ),
    ],
}
TOGETHER = {
    "python": [
        "whole(event)\n    pay(event)",
        "if event['httpMethod'] == 'PUT': whole(event)\n    pay(event)",
        "whole(event)\n    if event['httpMethod'] == 'POST': pay(event)",
        "if event['httpMethod'] == 'PUT': whole(event)\n    if event['path'] == '/b': pay(event)",
        "if event['httpMethod'] == 'PUT': whole(event)\n    if event['httpMethod'] != 'POST': pay(event)",
        "if event['httpMethod'] == 'PUT':\n        pay(event)\n        whole(event)\n    else: pay(event)",
        (
            "if event['httpMethod'] in ('PUT', 'POST'): whole(event)\n"
            "    if event['httpMethod'] == 'POST': pay(event)"
        ),
    ],
    "javascript": [
        "switch (event.httpMethod) { case 'PUT': return whole(event); default: return pay(event); }",
        (
            "switch (event.httpMethod) { case 'PUT': case 'POST': whole(event); }\n"
            "if (event.httpMethod === 'POST') pay(event);"
        ),
        "if (event.httpMethod === 'PUT') whole(event);\nif (event.path === '/b') pay(event);",
        (
            "if (event.httpMethod === 'PUT') console.log('a');\nwhole(event);\n"
            "if (event.httpMethod === 'POST') pay(event);"
        ),
        "if (context.a === 'x') whole(event);\nif (context.a === 'y') pay(event);",
        "for (const act of [whole, pay]) act(event);",
    ],
}


def sent_without(root: Path, language: str, text: str) -> set[str]:
    """Return the fields that the body lacks which is sent as a whole."""
    (root / FILES[language]).write_text(text)
    code = Code(folder=".", file=FILES[language])
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    found = analyse(root, function)
    assert found.partial == ""
    bodies = [
        (source.attribute, set(argument.lacking[at]) if argument.lacking else set())
        for call in found.calls
        if call.kind == "http"
        for argument in call.arguments
        for at, source in enumerate(argument.sources)
    ]
    assert {field for field, _ in bodies} == {"body"}
    return set.intersection(*(missing for _, missing in bodies))


def _program(language: str, text: str) -> str:
    if language == "python":
        return f"{HEADS[language]}def handler(event, context):\n    {text}\n"
    return f"{HEADS[language]}exports.handler = async (event, context) => {{\n{text}\n}};\n"


def _cases(every: dict[str, list[str]]) -> list[tuple[str, str]]:
    return [(language, text) for language, texts in every.items() for text in texts]


@pytest.mark.parametrize(("language", "text"), _cases(APART))
def test_what_another_request_has_is_not_sent(tmp_path: Path, language: str, text: str) -> None:
    assert "card" in sent_without(tmp_path, language, _program(language, text))


@pytest.mark.parametrize(("language", "text"), _cases(TOGETHER))
def test_what_the_same_request_may_have_is(tmp_path: Path, language: str, text: str) -> None:
    assert "card" not in sent_without(tmp_path, language, _program(language, text))


def test_routes_of_a_framework_are_requests_of_their_own(tmp_path: Path) -> None:
    routes = (
        "app.put('/a', (req, res) => axios.post('https://a.example.com', req.body));\n"
        "app.post('/a', (req, res) => res.json(req.body.card));\n"
        "exports.handler = require('serverless-http')(app);\n"
    )
    text = HEADS["javascript"] + routes
    assert sent_without(tmp_path, "javascript", text) == {"card"}
    one = text.replace("app.put", "app.post")
    assert sent_without(tmp_path, "javascript", one) == set()


def test_routes_in_python(tmp_path: Path) -> None:
    routes = (
        "@app.put('/a')\ndef one():\n    requests.post('https://a.example.com', json=request.json)\n"
        "@app.post('/b')\ndef two():\n    return request.json['card']\n"
        "from apig_wsgi import make_lambda_handler\nhandler = make_lambda_handler(app)\n"
    )
    assert sent_without(tmp_path, "python", HEADS["python"] + routes) == {"card"}


def test_what_many_actions_call_is_run_for_the_first_of_them_only(tmp_path: Path) -> None:
    """Each action tells requests apart, so that all that it calls is run once more for it."""
    deep = "".join(
        f"const f{at} = (e) => {{ const b = JSON.parse(e.body); console.log([b.a, b.b].map((v) => v"
        f" + '{at}')); {f'f{at + 1}(e);' if at % 9 else 'whole(e);'} }};\n"
        for at in range(54)
    )
    cases = "".join(
        f"case 'a{at}': {''.join(f'f{start}(event);' for start in range(1, 54, 9))} break;\n"
        for at in range(150)
    )
    text = f"const body = JSON.parse(event.body);\nswitch (body.action) {{\n{cases}}}"
    program = _program("javascript", text).replace("exports", f"{deep}exports", 1)

    assert sent_without(tmp_path, "javascript", program) == set()


def test_of_too_many_requests_it_is_still_known_which_they_are() -> None:
    requests: Requests = frozenset()
    for at in range(BREADTH):
        requests = either(requests, frozenset((f"route GET /{at % 2}", f"event.body.a = {at}")))
    assert len(requests) == BREADTH
    requests = either(requests, frozenset(("route GET /0", "event.body.a = x")))

    assert told(requests) == (("route GET /0",), ("route GET /1",))
    assert either(requests, frozenset(("route GET /1", "event.body.a = y"))) == requests
    assert told(either(requests, frozenset(("event.body.a = y",)))) == ()


def test_routes_do_not_count_among_the_actions_that_are_told_apart(tmp_path: Path) -> None:
    routes = "".join(f"if (event.path === '/r{at}') console.log(1);\n" for at in range(WANTED))
    actions = (
        "const { action } = JSON.parse(event.body);\n"
        "if (action === 'a') whole(event); else if (action === 'b') pay(event);"
    )
    program = _program("javascript", routes + actions)
    assert sent_without(tmp_path, "javascript", program) == {"card"}
