"""Which stacks make one application, and what joins them.

A repository may hold many applications, and one application many stacks. Joins that templates
state (nesting, exports, SSM parameters) are certain; a parameter that only *names* another
stack's resource is joined by guess, within the bounds of :func:`guesses`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

from msgspec import Struct
from msgspec.structs import replace

from checkrein.catalog.services import kind
from checkrein.model import (
    INTENT,
    App,
    Decision,
    Deployment,
    Evidence,
    Link,
    Resource,
    Stack,
    Symbol,
    Value,
)
from checkrein.model.values import choice, substitute, symbols

STORES = frozenset({"store", "stream", "queue", "topic", "bus", "pool"})  # what a copy repeats
SUFFIXES = ("Name", "Arn", "ARN", "Id", "ID", "Url", "URL")
MANY_BRANCHES = 12  # a folder with more applications than this is a collection of them
MANY_COPIES = 3  # so is one where as many sub-folders declare the same store
MANY_CANDIDATES = 4  # beyond that a name says nothing


class Joined(Struct, frozen=True):
    """The deployments, the stacks' places in them, and every resource with its links resolved."""

    deployments: tuple[Deployment, ...]
    of_stack: dict[str, str]
    resources: tuple[Resource, ...]


def join(app: App) -> Joined:
    """Join stacks to deployments and put linked resources in place of the parameters."""
    stacks = {stack.id: stack for stack in app.every(Stack)}
    resources = app.every(Resource)
    links = _links(stacks, resources, app.every(Decision))
    of_stack = _components(stacks, links)
    known = {link.symbol: link.value for link in links}
    return Joined(
        tuple(_deployments(stacks, links, of_stack)),
        of_stack,
        tuple(_resolve(resource, known) for resource in resources),
    )


class Join(Struct, frozen=True):
    """One join: the symbol that a stack leaves open, and what stands for it in others."""

    symbol: Symbol
    stack: str
    value: Value
    basis: str
    targets: tuple[str, ...]  # stacks
    evidence: Evidence


def _links(
    stacks: Mapping[str, Stack], resources: Iterable[Resource], decisions: Iterable[Decision]
) -> list[Join]:
    by_stack: defaultdict[str, list[Resource]] = defaultdict(list)
    for resource in resources:
        by_stack[resource.stack].append(resource)
    neighbourhood = Neighbourhood(stacks, by_stack)
    found = [*_nested(stacks), *_exported(neighbourhood), *_declared(stacks, by_stack, decisions)]
    found += _referring(stacks, by_stack)
    taken = {link.symbol for link in found}
    found += [link for link in guesses(neighbourhood) if link.symbol not in taken]
    return found


def _nested(stacks: Mapping[str, Stack]) -> Iterator[Join]:
    for parent in stacks.values():
        for resource, child in parent.children.items():
            if child not in stacks:
                continue
            note = Evidence(f"{resource} nests {stacks[child].source}", parent.place)
            for name, value in parent.arguments.get(resource, {}).items():
                symbol = Symbol(f"{child}@parameter", name)
                yield Join(symbol, child, value, "nested", (parent.id,), note)
            for name, value in stacks[child].outputs.items():
                symbol = Symbol(resource, f"Outputs.{name}")
                yield Join(symbol, parent.id, value, "nested", (child,), note)
            # a stack without parameters and outputs is joined all the same
            yield Join(Symbol(resource, "Ref"), parent.id, resource, "nested", (child,), note)


def _declared(
    stacks: Mapping[str, Stack],
    by_stack: Mapping[str, list[Resource]],
    decisions: Iterable[Decision],
) -> Iterator[Join]:
    resources = {r.id: r for members in by_stack.values() for r in members}
    for decision in decisions:
        target = resources.get(str(decision.content.get("target")))
        stack, _, parameter = decision.subject.rpartition(".")
        if decision.kind == "link" and target and stack in stacks:
            symbol = Symbol(f"{stack}@parameter", parameter)
            value = Symbol(target.id, _attribute(parameter))
            note = Evidence(f"{decision.subject} is declared to be {target.id}", decision.place)
            yield Join(symbol, stack, value, "declared", (target.stack,), note)


def _referring(
    stacks: Mapping[str, Stack], by_stack: Mapping[str, list[Resource]]
) -> Iterator[Join]:
    """Join stacks whose resources name those of another, which only checkrein.yaml can do."""
    of = {each.id: stack for stack, members in by_stack.items() for each in members}
    for stack, members in by_stack.items():
        for resource in members:
            if resource.place.path != INTENT or stack not in stacks:
                continue
            for symbol in symbols(resource.properties):
                other = of.get(symbol.owner, stack)
                if other != stack and other in stacks:
                    note = Evidence(f"{resource.id} names {symbol.owner}", resource.place)
                    yield Join(symbol, stack, symbol, "declared", (other,), note)


class Neighbourhood:
    """Which stacks may belong to one application, judged by folders and by what they declare."""

    def __init__(self, stacks: Mapping[str, Stack], by_stack: Mapping[str, list[Resource]]) -> None:
        nested = {child for stack in stacks.values() for child in stack.children.values()}
        self.stacks = stacks
        self.roots = [stack for stack in stacks.values() if stack.id not in nested]
        self.resources = by_stack
        self._stores = {
            stack: {(r.type, r.name) for r in members if kind(r.type) in STORES and _is_telling(r)}
            for stack, members in by_stack.items()
        }
        self._folders = {s.id: PurePosixPath(s.source).parent for s in stacks.values()}
        self._collections = set(self._find_collections())
        self._whole = {stack.id for stack in self.roots if self._repeats_several(stack.id)}

    def _repeats_several(self, stack: str) -> bool:
        """Tell whether a stack declares the stores of several others: an all-in-one copy."""
        mine = self._stores.get(stack, set())
        others = [
            s.id for s in self.roots if s.id != stack and mine & self._stores.get(s.id, set())
        ]
        return any(
            not self._stores[a] & self._stores[b] for i, a in enumerate(others) for b in others[:i]
        )

    def _find_collections(self) -> Iterator[PurePosixPath]:
        branches: defaultdict[PurePosixPath, set[str]] = defaultdict(set)
        copies: defaultdict[tuple[PurePosixPath, tuple[str, str]], set[str]] = defaultdict(set)
        for stack in self.roots:
            folder = self._folders[stack.id]
            parts = folder.parts
            for depth in range(len(parts)):
                parent, branch = PurePosixPath(*parts[:depth]), parts[depth]
                branches[parent].add(branch)
                for store in self._stores.get(stack.id, ()):
                    copies[parent, store].add(branch)
        yield from (f for f, found in branches.items() if len(found) > MANY_BRANCHES)
        yield from (f for (f, _), found in copies.items() if len(found) >= MANY_COPIES)

    def nearness(self, left: str, right: str) -> int:
        """Return how many folders two stacks share, or -1 where they are separate applications."""
        mine, theirs = self._folders[left], self._folders[right]
        shared = 0
        for a, b in zip(mine.parts, theirs.parts, strict=False):
            if a != b:
                break
            shared += 1
        common = PurePosixPath(*mine.parts[:shared])
        apart = mine != theirs and common in self._collections
        copies = self._stores.get(left, set()) & self._stores.get(right, set())
        return -1 if apart or copies else shared

    def nearest(
        self, stack: str, candidates: Iterable[tuple[str, Value]]
    ) -> list[tuple[str, Value]]:
        """Keep the candidates (stack, value) that stand nearest, none from other applications."""
        ranked = [(self.nearness(stack, other), other, value) for other, value in candidates]
        if any(rank >= 0 and other not in self._whole for rank, other, _ in ranked):
            ranked = [each for each in ranked if each[1] not in self._whole]
        best = max((rank for rank, _, _ in ranked), default=-1)
        return [(o, v) for rank, o, v in ranked if rank == best] if best >= 0 else []


def _exported(near: Neighbourhood) -> Iterator[Join]:
    offers: defaultdict[Symbol, list[tuple[str, Value]]] = defaultdict(list)
    for stack in near.stacks.values():
        for name, value in stack.exports.items():
            offers[Symbol("@export", name)].append((stack.id, value))
        for resource in near.resources.get(stack.id, []):
            name = resource.value("Name")
            if resource.type == "AWS::SSM::Parameter" and isinstance(name, str):
                offers[Symbol("@ssm", name)].append((stack.id, resource.value("Value")))
    wanted = {
        (symbol, resource.stack)
        for members in near.resources.values()
        for resource in members
        for symbol in symbols(resource.properties)
        if symbol in offers or symbol.owner == "@export"
    }
    tails = _by_tail(offers)
    for symbol, importer in sorted(wanted):
        found = offers.get(symbol) or tails.get(_ending(symbol, tails), [])
        own = [offer for offer in found if offer[0] == importer]
        kept = own or near.nearest(importer, found)
        if kept:
            note = Evidence(f"{symbol.attribute} is exported there", near.stacks[kept[0][0]].place)
            yield _join(symbol, importer, kept, "export", note)


def _tail(symbol: Symbol) -> str:
    """Return what stands behind a name's symbolic head: ``-vpc`` of ``${StackName}-vpc``."""
    head, brace, tail = symbol.attribute.rpartition("}")
    return tail if symbol.owner == "@export" and brace and head.startswith("${") else ""


def _ending(symbol: Symbol, tails: Iterable[str]) -> str:
    """Return the longest of the tails that a name ends with, "" if none."""
    name = symbol.attribute if symbol.owner == "@export" else ""
    return max((tail for tail in tails if name.endswith(tail)), key=len, default="")


def _by_tail(
    offers: Mapping[Symbol, list[tuple[str, Value]]],
) -> dict[str, list[tuple[str, Value]]]:
    """Return the exports whose names begin with the stack's, by the rest of the name.

    Importers write the same name with a parameter in front.
    """
    found: defaultdict[str, list[tuple[str, Value]]] = defaultdict(list)
    for symbol, offered in offers.items():
        if _tail(symbol):
            found[_tail(symbol)] += offered
    return found


def _join(
    symbol: Symbol, stack: str, kept: list[tuple[str, Value]], basis: str, note: Evidence
) -> Join:
    value = choice([((), value) for _, value in kept])
    return Join(symbol, stack, value, basis, tuple(other for other, _ in kept), note)


def guesses(near: Neighbourhood) -> Iterator[Join]:
    """Join parameters without a value to other stacks' resources whose names agree.

    A parameter agrees with a resource when its name, less ``Name Arn Id Url``, is the logical id,
    or when a parameter of the same name gives the resource its physical name. Only the nearest
    candidates count, only inside one application, never between stacks that declare the same
    store: those are copies.
    """
    offers: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for stack in near.roots:
        for resource in near.resources.get(stack.id, []):
            offers[resource.name.lower()].append((stack.id, resource.id))
            for symbol in _names(resource):
                if symbol.owner == f"{stack.id}@parameter":
                    offers[symbol.attribute.lower()].append((stack.id, resource.id))
    for stack in near.roots:
        for parameter, declaration in stack.parameters.items():
            if parameter in stack.values or not _may_name(declaration):
                continue
            yield from _guess(near, stack, parameter, offers)


def _may_name(declaration: object) -> bool:
    if not isinstance(declaration, dict) or "Default" in declaration:
        return False
    declared = str(declaration.get("Type", "String"))
    named = declared.startswith("AWS::") and "AvailabilityZone" not in declared
    return declared == "String" or named


def _names(resource: Resource) -> list[Symbol]:
    last = resource.type.rpartition("::")[2]
    values = [resource.value((name,)) for name in (f"{last}Name", "Name")]
    return [value for value in values if isinstance(value, Symbol)]


def _guess(
    near: Neighbourhood, stack: Stack, parameter: str, offers: Mapping[str, list[tuple[str, str]]]
) -> Iterator[Join]:
    names = {parameter.lower()}
    names |= {parameter.removesuffix(s).lower() for s in SUFFIXES if parameter.endswith(s)}
    attribute = _attribute(parameter)
    candidates: list[tuple[str, Value]] = [
        (other, Symbol(resource, attribute))
        for name in sorted(names)
        for other, resource in offers.get(name, ())
        if other != stack.id
    ]
    kept = list(dict.fromkeys(near.nearest(stack.id, candidates)))
    if 0 < len(kept) <= MANY_CANDIDATES:
        meant = " or ".join(value.owner for _, value in kept)
        note = Evidence(f"parameter {parameter} is likely {meant}: the names agree", stack.place)
        symbol = Symbol(f"{stack.id}@parameter", parameter)
        yield _join(symbol, stack.id, kept, "guessed", note)


def _attribute(parameter: str) -> str:
    return "Arn" if parameter.lower().endswith("arn") else "Ref"


def _components(stacks: Mapping[str, Stack], links: Iterable[Join]) -> dict[str, str]:
    leader = {id: id for id in stacks}

    def find(id: str) -> str:
        while leader[id] != id:
            leader[id] = leader[leader[id]]
            id = leader[id]
        return id

    children = {child for stack in stacks.values() for child in stack.children.values()}
    for link in links:
        for target in link.targets:
            left, right = find(link.stack), find(target)
            # the first root names the deployment
            first, second = sorted((left, right), key=lambda each: (each in children, each))
            leader[second] = first
    return {id: find(id) for id in stacks}


def _deployments(
    stacks: Mapping[str, Stack], links: Iterable[Join], of_stack: Mapping[str, str]
) -> Iterator[Deployment]:
    members: defaultdict[str, list[str]] = defaultdict(list)
    for stack, deployment in sorted(of_stack.items()):
        members[deployment].append(stack)
    joins: defaultdict[str, list[Join]] = defaultdict(list)
    for link in links:
        if link.symbol.owner.endswith("@parameter"):
            joins[of_stack[link.stack]].append(link)
    for id, own in members.items():
        yield Deployment(
            id=id,
            stacks=tuple(own),
            links=tuple(_link(join) for join in joins[id]),
            evidence=(*stacks[id].evidence, *(join.evidence for join in joins[id])),
        )


def _link(join: Join) -> Link:
    parameter = f"{join.stack}.{join.symbol.attribute}"
    return Link(parameter, join.value, join.basis, certain=join.basis != "guessed")


def _resolve(resource: Resource, known: Mapping[Symbol, Value]) -> Resource:
    if not any(symbol in known for symbol in symbols(resource.properties)):
        return resource
    return replace(resource, properties=resolve(resource.properties, known))


def resolve(value: Value, known: Mapping[Symbol, Value]) -> Value:
    """Replace linked symbols, through several links (at most five, against cycles)."""
    for _ in range(5):
        if not any(symbol in known for symbol in symbols(value)):
            break
        value = substitute(value, known.get)
    return value


def _is_telling(store: Resource) -> bool:
    """Tell whether a store's logical id says more than what it is: every stack may have a Table."""
    return store.name.lower() != store.type.rpartition("::")[2].lower()
