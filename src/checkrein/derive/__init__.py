"""Facts to facts, on the whole set; each module a pure function of what stands before it.

The order: deployments, entries, identities and grants, bindings, elements, flows, rights, needs,
the closure of what could happen, and the rows of the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from checkrein.derive.bindings import Binding, bindings
from checkrein.derive.closure import Closure
from checkrein.derive.contents import Contents
from checkrein.derive.deployments import join
from checkrein.derive.directory import Directory
from checkrein.derive.elements import element, elements
from checkrein.derive.entries import entries
from checkrein.derive.flows import flows, log_nodes
from checkrein.derive.identities import anyone, identities, identity_of
from checkrein.derive.needs import Granted, needs
from checkrein.derive.potential import Scene, edges
from checkrein.derive.reach import Reach
from checkrein.derive.requests import placed
from checkrein.derive.rows import Materials, rows
from checkrein.derive.slots import Slots
from checkrein.derive.trust import Trust
from checkrein.derive.untrusted import untrusted
from checkrein.derive.wiring import wiring
from checkrein.derive.worth import data_classes
from checkrein.model import (
    Access,
    App,
    Basis,
    Decision,
    Element,
    Evidence,
    Fact,
    Function,
    Grant,
    Identity,
    Resource,
    Summary,
)


def derive(app: App) -> App:
    """Return the app with everything that follows from what was read."""
    joined = join(app)
    directory = Directory(joined.resources, joined.of_stack)
    ways_in = tuple(entries(directory))
    who = list(identities(directory))
    roles = {
        resource.id: identity_of(directory, resource)
        for resource in joined.resources
        if resource.type == "AWS::Lambda::Function"
    }
    bound = bindings(directory, app.every(Summary), ways_in)
    calls = tuple(call for binding in bound.values() for call in binding.calls())
    grants = tuple(fact for fact in who if isinstance(fact, Grant))
    accesses = tuple(_accesses(directory, who, grants, joined.of_stack))
    logs = log_nodes(directory)
    slots = {id: Slots(binding, logs[id]) for id, binding in bound.items()}
    moved = (*flows(slots), *wiring(directory, ways_in))
    known = list(elements(directory, slots, ways_in))
    known += untrusted(directory, ways_in, accesses)
    known += placed(directory, known, ways_in)
    contents = Contents(known, moved, frozenset(roles))
    scene = Scene(directory, ways_in, accesses, moved, roles, logs)
    closure = Closure(_held(contents), edges(scene))
    classes = {data.id: data for data in data_classes(app.every(Decision))}
    decisions = {d.subject: d for d in app.every(Decision) if d.kind == "resource"}
    handled = {node: frozenset(contents.of(node)) for node in contents.nodes()}
    trust = Trust(
        directory, accesses, grants, calls, moved, bound, roles, handled, classes
    )  # fmt: skip
    materials = Materials(
        directory, contents, closure, ways_in, moved, classes, decisions, trust,
        frozenset(logs.values()), slots,
    )  # fmt: skip
    facts: list[Fact] = [
        *joined.deployments, *joined.resources, *_functions(app, roles), *ways_in, *who, *calls,
        *accesses, *moved, *classes.values(), *_elements(contents),
        *needs(calls, ways_in, Granted(accesses, grants), grants, roles, _read(bound)), *rows(materials),
    ]  # fmt: skip
    kept = [f for f in app if not isinstance(f, (Resource, Function))]
    return App([*kept, *facts])


def _accesses(
    directory: Directory,
    who: Iterable[Identity | Grant],
    grants: Iterable[Grant],
    of_stack: Mapping[str, str],
) -> Iterable[Access]:
    deployments = sorted(set(of_stack.values()))
    reach = Reach(directory, grants)
    people = [fact for fact in who if isinstance(fact, Identity)]
    return reach.access(people, [anyone(deployment) for deployment in deployments])


def _functions(app: App, roles: Mapping[str, str]) -> Iterable[Function]:
    for function in app.every(Function):
        role = roles.get(function.id)
        yield function if not role else _acting_as(function, role)


def _acting_as(function: Function, role: str) -> Function:
    return replace(function, identity=role)


def _read(bound: Mapping[str, Binding]) -> frozenset[str]:
    """Return the functions whose code was read in full."""
    return frozenset(id for id, binding in bound.items() if not binding.summary.partial)


def _held(contents: Contents) -> dict[str, dict[str, tuple[Evidence, ...]]]:
    return {
        node: {data: held.steps for data, held in contents.of(node).items()}
        for node in contents.nodes()
    }


def _elements(contents: Contents) -> Iterable[Element]:
    for slot, data, held in contents:
        note = held.steps[-1] if held.steps else Evidence("declared")
        yield element(slot, data, held.confidence, Basis(held.basis), note)
