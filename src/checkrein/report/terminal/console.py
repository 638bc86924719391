"""Where a report for people goes: the terminal, with its colours and width, or plain text."""

from __future__ import annotations

import os
from collections.abc import Callable
from io import StringIO

from rich.console import Console
from rich.text import Text

Draw = Callable[[Console], None]

HANGING = 4  # columns that a further line stands in
PIPED = 120  # columns, where no terminal says how many
ASCII = str.maketrans({"★": "*", "─": "-", "…": "...", "×": "x", "·": "-"})


def show(draw: Draw) -> None:
    """Print what is drawn; colour and width follow the terminal, NO_COLOR and pipes."""
    console = Console(highlight=False, soft_wrap=False)
    if console.is_terminal:
        draw(console)
    else:
        asked = os.environ.get("COLUMNS", "")
        text = plain(draw, int(asked) if asked.isdecimal() else PIPED)
        unicode = console.encoding.lower().startswith("utf")
        print(text if unicode else text.translate(ASCII), end="")


def plain(draw: Draw, width: int = PIPED) -> str:
    """Return what is drawn as text without colour."""
    text = StringIO()
    draw(Console(file=text, width=width, no_color=True, highlight=False))
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
