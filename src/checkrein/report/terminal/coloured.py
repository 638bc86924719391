"""Drawing with rich: for a terminal, and plain text that only rich knows how to lay out."""

from __future__ import annotations

from collections.abc import Iterator
from io import StringIO
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.segment import Segment
from rich.table import Table as Drawn
from rich.text import Text as Written

from checkrein.report.harmless import CONTROLS
from checkrein.report.terminal.ink import Table, Text

SHOWN = {code: seen for code, seen in CONTROLS.items() if chr(code) != "\n"}  # rich ends lines


class Shown(Console):
    """A console that prints what it is given as text, never as commands."""

    def render(self, *arguments: Any, **options: Any) -> Iterator[Segment]:
        """Render as a console does, with control characters visible."""
        for segment in super().render(*arguments, **options):
            text, style, control = segment
            yield segment if control else Segment(text.translate(SHOWN), style)


class Coloured:
    """A terminal, or a text that is drawn as on one."""

    def __init__(self, console: Console) -> None:
        self.console = console

    @property
    def width(self) -> int:
        return self.console.width

    def print(self, drawn: Text | Table | None = None) -> None:
        if isinstance(drawn, Table):
            self.console.print(_table(drawn))
        elif drawn is None:
            self.console.print()
        else:
            self.console.print(_text(drawn))

    def hang(self, text: Text) -> None:
        if len(text) <= self.width:
            self.print(text)
            return
        first, *rest = _text(text).wrap(self.console, self.width - len(text.margin))
        self.console.print(first)
        for line in rest:
            self.console.print(Written(text.margin).append_text(line))

    def indent(self, text: Text, columns: int) -> None:
        self.console.print(Padding(_text(text), (0, 0, 0, columns)))


def terminal() -> Coloured:
    """Return the terminal that the process prints to."""
    return Coloured(Shown(highlight=False, soft_wrap=False))


def text_of(width: int) -> tuple[Coloured, StringIO]:
    """Return what draws a text without colour, and where it goes."""
    text = StringIO()
    return Coloured(Shown(file=text, width=width, no_color=True, highlight=False)), text


def _text(text: Text) -> Written:
    written = Written("", text.style)
    for piece, style in text.pieces:
        written.append(piece, style or None)
    return written


def _table(table: Table) -> Drawn:
    drawn = Drawn(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for column in table.columns:
        if column.folds:
            drawn.add_column(column.heading, overflow="fold")
        else:
            drawn.add_column(column.heading, no_wrap=True)
    for row in table.rows:
        # A bare text would be read for commands: [bold], :key:
        drawn.add_row(*(Written(c) if isinstance(c, str) else _text(c) for c in row))
    return drawn
