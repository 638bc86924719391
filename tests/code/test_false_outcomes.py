"""What looks like asking for a secret by a part of an answer, and asks for nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.code.test_outcomes import JAVASCRIPT, PYTHON, THEN_JAVASCRIPT, THEN_PYTHON, proof

WRONG = 'event["headers"].get("x-api-key") != os.environ["API_KEY"]'
NOT_SHOWN = 'event.headers["x-api-key"] !== process.env.API_KEY'
DECEIVING_PYTHON = {
    "none-ne": (
        "",
        "good, message = validated(event['headers'].get('x-api-key'))\nif good is None:\n    return {}",
    ),
    "true-eq-err": ("", "key, error = required(event)\nif error is True:\n    return {}"),
    "mut-sub": ("", 'auth = looked(event)\nauth["ok"] = True\nif not auth["ok"]:\n    return {}'),
    "mut-update": (
        "",
        'auth = looked(event)\nauth.update(ok=True)\nif not auth["ok"]:\n    return {}',
    ),
    "mut-helper": (
        "def force(a):\n    a['ok'] = True\n",
        'auth = looked(event)\nforce(auth)\nif not auth["ok"]:\n    return {}',
    ),
    "mut-alias": (
        "",
        'auth = looked(event)\nb = auth\nb["ok"] = True\nif not auth["ok"]:\n    return {}',
    ),
    "for-target": (
        "",
        'auth = looked(event)\nfor auth in event["auths"]:\n    pass\nif not auth["ok"]:\n    return {}',
    ),
    "walrus2": (
        "",
        'auth = looked(event)\nprint(auth := event["auth"])\nif not auth["ok"]:\n    return {}',
    ),
    "nested2": (
        "",
        'key, error = required(event)\n(key, error), x = (event["a"], event["b"]), 1\nif error:\n    return {}',
    ),
    "star2": (
        "def trip(event):\n    if WRONG:\n        return 1, 2, 'w', None\n    return 1, 2, None, None\n",
        "a, *rest, error = trip(event)\nif error:\n    return {}",
    ),
    "spread": (
        "def trip(event):\n    if WRONG:\n        return {**event['body'], 'error': 'x'}\n    return {'ok': True}\n",
        'a = trip(event)\nif not a["ok"]:\n    return {}',
    ),
    "spread3": (
        "def trip(event):\n    return {'ok': event['headers'].get('x-api-key') == os.environ['API_KEY'], **json.loads(event['body'])}\n",
        'a = trip(event)\nif not a["ok"]:\n    return {}',
    ),
    "computed": (
        "def trip(event):\n    if WRONG:\n        return {event['k']: True, 'error': 'x'}\n    return {'ok': True}\n",
        'a = trip(event)\nif not a["ok"]:\n    return {}',
    ),
    "computed2": (
        "def trip(event):\n    if WRONG:\n        return {'ok': False, event['k']: True}\n    return {'ok': True}\n",
        'a = trip(event)\nif not a["ok"]:\n    return {}',
    ),
    "errors-maybe-part": (
        "def trip(event):\n    errors = {}\n    if 'name' not in event:\n        errors['name'] = 'x'\n    if event['headers'].get('x-api-key') == os.environ['API_KEY']:\n        return None, None\n    return None, errors\n",
        "k, e = trip(event)\nif e:\n    return {}",
    ),
    "errors-pop": (
        "def trip(event):\n    errors = {'a': 1}\n    if 'name' in event:\n        errors.pop('a')\n    if event['headers'].get('x-api-key') == os.environ['API_KEY']:\n        return None, None\n    return None, errors\n",
        "k, e = trip(event)\nif e:\n    return {}",
    ),
    "two-classes": (
        "class A:\n    def check(self, event):\n        if WRONG:\n            return False, 'x'\n        return True, None\nclass B:\n    def check(self, event):\n        return True, None\n",
        'c = B() if event.get("x") else A()\nok, e = c.check(event)\nif not ok:\n    return {}',
    ),
    "two-classes-s": (
        "class A:\n    def check(self, event):\n        if WRONG:\n            return False\n        return True\nclass B:\n    def check(self, event):\n        return True\n",
        'c = B() if event.get("x") else A()\nif not c.check(event):\n    return {}',
    ),
    "gen": (
        "def chk(event):\n    if WRONG:\n        raise Exception()\n    yield 1\n",
        "chk(event)",
    ),
    "gen2": (
        "def chk(event):\n    if WRONG:\n        return False\n    yield 1\n    return True\n",
        "if not chk(event):\n    return {}",
    ),
    "global": (
        "error = None\n",
        'global error\nif event.get("x"):\n    error = refused(event)\nif error:\n    return {}',
    ),
    "nonlocal": (
        "",
        "error = refused(event)\ndef f():\n    nonlocal error\n    error = None\nf()\nif error:\n    return {}",
    ),
    "tryfin": (
        "def chk(event):\n    try:\n        if WRONG:\n            return False, 1\n        return True, 1\n    finally:\n        return True, 2\n",
        "ok, e = chk(event)\nif not ok:\n    return {}",
    ),
    "tryexc3": (
        "def chk(event):\n    try:\n        if WRONG:\n            raise ValueError()\n    except ValueError:\n        print('x')\n    return True, None\n",
        "ok, e = chk(event)\nif not ok:\n    return {}",
    ),
    "setdefault": (
        "",
        'auth = looked(event)\nauth["ok"] |= True\nif not auth["ok"]:\n    return {}',
    ),
    "class": (
        "class R:\n    ok = True\n    def __init__(self, e):\n        self.e = e\ndef chk(event):\n    if WRONG:\n        return R('no')\n    r = R('y')\n    r.ok = True\n    return r\n",
        "a = chk(event)\nif not a.ok:\n    return {}",
    ),
    "lenobj": (
        "class R:\n    def __init__(self):\n        self.e = 1\n    def __bool__(self):\n        return False\ndef chk(event):\n    if WRONG:\n        return None, R()\n    return None, None\n",
        "k, a = chk(event)\nif a:\n    return {}",
    ),
    "lambdas2": (
        "",
        'c = {"b": lambda e: True, "a": lambda e: e["headers"].get("x-api-key") == os.environ["API_KEY"]}\nif not c[event["m"]](event):\n    return {}',
    ),
    "exc-as": (
        "",
        "error = refused(event)\ntry:\n    print(1)\nexcept Exception as error:\n    pass\nif error:\n    return {}",
    ),
}
DECEIVING_JAVASCRIPT = {
    "var": ("", "if (event.x) { var error = refused(event); } if (error) return error;"),
    "let3": (
        "",
        "let error; if (event.x) ({ error } = await looked(event)); if (error) return {};",
    ),
    "modlet": ("let error;", "if (event.x) error = refused(event); if (error) return error;"),
    "modlet2": (
        "let auth = {};",
        "if (event.x) auth = await looked(event); if (auth.error) return {};",
    ),
    "neq-false": (
        "const chk = (event) => { if (NOT_SHOWN) return { error: 'no' }; return { ok: true }; };",
        "const a = chk(event); if (a.ok === false) return {};",
    ),
    "err-true": ("", "const auth = await looked(event); if (auth.error === true) return {};"),
    "ok-null": ("", "const auth = await looked(event); if (auth.ok === null) return {};"),
    "mut": ("", "const auth = await looked(event); auth.ok = true; if (!auth.ok) return {};"),
    "mut2": (
        "",
        "const auth = await looked(event); Object.assign(auth, JSON.parse(event.body)); if (!auth.ok) return {};",
    ),
    "mutdel": (
        "",
        "const auth = await looked(event); delete auth.error; if (auth.error) return {};",
    ),
    "default3": (
        "const chk = (event) => { if (NOT_SHOWN) return { error: 'no' }; return { ok: true }; };",
        "let { ok } = chk(event); ({ ok = true } = JSON.parse(event.body)); if (!ok) return {};",
    ),
    "noawait": (
        "const wrap = (event) => looked(event);",
        "const auth = wrap(event); if (auth.error) return {};",
    ),
    "noawait2": (
        "const wrap = (event) => looked(event);",
        "const { error } = wrap(event); if (error) return {};",
    ),
    "closure": (
        "",
        "let error = refused(event); [1].forEach(() => { error = null; }); if (error) return error;",
    ),
    "closure2": (
        "",
        "let auth = await looked(event); const f = () => { auth = { ok: true }; }; f(); if (!auth.ok) return {};",
    ),
    "loop": ("", "let error = refused(event); for (error of event.l) {} if (error) return error;"),
    "trycatch2": (
        "",
        "let error; try { error = refused(event); } catch (e) {} if (error) return {};",
    ),
    "spread": (
        "const chk = (event) => { if (NOT_SHOWN) return { ...JSON.parse(event.body), error: 'no' }; return { ok: true }; };",
        "const a = chk(event); if (!a.ok) return {};",
    ),
    "spreadb": (
        "const chk = (event) => ({ ok: event.headers['x-api-key'] === process.env.API_KEY, ...event.body })",
        "const a = chk(event); if (!a.ok) return {};",
    ),
    "getter": (
        "class R { constructor(e) { this.e = e; } get ok() { return true; } }\nconst chk = (event) => { if (NOT_SHOWN) return new R('no'); return { ok: true }; };",
        "const a = chk(event); if (!a.ok) return {};",
    ),
    "maps": (
        "const cs = { GET: (e) => true, POST: (e) => e.headers['x-api-key'] === process.env.API_KEY };",
        "if (!cs[event.httpMethod](event)) return {};",
    ),
}
ASKING_PYTHON = {
    "all of several": (
        (
            "class A:\n    def check(self, event):\n        if WRONG:\n            return False, 'x'\n"
            "        return True, None\nclass B(A):\n    def check(self, event):\n"
            "        if WRONG:\n            return False, 'y'\n        return True, 1\n"
        ),
        'c = B() if event.get("x") else A()\nok, e = c.check(event)\nif not ok:\n    return {}',
    ),
    "another is changed": (
        "",
        'auth = looked(event)\nother = {}\nother["ok"] = True\nif not auth["ok"]:\n    return {}',
    ),
    "in a loop": (
        "",
        (
            'for one in event["all"]:\n    key, error = required(event)\n    if error:\n        return {}\n'
            "    print(one)\nkey, wrong = required(event)\nif wrong:\n    return {}"
        ),
    ),
    "in a branch of a loop": (
        "",
        'for one in event["all"]:\n    if one:\n        key, error = required(event)\n        if error:\n            return {}\nkey, wrong = required(event)\nif wrong:\n    return {}',
    ),
    "in a try": (
        "",
        (
            "try:\n    key, error = required(event)\nexcept ValueError:\n    return {}\n"
            "if error is not None:\n    return {}"
        ),
    ),
    "not False": (
        "",
        'auth = looked(event)\nif auth["ok"] is not False:\n    pass\nelse:\n    return {}',
    ),
}


def python(before: str, lines: str) -> str:
    helpers, name, tail = PYTHON.rpartition("def handler(event, context):")
    body = "".join(f"    {line}\n" for line in f"{lines}\n{THEN_PYTHON}".split("\n"))
    return f"{helpers}{before}\n{name}{tail}{body}".replace("WRONG", WRONG)


def javascript(before: str, lines: str) -> str:
    helpers, name, tail = JAVASCRIPT.rpartition("exports.handler")
    made = f"{helpers}{before}\n{name}{tail}{lines}\n{THEN_JAVASCRIPT}"
    return made.replace("NOT_SHOWN", NOT_SHOWN)


@pytest.mark.parametrize("case", DECEIVING_PYTHON)
def test_nobody_has_shown_a_secret(tmp_path: Path, case: str) -> None:
    assert proof(tmp_path, "app.py", python(*DECEIVING_PYTHON[case])) == ""


@pytest.mark.parametrize("case", DECEIVING_JAVASCRIPT)
def test_nobody_has_shown_a_secret_in_javascript(tmp_path: Path, case: str) -> None:
    assert proof(tmp_path, "app.js", javascript(*DECEIVING_JAVASCRIPT[case])) == ""


@pytest.mark.parametrize("case", ASKING_PYTHON)
def test_who_gets_past_has_shown_it(tmp_path: Path, case: str) -> None:
    assert proof(tmp_path, "app.py", python(*ASKING_PYTHON[case])) == "secret"
