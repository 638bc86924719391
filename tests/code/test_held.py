"""What a call site says of those who get there: what was found for them, and who may have asked."""

from __future__ import annotations

from pathlib import Path

from checkrein.code import analyse
from checkrein.model import CallSite, Code, Function

HEAD = """
import boto3, jwt, os
from acme import verify
things = boto3.resource("dynamodb").Table("things")
tokens = boto3.resource("dynamodb").Table("tokens")
def load(id):
    return things.get_item(Key={"id": id})
def handler(event, context):
"""


def calls(root: Path, body: str, kind: str = "sdk") -> tuple[CallSite, ...]:
    (root / "app.py").write_text(HEAD + body)
    code = Code(folder=".", file="app.py")
    function = Function(id="t/F", runtime="", language="python", handler="app.handler", code=code)
    found = analyse(root, function)
    assert found.partial == ""
    return tuple(site for site in found.calls if site.kind == kind)


LOOKED_UP = """    if "Item" not in tokens.get_item(Key={"token": event["token"]}):
        return None
"""


def test_a_call_knows_which_call_found_something(tmp_path: Path) -> None:
    asked, after = calls(tmp_path, f"{LOOKED_UP}    load(event['id'])\n")
    assert (asked.held, after.held) == ((), (0,))


def test_what_was_found_tells_no_ways_apart(tmp_path: Path) -> None:
    load = "    load(event['id'])\n"
    before, _ = calls(tmp_path, load + LOOKED_UP + load)
    assert before.held == ()


def test_what_is_found_by_who_calls_is_no_token(tmp_path: Path) -> None:
    who = 'event["requestContext"]["authorizer"]["claims"]["sub"]'
    _, after = calls(tmp_path, LOOKED_UP.replace('event["token"]', who) + "    load(event['id'])\n")
    assert after.held == ()


def test_where_nothing_was_found_nothing_is_held(tmp_path: Path) -> None:
    _, after = calls(tmp_path, f"{LOOKED_UP.replace('not in', 'in')}    load(event['id'])\n")
    assert after.held == ()


def test_what_the_app_asks_for_by_itself_is_not_found_for_anybody(tmp_path: Path) -> None:
    looked_up = LOOKED_UP.replace('event["token"]', 'os.environ["FIRST"]')
    _, after = calls(tmp_path, f"{looked_up}    load(event['id'])\n")
    assert after.held == ()


def test_a_call_knows_that_others_may_have_asked(tmp_path: Path) -> None:
    (after,) = calls(tmp_path, "    verify(event)\n    load(event['id'])\n")
    assert after.perhaps
    (before,) = calls(tmp_path, "    load(event['id'])\n    verify(event)\n")
    assert not before.perhaps


def test_a_token_is_ignored_whose_check_may_fail(tmp_path: Path) -> None:
    checked = """    try:
        jwt.decode(event["headers"]["authorization"], os.environ["KEY"], algorithms=["HS256"])
    except Exception:
        RESULT
    load(event["id"])
"""
    found = [
        [site.ignored for site in calls(tmp_path, checked.replace("RESULT", result), "use")]
        for result in ("print('no')", "return None")
    ]
    assert found == [[True], [False]]
