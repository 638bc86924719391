"""Everything that could happen: which classes could come to which node, and by which way.

A node's potential is its content, plus what flows in along edges that permissions and wiring
open. An edge goes from a store to a function that may read it, from a function to a store that
it may write, and so on; the closure never passes through anyone.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping

from msgspec import Struct

from checkrein.derive.content.contents import shortened
from checkrein.model import Evidence

LEVELS = ("direct", "takeover", "influence")


class Edge(Struct, frozen=True):
    """Content of ``source`` could come to ``target``."""

    source: str
    target: str
    note: Evidence
    certain: bool = True
    level: str = "direct"
    drops: str = ""  # a class that does not come along


class Way(Struct, frozen=True):
    """How a class could come to a node: the last step, and the node before."""

    before: str  # "" where the class sits in the node itself
    level: str
    steps: tuple[Evidence, ...]  # of the last step, or of the content's own evidence


class Closure:
    """The least set of classes for each node that contains its content and follows all edges."""

    def __init__(
        self, contents: Mapping[str, Mapping[str, tuple[Evidence, ...]]], edges: Iterable[Edge]
    ) -> None:
        """``contents``: node -> class -> why it is there."""
        self.ways: defaultdict[str, dict[str, Way]] = defaultdict(dict)
        self._out: defaultdict[str, list[Edge]] = defaultdict(list)
        for edge in edges:
            self._out[edge.source].append(edge)
        work: deque[tuple[str, str]] = deque()
        for node, classes in contents.items():
            for data, steps in classes.items():
                self.ways[node][data] = Way("", "direct", steps)
                work.append((node, data))
        while work:
            node, data = work.popleft()
            level = self.ways[node][data].level
            for edge in self._out.get(node, ()):
                if data != edge.drops and data not in self.ways[edge.target]:
                    worse = max(level, edge.level, key=LEVELS.index)
                    self.ways[edge.target][data] = Way(node, worse, (edge.note,))
                    work.append((edge.target, data))

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
