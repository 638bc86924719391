"""Plain text as rich would lay it out, of characters that are one column wide each.

What is wider, narrower or turns around, and a sheet on which a table does not fit, raise ``Odd``:
then rich draws the report. It takes three times as long to load as most reports take to draw.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.late import regex
from checkrein.report.terminal.ink import Table, Text

NARROW = 24  # columns; where there are less, rich crops
TAB = 8
RANGES = ((0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x2FF), (0x370, 0x482), (0x2500, 0x25FC))
SINGLE = frozenset(chr(code) for first, last in RANGES for code in range(first, last + 1))
SINGLE |= frozenset("\n\t★…•→\u2013\u2014\u2019\u201c\u201d")
WORD = regex(r"\s*\S+\s*")


class Odd(Exception):
    """Only rich knows how to lay this out."""


class Sheet:
    """Plain text so many columns wide."""

    def __init__(self, width: int) -> None:
        if width < NARROW:
            raise Odd
        self.width = width
        self._lines: list[str] = []

    @property
    def text(self) -> str:
        """What was printed, without spaces at the ends of lines."""
        return "".join(f"{line.rstrip()}\n" for line in self._lines)

    def print(self, drawn: Text | Table | None = None) -> None:
        if isinstance(drawn, Table):
            self._lines += _rows(drawn, self.width)
        else:
            self._lines += _wrapped(drawn.plain if drawn else "", self.width)

    def hang(self, text: Text) -> None:
        if len(text) <= self.width:
            self.print(text)
            return
        first, *rest = _wrapped(text.plain, self.width - len(text.margin))
        self._lines.append(first)
        self._lines += (text.margin + line for line in rest)

    def indent(self, text: Text, columns: int) -> None:
        if columns + NARROW > self.width:
            raise Odd
        self._lines += (" " * columns + line for line in _wrapped(text.plain, self.width - columns))


def _wrapped(text: str, width: int) -> list[str]:
    """Return a text's lines, broken between words where they are too long."""
    if not SINGLE.issuperset(text):
        raise Odd
    return [part for line in text.split("\n") for part in _broken(line.expandtabs(TAB), width)]


def _broken(line: str, width: int) -> Iterator[str]:
    if len(line) <= width:
        yield line
        return
    start = 0
    for end in _breaks(line, width):
        yield _cropped(line[start:end], width)
        start = end
    yield _cropped(line[start:], width)


def _cropped(line: str, width: int) -> str:
    return line if len(line) <= width else line[:width]


def _breaks(line: str, width: int) -> Iterator[int]:
    """Yield where a line is broken: before a word that does not fit, or within one too long."""
    used = 0
    for found in WORD.finditer(line):
        word, start = found[0], found.start()
        length = len(word.rstrip())
        if used + length <= width:
            used += len(word)
        elif length <= width:
            if used and start:
                yield start
                used = len(word)
        else:
            pieces = [word[at : at + width] for at in range(0, len(word), width)]
            for piece in pieces:
                if start:
                    yield start
                start += len(piece)
            used = len(pieces[-1])


def _rows(table: Table, width: int) -> Iterator[str]:
    """Yield a table's lines: columns a space apart on both sides, a rule below the headings."""
    last = len(table.columns) - 1
    beside = [(at > 0) + (at < last) for at in range(last + 1)]  # spaces, none at the edges
    head = [column.heading for column in table.columns]
    cells = [head, *([_cell(cell) for cell in row] for row in table.rows)]
    widths = _widths(table, cells, beside, width - last)
    for number, row in enumerate(cells):
        inner = [
            _wrapped(cell, columns - spaces)
            for cell, columns, spaces in zip(row, widths, beside, strict=True)
        ]
        yield from _row(inner, widths, bottom=number == 0)
        if number == 0:
            yield "─".join("─" * columns for columns in widths)


def _row(cells: list[list[str]], widths: list[int], *, bottom: bool) -> Iterator[str]:
    height = max(map(len, cells))
    for cell in cells:
        missing = [""] * (height - len(cell))
        cell[:] = [*missing, *cell] if bottom else [*cell, *missing]
    for line in range(height):
        parts = [
            f"{' ' if at else ''}{cell[line]}".ljust(columns)
            for at, (cell, columns) in enumerate(zip(cells, widths, strict=True))
        ]
        yield " ".join(parts)


def _cell(cell: str | Text) -> str:
    return cell if isinstance(cell, str) else cell.plain


def _widths(table: Table, cells: list[list[str]], beside: list[int], room: int) -> list[int]:
    """Return the columns' widths: as wide as they need, the widest narrowed until all fit."""
    needed = [
        min(max(_longest(row[at]) for row in cells) + spaces, room)
        for at, spaces in enumerate(beside)
    ]
    widths = [columns or 1 for columns in needed]
    folds = [column.folds for column in table.columns]
    while sum(widths) > room:
        foldable = [columns for columns, may in zip(widths, folds, strict=True) if may]
        widest = max(foldable)
        second = max(columns if columns != widest else 0 for columns in [*foldable, 0])
        chosen = [may and columns == widest for columns, may in zip(widths, folds, strict=True)]
        widths = _narrowed(widths, chosen, sum(widths) - room, widest - second)
        if any(columns <= spaces for columns, spaces in zip(widths, beside, strict=True)):
            raise Odd
    return [min(columns, most) for columns, most in zip(widths, needed, strict=True)]


def _narrowed(widths: list[int], chosen: list[bool], excess: int, most: int) -> list[int]:
    """Take from the chosen columns in equal parts, from none more than ``most``."""
    left, among = excess, sum(chosen)
    made = []
    for columns, is_one in zip(widths, chosen, strict=True):
        taken = min(most, excess, round(left / among)) if is_one and among else 0
        made.append(columns - taken)
        left -= taken
        among -= is_one
    return made


def _longest(text: str) -> int:
    return max(map(len, text.splitlines()), default=0)
