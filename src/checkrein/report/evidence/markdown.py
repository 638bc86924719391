"""Markdown and CSV, put together."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

from checkrein.report.csv import harmless

ESCAPED = re.compile(r"([\\`*_\[\]<>|#])")
TICKS = re.compile("`+")


def escaped(text: str) -> str:
    """Return text as Markdown shows it word for word, on one line."""
    return ESCAPED.sub(r"\\\1", " ".join(text.split()))


def code(text: str) -> str:
    """Return text in backticks, for ids and paths."""
    shown = " ".join(text.split()).replace("|", "\\|")
    fence = "`" * (1 + max(map(len, TICKS.findall(shown)), default=0))
    return f"{fence}{shown}{fence}" if shown else ""


def table(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Return the lines of a table; its cells are Markdown already."""
    lines = [" | ".join(str(cell) for cell in row) for row in rows]
    return [
        f"| {' | '.join(heading)} |",
        f"|{'---|' * len(heading)}",
        *(f"| {line} |" for line in lines),
    ]


def page(lines: Iterable[str]) -> bytes:
    """Return the bytes of a page."""
    return ("\n".join(lines).rstrip() + "\n").encode()


def csv_of(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return the bytes of a CSV; a cell that a spreadsheet would take for a formula is quoted."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(map(harmless, rows))
    return text.getvalue().encode()
