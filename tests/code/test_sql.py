"""What is told of a statement of SQL: its tables, its columns, and what goes into them."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkrein.code.libraries.sql import KEYWORDS, LONGEST, VERBS, statement

WORDS = (
    *sorted(KEYWORDS | VERBS.keys()),
    *["(", ")", ",", ".", "*", "?", "%s", "$1", "$0", ":a", "@b", "::text", "'x'", '"u"', "`t`", "=", "<>", ";", "a", "users", "[a-b]", "/*", "*/", "--", "'", "é", "%(n)s"],
    "\0000\0", "\00012\0", "\n",
)  # fmt: skip


def given_of(text: str) -> tuple[list[str], list[str]]:
    """Return what goes into columns, and what columns are compared with."""
    found = statement(text)
    assert found
    written, where = (
        [f"{path}={one.kind}{one.name or one.number}" for path, values in pairs for one in values]
        for pairs in (found.written, found.where)
    )
    return written, where


@pytest.mark.parametrize(
    ("text", "written", "where"),
    [
        ("SELECT a FROM t WHERE id = ?", [], ["t.id=?0"]),
        ("SELECT a FROM t u WHERE u.id = $2 AND LOWER(u.mail) LIKE :m", [], ["t.id=?1", "t.mail=:m"]),
        ("SELECT a FROM t WHERE id IN (?, ?) AND b = ?", [], ["t.id=?0", "t.id=?1", "t.b=?2"]),
        ("SELECT a FROM t WHERE id NOT IN (%s)", [], ["t.id=?0"]),
        ("SELECT a FROM t WHERE id = ANY($1)", [], ["t.id=?0"]),
        ("SELECT a FROM t WHERE n > ? AND ? = id", [], []),  # neither says which row it is
        ("UPDATE t SET a = ?, b = b + ? WHERE id = ?", ["t.a=?0", "t.b=?1"], ["t.id=?2"]),
        ("UPDATE t SET ? WHERE id = ?", ["t=?0"], ["t.id=?1"]),
        ("INSERT INTO t (a, b) VALUES (?, NOW()), (?, ?)", ["t.a=?0", "t.a=?1", "t.b=?2"], []),
        ("INSERT INTO t (a) VALUES (?) ON DUPLICATE KEY UPDATE b = ?", ["t.a=?0", "t.b=?1"], []),
        ("INSERT INTO t (a) VALUES ($1) ON CONFLICT (a) DO UPDATE SET b = $2", ["t.a=?0", "t.b=?1"], []),
        ("SELECT a FROM t WHERE id = ? FOR UPDATE", [], ["t.id=?0"]),
        ("UPDATE t JOIN u ON t.i = u.i SET u.a = ? WHERE t.b = ?", ["u.a=?0"], ["t.b=?1"]),
        ("DELETE FROM t WHERE a = '\0000\0'", [], ["t.a=\0000"]),
    ],
)  # fmt: skip
def test_values_go_where_they_stand(text: str, written: list[str], where: list[str]) -> None:
    assert given_of(text) == (written, where)


@settings(deadline=None)
@given(st.sampled_from(sorted(VERBS)), st.lists(st.sampled_from(WORDS), max_size=14))
def test_no_text_is_too_odd(verb: str, words: list[str]) -> None:
    statement(" ".join((verb, *words)))
    statement(verb + " " + "".join(words))


def test_a_long_list_of_values_is_read_soon() -> None:
    text = f"SELECT a FROM t WHERE id IN ({','.join('?' * (LONGEST // 2 - 20))})"
    started = time.monotonic()

    found = statement(text)

    assert found
    assert len(found.where) == text.count("?")
    assert time.monotonic() - started < 2  # of 0.1; where each looked back it took 16
