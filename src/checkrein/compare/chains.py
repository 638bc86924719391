"""The shortest chains by which identities get at something: by taking over, by influence.

A chain that is certain goes before one that is not, a short one before a long one. Who gets at
something is searched backwards, from those who have it, once for all identities.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from heapq import heappop, heappush
from typing import NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from checkrein.compare.scene import Scene
from checkrein.model import Access, Escalation, Evidence

CODE = "code of "  # marks the node for what a function's code does, beside its identity
GAINED = {  # what of a resource a step gains, as rights over it
    "content": frozenset({"read", "write", "delete"}),
    "copy": frozenset({"read"}),
    "settings": frozenset({"read"}),
}


GAIN = "gain of "  # marks the node for what a step gains that is no identity


class Caller(NamedTuple):
    """People outside: anyone first (``closed`` is False), by their name."""

    closed: bool
    name: str


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

    def then(self, step: Escalation, end: str) -> Chain:
        """Return the chain with one more step at its end."""
        return Chain(
            self.uncertain + (not step.certain),
            self.length + 1,
            end,
            (*self.rules, step.rule),
            (*self.steps, *step.evidence),
        )

    def led(self, said: tuple[Evidence, ...]) -> Chain:
        """Return the chain with another function's code before it."""
        rules, steps = ("", *self.rules), (*said, *self.steps)
        return Chain(self.uncertain, self.length + 1, self.end, rules, steps)

    def started(self, access: Access) -> Chain:
        """Return the chain with somebody before it who may start what it begins with."""
        chain = self.led(access.evidence[:1])
        return replace(chain, uncertain=self.uncertain + (not access.certain))

    def leading(self, said: tuple[Evidence, ...], end: str) -> Chain:
        """Return the chain with another function's code at its end."""
        rules, steps = (*self.rules, ""), (*self.steps, *said)
        return Chain(self.uncertain, self.length + 1, end, rules, steps)


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
        ends = [
            (CODE + function, Chain(0, 0, function, (), said))
            for function, said in sorted(functions.items())
        ]
        return self._nearest(ends)

    def gaining(self, target: str, right: str) -> dict[str, Chain]:
        """Return for each identity its chain to a step that gains a right over a resource."""
        deployment = self._scene.directory.deployment(target)
        steps = [s for s in self._gaining.get(target, ()) if right in GAINED.get(s.gains, ())]
        steps += self._gaining.get(f"{deployment}@account", ())
        return self._nearest((s.identity, Chain(0, 0, s.target).after(s)) for s in steps)

    def onward(self, identity: str) -> dict[str, Chain]:
        """Return what an identity gets to, each with its chain.

        Identities by their ids, functions that it sets to work as ``CODE + id``, and what it
        gains otherwise as ``GAIN + id``: content, settings, or all of the account.
        """
        return _nearest([(identity, Chain(0, 0, identity))], self._after)

    @cached_property
    def callers(self) -> Mapping[Caller, Mapping[str, Chain]]:
        """The functions whose code callers from outside set to work, each with its chain."""
        starts: defaultdict[Caller, list[tuple[str, Chain]]] = defaultdict(list)
        for door in self._scene.doors:
            node = CODE + door.function
            chain = Chain(0, 0, node, (), door.said)
            starts[Caller(not door.anyone, door.caller)].append((node, chain))
        return {caller: _nearest(starts[caller], self._after) for caller in sorted(starts)}

    def _nearest(self, ends: Iterable[tuple[str, Chain]]) -> dict[str, Chain]:
        return _nearest(ends, self._before)

    def _after(self, node: str, chain: Chain) -> Iterator[tuple[str, Chain]]:
        if node.startswith(CODE):
            for other, said in self._scene.leads.get(node.removeprefix(CODE), {}).items():
                yield CODE + other, chain.leading(said, CODE + other)
            return
        for step in self._scene.steps.get(node, ()):
            for end in self._ends(step):
                yield end, chain.then(step, end)
        for access in self._scene.of.get(node, ()):
            if access in self._scene.starting(access.target):
                yield CODE + access.target, chain.leading(access.evidence[:1], CODE + access.target)

    def _ends(self, step: Escalation) -> tuple[str, ...]:
        if step.level == "influence":
            return (CODE + step.target,)
        if step.gains == "runner":
            return self._scene.runs_as.get(step.target, ())
        if step.gains == "identity":
            return (step.target,)
        gained = step.gains in {*GAINED, "account"}
        return (GAIN + step.target,) if gained else ()

    def _before(self, node: str, chain: Chain) -> Iterator[tuple[str, Chain]]:
        if not node.startswith(CODE):
            yield from ((step.identity, chain.after(step)) for step in self._taking.get(node, ()))
            return
        function = node.removeprefix(CODE)
        for step in self._influencing.get(function, ()):
            yield step.identity, chain.after(step)
        for access in self._scene.starting(function):
            yield access.identity, chain.started(access)
        for other, said in self._leading.get(function, ()):
            yield CODE + other, chain.led(said)


def _nearest(
    ends: Iterable[tuple[str, Chain]],
    beside: Callable[[str, Chain], Iterable[tuple[str, Chain]]],
) -> dict[str, Chain]:
    found: dict[str, Chain] = {}
    waiting: list[tuple[Chain, str]] = []
    for node, chain in ends:
        heappush(waiting, (chain, node))
    while waiting:
        chain, node = heappop(waiting)
        if node not in found:
            found[node] = chain
            for other, longer in beside(node, chain):
                if other not in found:
                    heappush(waiting, (longer, other))
    return found
