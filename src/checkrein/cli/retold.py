"""What an earlier scan told, where all that it rests on is the same: told again as it was.

It rests on the facts that were read, on the files that judging and telling look at, on what was
asked for, on the day, and on the terminal and the environment, which say how it is told.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from checkrein import files, pipeline
from checkrein.cli import reports
from checkrein.cli.printing import progress, put
from checkrein.pipeline.ahead import Ahead

PASSING = frozenset({"_", "OLDPWD", "SHLVL"})  # variables that say nothing of how to tell


class Told(Struct, frozen=True, array_like=True):
    """What was printed, and the exit code."""

    text: str
    code: int


def scan(within: tuple[Path, ...], wanted: pipeline.Wanted, least: str, *, everything: bool) -> int:
    """Scan, tell of it on the terminal, and return the exit code."""
    ahead = Ahead("checkrein.report.terminal")
    read = pipeline.reading.read(within, progress, ahead=ahead)
    cache = pipeline.kept(read, ahead)
    asked_for = (*map(str, within), repr(wanted), least, str(everything))
    facts = pipeline.print_of(read.facts) if cache.wanted else ""
    name = ("told", facts, *asked_for, *_circumstances())
    told: Told | None = cache.find(name, Told) if facts else None
    if told is None:
        with files.asking() as asked:
            result = pipeline.concluded(read, progress, wanted, cache)
            text, mended = reports.told(result, everything=everything)
        told = Told(text, pipeline.exit_code(result, least))
        if facts and mended and pipeline.lasts(result):
            cache.keep(name, told, asked)
        cache.save()
    progress("")
    put(told.text)
    return told.code


def _circumstances() -> list[str]:
    known = sorted(item for item in os.environ.items() if item[0] not in PASSING)
    sizes = [_size(number) for number in range(3)]
    today = datetime.now(UTC).date()
    return [
        f"{today} {sys.stdout.isatty()} {sys.stdout.encoding} {sizes}",
        repr(known),
        str(Path.cwd()),
    ]


def _size(number: int) -> str:
    try:
        return str(os.get_terminal_size(number))
    except OSError:
        return ""
