"""What an identity reaches: by its own rights, by taking over others, by making others act."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from checkrein.catalog.escalations import Rule, escalations
from checkrein.compare.chains import CODE, GAIN, GAINED, Chain, Chains
from checkrein.compare.rights import TOLD, Held, held
from checkrein.compare.scene import Scene
from checkrein.compare.words import deeds, does, listed, may, ordered
from checkrein.derive.access.untold import untold
from checkrein.derive.content.words import short
from checkrein.model import Access, Evidence, Part, Way

ACCOUNT = "@account"


class Reach:
    """All that one identity gets to."""

    def __init__(self, scene: Scene, chains: Chains, identity: str) -> None:
        self._scene = scene
        self._identity = identity
        self._who = scene.who(identity)
        self._onward = chains.onward(identity)
        by_target: defaultdict[str, list[Access]] = defaultdict(list)
        for access in scene.of.get(identity, ()):
            by_target[access.target].append(access)
        found = [held(scene, identity, target, of) for target, of in by_target.items()]
        self.held: list[Held] = sorted(found, key=self._rank)

    def _rank(self, each: Held) -> tuple[int, bool, int, str]:
        row = self._scene.rows.get(each.target)
        first = min((TOLD.index(right) for right in each.rights if right in TOLD), default=9)
        return -(row.risk if row else -1), not each.certain, first, each.target

    @property
    def known(self) -> bool:
        """Tell whether the policies of the identity stand in some template."""
        return self._identity in self._scene.directory.resources

    @property
    def untold(self) -> tuple[Evidence, ...]:
        """Policies of the identity that cannot be read: it may have more rights than are told."""
        resource = self._scene.directory.resources.get(self._identity)
        return tuple(untold(self._scene.directory, resource)) if resource else ()

    @property
    def parts(self) -> tuple[Part, ...]:
        """The headings that have something below them."""
        found = (
            Part("direct", "What it may do by its own rights", tuple(self.direct())),
            Part("takeover", "What it may take over", tuple(self.takeover())),
            Part("influence", "What it can make others do", tuple(self.influence())),
        )
        return tuple(
            Part(part.id, part.title, tuple(replace(w, text=f"it {w.text}") for w in part.ways))
            for part in found
            if part.ways
        )

    def direct(self) -> Iterator[Way]:
        """Tell its rights, resources that it has the same rights over together."""
        groups: defaultdict[tuple[tuple[str, ...], str, bool], list[Held]] = defaultdict(list)
        for each in self.held:
            groups[each.rights, each.use, each.certain].append(each)
        for same in groups.values():
            targets = tuple(each.target for each in same)
            steps = dict.fromkeys(step for each in same for step in each.steps)
            pronoun = "it" if len(same) == 1 else "them"
            way = same[0].way(self._scene, listed(map(short, targets)), pronoun)
            yield replace(way, target=targets, steps=tuple(steps))

    def takeover(self) -> Iterator[Way]:
        """Tell whom it may take over and what it gains by that, the same way in one line."""
        groups: defaultdict[tuple[int, tuple[str, ...]], list[Chain]] = defaultdict(list)
        for node, chain in self._onward.items():
            if node != self._identity and not node.startswith(CODE) and not self._has(chain):
                groups[_order(chain), chain.rules].append(chain)
        for (_, rules), chains in sorted(groups.items()):
            yield self._taken(rules, sorted(chains))

    @property
    def becomes_others(self) -> bool:
        """Tell whether it gets the rights of others, not only at the content of something."""
        others = (node for node in self._onward if node != self._identity)
        return any(node.endswith(ACCOUNT) or not node.startswith((CODE, GAIN)) for node in others)

    def _has(self, chain: Chain) -> bool:
        """Tell whether what a chain gains is its own right already."""
        if chain.end.removeprefix(GAIN) in self._who:
            return True
        gained = GAINED.get(rule_of(chain.rules[-1]).gains, frozenset())
        target = chain.end.removeprefix(GAIN)
        own = {right for each in self.held if each.target == target for right in each.rights}
        return bool(gained) and gained <= own

    def _taken(self, rules: tuple[str, ...], chains: list[Chain]) -> Way:
        ends = tuple(chain.end.removeprefix(GAIN) for chain in chains)
        certain = not chains[0].uncertain
        how = f"in {len(rules)} steps " if len(rules) > 1 else ""
        if ends[0].endswith(ACCOUNT):
            said = "give itself every right in the application"
        else:
            rule = rule_of(rules[-1])
            names = map(short if rule.gains == "identity" else self._scene.name, ends)
            said = f"{rule.says} {listed(names)}{self._so(ends)}"
        return Way(
            text=f"{may(certain=certain)} {how}{said}",
            who=self._who,
            target=tuple(dict.fromkeys(node for end in ends for node in self._scene.who(end))),
            level="takeover",
            certain=certain,
            steps=chains[0].steps,
        )

    def _so(self, ends: Iterable[str]) -> str:
        """Say what some identities have that this one has not, of what is worth something."""
        own = {(each.target, right) for each in self.held for right in each.rights}
        gained: defaultdict[str, set[str]] = defaultdict(set)
        for end in ends:
            for access in self._scene.of.get(end, ()):
                row = self._scene.rows.get(access.target)
                content = access.right in {"read", "write", "delete"} and row and row.risk
                if content and (access.target, access.right) not in own:
                    gained[access.target].add(access.right)
        if not gained:
            return ""
        by_rights: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
        for target in sorted(gained, key=lambda t: (-self._scene.rows[t].risk, t)):
            by_rights[ordered(gained[target])].append(short(target))
        said = [f"{deeds(rights)} {listed(names, 3)}" for rights, names in by_rights.items()]
        return f", and so {', and '.join(said)}"

    def influence(self) -> Iterator[Way]:
        """Tell which functions it can set to work, and what their code then does."""
        taken = {node for end in self._onward if end != self._identity
                 for node in self._scene.acting.get(end, ())}  # fmt: skip
        chains = [
            chain
            for node, chain in self._onward.items()
            if node.startswith(CODE) and node.removeprefix(CODE) not in {*taken, *self._who}
        ]
        for chain in sorted(chains, key=lambda c: (_order(c), -self._worth(c), c.end)):
            yield self._made(chain)

    def _worth(self, chain: Chain) -> int:
        used = self._scene.uses.get(chain.end.removeprefix(CODE), {})
        rows = (self._scene.rows.get(target) for target in used)
        return max((row.risk for row in rows if row), default=0)

    def _made(self, chain: Chain) -> Way:
        function = chain.end.removeprefix(CODE)
        certain = not chain.uncertain
        coded = any(function in self._scene.leads.get(node, {}) for node in self._who)
        own = "; its code does" if coded else ""
        return Way(
            text=f"{may(certain=certain)} make {short(function)} run{self._acts(function)}{own}",
            who=self._who,
            target=(function,),
            level="influence",
            certain=certain,
            steps=chain.steps,
        )

    def _acts(self, function: str) -> str:
        """Say what a function's code does to what is worth something."""
        by_rights: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
        for target, use in sorted(self._scene.uses.get(function, {}).items()):
            if target in self._scene.rows and use.rights - {"list"}:
                by_rights[ordered(use.rights - {"list"})].append(target)
        said = [
            f"{does(rights)} {listed(map(short, targets))}" for rights, targets in by_rights.items()
        ]
        return f", which {listed(said)}" if said else ""


def _order(chain: Chain) -> int:
    """Put everything first, then what is certain, then what is near."""
    if chain.end.endswith(ACCOUNT):
        return -1
    return chain.uncertain * 100 + chain.end.startswith(GAIN) * 10 + chain.length


def rule_of(id: str) -> Rule:
    """Return the rule of a step."""
    return next(rule for rule in escalations() if rule.id == id)
