"""Choosers carried along the flows: a fixpoint over slots, as far as a way may be long.

Of each slot only the best way is kept of those that are alike in what counts further on: whether
something made it harmless, and whether it is certain. So every slot costs what flows into it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

from msgspec import Struct

from checkrein.derive.content.bringing import Move
from checkrein.model import Evidence, Slot

LONGEST = 5  # flows that are followed back from a slot
Rank = tuple[bool, int, bool, int]
Kinds = dict[tuple[bool, bool], "Way"]
Brings = list[tuple[Slot, Move]]


class Bring(Protocol):
    """Returns what brings a slot's content; told whether another slot's came from there."""

    def __call__(self, slot: Slot, *, inner: bool) -> Brings: ...


class Chooser(Struct, frozen=True):
    """Someone who may choose a slot's content: who, how far outside, and the way it takes."""

    who: str
    grade: int
    field: Slot  # where it comes in
    steps: tuple[Evidence, ...]
    harmless: frozenset[str] = frozenset()
    certain: bool = True

    @property
    def rank(self) -> Rank:
        """Which of two ways tells more."""
        return ("all" not in self.harmless, self.grade, self.certain, -len(self.steps))


class Way(Struct, frozen=True):
    """A chooser's way to a slot, each move behind the one before; its steps are not made yet."""

    rank: Rank
    chooser: Chooser
    before: Way | None = None
    move: Move | None = None

    def followed(self) -> Chooser:
        """Return the chooser with all of the way."""
        moves: list[Move] = []
        way = self
        while way.before is not None and way.move is not None:
            moves.append(way.move)
            way = way.before
        first = self.chooser
        steps = [*first.steps, *(step for move in reversed(moves) for step in move.steps)]
        return Chooser(
            first.who,
            first.grade,
            first.field,
            tuple(dict.fromkeys(steps)),
            first.harmless.union(*(move.harmless for move in moves)),
            first.certain and all(move.certain for move in moves),
        )


class Spreading:
    """Answers which chooser of a slot tells most."""

    def __init__(
        self,
        asked: Iterable[Slot],
        own: Callable[[Slot], Iterable[Chooser]],
        brings: Bring,
    ) -> None:
        """Carry choosers to the slots that are asked for.

        ``own`` returns who chooses a slot's content directly, ``brings`` what brings it.
        """
        self._own = own
        self._outer = {slot: brings(slot, inner=False) for slot in asked}
        self._into = _closure((slot for into in self._outer.values() for slot, _ in into), brings)
        self._ways: dict[Slot, Kinds] = {slot: self._first(slot) for slot in self._into}
        self._spread()
        self._best: dict[Slot, Chooser | None] = {}

    def best(self, slot: Slot) -> Chooser | None:
        """Return who chooses the content of a slot that was asked for, and the way it takes."""
        if slot not in self._best:
            kinds = _joined(self._first(slot), self._outer[slot], self._ways)
            way = max(kinds.values(), key=lambda each: each.rank, default=None)
            self._best[slot] = way.followed() if way else None
        return self._best[slot]

    def _first(self, slot: Slot) -> Kinds:
        kinds: Kinds = {}
        for chooser in self._own(slot):
            rank = chooser.rank
            known = kinds.get((rank[0], rank[2]))
            if known is None or rank > known.rank:
                kinds[rank[0], rank[2]] = Way(rank, chooser)
        return kinds

    def _spread(self) -> None:
        """Let each round bring what the last one changed: after n, ways of n flows are known."""
        changed = {slot: kinds for slot, kinds in self._ways.items() if kinds}
        for _ in range(LONGEST - 1):
            found = {}
            for slot, into in self._into.items():
                kinds = _joined(self._ways[slot], into, changed)
                if kinds is not self._ways[slot]:
                    found[slot] = kinds
            if not found:
                return
            self._ways |= found
            changed = found


def _joined(known: Kinds, into: Brings, ways: dict[Slot, Kinds]) -> Kinds:
    """Return the best ways, known or brought; the very same where nothing better was brought."""
    best = known
    for source, move in into:
        for before in ways[source].values() if source in ways else ():
            harmful, grade, certain, steps = before.rank
            harmful = harmful and "all" not in move.harmless
            certain = certain and move.certain
            rank = harmful, grade, certain, steps - len(move.steps)
            other = best.get((harmful, certain))
            if other is None or rank > other.rank:
                best = dict(known) if best is known else best
                best[harmful, certain] = Way(rank, before.chooser, before, move)
    return best


def _closure(first: Iterable[Slot], brings: Bring) -> dict[Slot, Brings]:
    """Return for every slot from which content may come what brings it there."""
    level = list(dict.fromkeys(first))
    found: dict[Slot, Brings] = {}
    for _ in range(LONGEST - 1):
        found |= {slot: brings(slot, inner=True) for slot in level}
        level = list(dict.fromkeys(_sources(found, level)))
    return found | {slot: [] for slot in level}


def _sources(found: dict[Slot, Brings], level: list[Slot]) -> Iterator[Slot]:
    return (source for slot in level for source, _ in found[slot] if source not in found)
