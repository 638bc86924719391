"""Moves between the same two nodes, put together to one edge."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from msgspec.structs import replace

from checkrein.compare.picture.accepted import Kept
from checkrein.compare.picture.nodes import Nodes
from checkrein.compare.scene import Scene
from checkrein.derive.table.closure import Level
from checkrein.model import Basis, Evidence
from checkrein.model.picture import Edge, Move

LEVELS = tuple(level.name.lower() for level in Level)
ORDER = ("entry", "answer", "http", "response", "log", "sdk", "wiring", "use", "right")

Ends = tuple[str, str]
Same = tuple[str, str, str, tuple[Evidence, ...]]  # what moves that are put together agree in


class Gathering:
    """The edges of one basis while they are found; ``accepted`` by the lock, or all."""

    def __init__(self, scene: Scene, nodes: Nodes, basis: Basis, *, accepted: bool = False) -> None:
        self._scene = scene
        self._nodes = nodes
        self._basis = basis
        self.kept = Kept(scene.app, nodes, accepted=accepted)
        self._moves: defaultdict[Ends, dict[Same, Move]] = defaultdict(dict)
        self._brings: defaultdict[Ends, set[str]] = defaultdict(set)

    def add(self, source: str, target: str, move: Move) -> None:
        """Add a move between two nodes, or parts of nodes; one that stays within is none.

        Moves that differ only in what they carry become one. A right is one however many
        statements give it.
        """
        ends = self._nodes.home(source), self._nodes.home(target)
        kept = self.kept.move(source, target, move)
        if kept is None or not all(ends) or ends[0] == ends[1]:
            return
        known = self._moves[ends]
        same = (kept.kind, kept.text, kept.level, () if kept.kind == "right" else kept.steps)
        other = known.get(same)
        known[same] = _joined(other, kept) if other else kept

    def brings(self, source: str, target: str, data: str) -> None:
        """Say that the target's cell owes a class to an edge."""
        self._brings[source, target].add(data)

    def told(self, source: str, target: str, move: Move) -> bool:
        """Tell whether a move at the same line is known already."""
        ends = self._nodes.home(source), self._nodes.home(target)
        line = move.steps[-1].place if move.steps else None
        known = self._moves.get(ends, {}).values()
        return any(each.steps and each.steps[-1].place == line for each in known)

    def moves(self) -> Iterator[tuple[str, str, Move]]:
        """Yield what was gathered: source, target and move."""
        for ends, moves in self._moves.items():
            for move in moves.values():
                yield *ends, move

    def edges(self) -> list[Edge]:
        """Return the edges, by their ends."""
        return [self._edge(ends, list(m.values())) for ends, m in sorted(self._moves.items())]

    def _edge(self, ends: Ends, moves: list[Move]) -> Edge:
        moves.sort(key=_order)
        data = self._scene.valuable({data for move in moves for data in move.data})
        return Edge(
            source=ends[0],
            target=ends[1],
            basis=self._basis,
            data=tuple(data),
            level=min((move.level for move in moves), key=LEVELS.index),
            certain=any(move.certain for move in moves),
            worth=self._nodes.worth(data),
            brings=tuple(self._scene.valuable(self._brings.get(ends, ()))),
            moves=tuple(moves),
        )


def _joined(known: Move, other: Move) -> Move:
    if known.data == other.data and known.certain >= other.certain:
        return known
    data = dict.fromkeys((*known.data, *other.data))
    return replace(known, data=tuple(data), certain=known.certain or other.certain)


def _order(move: Move) -> tuple[int, int, str, str]:
    place = move.steps[-1].place if move.steps else ""
    return LEVELS.index(move.level), ORDER.index(move.kind), move.text, str(place)
