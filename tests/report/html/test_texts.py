"""What is told in short for the script: it reads back the same texts and numbers."""

from __future__ import annotations

from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from checkrein.report.html.script_data import changes
from checkrein.report.html.texts import Texts
from tests.report.html.test_page import decoded

CHARACTERS = st.characters(exclude_categories=["Cs"])
ALIKE = st.lists(st.text("ab\U0001f984é") | st.text(CHARACTERS), min_size=1)


@given(ALIKE)
def test_texts_that_share_their_beginnings_come_back(texts: list[str]) -> None:
    known = Texts(texts)
    read = decoded(known.front_coded())

    assert [read[known.number(text)] for text in texts] == texts


@given(st.lists(st.tuples(st.integers(), st.integers())))
def test_changes_add_up_again(told: list[tuple[int, int]]) -> None:
    found = changes(told)

    assert list(zip(accumulate(found[::2]), accumulate(found[1::2]), strict=True)) == told
