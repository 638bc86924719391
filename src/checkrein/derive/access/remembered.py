"""Rights, steps and needs of an earlier scan, where all that they follow from is the same.

They follow from templates and from what a team declares; of code only matters to the steps which
resources a function reads, and to what a function needs its own. So a line of code that changes
mostly leaves them as they were, and to look at their grounds takes a tenth of the time that finding
them does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Generic, NamedTuple, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from checkrein.cache import Memory, codec
from checkrein.cache.walking import Walk
from checkrein.derive.access.dependants import READING
from checkrein.derive.access.grounds import Grounds, print_of
from checkrein.derive.access.holdings import Held
from checkrein.derive.access.identities import identities
from checkrein.derive.access.means import Means
from checkrein.derive.content.bindings import Binding
from checkrein.derive.stacks.boundary import Boundary
from checkrein.derive.stacks.directory import Directory
from checkrein.model import (
    Access,
    Basis,
    Call,
    CallSite,
    Entry,
    Escalation,
    Evidence,
    Grant,
    Identity,
    Limit,
    Need,
    Place,
    Symbol,
)
from checkrein.model.values import substitute, symbols

T = TypeVar("T")
K = TypeVar("K", "Who", "Steps")


class Who(Struct, frozen=True, array_like=True):
    """All identities, and what is granted to them, as bytes."""

    grounds: str
    who: bytes


class Right(Struct, frozen=True, array_like=True):
    """An ``Access``, with the numbers of its actions and its evidence."""

    identity: str
    right: str
    target: str
    certain: bool
    actions: int
    evidence: int


class Reached(Struct, frozen=True, array_like=True):
    """The direct rights of a part; ``held`` has the numbers of actions: surely, and perhaps."""

    actions: list[tuple[str, ...]]
    evidence: list[tuple[Evidence, ...]]
    rights: list[Right]
    sets: list[tuple[frozenset[str], frozenset[str]]]
    held: dict[str, dict[str, int]]


class Step(Struct, frozen=True, array_like=True):
    """An ``Escalation``, with the number of its actions."""

    id: str
    identity: str
    target: str
    level: str
    gains: str
    rule: str
    certain: bool
    actions: int
    evidence: tuple[Evidence, ...]


class Steps(Struct, frozen=True, array_like=True):
    """All steps."""

    grounds: str
    actions: list[tuple[str, ...]]
    steps: list[Step]


def identified(
    directory: Directory, boundary: Boundary, of: Grounds | None
) -> tuple[tuple[Identity | Grant, ...], Grounds | None]:
    """Return who can act and the statements that let them, and the grounds if none was lost.

    A crash may be of this process: nothing that rests on what is left is kept.
    """
    known = _known(of.memory, "who", of.whole, Who) if of else None
    if known is not None:
        return tuple(codec.decode(known.who, list[Identity | Grant | Limit])), of
    lost = len(boundary.lost)
    found = tuple(identities(directory, boundary))
    if len(boundary.lost) > lost:
        return found, None
    if of:
        of.memory.keep(("who",), Who(of.whole, codec.encode(list(found))), {})
    return found, of


def reached(means: Means, of: Grounds | None) -> tuple[Access, ...]:
    """Return the direct rights, and fill what the means hold."""
    if of is None:
        reach = means.reach()
        found = tuple(reach.access(means.people))
        means.held.update(reach.held)
        return found
    rights: defaultdict[str, list[Access]] = defaultdict(list)
    held: defaultdict[str, dict[str, Held]] = defaultdict(dict)
    for part, deployments in _parts(of).items():
        known: Reached | None = of.memory.find(("rights", part), Reached)
        if known is None:
            known = _shelved(means, deployments)
            of.memory.keep(("rights", part), known, {})
        sets = [Held(*each) for each in known.sets]
        for identity, targets in known.held.items():
            held[identity].update((target, sets[at]) for target, at in targets.items())
        for right in known.rights:
            rights[right.identity].append(_access(right, known))
    people = [each.id for each in means.people]
    means.held.update((each, held[each]) for each in people if each in held)
    others = sorted(held.keys() - {*people})  # of several parts
    means.held.update((each, dict(sorted(held[each].items()))) for each in others)
    named = [sorted(rights[each], key=_target) for each in others]
    return tuple(chain.from_iterable([*(rights[each] for each in people), *named]))


def _target(access: Access) -> str:
    return access.target


def _parts(of: Grounds) -> dict[str, set[str]]:
    """Return the deployments of each part."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for deployment, part in of.parts.items():
        found[part].add(deployment)
    return found


def _access(right: Right, known: Reached) -> Access:
    return Access(
        id=f"{right.identity}>{right.right}>{right.target}",
        identity=right.identity,
        right=right.right,
        target=right.target,
        basis=Basis.POTENTIAL,
        certain=right.certain,
        actions=known.actions[right.actions],
        evidence=known.evidence[right.evidence],
    )


def stepped(
    means: Means, entries: Iterable[Entry], calls: Iterable[Call], of: Grounds | None
) -> tuple[Escalation, ...]:
    """Return the steps by which identities get further; they rest on entries and calls, too.

    Of where code reads and calls only the order counts: a line more above is no other ground.
    """
    if of is None:
        return tuple(_steps(means))
    ways_in = list(entries)
    read = [
        (call.function, call.target, call.place)
        for call in calls
        if call.target and call.operation.startswith(READING)
    ]
    said = (evidence.place for each in ways_in for evidence in each.evidence)
    ranks = _Ranks((*said, *(place for _, _, place in read)))
    told = print_of([ranks.of(each) for each in ways_in], [ranks.of(read), ranks.paths])
    if not told:
        return tuple(_steps(means))
    found = _known(of.memory, "steps", of.whole + told, Steps)
    if found is None:
        found = _written(_steps(means), of.whole + told, ranks)
        of.memory.keep(("steps",), found, {})
    return tuple(
        Escalation(
            id=each.id,
            identity=each.identity,
            target=each.target,
            level=each.level,
            gains=each.gains,
            rule=each.rule,
            certain=each.certain,
            actions=found.actions[each.actions],
            evidence=tuple(map(ranks.back, each.evidence)),
        )
        for each in found.steps
    )


class _Ranks(Walk):
    """Gives each of some places its rank among them, as a place in no file, and takes it back."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = sorted(set(places))
        self._ranks = {place: Place("", rank) for rank, place in enumerate(self._places, 1)}
        self.paths = [place.path for place in self._places]

    def place(self, place: Place) -> Place:
        return self._ranks.get(place, place)

    def text(self, text: str) -> str:
        return text

    def back(self, evidence: Evidence) -> Evidence:
        """Return evidence where what it names stands."""
        path, rank = evidence.place.path, evidence.place.line
        return evidence if path or not rank else replace(evidence, place=self._places[rank - 1])


class Asked(NamedTuple):
    """A function whose needs are asked for; ``deployment`` is "" where its role is not here."""

    function: str
    role: str
    deployment: str
    binding: Binding | None


def _steps(means: Means) -> Iterator[Escalation]:
    from checkrein.derive.access.escalations import escalations  # noqa: PLC0415 - may be known

    return escalations(means.scene)


def remembered_needs(
    asked: Asked, of: Grounds | None, make: Callable[[str], list[Need]]
) -> list[Need]:
    """Return what a function needs, which follows from its own requests, beside what rights do.

    What others put into its event counts by what its calls address.
    """
    function, role, deployment, binding = asked
    if of is None:
        return make(function)
    requests = _Requests(binding) if binding else None
    told = print_of(
        [*binding.entries] if binding else [], [role, requests.said if requests else []]
    )
    part = of.parts.get(deployment, of.whole)
    name = "needs", function, part, told
    known: bytes | None = of.memory.find(name, bytes) if told else None
    if known is not None:
        found: list[Need] = codec.decode(known, list[Need])
        return [_at(need, requests.then) for need in found] if requests else found
    made = make(function)
    if told:
        kept = [replace(each, arns=tuple(map(codec.plain, each.arns))) for each in made]
        kept = [_at(each, requests.now) for each in kept] if requests else kept
        of.memory.keep(name, codec.encode(kept), {})
    return made


def _at(need: Need, places: Mapping[Place, Place]) -> Need:
    """Return a need with its calls at other places."""
    if all(each.place not in places for each in need.evidence):
        return need
    there = (replace(each, place=places.get(each.place, each.place)) for each in need.evidence)
    return replace(need, evidence=tuple(there))


class _Requests:
    """What a function's SDK calls ask for and address, and calls whose answers they pass on.

    As plain values (``said``), in which calls and their places have numbers among themselves: a
    line of a log before them is no other request. ``now`` gives each place such a number, as a
    place in no file, and ``then`` gives it back.
    """

    def __init__(self, binding: Binding) -> None:
        calls = binding.summary.calls
        used = sorted(_passed_on(calls))
        self._numbers = {number: place for place, number in enumerate(used)}
        places = dict.fromkeys(calls[number].place for number in used)
        self.now = {place: Place("", number) for number, place in enumerate(places, 1)}
        self.then = {number: place for place, number in self.now.items()}
        self.said = [(self._of(calls[each]), binding.targets.get(each, ())) for each in used]

    def _of(self, site: CallSite) -> list[Any]:
        given = [
            (a.path, codec.plain(substitute(a.value, self._renumbered))) for a in site.arguments
        ]
        at = self.now[site.place].line
        return [site.kind, site.service, site.operation, at, site.certain, given]

    def _renumbered(self, symbol: Symbol) -> Symbol:
        number = _number(symbol)
        return Symbol(f"call:{self._numbers[number]}", symbol.attribute) if number >= 0 else symbol


def _passed_on(calls: Sequence[CallSite]) -> set[int]:
    """Return the SDK calls, and those whose answers they pass on."""
    rest = [number for number, site in enumerate(calls) if site.kind == "sdk"]
    used: set[int] = set()
    while rest:
        number = rest.pop()
        if number not in used:
            used.add(number)
            rest += (
                n for a in calls[number].arguments for n in map(_number, symbols(a.value)) if n >= 0
            )
    return used


def _number(symbol: Symbol) -> int:
    """Return which call's answer a symbol is of, -1 for other symbols."""
    owner, _, number = symbol.owner.partition(":")
    return int(number) if owner == "call" else -1


class _Shelf(Generic[T]):
    """Numbers what many share."""

    def __init__(self) -> None:
        self.numbers: dict[T, int] = {}

    def number(self, each: T) -> int:
        return self.numbers.setdefault(each, len(self.numbers))


def _shelved(means: Means, deployments: Container[str]) -> Reached:
    """Find the rights in some deployments, and over their resources."""
    actions: _Shelf[tuple[str, ...]] = _Shelf()
    evidence: _Shelf[tuple[Evidence, ...]] = _Shelf()
    sets: _Shelf[tuple[frozenset[str], frozenset[str]]] = _Shelf()
    rights: list[Right] = []
    reach = means.reach()
    for each in reach.access(means.people, deployments):
        own = actions.number(each.actions), evidence.number(each.evidence)
        rights.append(Right(each.identity, each.right, each.target, each.certain, *own))
    held = {
        identity: {target: sets.number((some, may)) for target, (some, may) in targets.items()}
        for identity, targets in reach.held.items()
    }
    return Reached([*actions.numbers], [*evidence.numbers], rights, [*sets.numbers], held)


def _written(steps: Iterator[Escalation], told: str, ranks: _Ranks) -> Steps:
    actions: _Shelf[tuple[str, ...]] = _Shelf()
    found = [
        Step(
            each.id,
            each.identity,
            each.target,
            each.level,
            each.gains,
            each.rule,
            each.certain,
            actions.number(each.actions),
            ranks.of(each.evidence),
        )
        for each in steps
    ]
    return Steps(told, [*actions.numbers], found)


def _known(memory: Memory, name: str, told: str, kind: type[K]) -> K | None:
    """Return what is kept under a name, if it follows from the same."""
    found: K | None = memory.find((name,), kind)
    return found if found is not None and found.grounds == told else None
