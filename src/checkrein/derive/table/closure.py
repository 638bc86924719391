"""Everything that could happen: which classes could come to which node, and by which way.

A node's potential is its content, plus what flows in along edges that permissions and wiring
open. An edge goes from a store to a function that may read it, from a function to a store that
it may write, and so on; the closure never passes through anyone.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum

from msgspec import Struct

from checkrein.derive.content.contents import shortened
from checkrein.model import Evidence

PASSWORD = "cred.password"  # noqa: S105 - a class, not a secret


class Level(IntEnum):
    """Through what a class could come: its own rights, others' rights, or making others act."""

    DIRECT = 0
    TAKEOVER = 1
    INFLUENCE = 2


class Edge(Struct, frozen=True):
    """Content of ``source`` could come to ``target``."""

    source: str
    target: str
    note: Evidence
    certain: bool = True
    level: Level = Level.DIRECT
    drops: str = ""  # a class that does not come along
    before: tuple[Evidence, ...] = ()  # what the note rests on, in order


class Way(Struct, frozen=True):
    """How a class could come to a node: the last step, and the node before."""

    before: str  # "" where the class sits in the node itself
    level: Level
    steps: tuple[Evidence, ...]  # of the last step, or of the content's own evidence


Step = tuple[Edge, int]  # along which edge which classes go, as bits


class Closure:
    """The least set of classes for each node that contains its content and follows all edges.

    Each class has a way of the lowest level by which it comes, and of those a shortest.
    """

    def __init__(
        self, contents: Mapping[str, Mapping[str, tuple[Evidence, ...]]], edges: Iterable[Edge]
    ) -> None:
        """``contents``: node -> class -> why it is there."""
        self.ways: defaultdict[str, dict[str, Way]] = defaultdict(dict)
        self._out: defaultdict[str, list[Edge]] = defaultdict(list)
        for edge in _different(edges):
            self._out[edge.source].append(edge)
        self._classes = sorted({data for classes in contents.values() for data in classes})
        self._bits = {data: 1 << at for at, data in enumerate(self._classes)}
        self._known: defaultdict[str, int] = defaultdict(int)
        self._work: tuple[deque[Step], ...] = tuple(deque() for _ in Level)
        for node, classes in contents.items():
            self._known[node] = sum(self._bits[data] for data in classes)
            for data, steps in classes.items():
                self.ways[node][data] = Way("", Level.DIRECT, steps)
        for node in contents:
            self._leave(node, self._known[node], Level.DIRECT)
        for level in Level:  # no level leads back to a lower one
            while self._work[level]:
                self._arrive(level)

    def _arrive(self, level: Level) -> None:
        """Take classes along an edge, but those that came there before, and on from there."""
        edge, classes = self._work[level].popleft()
        new = classes & ~self._known[edge.target]
        if new:
            self._known[edge.target] |= new
            way = Way(edge.source, level, (*edge.before, edge.note))
            self.ways[edge.target].update(dict.fromkeys(self._named(new), way))
            self._leave(edge.target, new, level)

    def _leave(self, node: str, classes: int, level: Level) -> None:
        for edge in self._out.get(node, ()):
            new = classes & ~self._known[edge.target] & ~self._bits.get(edge.drops, 0)
            if new:
                self._work[max(level, edge.level)].append((edge, new))

    def _named(self, classes: int) -> Iterator[str]:
        while classes:
            lowest = classes & -classes
            yield self._classes[lowest.bit_length() - 1]
            classes ^= lowest

    def of(self, node: str) -> dict[str, Way]:
        """Return the classes that could come to a node."""
        return self.ways.get(node, {})

    def steps(self, node: str, data: str) -> tuple[Evidence, ...]:
        """Return the whole way of a class to a node, from its source on."""
        found: list[tuple[Evidence, ...]] = []
        seen = set()
        while node and node not in seen:
            seen.add(node)
            way = self.ways[node][data]
            found.append(way.steps)
            node = way.before
        return shortened(tuple(step for steps in reversed(found) for step in steps))

    def path(self, node: str, data: str) -> list[str]:
        """Return the nodes on the way of a class, from its source to the node."""
        found = []
        while node and node not in found:
            found.append(node)
            node = self.ways[node][data].before
        return found[::-1]


def _different(edges: Iterable[Edge]) -> Iterator[Edge]:
    """Yield edges but those beside an earlier one that brings the same: they come too late."""
    known: set[tuple[str, str, Level, str]] = set()
    for edge in edges:
        way = edge.source, edge.target, edge.level, edge.drops
        if way not in known:
            known.add(way)
            yield edge
