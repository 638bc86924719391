"""checkrein.yaml is edited entry by entry: comments, order and everything else stay."""

from __future__ import annotations

import copy
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from checkrein.notation import parse
from checkrein.write import CannotEdit
from checkrein.write.intent import HEAD, Entry, holding, ignoring, linking, save, written

OURS = """\
# ours
data:   # classes
  pii.email: 8   # high
resources:
  a/T:
    holds:   # why
      - biz.order   # orders
      - pii.email
ignore:   # none yet
links: {}
# end
"""


def test_a_new_file_has_a_head_that_says_what_may_stand_in_it(tmp_path: Path) -> None:
    save(tmp_path, [ignoring("x", "a page: public"), holding("a/T", ["biz.order"])])
    assert (tmp_path / "checkrein.yaml").read_text() == (
        f"{HEAD}\n"
        'ignore:\n  - id: x\n    reason: "a page: public"\n'
        "resources:\n  a/T:\n    holds:\n      - biz.order\n"
    )


def test_what_is_added_stands_where_it_belongs() -> None:
    entries = [ignoring("x", "known", expires="2027-01-31"), linking("a.P", "b/T")]
    assert written(OURS.encode(), entries) == OURS.replace(
        "# none yet\n", '# none yet\n  - id: x\n    reason: known\n    expires: "2027-01-31"\n'
    ).replace("links: {}", "links:\n  a.P: b/T")


def test_what_goes_leaves_its_comments() -> None:
    entries = [
        Entry(("data", "pii.email"), operation="remove"),
        Entry(("resources", "a/T", "holds", 0), operation="remove"),
        Entry(("links",), operation="remove"),
    ]
    assert written(OURS.encode(), entries) == (
        "# ours\n# classes\n# high\nresources:\n  a/T:\n    holds:   # why\n"
        "      # orders\n      - pii.email\nignore:   # none yet\n# end\n"
    )


def test_what_is_said_anew_keeps_the_comments_of_what_was_said() -> None:
    assert written(OURS.encode(), [holding("a/T", ["phi.note"])]) == OURS.replace(
        "    holds:   # why\n      - biz.order   # orders\n      - pii.email\n",
        "    # why\n    # orders\n    holds:\n      - phi.note\n",
    )


def test_nothing_may_be_left_but_comments() -> None:
    gone = [Entry((name,), operation="remove") for name in ("data", "resources", "ignore", "links")]
    assert written(OURS.encode(), gone) == (
        "# ours\n# classes\n# high\n# why\n# orders\n# none yet\n# end\n"
    )


@pytest.mark.parametrize("text", ["data: [\n", "- 1\n", "data: 5\n"])
def test_a_file_that_says_something_else_is_left_alone(text: str) -> None:
    with pytest.raises(CannotEdit):
        written(text.encode(), [Entry(("data", "pii.email"), 8)])


# ---------------------------------------------------------------------------- the law

WORDS = st.sampled_from(
    ["a", "b/T", "api/x.P", "why: so", "it's # not", "no", "0123", "2027-01-31"]
)
LEAVES = st.one_of(WORDS, st.integers(0, 10), st.none())
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=3)),
    max_leaves=6,
)
DOCUMENTS = st.dictionaries(st.sampled_from(["data", "resources", "links", "ignore"]), VALUES)


@st.composite
def files(draw: st.DrawFn) -> str:
    """A file as a person writes it: each of its lines may have a comment behind or above it."""
    document = draw(DOCUMENTS)
    flow = draw(st.sampled_from([None, False, False]))
    plain = yaml.dump(document, sort_keys=False, width=1000, default_flow_style=flow)
    lines = [] if not document else plain.splitlines()
    found: list[str] = []
    newline = draw(st.sampled_from(["\n", "\n", "\r\n"]))
    for number, line in enumerate(lines):
        if draw(st.booleans()):
            found.append(f"# above {number}")
        found.append(f"{line}   # at {number}" if draw(st.booleans()) else line)
    found += draw(st.sampled_from([[], ["# end"]]))
    return "".join(f"{line}{newline}" for line in found)


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    items: Any = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else items
    return [p for key, item in items for p in ((*path, key), *_paths(item, (*path, key)))]


def _at(value: Any, path: tuple[str | int, ...]) -> Any:
    for key in path:
        value = value[key]
    return value


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, list[Entry]]:
    """A file and the entries that several commands write into it, one after the other."""
    text = draw(files())
    value = parse(text).value or {}
    entries = []
    for _ in range(draw(st.integers(1, 3))):
        entry = _entry(draw, value)
        entries.append(entry)
        value = _after(value, entry)
    return text, entries


def _entry(draw: st.DrawFn, value: Any) -> Entry:
    paths = _paths(value)
    lists = [path for path in paths if isinstance(_at(value, path), list)]
    kind = draw(st.sampled_from(["set", "remove", "append", "new"]))
    if kind == "remove" and paths:
        return Entry(draw(st.sampled_from(paths)), operation="remove")
    if kind == "append" and lists:
        return Entry(draw(st.sampled_from(lists)), draw(VALUES), "append")
    if kind == "set" and paths:
        return Entry(draw(st.sampled_from(paths)), draw(VALUES))
    return Entry((f"new{len(value)}", "b/T"), draw(VALUES))


def _after(value: Any, entry: Entry) -> Any:
    """Say independently of the writer what an entry means; emptied parents go."""
    value = copy.deepcopy(value)
    if entry.path[0] not in value:
        return value | {entry.path[0]: {entry.path[1]: entry.value}}
    parent = _at(value, entry.path[:-1])
    if entry.operation == "append":
        parent[entry.path[-1]].append(entry.value)
    elif entry.operation == "set":
        parent[entry.path[-1]] = entry.value
    else:
        del parent[entry.path[-1]]
        for end in range(len(entry.path) - 1, 0, -1):
            if not _at(value, entry.path[:end]):
                del _at(value, entry.path[: end - 1])[entry.path[end - 1]]
    return value


def _comments(text: str) -> Counter[str]:
    found = [line.rpartition("# ")[2].strip() for line in text.splitlines() if "# " in line]
    return Counter(each for each in found if each.split(" ")[0] in {"above", "at", "end"})


@settings(max_examples=100, deadline=None)
@given(histories())
def test_every_comment_stays_and_the_file_says_what_was_meant(
    history: tuple[str, list[Entry]],
) -> None:
    text, entries = history
    for entry in entries:
        meant = _after(parse(text).value or {}, entry)
        before = text
        text = written(before.encode(), [entry])
        after = parse(text).value or {}
        assert after == meant
        assert list(after) == list(meant)
        assert _comments(text) == _comments(before)
