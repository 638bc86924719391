"""Objects copied key by key: what is left out is not there, all else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.code import analyse
from checkrein.model import Argument, Code, Function, Symbol

BODY = Symbol("event", "body")


def logged(root: Path, file: str, text: str) -> list[Argument]:
    (root / file).write_text(text)
    language = "python" if file.endswith(".py") else "javascript"
    code = Code(folder=".", file=file)
    function = Function(id="t/F", runtime="", language=language, handler="app.handler", code=code)
    found = analyse(root, function)
    assert found.partial == ""
    return [each for site in found.calls if site.kind == "log" for each in site.arguments]


def lacking(argument: Argument) -> tuple[str, ...]:
    return argument.lacking[0] if argument.lacking else ()


PYTHON = """
SECRET = ("password", "token")
def handler(event, context):
    user, other = event["body"], event["other"]
    print({copy})
"""
JAVASCRIPT = """
const SECRET = ["password", "token"], KNOWN = new Set(["password"]);
exports.handler = async (event) => {{
  const user = event.body;
  console.log({copy});
}};
"""


@pytest.mark.parametrize(
    ("copy", "missing"),
    [
        ('{k: v for k, v in user.items() if k != "password"}', ("password",)),
        ('{k: v for k, v in user.items() if not k == "password"}', ("password",)),
        ("{k: v for k, v in user.items() if k not in SECRET}", ("password", "token")),
        ('{k: v for k, v in user.items() if k not in {"password"} and v}', ("password",)),
        ('{k: user[k] for k in user if k != "password"}', ("password",)),
        ('{k: user[k] for k in user.keys() if "password" != k}', ("password",)),
    ],
)
def test_left_out_in_python(tmp_path: Path, copy: str, missing: tuple[str, ...]) -> None:
    (found,) = logged(tmp_path, "app.py", PYTHON.format(copy=copy))
    assert (found.sources, lacking(found)) == ((BODY,), missing)


@pytest.mark.parametrize(
    "test",
    [
        '([key]) => key !== "password"',
        '([key, value]) => value && key !== "password"',
        '(pair) => pair[0] !== "password"',
        "([key]) => !KNOWN.has(key)",
        '([key]) => !["password"].includes(key)',
    ],
)
def test_left_out_in_javascript(tmp_path: Path, test: str) -> None:
    copy = f"Object.fromEntries(Object.entries(user).filter({test}))"
    (found,) = logged(tmp_path, "app.js", JAVASCRIPT.format(copy=copy))
    assert (found.sources, lacking(found)) == ((BODY,), ("password",))


def test_only_what_is_listed_is_kept(tmp_path: Path) -> None:
    copy = '{k: v for k, v in user.items() if k in ("name", "id")}'
    found = logged(tmp_path, "app.py", PYTHON.format(copy=copy))
    assert [one.path for one in found] == ["[0].id", "[0].name"]


@pytest.mark.parametrize(
    "copy",
    [
        "{k: v for k, v in user.items() if k != event['k']}",  # nobody knows which
        "{k: v for k, v in user.items() if v != 'password'}",  # a value
        "{k: v for k, v in user.items() if k != 'password' or event['all']}",
        "{k: other[k] for k in user if k != 'password'}",  # of another
        "{k: str(v) for k, v in user.items() if k != 'password'}",  # not followed
    ],
)
def test_not_surely_left_out(tmp_path: Path, copy: str) -> None:
    found = logged(tmp_path, "app.py", PYTHON.format(copy=copy))
    assert found
    assert not any(one.lacking for one in found)


@pytest.mark.parametrize(
    "copy",
    [
        "Object.fromEntries(Object.entries(user).filter(([key]) => key === event.k))",
        'Object.fromEntries(Object.entries(user).filter(([, value]) => value !== "password"))',
        """((pairs) => { pairs.push(["password", event.body.password]);
             return Object.fromEntries(pairs);
           })(Object.entries(user).filter(([key]) => key !== "password"))""",
    ],
)
def test_not_surely_left_out_in_javascript(tmp_path: Path, copy: str) -> None:
    found = logged(tmp_path, "app.js", JAVASCRIPT.format(copy=copy))
    assert found
    assert not any(one.lacking for one in found)


def test_a_copy_of_pairs_is_no_alias(tmp_path: Path) -> None:
    text = """
def handler(event, context):
    user = {"id": event["id"], "password": event["password"]}
    copy = dict(user.items())
    copy.pop("password")
    print(user)
"""
    assert [one.path for one in logged(tmp_path, "app.py", text)] == ["[0].id", "[0].password"]
