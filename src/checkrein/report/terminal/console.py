"""Where a report for people goes: the terminal, with its colours and width, or plain text."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from checkrein.report.harmless import printed
from checkrein.report.terminal.ink import Paper
from checkrein.report.terminal.sheet import Odd, Sheet

Draw = Callable[[Paper], None]

PIPED = 120  # columns, where no terminal says how many
ASCII = str.maketrans({"★": "*", "─": "-", "…": "...", "×": "x", "·": "-"})
FORCING = ("FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE")  # make rich take a pipe for more


def shown(draw: Draw) -> str:
    """Return what to print: colour and width follow the terminal, NO_COLOR and pipes."""
    return printed(_shown(draw))


def _shown(draw: Draw) -> str:
    if sys.stdout.isatty() or any(name in os.environ for name in FORCING):
        from checkrein.report.terminal.coloured import terminal  # noqa: PLC0415 - rich is heavy

        paper = terminal()
        if paper.console.is_terminal:
            with paper.console.capture() as captured:
                draw(paper)
            return captured.get()
    asked = os.environ.get("COLUMNS", "")
    text = plain(draw, int(asked) if asked.isdecimal() else PIPED)
    unicode = (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    return text if unicode else text.translate(ASCII)


def plain(draw: Draw, width: int = PIPED) -> str:
    """Return what is drawn as text without colour."""
    try:
        sheet = Sheet(width)
        draw(sheet)
    except Odd:
        return _drawn(draw, width)
    return sheet.text


def _drawn(draw: Draw, width: int) -> str:
    from checkrein.report.terminal.coloured import text_of  # noqa: PLC0415 - rich is heavy

    paper, text = text_of(width)
    draw(paper)
    return "".join(line.rstrip() + "\n" for line in text.getvalue().splitlines())
