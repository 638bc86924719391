"""What we lay out ourselves is what rich lays out, and what we do not know how to is rich's."""

from __future__ import annotations

import os

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from checkrein.report.terminal import console
from checkrein.report.terminal.coloured import text_of
from checkrein.report.terminal.ink import Column, Paper, Table, Text
from checkrein.report.terminal.sheet import NARROW, SINGLE, Odd, Sheet

CHARACTERS = "ab-.é★… \u00a0"
WORDS = st.text(CHARACTERS, max_size=40)
LONG = st.lists(WORDS, max_size=6).map(" ".join)
LINES = st.lists(LONG, max_size=3).map("\n".join)
WIDTHS = st.integers(NARROW, 130)
ROWS = st.lists(st.tuples(LINES, LONG, LONG, LONG, st.sampled_from(["-", "★", "★★★"])), max_size=4)


def rich(draw: console.Draw, width: int) -> str:
    paper, text = text_of(width)
    draw(paper)
    return "".join(line.rstrip() + "\n" for line in text.getvalue().splitlines())


def ours(draw: console.Draw, width: int) -> str:
    sheet = Sheet(width)
    draw(sheet)
    return sheet.text


@given(LINES, WIDTHS)
@example("a\tb", 40)
@example(f"{'a' * 30} {'b' * 30}  c", 24)
@example("  \t ", 24)
def test_texts_are_broken_where_rich_breaks_them(text: str, width: int) -> None:
    for draw in (
        lambda paper: paper.print(Text(text)),
        lambda paper: paper.hang(Text(text)),
        lambda paper: paper.hang(Text(text, margin="      |   ")),
        lambda paper: paper.print(),
    ):
        assert ours(draw, width) == rich(draw, width)


@given(LINES, st.integers(NARROW + 8, 90), st.integers(1, 8))
def test_texts_stand_in_as_with_rich(text: str, width: int, columns: int) -> None:
    def draw(paper: Paper) -> None:
        paper.indent(Text(text), columns)

    assert ours(draw, width) == rich(draw, width)


@given(ROWS, WIDTHS)
@example([("a" * 60, "b" * 40, "c" * 40, "", "★")], 80)
@example([("a " * 60, "", "", "", "-")], 24)
def test_tables_are_as_wide_as_rich_makes_them(
    rows: list[tuple[str, str, str, str, str]], width: int
) -> None:
    heads = (*map(Column, ("Service", "Intended", "Seen in code", "Could also hold")),)
    table = Table((*heads, Column("Risk", folds=False)))
    for first, second, third, fourth, risk in rows:
        table.add((Text(first), Text(second), third, fourth, Text(risk, "bold red")))

    def draw(paper: Paper) -> None:
        paper.print(table)

    assert console.plain(draw, width) == rich(draw, width)


def test_a_table_that_fits_is_ours() -> None:
    table = Table((Column("Service"), Column("Risk", folds=False)))
    table.add((Text("s3").append(" Photos of everybody who ever came here", "dim"), "★"))

    def draw(paper: Paper) -> None:
        paper.print(table)

    for width in (120, 30):
        assert ours(draw, width) == rich(draw, width)


@pytest.mark.parametrize("text", ["a 界 b", "\x1b[31m", "\u202eabc", "e\u0301"])
def test_what_is_odd_is_drawn_by_rich(text: str) -> None:
    def draw(paper: Paper) -> None:
        paper.print(Text(f"{text} {'word ' * 12}"))

    with pytest.raises(Odd):
        ours(draw, 40)
    assert console.plain(draw, 40) == rich(draw, 40)


@pytest.mark.parametrize("cell", ["[bold]x", "[/]", "a :key: of x", "by takeover: payments"])
def test_a_cell_is_a_text_and_no_command(cell: str) -> None:
    table = Table((Column("Service"),), [(cell,)])

    def draw(paper: Paper) -> None:
        paper.print(table)

    assert ours(draw, 40) == rich(draw, 40)
    assert cell in rich(draw, 40)


def test_a_sheet_has_room_for_words() -> None:
    with pytest.raises(Odd):
        Sheet(NARROW - 1)


def test_every_character_that_we_lay_out_is_one_column_wide() -> None:
    assert {character for character in SINGLE - {"\n", "\t"} if cell_len(character) != 1} == set()


def test_a_text_keeps_its_styles_from_a_position_on() -> None:
    text = Text("one", "bold").append(" two three", "dim").append(" four")

    assert text.after(5).pieces == [("wo three", "dim"), (" four", "")]
    assert (len(text), text.plain) == (18, "one two three four")


@pytest.mark.parametrize("text", ["a\rb", "a\nb", "a\x0bb", "a\u2028b"])
def test_a_text_is_one_line(text: str) -> None:
    assert Text(text).append(text).pieces == [("a b", "")] * 2


def test_a_pipe_that_is_to_have_colours_has_them(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)

    def draw(paper: Paper) -> None:
        paper.print(Text("word", "bold red"))

    assert console.shown(draw) == "word\n"
    monkeypatch.setitem(os.environ, "FORCE_COLOR", "1")
    assert console.shown(draw) == "\x1b[1;31mword\x1b[0m\n"
