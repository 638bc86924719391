"""Which movements of an app are gathered: all, or those that its lock accepts."""

from __future__ import annotations

from msgspec.structs import replace

from checkrein.checks.locked.comparing import values, widened
from checkrein.compare.picture.nodes import Nodes
from checkrein.derive.surface.movements import key_of
from checkrein.model import App, Entry, Kind
from checkrein.model.movement import Hop
from checkrein.model.picture import Move

CELLS = (Kind.INTENDED, Kind.CODED)
NARROWED = frozenset({"entry", "answer"})  # kinds of moves that no line names the classes of


class Kept:
    """The movements of an app that count: all, or ``accepted`` by its lock.

    Flows, entries and calls are lines of the lock; other movements are accepted with the classes
    that the lock knows at both of their ends.
    """

    def __init__(self, app: App, nodes: Nodes, *, accepted: bool = False) -> None:
        self._app = app
        self._nodes = nodes
        self._accepted = accepted
        beyond = widened(app) if accepted else ()
        self._beyond = {(c.kind, c.owner, c.key): c for c in beyond}

    def hop(self, hop: Hop) -> Hop | None:
        """Return a flow with the classes that the lock accepts, None where it accepts none."""
        owner, key = key_of(hop.source, hop.target, hop.via)
        beyond = self._beyond.get((Kind.FLOW, owner, key))
        if beyond is None:
            return hop
        kept = tuple(data for data in hop.data if data not in beyond.added)
        return replace(hop, data=kept) if beyond.before and (kept or not hop.data) else None

    def entry(self, entry: Entry) -> bool:
        """Tell whether a way into a function is accepted for those who may use it."""
        key = " ".join(filter(None, (entry.kind, entry.source, entry.route)))
        return self.enters(entry.function, key, entry.identity)

    def enters(self, owner: str, key: str, identity: str = "") -> bool:
        """Tell whether a line of a way in is accepted, for an identity."""
        beyond = self._beyond.get((Kind.ENTRY, owner, key))
        return beyond is None or (beyond.before is not None and identity not in beyond.added)

    def use(self, actor: str, target: str) -> bool:
        """Tell whether a call of a resource is accepted."""
        beyond = self._beyond.get((Kind.CALL, actor, target))
        return beyond is None or beyond.before is not None

    def move(self, source: str, target: str, move: Move) -> Move | None:
        """Return a move with what the lock knows at its ends; None where nothing is left of it."""
        if not self._accepted or move.kind not in NARROWED:
            return move
        kept = tuple(data for data in move.data if self._known(data, source, target))
        return replace(move, data=kept) if kept or not move.data else None

    def _known(self, data: str, *ends: str) -> bool:
        homes = filter(self._nodes.row, map(self._nodes.home, ends))
        return all(any(data in values(self._app, kind, id) for kind in CELLS) for id in homes)
