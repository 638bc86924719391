"""What an earlier scan concluded, where code has changed and says the same on other lines.

Most changes of a line change no fact: a remark, a name, what a log always says. Then what was
derived and judged is what it was, at other places (``shift``), and only what looks at the files
themselves, at what was accepted and at how it is told is done again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from checkrein import files
from checkrein.cache import Cache, codec, store
from checkrein.cache.alike import Differs
from checkrein.cache.prints import UNFIT, printed
from checkrein.cache.shift import Moved, Shift
from checkrein.judge.kept import UNREADABLE, Said, is_small, said_of, written
from checkrein.model import (
    Accepted,
    Access,
    App,
    Call,
    CallSite,
    Claim,
    Data,
    Decision,
    Deployment,
    Disclosed,
    Element,
    Fact,
    Function,
    Grant,
    Observation,
    Package,
    Resource,
    Row,
    Stack,
    Summary,
    Unread,
)
from checkrein.model.asking import heard

NAME = ("concluded",)
Kept = (
    Access | Call | Data | Deployment | Element | Function | Grant | Resource | Row | Stack | Unread
)
KINDS: tuple[type[Fact], ...] = (
    Call,
    Data,
    Deployment,
    Element,
    Function,
    Grant,
    Resource,
    Row,
    Stack,
    Unread,
)
LOCKED: tuple[type[Fact], ...] = (*KINDS, Access)  # that are looked at where there is a lock
# of which nothing is derived
UNDERIVED: tuple[type[Fact], ...] = (
    *(Accepted, Claim, Decision, Disclosed, Observation, Package, Summary),
)
Read = (
    Accepted
    | Claim
    | Data
    | Decision
    | Disclosed
    | Function
    | Package
    | Resource
    | Stack
    | Summary
    | Unread
)
Key = tuple[str, str]  # a fact's type and id


class Concluded(Struct, frozen=True, array_like=True):
    """What followed on a day from facts that were read: ``rest`` is ``Following`` as bytes.

    ``whole`` stands for these, each of which is in ``read``: as what stands for it, and as bytes.
    """

    day: str
    whole: str
    read: list[tuple[Key, str, bytes]]
    rest: memoryview


class Following(Struct, frozen=True, array_like=True):
    """What followed from facts: three quarters of what is kept, and only for the very same facts.

    ``facts`` are those derived ones that reports look at; they replace what was read of the same
    ``ids``. ``said`` are what checks said: their ids, those of their peers, and of each verdict
    the subject and the bytes.
    """

    ids: list[Key]
    facts: list[bytes]
    said: list[tuple[str, tuple[str, ...], list[tuple[str, bytes]]]]


class Found(NamedTuple):
    """An app in which facts of some kinds are, and what checks say of all of it."""

    app: App
    said: list[Said]
    kinds: tuple[type[Fact], ...]

    def is_enough(self) -> bool:
        """Tell whether whoever looked at the app since it was found saw all that there is."""
        looked = {kind for kind, _, _ in heard(self.app)}
        self.app.asked = None
        return looked <= {kind.__name__ for kind in self.kinds}


class Earlier:
    """What an earlier scan of a folder concluded."""

    def __init__(self, root: Path, *, wanted: bool, file: str = store.CONCLUDED) -> None:
        self._cache = Cache(root, judged=True, wanted=wanted, file=file)

    @cached_property
    def _known(self) -> Concluded | None:
        with files.asking() as self._asked:
            found: Concluded | None = self._cache.find(NAME, Concluded)
        return found if found and found.day == _today() else None

    @cached_property
    def _rest(self) -> Following:
        found: Following = (
            codec.decode(self._known.rest, Following) if self._known else Following([], [], [])
        )
        return found

    @cached_property
    def _facts(self) -> list[Kept]:
        return [codec.decode(each, Kept) for each in self._rest.facts]

    @cached_property
    def _said(self) -> list[list[Said]]:
        return [
            [Said(check, peers, said_of(check, subject, said)) for subject, said in parts]
            for check, peers, parts in self._rest.said
        ]

    def steps(self) -> Iterator[None]:
        """Decode what is kept, one part after each step."""
        for part in ("_known", "_facts", "_said"):
            yield
            try:
                getattr(self, part)
            except UNREADABLE:
                return

    def moved(self, facts: list[Fact]) -> Found | None:
        """Return what follows from facts that were read, if it did but for where it stands."""
        known = self._known
        if known is None:
            return None
        files.note(self._asked)
        try:
            return self._moved(known, facts)
        except (Differs, *UNREADABLE, *UNFIT):
            return None

    def shifted(self, facts: list[Fact], now: str) -> Moved:
        """Return where things of then stand now, of which others say something else.

        ``now`` stands for the facts.
        """
        known = self._known
        if known is None:
            return Moved("", now, None)
        with suppress(Differs, *UNREADABLE, *UNFIT):
            return Moved(known.whole, now, _partly(known, facts))
        return Moved(known.whole, now, None)

    def _moved(self, known: Concluded, facts: list[Fact]) -> Found:
        shift = _shift(known, facts)
        rest = self._rest
        ids = set(rest.ids)
        kept = [
            shift.of_fact(fact) if isinstance(fact, Call) or shift.concerns(raw) else fact
            for raw, fact in zip(rest.facts, self._facts, strict=True)
        ]
        app = App([*(fact for fact in facts if _key(fact) not in ids), *kept])
        kinds = _kinds(facts)
        there = (fact for kind in kinds for fact in app.every(kind))
        if not all(any(fact is each for each in there) for fact in kept):
            raise Differs  # their order is another
        said = [
            Said(
                check,
                peers,
                [
                    shift.of(verdict) if shift.concerns(raw) else verdict
                    for (_, raw), each in zip(parts, decoded, strict=True)
                    for verdict in each.verdicts
                ],
            )
            for (check, peers, parts), decoded in zip(rest.said, self._said, strict=True)
        ]
        app.asked = set()
        return Found(app, said, (*kinds, *UNDERIVED))

    def keep(
        self,
        facts: list[Fact],
        app: App,
        said: list[Said],
        asked: files.Asked,
        file: str = store.CONCLUDED,
    ) -> None:
        """Keep in a file what followed from facts, with what was asked of the disk for it."""
        if self._cache.wanted and is_small(app):
            with suppress(Differs, *UNFIT):
                known = self._known.read if self._known else []
                self._cache.keep(NAME, _concluded(facts, app, said, known), asked)
                self._cache.move(file)
                self._cache.save()


def _concluded(
    facts: list[Fact], app: App, said: list[Said], known: list[tuple[Key, str, bytes]]
) -> Concluded:
    """Return it as it is kept; raise Differs or one of ``UNFIT`` where it cannot be.

    ``known`` are facts that were read before, which mostly are the same.
    """
    raw = {(key, print): one for key, print, one in known}
    prints = [(_key(fact), printed([fact])) for fact in facts]
    read = {id(fact) for fact in facts}
    kinds = _kinds(facts)
    there = {id(fact) for kind in (*kinds, *UNDERIVED) for fact in app.every(kind)}
    ids = {_key(fact) for fact in facts if id(fact) not in there}
    if any(id(fact) not in read for kind in UNDERIVED for fact in app.every(kind)):
        raise Differs
    kept = [
        fact
        for kind in kinds
        for fact in app.every(kind)
        if id(fact) not in read or _key(fact) in ids
    ]
    rest = Following(
        sorted(ids),
        [codec.encode(fact) for fact in kept],
        [
            (each.check, each.peers, [(v.subject, written([v])) for v in each.verdicts])
            for each in said
        ],
    )
    before = [
        (*named, raw.get(named) or codec.encode(fact))
        for named, fact in zip(prints, facts, strict=True)
    ]
    return Concluded(_today(), printed(facts), before, memoryview(codec.encode(rest)))


def _shift(known: Concluded, facts: list[Fact]) -> Shift:
    """Return where all stands now; raise Differs where facts say something else than then."""
    if [key for key, _, _ in known.read] != [_key(fact) for fact in facts]:
        raise Differs
    counts = _counts(facts)
    shift = Shift()
    same = []
    for (_, print, before), fact in zip(known.read, facts, strict=True):
        if printed([fact]) == print:
            same.append((fact, before))
        else:
            shift.learn(codec.decode(before, Read), _again(fact), before, counts)
    shift.stay(same)
    shift.settle(_files(facts))
    return shift


def _partly(known: Concluded, facts: list[Fact]) -> Shift:
    """Return where things stand now, as far as facts of then are there; raise Differs as above."""
    before = {key: (print, raw) for key, print, raw in known.read}
    shift = Shift()
    same = []
    for fact in facts:
        print, raw = before.get(_key(fact), ("", b""))
        if printed([fact]) == print:
            same.append((fact, raw))
        elif print:
            shift.learn_part(codec.decode(raw, Read), _again(fact), raw)
    shift.stay(same)
    shift.settle(_files(facts))
    return shift


def _again(fact: Fact) -> Fact:
    """Return a fact of the same types as one that was kept."""
    again: Fact = codec.decode(codec.encode(fact), Read)
    return again


def _files(facts: list[Fact]) -> set[str]:
    found = {fact.place.path for fact in facts}
    return found.union(*(fact.files for fact in facts if isinstance(fact, Summary)))


def _counts(facts: list[Fact]) -> Callable[[CallSite], bool]:
    """Return what tells whether a call counts: not one that always logs the same.

    But for a team that says what its data looks like: then a text that is logged may be such.
    """
    if any(isinstance(fact, Decision) for fact in facts):
        return lambda _: True
    return lambda site: site.kind != "log" or any(one.sources for one in site.arguments)


def _kinds(facts: list[Fact]) -> tuple[type[Fact], ...]:
    return LOCKED if any(isinstance(fact, Accepted) for fact in facts) else KINDS


def _key(fact: Fact) -> Key:
    return type(fact).__name__, fact.id


def _today() -> str:
    return str(datetime.now(UTC).date())
