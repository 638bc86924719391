"""What each slot holds, once every coded flow has carried its elements: a least fixpoint."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from checkrein.derive.content.events import Announced, may_be
from checkrein.derive.content.paths import ByPath, Tokens, below, joined, tokens
from checkrein.detect.names import classify
from checkrein.model import Basis, Element, Events, Evidence, Flow, Slot
from checkrein.model.items import Items, meet

MOST_STEPS = 8  # what a person follows; the first and the last ones are kept
DEEPEST = 8  # tokens of a path; deeper content is held at its parent
MOST_SLOTS = 600  # for each node; beyond that content is held at the node itself
MOST_KINDS = 100  # of items, for each node; further content counts as that of any item
MOST_ROUNDS = 1  # what one function wraps and another hands on; deeper, it is the same again
UNTRUSTED = "untrusted.any"
TOKEN = "cred.token"  # noqa: S105 - the id of a class
Spot = tuple[Events, Tokens]  # on a bus: in which events, and where in them
What = tuple[str, Items]  # a class, and in which items of a store
NOTHING: Mapping[str, Mapping[str, frozenset[str]]] = {}


class Held(Struct, frozen=True):
    """How a slot came to hold a class."""

    basis: Basis
    confidence: str
    steps: tuple[Evidence, ...]
    doubtful: bool = False  # it may have become something else on the way
    named_later: bool = False  # told by one of several receivers: it need not reach the others
    stood: tuple[tuple[str, int], ...] = ()  # nodes on the way, and how deep in each it stood first
    rounds: int = 0  # times that it came back to one of them, deeper

    @property
    def rank(self) -> int:
        """Which of two ways tells more."""
        return 0 if self.doubtful else 1 + (self.basis is Basis.CODED)


class Nodes(NamedTuple):
    """Nodes in which content is held in a way of their own."""

    functions: frozenset[str]  # code
    logs: frozenset[str]
    buses: frozenset[str]


class Contents:
    """Classes by node, path and class id, with the way each came."""

    def __init__(
        self,
        elements: Iterable[Element],
        later: Iterable[Element],
        flows: Iterable[Flow],
        nodes: Nodes,
        denied: Mapping[str, Mapping[str, frozenset[str]]] = NOTHING,
    ) -> None:
        """Carry the elements along the flows.

        ``later`` are elements that a receiver's names told: they go on only into logs.
        ``denied`` says, by node and field, which classes the team says it is not.
        On a bus, what stands in different events is kept apart until all has come.
        """
        self._functions, self._logs, self._buses = nodes
        self._denied = denied
        self._apart: defaultdict[str, dict[Spot, dict[What, Held]]] = defaultdict(dict)
        self._kinds: defaultdict[str, set[Items]] = defaultdict(set)
        self._out: defaultdict[str, ByPath[tuple[Tokens, Tokens, Flow]]] = defaultdict(ByPath)
        self._work: deque[tuple[str, Spot, What]] = deque()
        for flow in flows:
            ends = tokens(flow.source.path), tokens(flow.target.path)
            self._out[flow.source.node].add(ends[0], (*ends, flow))
        for named_later, group in ((False, elements), (True, later)):
            for each in group:
                held = Held(each.basis, each.confidence, each.evidence, named_later=named_later)
                events = each.events if isinstance(each, Announced) else ()
                spot = self._lane(each.slot.node, events), tokens(each.slot.path)
                self._learn(each.slot.node, spot, (each.data, each.slot.items), held)
        self._paths: defaultdict[str, ByPath[Tokens]] = defaultdict(ByPath)
        self._spread()
        self._held = {node: _together(spots) for node, spots in self._apart.items()}
        for node, slots in self._held.items():
            for path in slots:
                self._paths[node].add(path, path)
        self._found: dict[tuple[Slot, bool], dict[str, Held]] = {}

    def __iter__(self) -> Iterator[tuple[Slot, str, Held]]:
        for node, slots in self._held.items():
            for path, found in slots.items():
                for (data, items), held in found.items():
                    yield Slot(node, joined(path), items), data, held

    def nodes(self) -> list[str]:
        """Return every node that holds something."""
        return list(self._held)

    def of(self, node: str) -> dict[str, Held]:
        """Return the classes of a whole node, each with its best way."""
        best: dict[str, Held] = {}
        for found in self._held.get(node, {}).values():
            for (data, _), held in found.items():
                if data not in best or held.rank > best[data].rank:
                    best[data] = held
        return best

    def at(self, slot: Slot, *, deep: bool = True) -> Mapping[str, Held]:
        """Return the classes that content of a slot carries: its own, those below and those above.

        What is known only of the whole (``event.ResourceProperties``) holds for each part. Without
        ``deep``, what lies below is left out.
        """
        key = slot, deep
        if key not in self._found:
            self._found[key] = self._at(slot.node, tokens(slot.path), slot.items, deep=deep)
        return self._found[key]

    def _at(self, node: str, wanted: Tokens, items: Items, *, deep: bool) -> dict[str, Held]:
        best: dict[str, Held] = {}
        for path in self._paths[node].near(wanted) if node in self._paths else ():
            found = self._held[node][path]
            rest = _carried(wanted, path)
            if rest is not None and (deep or not rest):
                best |= {
                    data: held
                    for data, held in _of(items, found).items()
                    if (rest or data != UNTRUSTED) and not _is_claim(wanted, path, data)
                }
        return best

    def _lane(self, node: str, events: Events) -> Events:
        return events if node in self._buses else ()

    def _learn(self, node: str, spot: Spot, what: What, held: Held) -> None:
        events, path = spot[0], spot[1][:DEEPEST]
        data, items = what
        if node in self._denied and data in self._denied[node].get(path[-1] if path else "", ()):
            return
        slots = self._apart[node]
        if (events, path) not in slots and len(slots) >= MOST_SLOTS:
            path = ()
        if items and items not in self._kinds[node]:
            if len(self._kinds[node]) < MOST_KINDS:
                self._kinds[node].add(items)
            else:
                items = ()
        known = slots.setdefault((events, path), {})
        for same in {(data, items), (data, ())}:
            if same in known and known[same].rank >= held.rank:
                return
        known[data, items] = held
        self._work.append((node, (events, path), (data, items)))

    def _spread(self) -> None:
        while self._work:
            node, spot, (data, items) = self._work.popleft()
            events, path = spot
            held = self._apart[node][spot][data, items]
            for source, target, flow in self._out[node].near(path):
                rest = _carried(source, path)
                if (rest and rest[0] in flow.lacking) or not may_be(events, flow.events):
                    continue
                if rest is None or (held.named_later and flow.target.node not in self._logs):
                    continue
                if not meet(items, flow.source.items):
                    continue
                part = below(source, path) is None
                if not (part and (data == UNTRUSTED or _is_claim(source, path, data))):
                    goal = (*target, *rest)
                    stood, rounds = _came(held, (node, path), (flow.target.node, goal))
                    if rounds <= MOST_ROUNDS:
                        carried = self._carry(flow, source, data, held, part=part)
                        carried = replace(carried, stood=stood, rounds=rounds)
                        lane = self._lane(flow.target.node, events or flow.events)
                        what = data, flow.target.items
                        self._learn(flow.target.node, (lane, goal), what, carried)

    def _carry(self, flow: Flow, source: Tokens, data: str, held: Held, *, part: bool) -> Held:
        """Return how a class is held where a flow brings it."""
        computed = flow.via in self._functions and not flow.certain
        # what is computed from a whole event need not hold each of its fields, and what is
        # computed from a credential (a claim in a token) is not the credential
        changed = computed and (len(source) <= 1 or data.startswith("cred."))
        doubtful = held.doubtful or part or changed
        basis = Basis.POTENTIAL if doubtful else self._basis(flow, data, held)
        steps = shortened((*held.steps, *flow.steps))
        return Held(basis, held.confidence, steps, doubtful, held.named_later)

    def _basis(self, flow: Flow, data: str, held: Held) -> Basis:
        if data == UNTRUSTED:
            return Basis.POTENTIAL  # nobody codes for what he does not expect
        if flow.basis is Basis.POTENTIAL:
            return Basis.POTENTIAL
        if flow.via in self._functions:
            return Basis.CODED
        # a function receives all of it; what it makes of it, its code says
        arrives = flow.target.node in self._functions
        return Basis.POTENTIAL if arrives else held.basis


def _together(spots: Mapping[Spot, dict[What, Held]]) -> dict[Tokens, dict[What, Held]]:
    """Return what stands at each path, in whichever events, each class with its best way."""
    found: dict[Tokens, dict[What, Held]] = {}
    for (_, path), classes in spots.items():
        known = found.setdefault(path, {})
        for what, held in classes.items():
            if what not in known or held.rank > known[what].rank:
                known[what] = held
    return found


def _of(items: Items, found: Mapping[What, Held]) -> dict[str, Held]:
    """Return the classes that stand in some items, each with its best way."""
    best: dict[str, Held] = {}
    for (data, others), held in found.items():
        if meet(items, others) and (data not in best or held.rank > best[data].rank):
            best[data] = held
    return best


def _carried(source: Tokens, path: Tokens) -> Tokens | None:
    """Return where, relative to a flow's target, content at ``path`` arrives; None if it stays."""
    rest = below(source, path)
    if rest is None and path and below(path, source) is not None:
        return ()
    return rest


def _is_claim(wanted: Tokens, path: Tokens, data: str) -> bool:
    """Tell whether a slot is what a token says, which is no token itself: its name tells its class.

    ``path`` is where the token is held, ``wanted`` below it.
    """
    if data != TOKEN or not path or (rest := below(path, wanted)) is None:
        return False
    named = classify(path[-1])
    return named is not None and named.data == TOKEN and any(step != "[]" for step in rest)


def _came(
    held: Held, source: tuple[str, Tokens], goal: tuple[str, Tokens]
) -> tuple[tuple[tuple[str, int], ...], int]:
    """Return where content has stood when it leaves a slot, and its rounds when it arrives.

    An event of which a function makes a part of the next one, on the same bus, would otherwise be
    at ``user.user.user`` as well, until too many slots are known to tell one from another.
    """
    (node, path), (target, deep) = source, goal
    before = dict(held.stood)
    stood = held.stood if node in before else (*held.stood, (node, len(path)))
    first = len(path) if target == node and node not in before else before.get(target)
    return stood, held.rounds + (first is not None and len(deep) > first)


def shortened(steps: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
    """Keep a way readable: no step twice in a row, the middle of long ones dropped."""
    unique = tuple(dict.fromkeys(steps))
    if len(unique) <= MOST_STEPS:
        return unique
    return (*unique[: MOST_STEPS // 2], *unique[-MOST_STEPS // 2 :])
