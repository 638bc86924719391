"""Which stacks make one application, and what joins them.

A repository may hold many applications, and one application many stacks. Joins that templates
state (nesting, exports, SSM parameters) are certain; a parameter that only *names* another
stack's resource is joined by guess, within the bounds of :func:`guesses`.
"""

from __future__ import annotations

from collections import ChainMap, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from checkrein.derive.stacks.guesses import Join, attribute, guesses
from checkrein.derive.stacks.neighbourhood import Neighbourhood
from checkrein.derive.stacks.offers import EXPORT, OUTPUT, OWNERS, SECRET, SSM, Offers, wishes
from checkrein.derive.stacks.physical import is_said_in_code, physical
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
from checkrein.model.values import mentioned, substitute, symbols

LIKELY = ("guessed", "named", "called")  # joins that names tell, not wholly or not surely
SAID = {EXPORT: "exported", OUTPUT: "an output", SSM: "a parameter", SECRET: "a secret"}


class Joined(Struct, frozen=True):
    """The deployments, the stacks' places in them, and every resource with its links resolved."""

    deployments: tuple[Deployment, ...]
    of_stack: dict[str, str]
    resources: tuple[Resource, ...]
    near: Neighbourhood

    def holds(self, app: App) -> bool:
        """Tell whether it is the same once the code has been read, which says names, too."""
        return not is_said_in_code(self.near, app)


def join(app: App) -> Joined:
    """Join stacks to deployments and put linked resources in place of the parameters."""
    stacks = {stack.id: stack for stack in app.every(Stack)}
    resources = app.every(Resource)
    near = Neighbourhood(stacks, _by_stack(resources))
    mentions = [mentioned(resource.properties) for resource in resources]
    links = _links(near, app.every(Decision), _asked(resources, mentions))
    links += physical(near, app)
    of_stack = _components(stacks, links)
    known = Known(near, links)
    return Joined(
        tuple(_deployments(stacks, links, of_stack)),
        of_stack,
        tuple(
            _resolve(resource, named, known.within(resource.stack))
            for resource, named in zip(resources, mentions, strict=True)
        ),
        near,
    )


def _asked(
    resources: Iterable[Resource], mentions: Iterable[Iterable[Symbol]]
) -> dict[str, set[Symbol]]:
    """Return what the resources of each stack ask of others by name."""
    found: defaultdict[str, set[Symbol]] = defaultdict(set)
    for resource, every in zip(resources, mentions, strict=True):
        found[resource.stack].update(symbol for symbol in every if symbol.owner in OWNERS)
    return found


def _by_stack(resources: Iterable[Resource]) -> dict[str, list[Resource]]:
    found: defaultdict[str, list[Resource]] = defaultdict(list)
    for resource in resources:
        found[resource.stack].append(resource)
    return found


class Known:
    """What the symbols of a stack stand for: a name may mean another thing in each application."""

    def __init__(self, near: Neighbourhood, links: Iterable[Join]) -> None:
        self._near = near
        self._everywhere: dict[Symbol, Value] = {}
        self._named: defaultdict[str, dict[Symbol, Value]] = defaultdict(dict)
        links = list(links)
        for link in links:
            own = self._named[near.tree(link.stack)]
            (own if link.symbol.owner in OWNERS else self._everywhere)[link.symbol] = link.value
        for link in links:
            if link.symbol.owner in OWNERS:  # what is offered is said in the words of who offers
                value = resolve(link.value, self.within(link.targets[0]))
                self._named[near.tree(link.stack)][link.symbol] = value

    def within(self, stack: str) -> Mapping[Symbol, Value]:
        """Return what is known in a stack."""
        own = self._named.get(self._near.tree(stack))
        return ChainMap(own, self._everywhere) if own else self._everywhere


def _links(
    near: Neighbourhood, decisions: Iterable[Decision], asked: Mapping[str, Iterable[Symbol]]
) -> list[Join]:
    stacks, by_stack = near.stacks, near.resources
    found = [*_nested(stacks), *_declared(stacks, by_stack, decisions)]
    found += [*_by_name(near, found, asked), *_referring(stacks, by_stack)]
    taken = {link.symbol for link in found}
    found += [link for link in guesses(near) if link.symbol not in taken]
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
            value = Symbol(target.id, attribute(parameter))
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


def _by_name(
    near: Neighbourhood, found: Iterable[Join], asked: Mapping[str, Iterable[Symbol]]
) -> Iterator[Join]:
    """Join what stacks ask for by name: exports, outputs, parameters and secrets of others."""
    offers = Offers(near, {join.symbol: join.value for join in found})
    for meant in filter(None, map(offers.meant, wishes(near, asked))):
        wish, other = meant.wish, meant.offer.stack
        text = f"{wish.symbol.attribute} is {SAID[wish.symbol.owner]} there"
        note = Evidence(text, near.stacks[other].place)
        basis = "export" if meant.certain else "named"
        yield Join(wish.symbol, wish.stack, meant.value, basis, (other,), note)


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
            # the first root, the one nearest to the top, names the deployment
            first, second = sorted((left, right), key=lambda e: (e in children, e.count("/"), e))
            leader[second] = first
    return {id: find(id) for id in stacks}


def _deployments(
    stacks: Mapping[str, Stack], links: Iterable[Join], of_stack: Mapping[str, str]
) -> Iterator[Deployment]:
    members: defaultdict[str, list[str]] = defaultdict(list)
    for stack, deployment in sorted(of_stack.items()):
        members[deployment].append(stack)
    joins: defaultdict[str, list[Join]] = defaultdict(list)
    imports: defaultdict[str, list[Join]] = defaultdict(list)
    for link in links:
        if link.symbol.owner.endswith("@parameter"):
            joins[of_stack[link.stack]].append(link)
        elif link.symbol.owner in OWNERS or link.basis == "called":
            imports[of_stack[link.stack]].append(link)
    for id, own in members.items():
        yield Deployment(
            id=id,
            stacks=tuple(own),
            links=tuple(_link(join) for join in joins[id]),
            imports=tuple(_link(join) for join in imports[id]),
            evidence=(*stacks[id].evidence, *(join.evidence for join in joins[id])),
        )


def _link(join: Join) -> Link:
    parameter = f"{join.stack}.{join.symbol.attribute}"
    return Link(parameter, join.value, join.basis, join.basis not in LIKELY, join.stack)


def _resolve(
    resource: Resource, mentions: Iterable[Symbol], known: Mapping[Symbol, Value]
) -> Resource:
    if not any(symbol in known for symbol in mentions):
        return resource
    return replace(resource, properties=resolve(resource.properties, known))


def resolve(value: Value, known: Mapping[Symbol, Value]) -> Value:
    """Replace linked symbols, through several links (at most five, against cycles)."""
    for _ in range(5):
        if not any(symbol in known for symbol in mentioned(value)):
            break
        value = substitute(value, known.get)
    return value
