"""Who reaches a resource: from outside, by their own rights, by others' rights or others' code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from checkrein.compare.chains import CODE, Chain, Chains
from checkrein.compare.lines import alike, named
from checkrein.compare.rights import TOLD, held, is_unread
from checkrein.compare.scene import Scene, Use
from checkrein.compare.words import deeds, listed, may, ordered
from checkrein.model import Access, Evidence, Part, Way

Found = Mapping[str, Mapping[str, Chain]]  # identity -> right -> chain


class Reached(NamedTuple):
    """Who reaches a resource, by heading, the most dangerous first."""

    outside: tuple[Way, ...]
    direct: tuple[Way, ...]
    network: tuple[Way, ...]
    takeover: tuple[Way, ...]
    influence: tuple[Way, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """The headings that have something below them."""
        found = (
            Part("outside", "From outside", self.outside),
            Part("direct", "By rights of their own", self.direct),
            Part("network", "Over the network, with a login", self.network),
            Part("takeover", "By taking over others", self.takeover),
            Part("influence", "By making others act", self.influence),
        )
        return tuple(part for part in found if part.ways)


class Doing(NamedTuple):
    """A function that does something to the resource; ``doubtful`` where nobody can tell."""

    function: str
    doubtful: bool


class Reachers:
    """The ways to one resource, which the lines call ``thing``; ``told`` are the rights to tell."""

    def __init__(
        self,
        scene: Scene,
        chains: Chains,
        target: str,
        thing: str = "it",
        told: tuple[str, ...] = TOLD,
    ) -> None:
        self._scene = scene
        self._thing = thing
        self._rights = told
        self._shown = frozenset({*told, "list"} if told is TOLD else told)
        self._chains = chains
        self._target = target
        self._held: defaultdict[str, dict[str, Access]] = defaultdict(dict)
        for access in scene.on.get(target, ()):
            self._held[access.identity][access.right] = access
        self._connected: dict[str, tuple[Evidence, ...]] = {
            function: (found[target].note,)
            for function, found in scene.connections.items()
            if target in found
        }
        self._users: dict[str, Use] = {
            function: used[target] for function, used in scene.uses.items() if target in used
        }

    def all(self) -> Reached:
        """Return everybody who reaches the resource."""
        taken = self._by_takeover()
        near = self._near(taken)
        influence = self._told("influence", self._by_influence(), taken)
        return near._replace(influence=self._named(influence))

    def near(self) -> Reached:
        """Return the same without those who make others act, which takes long to find."""
        return self._near(self._by_takeover())

    def _near(self, taken: Found) -> Reached:
        holders = [i for i, rights in self._held.items() if self._shown & rights.keys()]
        direct = [*alike(map(self._right_of, sorted(holders)))]
        takeover = self._told("takeover", taken, {})
        outside = [way for way in (*direct, *takeover) if self._is_outside(way)]
        inside = [[w for w in ways if not self._is_outside(w)] for ways in (direct, takeover)]
        return Reached(
            outside=self._named((*outside, *self._callers())),
            direct=self._named(sorted(inside[0], key=_rank)),
            network=tuple(self._logins()),
            takeover=self._named(inside[1]),
        )

    def _named(self, ways: Iterable[Way]) -> tuple[Way, ...]:
        return tuple(named(self._scene, way) for way in ways)

    def _logins(self) -> Iterator[Way]:
        for function, steps in sorted(self._connected.items()):
            can = self._scene.connections[function][self._target].can
            text = f"{self._scene.name(function)} {can} connect to {self._thing}"
            target = (self._target,)
            yield Way(text=text, who=(function,), target=target, certain=False, steps=steps)

    def further(self, identity: str) -> tuple[Way, ...]:
        """Return how one identity gets here through others."""
        taken = self._by_takeover()
        ways = [
            *self._told("takeover", {identity: taken.get(identity, {})}, {}),
            *self._told("influence", {identity: self._by_influence().get(identity, {})}, taken),
        ]
        return tuple(named(self._scene, way) for way in ways)

    def _is_outside(self, way: Way) -> bool:
        return way.who[0] in self._scene.strangers

    def _right_of(self, identity: str) -> Way:
        found = [a for a in self._held[identity].values() if a.right in self._shown]
        return held(self._scene, identity, self._target, found).way(self._scene, self._thing)

    def _by_takeover(self) -> Found:
        """Return by identity, for each right that it can get and has not, the chain."""
        found: defaultdict[str, dict[str, Chain]] = defaultdict(dict)
        for right in self._rights:
            holders = [identity for identity, has in self._held.items() if right in has]
            ways = self._chains.to_identities(holders)
            for identity, chain in self._chains.gaining(self._target, right).items():
                ways[identity] = min(chain, ways.get(identity, chain))
            for identity, chain in ways.items():
                if chain.length and right not in self._held.get(identity, {}):
                    found[identity][right] = chain
        return found

    def _by_influence(self) -> Found:
        found: defaultdict[str, dict[str, Chain]] = defaultdict(dict)
        for right in self._rights:
            for identity, chain in self._to_code(right).items():
                inside = not identity.startswith(CODE) and identity not in self._scene.strangers
                if inside and right not in self._held.get(identity, {}):
                    found[identity][right] = chain
        return found

    def _to_code(self, right: str) -> dict[str, Chain]:
        users = self._users.items()
        return self._chains.to_code({n: u.evidence(right) for n, u in users if right in u.rights})

    def _connections(self, right: str) -> dict[str, tuple[Evidence, ...]]:
        return self._connected if right in {"read", "write"} else {}

    def _unread(self, right: str) -> dict[str, tuple[Evidence, ...]]:
        """Return the functions that have a right and whose code nobody has read in full."""
        return {
            node: held[right].evidence[:1]
            for identity, held in self._held.items()
            for node in self._scene.acting.get(identity, ())
            if right in held and node in self._scene.roles and is_unread(self._scene, node)
        }

    def _told(self, level: str, found: Found, nearer: Found) -> list[Way]:
        """Tell each identity's chains, those of a nearer level left out; alike ones together."""
        ways = []
        for identity in sorted(found):
            ends: defaultdict[str, dict[str, Chain]] = defaultdict(dict)
            for right, chain in found[identity].items():
                if right not in nearer.get(identity, {}):
                    ends[chain.end][right] = chain
            ways += [self._chained(level, identity, by_right) for by_right in ends.values()]
        return sorted(alike(ways), key=lambda way: (not way.certain, len(way.steps), way.who))

    def _chained(self, level: str, identity: str, by_right: Mapping[str, Chain]) -> Way:
        rights = ordered(by_right)
        chain = by_right[rights[0]]
        how = f"{may(certain=not chain.uncertain)} {self._how(level, chain)}"
        return Way(
            text=f"{how}{deeds(rights)} {self._thing}",
            who=self._scene.who(identity),
            target=(self._target,),
            level=level,
            rights=rights,
            certain=not chain.uncertain,
            steps=chain.steps,
        )

    def _how(self, level: str, chain: Chain) -> str:
        if level == "influence":
            return f"make {self._scene.name(chain.end)} "
        if chain.end.endswith("@account"):
            return "give itself every right, and so "
        if chain.end == self._target:
            return "get to "
        how = f"in {chain.length} steps " if chain.length > 1 else ""
        return f"{how}take over {self._scene.name(chain.end)}, and so "

    def _callers(self) -> Iterator[Way]:
        """Tell which callers from outside can make functions do what their code does here."""
        doing = self._doing()
        for caller, reached in self._chains.callers.items():
            ends = [each for each in doing if CODE + each.function in reached]
            for end in sorted(ends, key=lambda each: (each.doubtful, -len(doing[each]), each)):
                yield self._called(caller.name, end, doing[end], reached[CODE + end.function])

    def _doing(self) -> Mapping[Doing, dict[str, tuple[Evidence, ...]]]:
        """Return what each function does here, and perhaps does where nobody can tell."""
        found: defaultdict[Doing, dict[str, tuple[Evidence, ...]]] = defaultdict(dict)
        for right in self._rights:
            for function, use in self._users.items():
                if right in use.rights:
                    found[Doing(function, doubtful=False)][right] = use.evidence(right)
            perhaps = self._unread(right) | self._connections(right)
            for function, said in perhaps.items():
                if right not in found.get(Doing(function, doubtful=False), {}):
                    found[Doing(function, doubtful=True)][right] = said
        return dict(found)

    def _called(
        self, caller: str, end: Doing, by_right: Mapping[str, tuple[Evidence, ...]], chain: Chain
    ) -> Way:
        name, rights = self._scene.name(end.function), ordered(by_right)
        does = f"{deeds(rights)} {self._thing}"
        if "#" in end.function:
            text = f"can {does} through {name}"
        elif end.doubtful and end.function in self._connected:
            text = f"can run {name}, which can connect to {self._thing}"
        elif end.doubtful:
            text = f"can run {name}, which may {does}; its code was not read in full"
        else:
            text = f"can make {name} {does}"
        return Way(
            text=text,
            who=(caller,),
            target=(self._target,),
            level="influence",
            rights=rights,
            certain=not end.doubtful,
            steps=tuple(dict.fromkeys((*chain.steps, *by_right[rights[0]]))),
        )


def headline(scene: Scene, reached: Reached) -> str:
    """Say the most important of who reaches a resource."""
    if reached.outside:
        return _most(scene, reached.outside)
    owners = sorted({id for way in (*reached.direct, *reached.network) for id in way.who})
    if owners:
        verb = "has" if len(owners) == 1 else "have"
        what = "rights" if reached.direct else "a connection"
        names = listed(map(scene.name, owners), 3)
        return f"no way to it from outside was found; {names} {verb} {what} to it"
    if reached.takeover or reached.influence:
        return "nobody has rights to it, but some can get to it through others"
    return "nothing here reaches it"


def _most(scene: Scene, ways: tuple[Way, ...]) -> str:
    """Say what the most dangerous callers can do, each right once."""
    first, said = ways[0], [ways[0].text]
    known = set(first.rights)
    for way in ways[1:]:
        if way.who == first.who and not known.issuperset(way.rights):
            known.update(way.rights)
            more = way.text.removeprefix(f"{scene.name(first.who[0])} ")
            said.append(more.removeprefix("can make ") if "can make" in said[-1] else more)
    return f"{', '.join(said[:-1])} and {said[-1]}" if len(said) > 1 else said[0]


def _rank(way: Way) -> tuple[bool, int, tuple[str, ...]]:
    service = way.who[0].startswith("service:")
    return service, min((TOLD.index(r) for r in way.rights if r in TOLD), default=9), way.who
