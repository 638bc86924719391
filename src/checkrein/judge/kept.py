"""Verdicts of an earlier scan, for each check and subject whose reasons are still the same.

A check is a pure function of the app and of the day. Through which doors it looked at facts is
known (``App.asked``): where all of them show what they showed then, it would say the same of the
subject, and is not even loaded.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple

from msgspec import DecodeError, Struct
from msgspec.structs import replace

from checkrein import aside, checks
from checkrein.cache import Cache, codec
from checkrein.cache.alike import Differs
from checkrein.cache.prints import UNFIT
from checkrein.cache.shift import NUMBERED_KINDS, Moved, Shift
from checkrein.checks import Check
from checkrein.judge.prints import Heard, Prints, Standing, Table, table
from checkrein.model import App, Fact, Function, Grant, Outcome, Persona, Resource, Summary, Verdict
from checkrein.model.asking import heard, listen

NAME = ("verdicts",)
JUDGED = (Resource, Function, Grant)  # what most checks are about
MOST = 2000  # of these, ten times as many subjects; of more, noting them all takes too much room
MUCH = 40_000  # checks times subjects, from which on it pays to copy the process
PASSED = {b"": Persona.REGULAR, b"-": Persona.AUDITOR}  # whose verdict that nothing was found
FORMS = {persona: form for form, persona in PASSED.items()}
Key = tuple[str, str, int]  # a subject's type and id, and which of those that share them


class Said(NamedTuple):
    """What a check says of an app, with the ids of its peers."""

    check: str
    peers: tuple[str, ...]
    verdicts: list[Verdict]


class Part(Struct, frozen=True, array_like=True):
    """What a check said of one subject, and the numbers of the doors it looked through.

    ``said`` are verdicts, or one of ``PASSED``: nine of ten find nothing.
    """

    key: Key
    asked: list[int]
    said: bytes


class Answer(Struct, frozen=True, array_like=True):
    """What a check said: its peers, the doors that tell its subjects, and of each of them."""

    peers: tuple[str, ...]
    asked: list[int]
    parts: list[Part]


class Answers(Struct, frozen=True, array_like=True):
    """What all checks said on a day, by id, and the doors that they looked through.

    ``read`` stands for all facts that were read, "" where nobody asked: they say where all stood.
    """

    day: str
    table: Table
    of: dict[str, Answer]
    read: str = ""


class Told(Struct, frozen=True, array_like=True):
    """What a copy of this process found out: what checks say, and through which doors."""

    anew: dict[str, Answer]
    heard: Heard


NOTHING = Answers("", Table([], [], {}), {})


def judge(app: App, cache: Cache, moved: Moved | None = None) -> Iterator[Said]:
    """Yield each check's verdicts, those of an earlier scan where they still hold.

    They do where facts that they rest on only stand elsewhere now, as ``moved`` says. What is new
    is kept in the cache, which is not saved.
    """
    judging = Judging(app, cache, moved)
    yield from judging.said()
    judging.keep()


def is_small(app: App) -> bool:
    """Tell whether there is room for what is said of an app."""
    return sum(len(app.every(kind)) for kind in JUDGED) <= MOST


def looking_at(cache: Cache, functions: Collection[str]) -> set[str]:
    """Return the checks that looked at what the code of some functions does, as far as is kept."""
    found: Answers = cache.find(NAME, Answers) or NOTHING
    doors = {
        number
        for number, (kind, _, value) in enumerate(found.table.doors)
        if kind == Summary.__name__ and (not value or value in functions)
    }
    return {
        id
        for id, answer in found.of.items()
        if not doors.isdisjoint(answer.asked)
        or any(not doors.isdisjoint(part.asked) for part in answer.parts)
    }


class Judging:
    """Asks all checks of an app, but for what an earlier scan knows; see ``judge``."""

    def __init__(self, app: App, cache: Cache, moved: Moved | None) -> None:
        self.app, self.cache = app, cache
        self.read = moved.now if moved else ""
        self.day = str(datetime.now(UTC).date())
        found = cache.find(NAME, Answers)
        self.before = found if found and found.day == self.day else NOTHING
        at_then = bool(moved and moved.then and moved.then == self.before.read != moved.now)
        self.shift = moved.shift if moved and at_then else None
        self.prints = Prints(app, self.shift)
        self.standing = Standing(self.before.table, self.prints, self.shift)
        self.known = {id: self._moved(id, answer) for id, answer in self.before.of.items()}
        self.anew: dict[str, Answer] = {}
        self.keeping = cache.wanted and is_small(app)
        app.asked = None

    def said(self) -> Iterator[Said]:
        """Yield what every check says, by its id; a second core asks some of those to be asked."""
        if self.keeping:
            listen(self.app)  # what is made to compare is made once, with what it rests on
        modules = checks.modules()
        before = {id: self.known[id] for id in modules if id in self.known}
        standing = {id for id, answer in before.items() if self._stands(id)}
        asked = self._asked([item for item in modules.items() if item[0] not in standing])
        for id, module in modules.items():
            yield asked.get(id) or self._kept(id, before[id]) or self._judged(module)
        self.app.asked = None

    def keep(self) -> None:
        """Keep in the cache what is new, once all is said."""
        if self.keeping and (self.anew or (self.read and self.read != self.before.read)):
            self._keep()

    def _asked(self, rest: list[tuple[str, str]]) -> dict[str, Said]:
        """Ask some checks, given with their modules; return what they say, by their ids."""
        subjects = sum(len(self.app.every(kind)) for kind in JUDGED)
        if len(rest) * subjects < MUCH or not aside.can_copy():
            return {id: self._judged(module) for id, module in rest}
        turns = aside.queue(rest)
        known = len(self.standing.doors)
        others = aside.aside(lambda: self._beside(turns, known))
        said = {id: self._judged(module) for id, module in turns}
        told = codec.decode(others(), Told)
        ours = self.standing.learn(told.heard, known)
        for id, answer in told.anew.items():
            found = self._kept(id, answer)
            if found is not None:
                said[id] = found
                self.anew[id] = _renumbered(answer, ours)
        lost = [item for item in rest if item[0] not in said]  # with a copy that came to nothing
        return said | {id: self._judged(module) for id, module in lost}

    def _beside(self, turns: Iterator[tuple[str, str]], known: int) -> bytes:
        """Ask checks in a copy of this process; return what they say, but for what has no form."""
        for id, module in turns:
            said = self._judged(module)
            if not self.keeping:
                with suppress(*UNFIT):
                    part = Part(("", "", 0), [], codec.encode(said.verdicts))
                    self.anew[id] = Answer(said.peers, [], [part])
        return codec.encode(Told(self.anew, self.standing.learnt(self.app, known)))

    def _kept(self, check: str, answer: Answer) -> Said | None:
        """Return what a check said, None where that cannot be read."""
        try:
            told = [v for part in answer.parts for v in said_of(check, part.key[1], part.said)]
        except UNREADABLE:
            return None
        return Said(check, answer.peers, told)

    def _moved(self, check: str, answer: Answer) -> Answer:
        """Return what a check said as it would now, but for parts of which nobody knows that."""
        shift = self.shift
        if shift is None:
            return answer
        moved = [part for each in answer.parts if (part := _part(check, each, shift))]
        return Answer(answer.peers, answer.asked, moved)

    def _stands(self, id: str) -> bool:
        answer = self.known[id]
        if len(answer.parts) != len(self.before.of[id].parts):
            return False
        asked = (answer.asked, *(part.asked for part in answer.parts))
        return all(map(self.standing.all, asked))

    def _judged(self, module: str) -> Said:
        """Ask a check, but for the subjects of which what it said still stands."""
        from checkrein.judge.asking import subjects, verdicts  # noqa: PLC0415 - few are asked again

        app, check = self.app, checks.one(module)
        answer = self.known.get(check.id)
        if not self.keeping:
            return Said(check.id, check.peers, list(verdicts(check, app)))
        known = {part.key: part for part in answer.parts} if answer else {}
        listen(app)
        found = subjects(check, app)
        selected = heard(app)
        times: Counter[tuple[str, str]] = Counter()
        said: list[Verdict] = []
        parts: list[Part] = []
        for subject in found:
            if isinstance(subject, Verdict):
                return Said(check.id, check.peers, [subject])
            name = type(subject).__name__, subject.id
            times[name] += 1
            told, made = self._of(check, subject, (*name, times[name]), known)
            said += told
            parts += made
        if len(parts) == len(found):
            asked = self.standing.numbers(selected)
            self.anew[check.id] = Answer(check.peers, asked, parts)
        return Said(check.id, check.peers, said)

    def _of(
        self, check: Check, subject: Fact, key: Key, known: dict[Key, Part]
    ) -> tuple[list[Verdict], list[Part]]:
        """Return what a check says of a subject, and that to be kept if it follows from facts.

        A crash may be of this process.
        """
        part = known.get(key)
        if part and self.standing.all(part.asked):
            try:
                return said_of(check.id, subject.id, part.said), [part]
            except UNREADABLE:
                pass
        from checkrein.judge.asking import on  # noqa: PLC0415 - as above

        listen(self.app)
        found = list(on(check, subject, self.app))
        if any(verdict.outcome is Outcome.CRASHED for verdict in found):
            return found, []
        try:
            said = written(found)
        except UNFIT:
            return found, []
        asked = heard(self.app) | {(key[0], "id", subject.id)}
        return found, [Part(key, self.standing.numbers(asked), said)]

    def _keep(self) -> None:
        """Keep all answers that stand."""
        answers = dict(self.anew)
        for id, answer in self.known.items():
            if id not in answers and self._stands(id):
                answers[id] = answer
        used: set[int] = set()
        for each in answers.values():
            used.update(each.asked, *(part.asked for part in each.parts))
        every, numbers = table(self.app, used, self.standing)
        if any(number != place for number, place in numbers.items()):
            answers = {id: _renumbered(each, numbers) for id, each in answers.items()}
        self.cache.keep(NAME, Answers(self.day, every, answers, self.read), {})


def _renumbered(answer: Answer, numbers: Mapping[int, int] | Sequence[int]) -> Answer:
    def of(asked: list[int]) -> list[int]:
        return [numbers[each] for each in asked]

    parts = [Part(each.key, of(each.asked), each.said) for each in answer.parts]
    return Answer(answer.peers, of(answer.asked), parts)


def _part(check: str, part: Part, shift: Shift) -> Part | None:
    """Return what a check said of a subject as it would now, None where nobody knows that."""
    kind, id, number = part.key
    said = part.said
    try:
        if kind in NUMBERED_KINDS or shift.concerns(id.encode()):
            id = shift.id(kind, id)
        if said not in PASSED and (id != part.key[1] or shift.concerns(said)):
            told: list[Verdict] = [shift.of(each) for each in said_of(check, id, said)]
            said = written([replace(each, subject=id) for each in told])
    except (Differs, *UNREADABLE, *UNFIT):
        return None
    return (
        part
        if id == part.key[1] and said == part.said
        else Part((kind, id, number), part.asked, said)
    )


UNREADABLE = (DecodeError, TypeError, ValueError, RecursionError)


def written(said: list[Verdict]) -> bytes:
    """Return verdicts of one subject as bytes; raise one of ``UNFIT`` where they have no form."""
    if len(said) == 1 and said[0].outcome is Outcome.PASS:
        only = said[0]
        form = FORMS.get(only.persona)
        plain = Verdict(only.check, only.subject, Outcome.PASS, persona=only.persona)
        if form is not None and only == plain:
            return form
    return codec.encode(said)


def said_of(check: str, subject: str, said: bytes) -> list[Verdict]:
    """Return what a check said of a subject; raise one of ``UNREADABLE`` where bytes tell none."""
    persona = PASSED.get(said)
    if persona:
        return [Verdict(check, subject, Outcome.PASS, persona=persona)]
    found: list[Verdict] = codec.decode(said, list[Verdict])
    return found
