"""What a report for people is written in: texts with styles, and a table of them.

The styles are rich's words; whoever draws them for a terminal loads rich, plain text needs none.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from msgspec import Struct, field

from checkrein.report.harmless import line

Piece = tuple[str, str]  # a text and its style, "" for none


HANGING = "    "


class Text:
    """A text of pieces on one line, each in its style, over a style for all.

    ``margin`` is what further lines begin with where the text hangs and has no room on one.
    """

    __slots__ = ("margin", "pieces", "style")

    def __init__(self, text: str = "", style: str = "", margin: str = HANGING) -> None:
        self.pieces: list[Piece] = [(line(text), "")] if text else []
        self.style = style
        self.margin = margin

    @classmethod
    def assemble(cls, *parts: str | Piece) -> Text:
        """Return a text of parts, plain or with a style."""
        made = cls()
        for part in parts:
            made.append(*((part,) if isinstance(part, str) else part))
        return made

    def append(self, text: str, style: str = "") -> Text:
        """Add a piece, and return the text itself."""
        if text:
            self.pieces.append((line(text), style))
        return self

    @property
    def plain(self) -> str:
        return "".join(text for text, _ in self.pieces)

    def __len__(self) -> int:
        return sum(len(text) for text, _ in self.pieces)

    def after(self, start: int) -> Text:
        """Return the text from a position on."""
        made = Text("", self.style)
        for text, style in self.pieces:
            made.append(text[max(start, 0) :], style)
            start -= len(text)
        return made


class Column(Struct, frozen=True):
    """A column's heading; what ``folds`` breaks where it is too wide."""

    heading: str
    folds: bool = True


class Table(Struct):
    """Rows of cells below headings; a text without style may be a bare one."""

    columns: tuple[Column, ...]
    rows: list[tuple[str | Text, ...]] = field(default_factory=list)

    def add(self, cells: Iterable[str | Text]) -> None:
        self.rows.append(tuple(cells))


class Paper(Protocol):
    """What a report is drawn on: so many columns wide."""

    @property
    def width(self) -> int: ...

    def print(self, drawn: Text | Table | None = None) -> None:
        """Print a text or a table, an empty line for nothing."""

    def hang(self, text: Text) -> None:
        """Print a text whose further lines stand below its words, behind its margin."""

    def indent(self, text: Text, columns: int) -> None:
        """Print a text whose every line stands in by so many columns."""
