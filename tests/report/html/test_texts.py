"""What is told in short for the script: it reads back the same texts and numbers."""

from __future__ import annotations

import json
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from checkrein.report.html.markup import escaped
from checkrein.report.html.numbers import changes, counted, packed
from checkrein.report.html.texts import Texts
from tests.report.html.test_page import decoded, numbers

CHARACTERS = st.characters(exclude_categories=["Cs"])
ALIKE = st.lists(st.text("ab\U0001f984é") | st.text(CHARACTERS), min_size=1)


@given(ALIKE)
def test_texts_that_share_their_beginnings_come_back(texts: list[str]) -> None:
    known = Texts(texts)
    read = decoded(known.told())

    assert [read[known.number(text)] for text in texts] == texts


@given(st.lists(st.tuples(st.integers(), st.integers())))
def test_changes_add_up_again(told: list[tuple[int, int]]) -> None:
    found = changes(told)

    assert list(zip(accumulate(found[::2]), accumulate(found[1::2]), strict=True)) == told


@given(st.lists(st.integers()))
def test_numbers_come_back_and_need_no_escaping(told: list[int]) -> None:
    found = packed(told)

    assert numbers(found) == (told, "")
    assert json.loads(f'"{found}"') == found == escaped(found)


@given(st.lists(st.lists(st.tuples(st.integers()))))
def test_lists_of_any_length_come_back(told: list[list[tuple[int]]]) -> None:
    rest = iter(counted(told))

    read = [list(accumulate(next(rest) for _ in range(size))) for size in rest]
    assert read == [[number for (number,) in each] for each in told]
