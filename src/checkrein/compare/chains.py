"""The shortest chains by which identities get at something: by taking over, by influence.

A chain that is certain goes before one that is not, a short one before a long one. The search
runs backwards, from those who have a right to those who can get it, once for all identities.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from heapq import heappop, heappush

from msgspec import Struct

from checkrein.compare.scene import Scene
from checkrein.model import Escalation, Evidence

CODE = "code of "  # marks the node for what a function's code does, beside its identity
GAINED = {  # what of a resource a step gains, as rights over it
    "content": frozenset({"read", "write", "delete"}),
    "copy": frozenset({"read"}),
    "settings": frozenset({"read"}),
}


class Chain(Struct, frozen=True, order=True):
    """Steps from somebody to ``end``: the identity that has a right, or the code that uses it.

    ``rules`` are those of the escalations on the way; none where code alone leads on.
    """

    uncertain: int
    length: int
    end: str
    rules: tuple[str, ...] = ()
    steps: tuple[Evidence, ...] = ()

    def after(self, step: Escalation) -> Chain:
        """Return the chain with one more step before it."""
        return Chain(
            self.uncertain + (not step.certain),
            self.length + 1,
            self.end,
            (step.rule, *self.rules),
            (*step.evidence, *self.steps),
        )

    def led(self, said: tuple[Evidence, ...]) -> Chain:
        """Return the chain with another function's code before it."""
        rules, steps = ("", *self.rules), (*said, *self.steps)
        return Chain(self.uncertain, self.length + 1, self.end, rules, steps)


class Chains:
    """The steps of an app, to be followed backwards."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._taking: defaultdict[str, list[Escalation]] = defaultdict(list)  # by who is taken over
        self._influencing: defaultdict[str, list[Escalation]] = defaultdict(list)
        self._leading: defaultdict[str, list[tuple[str, tuple[Evidence, ...]]]] = defaultdict(list)
        self._gaining: defaultdict[str, list[Escalation]] = defaultdict(list)
        for steps in scene.steps.values():
            for step in steps:
                self._learn(step)
        for function, led in scene.leads.items():
            for other, said in led.items():
                self._leading[other].append((function, said))

    def _learn(self, step: Escalation) -> None:
        if step.level == "influence":
            self._influencing[step.target].append(step)
        elif step.gains == "identity":
            self._taking[step.target].append(step)
        elif step.gains == "runner":
            for identity in self._scene.runs_as.get(step.target, ()):
                self._taking[identity].append(step)
        self._gaining[step.target].append(step)

    def to_identities(self, holders: Iterable[str]) -> dict[str, Chain]:
        """Return for each identity its chain of takeovers to one of the holders."""
        return self._nearest((holder, Chain(0, 0, holder)) for holder in sorted(holders))

    def to_code(self, functions: Mapping[str, tuple[Evidence, ...]]) -> dict[str, Chain]:
        """Return for each identity, and each function's code, its chain to what functions do.

        ``functions`` gives for each what its code does, as the last steps of the chain.
        """
        ends = (
            (CODE + function, Chain(0, 0, function, (), said))
            for function, said in sorted(functions.items())
        )
        return self._nearest(ends)

    def gaining(self, target: str, right: str) -> dict[str, Chain]:
        """Return for each identity its chain to a step that gains a right over a resource."""
        deployment = self._scene.directory.deployment(target)
        steps = [s for s in self._gaining.get(target, ()) if right in GAINED.get(s.gains, ())]
        steps += self._gaining.get(f"{deployment}@account", ())
        return self._nearest((s.identity, Chain(0, 0, s.target).after(s)) for s in steps)

    def _nearest(self, ends: Iterable[tuple[str, Chain]]) -> dict[str, Chain]:
        found: dict[str, Chain] = {}
        waiting: list[tuple[Chain, str]] = []
        for node, chain in ends:
            heappush(waiting, (chain, node))
        while waiting:
            chain, node = heappop(waiting)
            if node not in found:
                found[node] = chain
                for before, longer in self._before(node, chain):
                    if before not in found:
                        heappush(waiting, (longer, before))
        return found

    def _before(self, node: str, chain: Chain) -> Iterator[tuple[str, Chain]]:
        if not node.startswith(CODE):
            yield from ((step.identity, chain.after(step)) for step in self._taking.get(node, ()))
            return
        function = node.removeprefix(CODE)
        for step in self._influencing.get(function, ()):
            yield step.identity, chain.after(step)
        for other, said in self._leading.get(function, ()):
            yield CODE + other, chain.led(said)
