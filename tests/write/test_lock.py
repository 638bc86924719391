"""Writing checkrein.lock: the same lines give the same bytes, and read back they are the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkrein.model import Accepted, Kind
from checkrein.read.lock import read_text
from checkrein.write import comments_of, lock_text

Plain = tuple[str, str, str, tuple[str, ...], str, str]


def line(kind: str, owner: str, key: str, *values: str, reason: str = "", by: str = "") -> Accepted:
    said = " ".join(filter(None, (kind, owner, key)))
    return Accepted(
        id=said, kind=kind, owner=owner, key=key, values=tuple(sorted(values)), reason=reason, by=by
    )


def plain(accepted: list[Accepted]) -> set[Plain]:
    return {(a.kind, a.owner, a.key, a.values, a.reason, a.by) for a in accepted if a.owner}


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12).filter(
    lambda text: not text.startswith("=")
)
WORDS = st.lists(TEXT, max_size=6, unique=True)
DATA = st.lists(st.sampled_from(["pii.email", "pii.name", "cred.token", "biz.order"]), unique=True)
CELLS = st.builds(
    lambda kind, owner, values, reason: line(kind, owner, "", *values, reason=reason),
    st.sampled_from(["intended", "coded"]), TEXT, DATA, st.just("") | TEXT,
)  # fmt: skip
OTHERS = st.builds(
    lambda kind, owner, key, values, by: line(kind, owner, key, *values, by=by),
    st.sampled_from(["entry", "call", "right", "denial", "gain"]), TEXT, TEXT, WORDS, st.just("") | TEXT,
)  # fmt: skip


@given(lines=st.lists(CELLS | OTHERS, max_size=12, unique_by=lambda a: (a.kind, a.owner, a.key)))
def test_what_is_written_reads_back_in_whatever_order_it_came(lines: list[Accepted]) -> None:
    text = lock_text(lines)
    assert plain(read_text(text.encode())) == plain(lines)
    assert lock_text(reversed(lines)) == text
    assert lock_text(read_text(text.encode())) == text


@pytest.mark.parametrize("text", ["\ufffe", "a\uffff", "\U0001fffe"])
def test_what_is_no_character_reads_back(text: str) -> None:
    lines = [line("right", "app/Role", f"{text} read", text)]
    assert plain(read_text(lock_text(lines).encode())) == plain(lines)


def test_a_question_behind_a_colon_reads_back_in_a_list() -> None:
    lines = [line("entry", "app/F", "http", "0:?", by="Ada")]
    assert plain(read_text(lock_text(lines).encode())) == plain(lines)


def test_rights_that_are_alike_stand_on_one_line() -> None:
    tables = [f"app/T{number}" for number in range(5)]
    lines = [
        line(Kind.RIGHT, "app/Role", f"{table} {right}", "dynamodb:*")
        for table in tables
        for right in ("read", "write")
    ]
    text = lock_text(lines)
    assert "    =nodes read, write: dynamodb:*\n" in text
    assert plain(read_text(text.encode())) == plain(lines)


def test_a_comment_at_the_end_of_a_line_stays() -> None:
    before = lock_text([line("intended", "app/Orders", "", "pii.email")])
    by_hand = before.replace("pii.email\n", "pii.email  # until 2027\n")
    accepted = read_text(by_hand.encode())
    more = [*accepted, line("intended", "app/Users", "", "pii.name")]
    after = lock_text(more, comments_of(by_hand, accepted))
    assert after == by_hand + "  app/Users: pii.name\n"


def test_a_number_sign_within_a_text_is_no_comment() -> None:
    lines = [line("entry", "app/F", "http a GET /#x", "a #b", reason="see #7")]
    text = lock_text(lines)
    assert comments_of(text, read_text(text.encode())) == {}
