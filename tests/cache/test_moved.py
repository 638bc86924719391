"""What was concluded before and only stands elsewhere now is what would be concluded anew."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checkrein import aside, derive, files, pipeline
from checkrein.cache import VARIABLE, Cache, alike, shift
from checkrein.checks import code_secrets
from checkrein.cli import run
from checkrein.judge.kept import Said
from checkrein.model import App, CallSite, Evidence, Place, Summary
from checkrein.pipeline import moved
from checkrein.pipeline.reading import read
from tests.cache.test_retold import told
from tests.cache.test_verdicts import APPLICATION, PUT, SHOW, TEMPLATE, put

Edit = tuple[str, str]
LONG = PUT.replace("    return", "    print(order['name'])\n    print(order)\n    return")
SECRETS = """
import boto3
# one
KEY_ID = "AKIAQX7RTPLMN3VWZ2KD"
# two
SECRET = "hJ8/kq2Lw0ZpXv5nRtY7uB3mCd9eFg1hIjK4aSdQ"
s3 = boto3.client("s3", aws_access_key_id=KEY_ID, aws_secret_access_key=SECRET)
def handler(event, context):
    s3.put_object(Bucket="b", Key=event["id"], Body="x")
"""
START = APPLICATION | {"put/app.py": LONG, "sweep/app.py": SECRETS}
SAME: dict[str, Edit] = {
    "nothing": ("put/app.py", LONG),
    "a remark above": ("put/app.py", f"# a remark\n{LONG}"),
    "many remarks above": ("put/app.py", "# a remark\n" * 95 + LONG),
    "a remark within": ("put/app.py", LONG.replace("    table.put", "    # a\n    table.put")),
    "a remark at the end": ("put/app.py", f"{LONG}# a remark\n"),
    "a remark beside": ("put/app.py", LONG.replace("context):", "context):  # that")),
    "fewer lines": ("put/app.py", LONG.lstrip()),
    "another name": ("put/app.py", re.sub(r"\border\b", "o", LONG).replace("'o'", "'order'")),
    "a constant": ("put/app.py", LONG.replace("    order = ", "    print('a')\n    order = ")),
    "a constant at the end": ("put/app.py", f"{LONG}\nprint(1)\n"),
    "more spaces": ("put/app.py", LONG.replace("    ", "        ")),
    "a remark in JavaScript": ("show/index.js", f"// a remark\n{SHOW}"),
    "a constant in JavaScript": ("show/index.js", SHOW.replace("  return", "  console.log('a')\n  return")),
    "a remark in a module": ("put/shared.py", f"# a remark\n{APPLICATION['put/shared.py']}"),
    "a log of what a log gave": ("put/app.py", LONG.replace("    order = ", "    x = print('a')\n    print(x)\n    order = ")),
    "a remark above a template": ("template.yaml", f"# a remark\n{TEMPLATE}"),
    "many remarks in a template": ("template.yaml", TEMPLATE.replace("  Photos:", "# a remark\n" * 95 + "  Photos:")),
    "a remark beside a property": ("template.yaml", TEMPLATE.replace("PAY_PER_REQUEST", "PAY_PER_REQUEST  # a remark")),
    "a remark above secrets": ("sweep/app.py", f"# a remark\n{SECRETS}"),
}  # fmt: skip
OTHER: dict[str, Edit] = {
    "a log of data": ("put/app.py", LONG.replace("print(order)", "print(order, event)")),
    "a call more": ("put/app.py", LONG.replace("    return", "    table.delete_item(Key={})\n    return")),
    "another order": ("put/app.py", LONG.replace(
        "    print(order['name'])\n    print(order)\n", "    print(order)\n    print(order['name'])\n")),
    "two on a line": ("put/app.py", LONG.replace("])\n    print(order)", "]); print(order)")),
    "secrets further from each other": ("sweep/app.py", SECRETS.replace("# two", "# two\n" * 9)),
    "lines of a template joined": ("template.yaml", TEMPLATE.replace(",\n      Events", ", Events")),
    "a setting": ("template.yaml", TEMPLATE.replace("BillingMode: PAY", "BillingMode: PAID")),
    "a syntax error": ("put/app.py", "def handler(:\n"),
}  # fmt: skip


@pytest.fixture
def application(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An application that was scanned, with the user's key elsewhere."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    monkeypatch.delenv(VARIABLE)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(tmp_path)
    for path, content in START.items():
        put(tmp_path / "app", path, content)
    run(["scan", str(tmp_path / "app")])
    return tmp_path / "app"


def conclusions(root: Path) -> tuple[moved.Found | None, App, list[Said]]:
    """Return what an earlier scan concluded, moved to where it stands, and what one would anew."""
    facts = read([root], lambda _: None)
    with files.scan(root):
        found = moved.Earlier(root, wanted=True).moved(facts.facts)
        return found, *pipeline.found(facts, lambda _: None, Cache(root, wanted=False))[:2]


def assert_same(found: moved.Found, app: App, said: list[Said]) -> None:
    assert found.said == said
    for kind in found.kinds:
        assert found.app.every(kind) == app.every(kind)


@pytest.mark.parametrize("edit", SAME)
def test_it_is_what_would_be_concluded_anew(application: Path, edit: str) -> None:
    put(application, *SAME[edit])

    found, app, said = conclusions(application)

    assert found
    assert_same(found, app, said)


@pytest.mark.parametrize("edit", OTHER)
def test_what_says_something_else_is_concluded_anew(application: Path, edit: str) -> None:
    put(application, *OTHER[edit])

    assert conclusions(application)[0] is None


@pytest.mark.parametrize("edit", [*SAME, *OTHER])
def test_it_is_told_as_without(
    application: Path, capsys: pytest.CaptureFixture[str], edit: str
) -> None:
    put(application, *{**SAME, **OTHER}[edit])

    after = [told(application, capsys, "--all"), told(application, capsys)]

    words = ["--no-cache"]
    assert after == [told(application, capsys, "--all", *words), told(application, capsys, *words)]


@pytest.mark.parametrize("edit", SAME)
def test_nothing_is_derived_again(
    application: Path, monkeypatch: pytest.MonkeyPatch, edit: str
) -> None:
    put(application, *SAME[edit])
    monkeypatch.setattr(derive, "derive", None)

    assert run(["scan", str(application)]) == 1


@pytest.mark.parametrize("edit", ["a remark above", "a remark above a template"])
def test_nothing_is_derived_again_after_what_was_taken_back(
    application: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    edit: str,
) -> None:
    for other in ("a log of data", "a setting"):
        path, text = OTHER[other]
        before = told(application, capsys, "--all")
        put(application, path, text)
        told(application, capsys, "--all")
        put(application, path, START[path])
        assert told(application, capsys, "--all") == before
    put(application, *SAME[edit])
    anew = told(application, capsys, "--no-cache")
    monkeypatch.setattr(derive, "derive", None)

    assert told(application, capsys) == anew


def test_a_scan_whose_end_nobody_waited_for_is_told_as_without(
    application: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another scan may begin before all is kept, or what keeps it may be killed."""
    put(application, *OTHER["a log of data"])
    with monkeypatch.context() as patch:
        patch.setattr(aside, "aside", lambda _: bytes)
        told(application, capsys)
    for edit in (OTHER["a call more"], SAME["a remark above"]):
        put(application, *edit)

        assert told(application, capsys) == told(application, capsys, "--no-cache")


def test_where_no_copy_can_be_made_it_is_kept_too(
    application: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aside, "can_copy", lambda: False)
    put(application, *OTHER["a log of data"])
    told(application, capsys)
    path, text = OTHER["a log of data"]
    put(application, path, f"# a remark\n{text}")
    anew = told(application, capsys, "--no-cache")
    monkeypatch.setattr(derive, "derive", None)

    assert told(application, capsys) == anew


def test_nothing_is_derived_again_where_there_is_a_lock(
    application: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    run(["init", str(application)])
    run(["scan", str(application)])
    put(application, *SAME["a remark above"])
    told(application, capsys)
    with monkeypatch.context() as patch:
        patch.setattr(derive, "derive", None)
        found = told(application, capsys, "--all")

    assert found == told(application, capsys, "--all", "--no-cache")


def _line(file: str, text: str) -> Callable[[Path, int], None]:
    def edit(root: Path, at: int) -> None:
        lines = (root / file).read_text().splitlines(keepends=True)
        here = at % (len(lines) + 1)
        indent = re.match(r"\s*", lines[here])[0].strip("\n") if here < len(lines) else ""  # type: ignore[index]
        put(root, file, "".join([*lines[:here], f"{indent}{text}\n", *lines[here:]]))

    return edit


def _gone(root: Path, at: int) -> None:
    lines = (root / "put/app.py").read_text().splitlines(keepends=True)
    if lines:
        del lines[at % len(lines)]
    put(root, "put/app.py", "".join(lines))


STEPS: dict[str, Callable[[Path, int], None]] = {
    "a remark": _line("put/app.py", "# a remark"),
    "a remark that ignores": _line("put/app.py", "# checkrein: ignore[data-in-logs] known"),
    "a constant": _line("put/app.py", "print('said')"),
    "a log": _line("put/app.py", "print(order)"),
    "a number": _line("put/app.py", "number = 1"),
    "an import": _line("put/app.py", "import sys"),
    "a remark in a module": _line("put/shared.py", "# a remark"),
    "a remark in JavaScript": _line("show/index.js", "// a remark"),
    "a constant in JavaScript": _line("show/index.js", "console.log('said');"),
    "a remark near secrets": _line("sweep/app.py", "# a remark"),
    "a constant near secrets": _line("sweep/app.py", "print('said')"),
    "a line gone": _gone,
    "a remark in a template": _line("template.yaml", "# a remark"),
    "a remark in a template that ignores": _line(
        "template.yaml", "# checkrein: ignore[unused-permission] known"
    ),
}


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 40)), min_size=1, max_size=3)
)
def test_whatever_is_edited_it_is_what_would_be_concluded_anew(
    application: Path, steps: list[tuple[str, int]]
) -> None:
    for file, content in START.items():
        put(application, file, content)
    for step, at in steps:
        STEPS[step](application, at)

    found, app, said = conclusions(application)

    if found:
        assert_same(found, app, said)


# ------------------------------------------------------------------------------ what stands where


def summary(*lines: int, text: str = "") -> Summary:
    calls = tuple(CallSite("log", "", "print", Place("a.py", line), ()) for line in lines)
    return Summary(id="f", function="f", calls=calls, lost=(Evidence(text),) if text else ())


def learnt(old: Summary, new: Summary, *files: str) -> shift.Shift:
    found = shift.Shift()
    found.learn(old, new, b"", lambda _: True)
    found.settle({"a.py", *files})
    return found


def test_places_and_what_names_them_are_moved() -> None:
    found = learnt(summary(9, 20), summary(10, 25))

    assert found.of([Place("a.py", 9), {"b": Place("b.py", 9)}]) == [
        Place("a.py", 10), {"b": Place("b.py", 9)}
    ]  # fmt: skip
    assert (
        found.of("x>y:f:a.py:00009 and a.py:20, ba.py:9") == "x>y:f:a.py:00010 and a.py:25, ba.py:9"
    )
    with pytest.raises(alike.Differs):
        found.of(Place("a.py", 11))
    with pytest.raises(alike.Differs):
        found.of("a.py:11")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (summary(1, 2), summary(1)),
        (summary(1, 2), summary(2, 1)),
        (summary(1, 2), summary(3, 3)),
        (summary(1), summary(10_000)),
        (summary(1, text="a.py:1"), summary(2, text="a.py:3")),
        (summary(1, text="one"), summary(2, text="two")),
    ],
)
def test_what_is_in_another_order_or_says_something_else_is_no_shift(
    old: Summary, new: Summary
) -> None:
    with pytest.raises(alike.Differs):
        learnt(old, new)


def test_a_text_that_names_a_place_may_move_with_it() -> None:
    learnt(summary(1, text="x a.py:1"), summary(2, text="x a.py:2"))


def test_a_file_whose_name_ends_anothers_is_not_moved() -> None:
    with pytest.raises(alike.Differs):
        learnt(summary(1), summary(2), "my a.py")


def test_nearness_is_asked_of_fewer_lines() -> None:
    assert code_secrets.NEAR < shift.NEAR


def test_on_another_day_it_is_concluded_anew(
    application: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moved, "_today", lambda: "2031-01-01")

    assert conclusions(application)[0] is None


def test_what_the_team_says_of_texts_may_be_logged(application: Path) -> None:
    put(
        application,
        "checkrein.yaml",
        "data:\n  ticket: {family: secret, value: 9, patterns: ['T-\\d+']}\n",
    )
    run(["scan", str(application)])
    put(application, "put/app.py", LONG.replace("    order = ", "    print('T-17')\n    order = "))

    assert conclusions(application)[0] is None
