"""Verdicts of an earlier scan, for each check and subject whose reasons are still the same.

A check is a pure function of the app and of the day. Through which doors it looked at facts is
known (``App.asked``): where all of them show what they showed then, it would say the same of the
subject, and is not even loaded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from msgspec import DecodeError, Struct

from checkrein import checks
from checkrein.cache import Cache, codec
from checkrein.checks import Check
from checkrein.judge import on, subjects, verdicts
from checkrein.judge.prints import UNFIT, Prints, Standing, Table, table
from checkrein.model import App, Fact, Function, Grant, Outcome, Resource, Verdict
from checkrein.model.app import Door
from checkrein.model.asking import heard, listen

NAME = ("verdicts",)
JUDGED = (Resource, Function, Grant)  # what most checks are about
MOST = 2000  # of these, ten times as many subjects; of more, noting them all takes too much room
Key = tuple[str, str, int]  # a subject's type and id, and which of those that share them


class Said(NamedTuple):
    """What a check says of an app, with the ids of its peers."""

    check: str
    peers: tuple[str, ...]
    verdicts: list[Verdict]


class Part(Struct, frozen=True, array_like=True):
    """What a check said of one subject, and the numbers of the doors it looked through."""

    key: Key
    asked: list[int]
    said: bytes


class Answer(Struct, frozen=True, array_like=True):
    """What a check said: its peers, the doors that tell its subjects, and of each of them."""

    peers: tuple[str, ...]
    asked: list[int]
    parts: list[Part]


class Answers(Struct, frozen=True, array_like=True):
    """What all checks said on a day, by id, and the doors that they looked through."""

    day: str
    table: Table
    of: dict[str, Answer]


NOTHING = Answers("", Table([], [], {}), {})


class Made(NamedTuple):
    """A part with the doors themselves, for a table that is still to be made."""

    key: Key
    asked: frozenset[Door]
    said: bytes


class Anew(NamedTuple):
    """An answer with the doors themselves."""

    peers: tuple[str, ...]
    asked: frozenset[Door]
    parts: list[Made]


def judge(app: App, cache: Cache) -> Iterator[Said]:
    """Yield each check's verdicts, those of an earlier scan where they still hold.

    What is new is kept in the cache, which is not saved.
    """
    yield from _Judging(app, cache).said()


class _Judging:
    def __init__(self, app: App, cache: Cache) -> None:
        self.app, self.cache = app, cache
        self.day = str(datetime.now(UTC).date())
        found = cache.find(NAME, Answers)
        self.before = found if found and found.day == self.day else NOTHING
        self.prints = Prints(app)
        self.standing = Standing(self.before.table, self.prints)
        self.anew: dict[str, Anew] = {}
        self.keeping = cache.wanted and sum(len(app.every(kind)) for kind in JUDGED) <= MOST
        app.asked = None

    def said(self) -> Iterator[Said]:
        for id, module in checks.modules().items():
            answer = self.before.of.get(id)
            yield self._kept(id, answer) or self._judged(checks.one(module), answer)
        self.app.asked = None
        if self.anew and self.keeping:
            self._keep()

    def _kept(self, check: str, answer: Answer | None) -> Said | None:
        """Return what a check said if all of it still stands."""
        if answer is None or not self._stands(answer):
            return None
        try:
            return Said(check, answer.peers, [v for part in answer.parts for v in _said(part)])
        except _UNREADABLE:
            return None

    def _stands(self, answer: Answer) -> bool:
        asked = (answer.asked, *(part.asked for part in answer.parts))
        return all(map(self.standing.all, asked))

    def _judged(self, check: Check, answer: Answer | None) -> Said:
        """Ask a check, but for the subjects of which what it said still stands."""
        app = self.app
        if not self.keeping:
            return Said(check.id, check.peers, list(verdicts(check, app)))
        known = {part.key: part for part in answer.parts} if answer else {}
        listen(app)
        found = subjects(check, app)
        selected = heard(app)
        times: Counter[tuple[str, str]] = Counter()
        said: list[Verdict] = []
        parts: list[Made] = []
        for subject in found:
            if isinstance(subject, Verdict):
                return Said(check.id, check.peers, [subject])
            name = type(subject).__name__, subject.id
            times[name] += 1
            told, made = self._of(check, subject, (*name, times[name]), known)
            said += told
            parts += made
        if len(parts) == len(found):
            self.anew[check.id] = Anew(check.peers, selected, parts)
        return Said(check.id, check.peers, said)

    def _of(
        self, check: Check, subject: Fact, key: Key, known: dict[Key, Part]
    ) -> tuple[list[Verdict], list[Made]]:
        """Return what a check says of a subject, and that to be kept if it follows from facts.

        A crash may be of this process.
        """
        part = known.get(key)
        if part and self.standing.all(part.asked):
            try:
                return _said(part), [Made(key, self._doors(part.asked), part.said)]
            except _UNREADABLE:
                pass
        listen(self.app)
        found = list(on(check, subject, self.app))
        if any(verdict.outcome is Outcome.CRASHED for verdict in found):
            return found, []
        try:
            said = codec.encode(found)
        except UNFIT:
            return found, []
        asked = heard(self.app) | {(key[0], "id", subject.id)}
        return found, [Made(key, asked, said)]

    def _doors(self, numbers: Iterable[int]) -> frozenset[Door]:
        return frozenset(map(self.standing.table.doors.__getitem__, numbers))

    def _keep(self) -> None:
        """Keep all answers that stand."""
        made = dict(self.anew)
        for id, answer in self.before.of.items():
            if id not in made and self._stands(answer):
                parts = [
                    Made(each.key, self._doors(each.asked), each.said) for each in answer.parts
                ]
                made[id] = Anew(answer.peers, self._doors(answer.asked), parts)
        sets = {each.asked for each in made.values()}
        sets |= {part.asked for each in made.values() for part in each.parts}
        every, numbers = table(self.app, frozenset().union(*sets), self.prints, self.standing)
        listed = {each: [numbers[door] for door in each] for each in sets}
        answers = {
            id: Answer(
                each.peers,
                listed[each.asked],
                [Part(part.key, listed[part.asked], part.said) for part in each.parts],
            )
            for id, each in made.items()
        }
        self.cache.keep(NAME, Answers(self.day, every, answers), {})


_UNREADABLE = (DecodeError, TypeError, ValueError, RecursionError)


def _said(part: Part) -> list[Verdict]:
    found: list[Verdict] = codec.decode(part.said, list[Verdict])
    return found
