"""Verdicts of an earlier scan, for each check whose reasons are still the same.

A check is a pure function of the app and of the day. Which types of facts it asked the app for is
known (``App.asked``): where all facts of these types are as they were, so are its verdicts, and
its module is not even loaded.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, NamedTuple

from msgspec import DecodeError, Struct

from checkrein import checks, files
from checkrein.cache import Cache, codec
from checkrein.checks import Check
from checkrein.judge import verdicts
from checkrein.model import App, Fact, Outcome, Verdict

NAME = ("verdicts",)
MOST = 20_000  # verdicts; of more, judging anew is a small part of the scan


class Said(NamedTuple):
    """What a check says of an app, with the ids of its peers."""

    check: str
    peers: tuple[str, ...]
    verdicts: list[Verdict]


class Answer(Struct, frozen=True, array_like=True):
    """What a check said: the types of facts it asked for, the ids of its peers, its verdicts.

    ``number`` counts the verdicts.
    """

    asked: tuple[str, ...]
    peers: tuple[str, ...]
    number: int
    said: bytes

    def of(self, check: str) -> Said | None:
        """Return it as its check said it, None where the bytes are no verdicts."""
        try:
            return Said(check, self.peers, codec.decode(self.said, list[Verdict]))
        except (DecodeError, TypeError, ValueError, RecursionError):
            return None


class Answers(Struct, frozen=True, array_like=True):
    """What all checks said on a day, by id, and what stands for all facts of a type by its name."""

    day: str
    prints: dict[str, str]
    of: dict[str, Answer]


class Prints:
    """What stands for all facts of a type in an app: equal only if they are; "" for nothing such.

    No answer rests on facts that no entry can hold.
    """

    def __init__(self, app: App) -> None:
        self.app = app
        self.made: dict[str, str] = {}

    def of(self, name: str) -> str:
        found = self.made.get(name)
        if found is None:
            found = self.made[name] = self._print(name)
        return found

    def _print(self, name: str) -> str:
        try:
            if name == Fact.__name__:
                return "".join(map(self.of, sorted(set(self._types) - {name})))
            return files.digest(codec.encode(self.app.every(self._types[name])))
        except (KeyError, TypeError, ValueError, OverflowError, RecursionError):
            return ""

    @cached_property
    def _types(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        rest: list[type[Fact]] = [Fact]
        while rest:
            kind = rest.pop()
            found[kind.__name__] = kind
            rest += kind.__subclasses__()
        return found


def judge(app: App, cache: Cache) -> Iterator[Said]:
    """Yield each check's verdicts, those of an earlier scan where they still hold.

    What is new is kept in the cache, which is not saved.
    """
    day, prints = str(datetime.now(UTC).date()), Prints(app)
    before = cache.find(NAME, Answers)
    known = before.of if before and before.day == day else {}
    earlier = before.prints if known and before else {}
    right = {kind for kind, found in earlier.items() if found == prints.of(kind)}
    answers: dict[str, Answer] = {}
    for id, module in checks.modules().items():
        answer = known.get(id)
        said = answer.of(id) if answer and right.issuperset(answer.asked) else None
        if said is None:
            said, answer = _judged(checks.one(module), app)
        yield said
        if answer:
            answers[id] = answer
    if any(answer is not known.get(id) for id, answer in answers.items()):
        _keep(cache, day, answers, prints)


def _judged(check: Check, app: App) -> tuple[Said, Answer | None]:
    """Return what a check says, and that to be kept if it follows from facts alone.

    A crash may be of this process.
    """
    app.asked = set()
    said = Said(check.id, check.peers, list(verdicts(check, app)))
    asked = tuple(sorted(kind.__name__ for kind in app.asked))
    if any(verdict.outcome is Outcome.CRASHED for verdict in said.verdicts):
        return said, None
    try:
        return said, Answer(asked, check.peers, len(said.verdicts), codec.encode(said.verdicts))
    except (TypeError, ValueError, OverflowError, RecursionError):
        return said, None


def _keep(cache: Cache, day: str, answers: dict[str, Answer], prints: Prints) -> None:
    """Keep answers, unless there are so many that it would not pay."""
    made = {kind: prints.of(kind) for answer in answers.values() for kind in answer.asked}
    lasting = {id: each for id, each in answers.items() if all(made[kind] for kind in each.asked)}
    if sum(each.number for each in lasting.values()) <= MOST:
        cache.keep(NAME, Answers(day, made, lasting), {})
