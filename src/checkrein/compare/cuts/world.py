"""What could come where, with some statements taken away: the closure, worked out again in part.

Only the identities that lose something are asked again, by the policy engine itself; code, wiring
and networks stay. So it says what deriving the whole app again would say, in a millisecond or two.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from checkrein import derive
from checkrein.compare.cuts.editing import written_once
from checkrein.compare.cuts.guards import guards
from checkrein.compare.cuts.networks import rules
from checkrein.compare.cuts.proof import doubts
from checkrein.compare.cuts.removable import Removable, less, statements, switches
from checkrein.compare.whatif.changes import changed, widest
from checkrein.derive.access.escalations import escalations
from checkrein.derive.access.granted import Granted
from checkrein.derive.access.reach import Reach
from checkrein.derive.ground import Ground
from checkrein.derive.table.closure import Edge
from checkrein.derive.table.potential import edges_by_rights, other_edges
from checkrein.derive.table.rows import PARTS
from checkrein.derive.table.takeover import become, taken_over
from checkrein.model import Access, App, Escalation, Grant, Need
from checkrein.model.workloads import runs_code

Cut = frozenset[str]  # keys of what is taken away
NOTHING: Cut = frozenset()


class Link(NamedTuple):
    """An edge of the closure; it rests on the statements of its ``owners``, if it has any."""

    source: str
    target: str
    drops: str = ""
    owners: tuple[str, ...] = ()
    idle: bool = False  # of a role that nobody acts as, but somebody may become


class Way(NamedTuple):
    """How a class could come to a node: where it sits, and the links from there."""

    start: str
    links: tuple[Link, ...]

    @property
    def nodes(self) -> frozenset[str]:
        """The nodes on it, their answers and settings as part of them."""
        ends = (self.start, *(link.target for link in self.links))
        return frozenset(chain(ends, (end.rpartition("@")[0] for end in ends)))


class Rights(Struct, frozen=True):
    """What an identity has: rights, ways to get further, and the edges that these open."""

    accesses: tuple[Access, ...]
    escalations: tuple[Escalation, ...]
    links: frozenset[Link]


class World:
    """The closure over one ground, with any cut of statements; what it found once it remembers."""

    def __init__(
        self, ground: Ground, removables: Iterable[Removable], needs: Iterable[Need]
    ) -> None:
        """Take what stands in the ground; ``needs`` are rights that code needs and has."""
        self.ground = ground
        self._needs: defaultdict[str, list[Need]] = defaultdict(list)
        for need in needs:
            self._needs[ground.wired.roles.get(need.function, "")].append(need)
        self._lacked: dict[tuple[str, Cut], frozenset[str]] = {}
        self._grants = [fact for fact in ground.wired.who if isinstance(fact, Grant)]
        self._removables = {each.key: each for each in removables}
        self.removable: defaultdict[str, list[Removable]] = defaultdict(list)
        for each in self._removables.values():
            for identity in each.identities:
                self.removable[identity].append(each)
        self._fixed = tuple(_links(other_edges(ground.scene)))
        self._code = frozenset(self._fixed)
        self._known: dict[tuple[str, Cut], Rights] = {}
        self._graphs: dict[Cut, Mapping[str, list[Link]]] = {}

    # -------------------------------------------------------------------------- rights

    @cached_property
    def _accesses(self) -> Mapping[str, list[Access]]:
        found: defaultdict[str, list[Access]] = defaultdict(list)
        for access in self.ground.wired.accesses:
            found[access.identity].append(access)
        return found

    @cached_property
    def _escalations(self) -> Mapping[str, list[Escalation]]:
        found: defaultdict[str, list[Escalation]] = defaultdict(list)
        for step in self.ground.wired.escalations:
            found[step.identity].append(step)
        return found

    @cached_property
    def identities(self) -> tuple[str, ...]:
        """Everybody who has a right."""
        return tuple(dict.fromkeys((*self._accesses, *self._escalations)))

    def rights(self, identity: str, cut: Cut) -> Rights:
        """Return what an identity has after a cut."""
        lost = self._lost(identity, cut)
        key = identity, lost
        if key not in self._known:
            has = self._again(identity, lost) if lost else self._before(identity)
            self._known[key] = Rights(*has, frozenset(self._opened(identity, *has)))
        return self._known[key]

    def _lost(self, identity: str, cut: Cut) -> Cut:
        return frozenset(each.key for each in self.removable[identity] if each.key in cut)

    def _before(self, identity: str) -> tuple[tuple[Access, ...], tuple[Escalation, ...]]:
        has, further = self._accesses.get(identity, ()), self._escalations.get(identity, ())
        return tuple(has), tuple(further)

    def _again(self, identity: str, lost: Cut) -> tuple[tuple[Access, ...], tuple[Escalation, ...]]:
        """Ask the policy engine again, about what the identity had before."""
        wired = self.ground.wired
        before = wired.means.scene
        authority = before.authority.instead(self.grants(lost))
        reach = Reach(wired.directory, authority)
        accesses = [
            access
            for target in before.held.get(identity, ())
            for access in reach.rights(identity, wired.directory.resources[target])
        ]
        held = {identity: reach.held[identity]} if identity in reach.held else {}
        scene = replace(before, authority=authority, held=held)
        return tuple(accesses), tuple(escalations(scene)) if identity in self._escalations else ()

    def grants(self, cut: Cut) -> list[Grant]:
        """Return the statements that are left after a cut."""
        losses = defaultdict(list)
        for key in cut:
            for id, loss in self._removables[key].losses:
                losses[id].append(loss)
        left = (less(g, losses[g.id]) if g.id in losses else g for g in self._grants)
        return [grant for grant in left if grant]

    def _opened(
        self, identity: str, accesses: tuple[Access, ...], steps: tuple[Escalation, ...]
    ) -> Iterator[Link]:
        scene = self.ground.scene
        yield from _links(edges_by_rights(scene, accesses), (identity,))
        yield from _links(taken_over(scene.directory, scene.actors, steps), (identity,))

    # ----------------------------------------------------------------------- the closure

    def graph(self, cut: Cut) -> Mapping[str, list[Link]]:
        """Return the links that lead out of each node after a cut."""
        if cut not in self._graphs:
            out: defaultdict[str, list[Link]] = defaultdict(list)
            has = [self.rights(identity, cut) for identity in self.identities]
            idle = self._idle(dict(zip(self.identities, has, strict=True)))
            for link in chain(self._fixed, *(each.links for each in has), idle):
                out[link.source].append(link)
            self._graphs[cut] = out
        return self._graphs[cut]

    def _idle(self, has: Mapping[str, Rights]) -> Iterator[Link]:
        """Yield the links of roles that somebody may become; they rest on both."""
        scene = self.ground.scene
        steps = [step for each in has.values() for step in each.escalations]
        gaining: defaultdict[str, set[str]] = defaultdict(set)
        for step in steps:
            if step.gains == "identity" and step.target not in scene.actors:
                gaining[step.target].add(step.identity)
        for role, by in gaining.items():
            own = has[role].accesses if role in has else ()
            found = become(scene.directory, scene.actors, own, steps)
            yield from _links(found, (role, *sorted(by - {role})), idle=True)

    def stands(self, link: Link, cut: Cut) -> bool:
        """Tell whether a link is left after a cut."""
        if not link.owners:
            return link in self._code
        if not link.idle:
            return link in self.rights(link.owners[0], cut).links
        has = {id: self.rights(id, cut) for id in link.owners}
        return any(each[:3] == link[:3] for each in self._idle(has))

    @cached_property
    def held(self) -> dict[str, frozenset[str]]:
        """The classes that sit in each node by code and wiring."""
        return {node: frozenset(found) for node, found in self.ground.held.items()}

    def comes(self, parts: tuple[str, ...], wanted: frozenset[str], cut: Cut) -> frozenset[str]:
        """Return which of some classes could come to a node (its parts) after a cut."""
        graph = self.graph(cut)
        found: dict[str, frozenset[str]] = {}
        work = deque((node, some) for node, all in self.held.items() if (some := all & wanted))
        while work:
            node, some = work.popleft()
            known = found.get(node, frozenset())
            new = some - known
            if new:
                found[node] = known | new
                for link in graph.get(node, ()):
                    work.append((link.target, new - {link.drops} if link.drops else new))
        return frozenset().union(*(found.get(part, frozenset()) for part in parts))

    def leads(self, way: Way, data: str, cut: Cut) -> bool:
        """Tell whether a way of a class is left after a cut."""
        sits = data in self.held.get(way.start, ())
        return sits and all(self.stands(link, cut) for link in way.links)

    def way(self, parts: tuple[str, ...], data: str, cut: Cut) -> Way | None:
        """Return the way of a class to a node that rests on the fewest removable links, if any."""
        graph = self.graph(cut)
        before: dict[str, Link | None] = {}
        work = deque((node, None, 0) for node, all in self.held.items() if data in all)
        cost: dict[str, int] = {node: 0 for node, _, _ in work}
        while work:
            node, link, spent = work.popleft()
            if node in before or spent > cost.get(node, spent):
                continue
            before[node] = link
            if node in parts:
                return _back(node, before)
            for each in graph.get(node, ()):
                price = spent + self._is_removable(each)
                if each.drops != data and price < cost.get(each.target, price + 1):
                    cost[each.target] = price
                    (work.append if price > spent else work.appendleft)((each.target, each, price))  # type: ignore[arg-type]
        return None

    def _is_removable(self, link: Link) -> bool:
        return any(self.removable.get(owner) for owner in link.owners)

    # ------------------------------------------------------------------------- what breaks

    def losing(self, cut: Cut) -> frozenset[str]:
        """Return the needs, by id, that a cut leaves without the right that they had."""
        known = (self._removables[key] for key in cut if key in self._removables)
        touched = {identity for each in known for identity in each.identities}
        return frozenset().union(*(self._lacking(who, self._lost(who, cut)) for who in touched))

    def _lacking(self, identity: str, lost: Cut) -> frozenset[str]:
        key = identity, lost
        if key not in self._lacked:
            self._lacked[key] = frozenset(self._lacks(identity, lost))
        return self._lacked[key]

    def _lacks(self, identity: str, lost: Cut) -> Iterator[str]:
        grants = self.grants(lost)
        left = [grant for grant in grants if type(grant) is Grant and grant.identity == identity]
        accesses = self.rights(identity, lost).accesses
        granted, had, has = (
            Granted(accesses, left),
            _on(self._accesses.get(identity, ())),
            _on(accesses),
        )
        for need in self._needs.get(identity, ()):
            one = need.resource, need.action
            target = need.resource if need.resource != "*" else None
            gives = bool(left) and granted.gives(identity, need.action, target)
            if not gives or (one in had and one not in has):
                yield need.id


def _on(accesses: Iterable[Access]) -> set[tuple[str, str]]:
    """Return each resource with each action on it."""
    return {(access.target, action) for access in accesses for action in access.actions}


class Worlds:
    """An app without any of its triggers and settings, each worked out when it is asked for."""

    def __init__(self, app: App, derived: App, root: Path) -> None:
        """Take what was read below ``root``, and the app that was ``derived`` from it."""
        self._app, self._derived = app, derived
        self._doubts: dict[str, tuple[str, ...]] = {}
        ground = derive.ground_of(app)
        wired = ground.wired
        self._needs = [n for n in derived.every(Need) if n.needed and n.granted]
        used: defaultdict[str, set[str]] = defaultdict(set)
        for need in self._needs:
            used[wired.roles.get(need.function, "")].add(need.action)
        said = partial(written_once, root, derived)
        found = statements(wired.directory, wired.grants, used, said)
        self.statements = {each.key: each for each in found}
        joined = {each.key: each for each in (*switches(wired.directory), *rules(wired.directory))}
        self.open = {each.key: each for each in self._open(ground)}
        self.switches = joined | self.open
        self._made = {NOTHING: World(ground, self.statements.values(), self._needs)}

    def _open(self, ground: Ground) -> Iterator[Removable]:
        """Yield the statements for people outside, and what keeps them out all the same.

        What they may write is content of its own.
        """
        targets: defaultdict[str, set[str]] = defaultdict(set)
        for access in ground.wired.accesses:
            targets[access.identity].add(access.target)
        opened = frozenset(chain(*(targets[identity] for identity in ground.outsiders)))
        yield from guards(ground.wired.directory, opened)
        for each in self.statements.values():
            if each.identities & ground.outsiders.keys():
                on = (targets[identity] for identity in each.identities)
                yield replace(each, joins=frozenset(chain(*on)))

    def after(self, cut: Cut) -> World:
        """Return the world without the triggers, settings and open statements of a cut."""
        off = frozenset(key for key in cut if key in self.switches)
        if off not in self._made:
            gone = widest(change for key in off for change in self.switches[key].changes)
            ground = derive.ground_of(changed(self._app, gone))
            self._made[off] = World(ground, self.statements.values(), self._needs)
        return self._made[off]

    def losing(self, cut: Cut) -> frozenset[str]:
        """Return the needs, by id, that lose their right by a cut of statements."""
        return self._made[NOTHING].losing(cut)

    def doubts(self, cut: Cut) -> frozenset[str]:
        """Say why nobody can tell whether what a cut takes away is used, each reason once."""
        return frozenset(doubt for key in cut for doubt in self._doubted(key))

    def _doubted(self, key: str) -> tuple[str, ...]:
        if key not in self._doubts:
            each = self.statements.get(key) or self.switches[key]
            self._doubts[key] = doubts(self._derived, each)
        return self._doubts[key]


def parts_of(node: str, type: str) -> tuple[str, ...]:
    """Return the nodes whose content counts as that of one row."""
    return (node,) if runs_code(type) else (node, *(node + p for p in PARTS))


def _links(
    edges: Iterable[Edge], owners: tuple[str, ...] = (), *, idle: bool = False
) -> Iterator[Link]:
    for edge in edges:
        yield Link(edge.source, edge.target, edge.drops, owners, idle)


def _back(node: str, before: Mapping[str, Link | None]) -> Way:
    found = []
    while link := before[node]:
        found.append(link)
        node = link.source
    return Way(node, tuple(found[::-1]))
