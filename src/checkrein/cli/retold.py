"""What an earlier scan told, where all that it rests on is the same: told again as it was.

It rests on the facts that were read, on the files that judging and telling look at, on what was
asked for, on the day, and on the terminal and the environment, which say how it is told.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from checkrein import aside, files, pipeline
from checkrein.cache import Cache, store
from checkrein.cli import reports
from checkrein.cli.printing import progress, put
from checkrein.judge.kept import Said
from checkrein.model import App
from checkrein.model.result import Result
from checkrein.pipeline.ahead import Ahead
from checkrein.pipeline.moved import Earlier
from checkrein.pipeline.states import States, file_of

PASSING = frozenset({"_", "OLDPWD", "SHLVL"})  # variables that say nothing of how to tell


class Told(Struct, frozen=True, array_like=True):
    """What was printed, and the exit code."""

    text: str
    code: int


def scan(within: tuple[Path, ...], wanted: pipeline.Wanted, least: str, *, everything: bool) -> int:
    """Scan, tell of it on the terminal, and return the exit code."""
    ahead = Ahead("checkrein.report.terminal")
    read = pipeline.reading.read(within, progress, ahead=ahead)
    root = read.templates.root
    shipped = any(map(pipeline.reading.is_shipped, read.code))
    cache = ahead.told(root, wanted=not shipped)
    states = States.of(cache)
    asked_for = (*map(str, within), repr(wanted), least, str(everything))
    facts = pipeline.print_of(read.facts) if cache.wanted else ""
    name = ("told", facts, *asked_for, *_circumstances())
    told: Told | None = cache.find(name, Told) if facts else None
    tell = _Telling(read, wanted, least, everything, facts, states.next)
    if told is None:
        earlier = ahead.earlier(root, wanted=bool(facts))
        with files.asking() as asked:
            told = tell.moved(earlier) or tell.anew(pipeline.kept(read, ahead), earlier)
        if facts and tell.lasts:
            cache.keep(name, told, asked)
    progress("")
    put(told.text)
    if tell.keeping:
        tell.keeping()
        states.concluded(facts, cache)
    elif facts:
        states.seen(facts, cache)
    cache.save()
    return told.code


class _Telling(Struct):
    """Tells what was read for the first time."""

    read: pipeline.reading.Read
    wanted: pipeline.Wanted
    least: str
    everything: bool
    facts: str  # what stands for what was read, "" where nothing is kept
    state: int  # the number under which what is concluded is kept
    lasts: bool = False  # whether it may be told again: a failure may be of this process
    keeping: Callable[[], bytes] | None = None  # waits until what was concluded is kept

    def moved(self, earlier: Earlier) -> Told | None:
        """Tell what was concluded before, where that only stands elsewhere now."""
        found = earlier.moved(self.read.facts)
        told = self._told(found.app, found.said) if found else None
        return told if found and found.is_enough() else None

    def anew(self, cache: Cache, earlier: Earlier) -> Told:
        """Tell what is concluded; a copy of the process keeps that meanwhile."""
        with files.asking() as asked:
            moved = earlier.shifted(self.read.facts, self.facts) if self.facts else None
            app, said, keep = pipeline.found(self.read, progress, cache, moved)

        def kept() -> bytes:
            keep()
            cache.move(file_of(self.state, store.JUDGED))
            cache.save()
            verdicts = tuple(verdict for each in said for verdict in each.verdicts)
            if pipeline.lasts(Result(self.read.templates.root, app, verdicts)):
                file = file_of(self.state, store.CONCLUDED)
                earlier.keep(self.read.facts, app, said, asked, file)
            return b""

        if self.facts:
            self.keeping = aside.aside(kept)
        return self._told(app, said)

    def _told(self, app: App, said: list[Said]) -> Told:
        result = pipeline.weighed(Result(self.read.templates.root, app), said, self.wanted)
        text, mended = reports.told(result, everything=self.everything)
        self.lasts = mended and pipeline.lasts(result)
        return Told(text, pipeline.exit_code(result, self.least))


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
