"""Where a report for people goes: the terminal, with its colours and width, or plain text."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from io import StringIO
from typing import Any

from rich.console import Console
from rich.segment import Segment
from rich.text import Text

from checkrein.report.wording import CONTROLS

Draw = Callable[[Console], None]

HANGING = 4  # columns that a further line stands in
PIPED = 120  # columns, where no terminal says how many
ASCII = str.maketrans({"★": "*", "─": "-", "…": "...", "×": "x", "·": "-"})


class Paper(Console):
    """A console that prints what it is given as text, never as commands."""

    def render(self, *arguments: Any, **options: Any) -> Iterator[Segment]:
        """Render as a console does, with control characters visible."""
        for segment in super().render(*arguments, **options):
            text, style, control = segment
            yield segment if control else Segment(text.translate(CONTROLS), style)


def show(draw: Draw) -> None:
    """Print what is drawn; colour and width follow the terminal, NO_COLOR and pipes."""
    print(shown(draw), end="")


def shown(draw: Draw) -> str:
    """Return what ``show`` prints: with the commands that colour a terminal, if it is one."""
    console = Paper(highlight=False, soft_wrap=False)
    if console.is_terminal:
        with console.capture() as captured:
            draw(console)
        return captured.get()
    asked = os.environ.get("COLUMNS", "")
    text = plain(draw, int(asked) if asked.isdecimal() else PIPED)
    unicode = console.encoding.lower().startswith("utf")
    return text if unicode else text.translate(ASCII)


def plain(draw: Draw, width: int = PIPED) -> str:
    """Return what is drawn as text without colour."""
    text = StringIO()
    draw(Paper(file=text, width=width, no_color=True, highlight=False))
    return "".join(line.rstrip() + "\n" for line in text.getvalue().splitlines())


def print_hanging(text: Text, console: Console, indent: int = HANGING) -> None:
    """Print a text whose further lines stand below its words, not below its mark."""
    if len(text) <= console.width:
        console.print(text)
        return
    first, *rest = text.wrap(console, console.width - indent)
    console.print(first)
    for line in rest:
        console.print(Text(" " * indent).append_text(line))
