"""Rights, steps and needs of an earlier scan, where all that they follow from is the same.

They follow from templates and from what a team declares; of code only matters to the steps which
resources a function reads, and to what a function needs its own. So a line of code that changes
mostly leaves them as they were, and to look at their grounds takes a tenth of the time that finding
them does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from checkrein import files
from checkrein.cache import Memory, codec
from checkrein.cache.prints import UNFIT, printed
from checkrein.derive.access.dependants import READING
from checkrein.derive.access.holdings import Held
from checkrein.derive.access.identities import ROLES, identities
from checkrein.derive.access.means import Means
from checkrein.derive.content.bindings import Binding
from checkrein.derive.stacks.boundary import Boundary
from checkrein.derive.stacks.deployments import Joined
from checkrein.derive.stacks.directory import Directory
from checkrein.model import (
    Access,
    Basis,
    Call,
    CallSite,
    Decision,
    Entry,
    Escalation,
    Evidence,
    Fact,
    Grant,
    Identity,
    Limit,
    Need,
    Symbol,
)
from checkrein.model.values import substitute, symbols

MOST = 250_000  # pairs of identities and resources; their rights would take too much room
T = TypeVar("T")
K = TypeVar("K", "Who", "Reached", "Steps")


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
    """All direct rights; ``held`` says which actions surely, and which perhaps too, by number."""

    grounds: str
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


class Grounds(Struct, frozen=True):
    """What stands for all that direct rights follow from, and who may know them."""

    grounds: str
    memory: Memory


def grounds(
    directory: Directory, joined: Joined, declared: Iterable[Decision], memory: Memory | None
) -> Grounds | None:
    """Return what stands for all that direct rights follow from, None where nothing does."""
    people = len(directory.of_type(*ROLES))
    if memory is None or people * len(joined.resources) > MOST:
        return None
    told = _print([*joined.resources, *declared], sorted(joined.of_stack.items()))
    return Grounds(told, memory) if told else None


def identified(
    directory: Directory, boundary: Boundary, of: Grounds | None
) -> tuple[tuple[Identity | Grant, ...], Grounds | None]:
    """Return who can act and the statements that let them, and the grounds if none was lost.

    A crash may be of this process: nothing that rests on what is left is kept.
    """
    known = _known(of.memory, "who", of.grounds, Who) if of else None
    if known is not None:
        return tuple(codec.decode(known.who, list[Identity | Grant | Limit])), of
    lost = len(boundary.lost)
    found = tuple(identities(directory, boundary))
    if len(boundary.lost) > lost:
        return found, None
    if of:
        of.memory.keep(("who",), Who(of.grounds, codec.encode(list(map(_plain, found)))), {})
    return found, of


def _plain(fact: Identity | Grant) -> Identity | Grant:
    if not isinstance(fact, Grant):
        return fact
    resources = tuple(map(codec.plain, fact.resources))
    return replace(fact, resources=resources, conditions=codec.plain(fact.conditions))


def reached(means: Means, of: Grounds | None) -> tuple[Access, ...]:
    """Return the direct rights, and fill what the means hold."""
    if of is None:
        return tuple(means.reach.access(means.people))
    told = _known(of.memory, "rights", of.grounds, Reached)
    if told is None:
        told = _shelved(means, of.grounds)
        of.memory.keep(("rights",), told, {})
    sets = [Held(*each) for each in told.sets]
    for identity, held in told.held.items():
        means.held[identity] = {target: sets[number] for target, number in held.items()}
    return tuple(
        Access(
            id=f"{each.identity}>{each.right}>{each.target}",
            identity=each.identity,
            right=each.right,
            target=each.target,
            basis=Basis.POTENTIAL,
            certain=each.certain,
            actions=told.actions[each.actions],
            evidence=told.evidence[each.evidence],
        )
        for each in told.rights
    )


def stepped(
    means: Means, entries: Iterable[Entry], calls: Iterable[Call], of: Grounds | None
) -> tuple[Escalation, ...]:
    """Return the steps by which identities get further; they rest on entries and calls, too."""
    if of is None:
        return tuple(_steps(means))
    read = [
        (call.function, call.target, call.place)
        for call in calls
        if call.target and call.operation.startswith(READING)
    ]
    told = _print(list(entries), read)
    if not told:
        return tuple(_steps(means))
    found = _known(of.memory, "steps", of.grounds + told, Steps)
    if found is None:
        found = _written(_steps(means), of.grounds + told)
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
            evidence=each.evidence,
        )
        for each in found.steps
    )


def _steps(means: Means) -> Iterator[Escalation]:
    from checkrein.derive.access.escalations import escalations  # noqa: PLC0415 - may be known

    return escalations(means.scene)


def remembered_needs(
    function: str,
    role: str,
    binding: Binding | None,
    of: Grounds | None,
    make: Callable[[str], list[Need]],
) -> list[Need]:
    """Return what a function needs, which follows from its own requests, beside what rights do.

    What others put into its event counts by what its calls address.
    """
    if of is None:
        return make(function)
    requests = _requests(binding) if binding else []
    told = _print([*binding.entries] if binding else [], [role, requests])
    name = "needs", function, of.grounds, told
    known: bytes | None = of.memory.find(name, bytes) if told else None
    if known is not None:
        return list(codec.decode(known, list[Need]))
    made = make(function)
    if told:
        kept = [replace(each, arns=tuple(map(codec.plain, each.arns))) for each in made]
        of.memory.keep(name, codec.encode(kept), {})
    return made


def _requests(binding: Binding) -> list[Any]:
    """Return what SDK calls ask for and address, and calls whose answers they pass on.

    As plain values, in which calls have numbers among themselves: a line of a log before them is no
    other request.
    """
    calls = binding.summary.calls
    rest = [number for number, site in enumerate(calls) if site.kind == "sdk"]
    used: set[int] = set()
    while rest:
        number = rest.pop()
        if number not in used:
            used.add(number)
            rest += (
                n for a in calls[number].arguments for n in map(_number, symbols(a.value)) if n >= 0
            )
    numbers = {number: place for place, number in enumerate(sorted(used))}

    def renumbered(symbol: Symbol) -> Symbol:
        number = _number(symbol)
        return Symbol(f"call:{numbers[number]}", symbol.attribute) if number >= 0 else symbol

    def said(site: CallSite) -> list[Any]:
        given = [(a.path, codec.plain(substitute(a.value, renumbered))) for a in site.arguments]
        return [site.kind, site.service, site.operation, site.place, site.certain, given]

    return [(said(calls[each]), binding.targets.get(each, ())) for each in numbers]


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


def _shelved(means: Means, told: str) -> Reached:
    actions: _Shelf[tuple[str, ...]] = _Shelf()
    evidence: _Shelf[tuple[Evidence, ...]] = _Shelf()
    sets: _Shelf[tuple[frozenset[str], frozenset[str]]] = _Shelf()
    rights = [
        Right(
            each.identity,
            each.right,
            each.target,
            each.certain,
            actions.number(each.actions),
            evidence.number(each.evidence),
        )
        for each in means.reach.access(means.people)
    ]
    held = {
        identity: {target: sets.number((some, may)) for target, (some, may) in targets.items()}
        for identity, targets in means.held.items()
    }
    return Reached(told, [*actions.numbers], [*evidence.numbers], rights, [*sets.numbers], held)


def _written(steps: Iterator[Escalation], told: str) -> Steps:
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
            each.evidence,
        )
        for each in steps
    ]
    return Steps(told, [*actions.numbers], found)


def _known(memory: Memory, name: str, told: str, kind: type[K]) -> K | None:
    """Return what is kept under a name, if it follows from the same."""
    found: K | None = memory.find((name,), kind)
    return found if found is not None and found.grounds == told else None


def _print(facts: list[Fact], rest: object) -> str:
    """Return what stands for facts and plain values, "" where nothing can."""
    try:
        return files.digest(codec.encode([printed(facts), rest]))
    except UNFIT:
        return ""
