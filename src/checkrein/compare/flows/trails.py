"""Flows joined: content followed from where it enters, through functions, to its last places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from checkrein.compare.flows.naming import Names
from checkrein.compare.flows.uses import USE
from checkrein.compare.scene import Scene
from checkrein.derive.content.carried import Holding
from checkrein.derive.content.contents import UNTRUSTED
from checkrein.derive.content.paths import Tokens, below, joined, tokens
from checkrein.model import Slot
from checkrein.model.items import Items, meet
from checkrein.model.movement import Hop, Name, Trail

DEEPEST = 8  # tokens of a path, as in ``derive/content/contents``
LONGEST = 12  # hops of a trail


class Content(NamedTuple):
    """Content at a slot."""

    node: str
    path: Tokens
    items: Items = ()

    @property
    def slot(self) -> Slot:
        return Slot(self.node, joined(self.path), self.items)


class Onward(NamedTuple):
    """Where content goes by one flow, and whether only a part of it, or what is made of it."""

    content: Content
    hop: Hop
    certain: bool


class Trails:
    """The flows of an app, to be followed."""

    def __init__(self, scene: Scene, hops: Iterable[Hop], holding: Holding) -> None:
        self._scene = scene
        self._holding = holding
        self._names = Names(scene)
        self._nameless: frozenset[Content] = frozenset()  # what only its receivers' names tell
        self._out: defaultdict[str, list[tuple[Tokens, Tokens, Hop]]] = defaultdict(list)
        self._into: defaultdict[str, list[tuple[Tokens, Tokens, Hop]]] = defaultdict(list)
        for hop in hops:
            ends = tokens(hop.source.path), tokens(hop.target.path)
            self._out[hop.source.node].append((*ends, hop))
            self._into[hop.target.node].append((*ends, hop))

    def of(self, classes: frozenset[str]) -> list[Trail]:
        """Return the trails of some classes, one for each place where one enters."""
        held = {Content(*slot) for slot in self._holding.slots(classes)}
        inside = [each for each in held if self._out.get(each.node)]
        known = [each for each in inside if not self._came(each, classes)]
        back = Back(self._into)
        starts = {origin for each in known for origin in back.origins(each)}
        self._nameless = frozenset(back.passed)
        return self._forest(starts, inside, classes)

    def through(self, touches: Callable[[Hop], bool]) -> list[Trail]:
        """Return the trails that have a flow of some kind, cut to the ways that have it."""
        sources = {
            Content(node, source, hop.source.items)
            for node, out in self._out.items()
            for source, _, hop in out
        }
        near = self._before(
            {
                Content(node, source, hop.source.items)
                for node, out in self._out.items()
                for source, _, hop in out
                if touches(hop)
            }
        )
        starts = [each for each in near & sources if not self._came(each, frozenset())]
        found = self._forest(starts, near & sources, frozenset())
        return [kept for trail in found if (kept := cut(trail, touches))]

    def _before(self, wanted: set[Content]) -> set[Content]:
        """Return what some content may have come from, itself included."""
        found, waiting = set(wanted), list(wanted)
        while waiting:
            content = waiting.pop()
            for source, target, hop in self._into.get(content.node, ()):
                before = Content(hop.source.node, source, hop.source.items)
                if before not in found and _meets(target, hop, content):
                    found.add(before)
                    waiting.append(before)
        return found

    def _came(self, content: Content, classes: frozenset[str]) -> bool:
        """Tell whether some flow brings the content of a slot, from another slot."""
        for source, target, hop in self._into.get(content.node, ()):
            itself = hop.source.node == content.node and source == content.path
            held = self._holding.at(hop.source.node, source, hop.source.items)
            holds = not classes or held & classes
            if holds and not itself and _meets(target, hop, content):
                return True
        return False

    def _forest(
        self, starts: Iterable[Content], others: Iterable[Content], classes: frozenset[str]
    ) -> list[Trail]:
        """Return the trees from some starts, and from others what no start leads to (a circle)."""
        known = frozenset(starts)
        rest = sorted(frozenset(others) - known, key=lambda each: (-len(each.path), each))
        roots = known.union(rest)
        found: list[Trail] = []
        told: set[Hop] = set()
        for start in (*sorted(known), *rest):
            trail = Walk(self, classes, roots).tree(start)
            hops = set(hops_of(trail))
            if hops and (start in known or not hops <= told):
                found.append(trail)
                told |= hops
        return found

    def onward(
        self, content: Content, classes: frozenset[str], roots: frozenset[Content] | None
    ) -> Iterator[Onward]:
        """Yield where content goes; of an origin (``roots`` given) no part that is one itself."""
        for source, target, hop in self._out.get(content.node, ()):
            rest = below(source, content.path)
            part = rest is None
            if part and (not content.path or below(content.path, source) is None):
                continue
            if not meet(content.items, hop.source.items):
                continue
            if part and roots is not None and _has_own(roots, content, source, hop):
                continue
            path = (*target, *(rest or ()))[:DEEPEST]
            held = not classes or self._holding.at(hop.target.node, path) & classes
            arrived = Content(hop.target.node, path)
            used = hop.kind == USE and classes & {*hop.data}
            if held or used or arrived in self._nameless:
                yield Onward(arrived, hop, hop.certain and not part)

    def leads_on(self, content: Content) -> bool:
        """Tell whether content goes on from a slot."""
        return next(self.onward(content, frozenset(), None), None) is not None

    def origin(
        self, content: Content, classes: frozenset[str], further: tuple[Trail, ...]
    ) -> Trail:
        """Return where a trail begins, with what is known of it."""
        held = self._holding.at(*content)
        if classes and not held & classes:  # what only its receivers' names tell
            held = held.union(*(hop.data for each in further for hop in hops_of(each)))
        data = tuple(self._scene.valuable(held & classes if classes else held - {UNTRUSTED}))
        ways = self._names.ways(content.node) if content.path[:1] == ("event",) else ()
        name = self._names.origin(content.slot)
        return Trail(content.slot, name, further=further, data=data, ways=ways)

    def name(self, content: Content, hop: Hop) -> Name:
        """Return what a slot is called that a flow leads to."""
        return hop.goal if hop.kind == USE else self._names.goal(content.slot)


class Back:
    """Where content comes from that only its receiver's names tell: ``event.shipping.email``.

    A function that hands on ``event.shipping`` handles an e-mail address if ``email`` of it is read
    later. Content is followed back through flows that hand on the whole as it is; where several
    functions write a store as wholes, nobody can tell whose part that is.
    """

    def __init__(self, into: Mapping[str, list[tuple[Tokens, Tokens, Hop]]]) -> None:
        self._into = into
        self.passed: set[Content] = set()

    def origins(self, content: Content) -> list[Content]:
        """Return the first places of some content, itself if nothing is known to bring it."""
        found: list[Content] = []
        waiting, seen = [content], {content}
        while waiting:
            each = waiting.pop()
            self.passed.add(each)
            before = [known for known in self._before(each) if known not in seen]
            seen.update(before)
            waiting += before
            if not before:
                found.append(each)
        return found

    def _before(self, content: Content) -> list[Content]:
        found: dict[Content, str] = {}
        wholes: set[str] = set()
        for source, target, hop in self._into.get(content.node, ()):
            rest = below(target, content.path)
            answered = not target and rest and content.node.endswith("@response")
            if rest is None or answered or not hop.certain:
                continue  # a text that is answered with has no parts
            if len(source) + len(rest) <= DEEPEST and meet(hop.target.items, content.items):
                wholes |= {hop.via} if not target else set()
                before = Content(hop.source.node, (*source, *rest), hop.source.items)
                found[before] = "" if target else hop.via
        return [each for each, whole in found.items() if not whole or len(wholes) == 1]


class Walk:
    """One tree: every slot is followed once, at its first place."""

    def __init__(self, trails: Trails, classes: frozenset[str], roots: frozenset[Content]) -> None:
        self._trails, self._classes, self._roots = trails, classes, roots
        self.seen: set[Content] = set()

    def tree(self, start: Content) -> Trail:
        """Return the tree from an origin."""
        self.seen.add(start)
        return self._trails.origin(start, self._classes, self._further(start, 0))

    def _further(self, content: Content, depth: int) -> tuple[Trail, ...]:
        if depth >= LONGEST:
            return ()
        roots = None if depth else self._roots
        onward = list(self._trails.onward(content, self._classes, roots))
        fresh = {each.content for each in onward} - self.seen
        self.seen |= fresh
        found: dict[tuple[Content, Hop], Trail] = {}
        for each in onward:
            further = self._further(each.content, depth + 1) if each.content in fresh else ()
            told = each.content not in fresh and self._trails.leads_on(each.content)
            fresh.discard(each.content)
            name = self._trails.name(each.content, each.hop)
            trail = Trail(each.content.slot, name, each.hop, each.certain, further, told)
            found.setdefault((each.content, each.hop), trail)
        return tuple(found.values())


def hops_of(trail: Trail) -> Iterator[Hop]:
    """Yield the flows of a tree, each before what follows from it."""
    if trail.hop:
        yield trail.hop
    for each in trail.further:
        yield from hops_of(each)


def ways(trail: Trail) -> Iterator[tuple[Trail, ...]]:
    """Yield the way from an origin to each place in its tree, itself included."""
    yield (trail,)
    for each in trail.further:
        yield from ((trail, *rest) for rest in ways(each))


def _meets(target: Tokens, hop: Hop, content: Content) -> bool:
    """Tell whether content that a flow brings is, or holds, or is part of some content."""
    near = below(target, content.path) is not None or below(content.path, target) is not None
    return near and meet(hop.target.items, content.items)


def _has_own(roots: frozenset[Content], content: Content, source: Tokens, hop: Hop) -> bool:
    """Tell whether another origin, nearer to what a flow reads, tells that flow."""
    return any(
        root.node == content.node
        and len(root.path) > len(content.path)
        and below(root.path, source) is not None
        and meet(root.items, hop.source.items)
        for root in roots
    )


def cut(trail: Trail, touches: Callable[[Hop], bool]) -> Trail | None:
    """Return a trail without the branches that have no flow of some kind; None if none has."""
    if trail.hop and touches(trail.hop):
        return trail
    further = tuple(kept for each in trail.further if (kept := cut(each, touches)))
    return replace(trail, further=further) if further else None
