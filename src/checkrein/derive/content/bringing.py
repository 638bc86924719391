"""Which slots bring a slot's content: flows followed back, the paths that are asked bounded."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator

from msgspec import Struct

from checkrein.derive.content.events import OWN_BUS
from checkrein.derive.content.paths import ByPath, Tokens, below, joined, tokens
from checkrein.model import Evidence, Flow, Slot
from checkrein.model.items import Items, meet

STEP = "#"  # between a state machine and the step of it that moves something
WHOLE = frozenset({"", "event", "response"})  # paths of all that a slot's node holds
MOST_PATHS = 200  # of one node that no flow names; further ones count as the part that is named


class Move(Struct, frozen=True):
    """What becomes of content on its way from one slot to another."""

    steps: tuple[Evidence, ...]
    harmless: frozenset[str] = frozenset()
    certain: bool = True
    order: int = 0  # among all


class Bringing:
    """The flows of an app by what they bring; asked from a slot back to where they begin."""

    def __init__(self, flows: Iterable[Flow], buses: Container[str] = ()) -> None:
        """Take the flows; of those that differ only in their steps the shortest counts.

        What a flow says of the events of one of the ``buses`` is what is known of their items.
        """
        self._into: dict[str, ByPath[tuple[Tokens, Items, Slot, Move]]] = {}
        self._named: set[tuple[str, Tokens]] = set()  # paths that flows name, and what holds them
        self._unnamed: Counter[str] = Counter()
        self._known: set[tuple[str, Tokens]] = set()
        self._results: defaultdict[str, set[Tokens]] = defaultdict(
            set
        )  # that a machine's steps put
        for order, flow in enumerate(_shortest(flows)):
            target = tokens(flow.target.path)
            move = Move(flow.steps, frozenset(flow.harmless), flow.certain, order)
            at = self._into.setdefault(flow.target.node, ByPath())
            source, put = (_of_bus(flow, end, buses) for end in (flow.source, flow.target))
            at.add(target, (target, put.items, source, move))
            if target and flow.via.startswith(f"{flow.target.node}{STEP}"):
                self._results[flow.target.node].add(target)
            self._named.update(_holding(flow.source), _holding(flow.target))

    def to(self, slot: Slot, *, inner: bool) -> Iterator[tuple[Slot, Move]]:
        """Yield what brings a slot's content, or a part of it: what of which slot, and how.

        ``inner`` tells that another slot's content came from there.
        """
        into = self._into.get(slot.node)
        wanted = tokens(slot.path)
        is_result = any(wanted[: len(put)] == put for put in self._results.get(slot.node, ()))
        for target, put, source, move in into.near(wanted) if into else ():
            rest = below(target, wanted)
            if rest is None and below(wanted, target) is None:
                continue
            if not meet(put, slot.items):
                continue
            if is_result and not target:
                continue  # a step has put its result in the place of what the input had there
            path = (*tokens(source.path), *(rest or ()))
            if inner and len(path) > len(wanted) and source.path not in WHOLE:
                path = self._telling(source, path)
            yield self._bounded(source, path), move

    def _bounded(self, source: Slot, path: Tokens) -> Slot:
        """Return a part of a source; where too many were asked for, as much of it as is named.

        What is read from a store and written back to it under other names makes a new path of
        every two: a store of 40 attributes had 40,000.
        """
        at = (source.node, path)
        if at not in self._known and at not in self._named:
            if self._unnamed[source.node] < MOST_PATHS:
                self._unnamed[source.node] += 1
                self._known.add(at)
            else:
                while (source.node, path) not in self._named:
                    path = path[:-1]
        return Slot(source.node, joined(path), source.items)

    def _telling(self, source: Slot, path: Tokens) -> Tokens:
        """Leave out of a path below a part of what flows lead into what no flow names there.

        Else what is read, changed and written back made a longer path each time round.
        """
        if source.node not in self._into:
            return path
        least = len(tokens(source.path))
        while len(path) > least and (source.node, path) not in self._named:
            path = path[:-1]
        return path


def _shortest(flows: Iterable[Flow]) -> Iterable[Flow]:
    """Return, of flows that differ only in their steps, the one with the fewest."""
    found: dict[object, Flow] = {}
    for flow in flows:
        key = (flow.source, flow.target, flow.harmless, flow.certain, flow.events)
        known = found.get(key)
        if known is None or len(flow.steps) < len(known.steps):
            found[key] = flow
    return found.values()


def _of_bus(flow: Flow, slot: Slot, buses: Container[str]) -> Slot:
    """Return an end of a flow; on a bus, with the fields that its events are known by as items."""
    if not flow.events or not (slot.node in buses or slot.node.endswith(OWN_BUS)):
        return slot
    kind = tuple((field, tuple((value,) for value in values)) for field, values in flow.events)
    return Slot(slot.node, slot.path, (kind,))


def _holding(slot: Slot) -> Iterator[tuple[str, Tokens]]:
    path = tokens(slot.path)
    return ((slot.node, path[:end]) for end in range(len(path) + 1))
