"""Facts to facts, on the whole set; each module a pure function of what stands before it.

The order: deployments, entries, identities and grants, bindings, rights, elements, flows, needs,
the closure of what could happen, and the rows of the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from checkrein.derive.access.actors import actors, inverted, strangers
from checkrein.derive.access.assuming import Trusting
from checkrein.derive.access.authority import Authority
from checkrein.derive.access.dependants import Dependants
from checkrein.derive.access.escalations import Scene as Steps
from checkrein.derive.access.escalations import escalations, holders
from checkrein.derive.access.granted import Granted
from checkrein.derive.access.identities import identities, identity_of
from checkrein.derive.access.needed import needed
from checkrein.derive.access.reach import Reach
from checkrein.derive.access.unused import unused
from checkrein.derive.content.bindings import Binding, bindings
from checkrein.derive.content.contents import Contents
from checkrein.derive.content.elements import element, elements
from checkrein.derive.content.flows import flows, log_nodes
from checkrein.derive.content.requests import placed, upstream
from checkrein.derive.content.slots import Slots
from checkrein.derive.content.taints import taints, writers
from checkrein.derive.content.told import declared, denied
from checkrein.derive.content.untrusted import untrusted
from checkrein.derive.entrances.entries import entries, invocations
from checkrein.derive.network.exits import Exits
from checkrein.derive.network.ways import Network
from checkrein.derive.stacks.boundary import Boundary
from checkrein.derive.stacks.deployments import Joined, join
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.table.closure import Closure
from checkrein.derive.table.potential import Scene, edges
from checkrein.derive.table.rows import Materials, rows
from checkrein.derive.table.takeover import SETTINGS
from checkrein.derive.table.trust import Trust
from checkrein.derive.table.worth import data_classes
from checkrein.derive.wiring.integrations import integration_flows
from checkrein.derive.wiring.requested import told
from checkrein.derive.wiring.senders import calls
from checkrein.derive.wiring.state_machines import machine_flows
from checkrein.derive.wiring.wiring import relays, wiring
from checkrein.detect.own import Own
from checkrein.model import (
    Access,
    App,
    Basis,
    Call,
    Data,
    Decision,
    Element,
    Entry,
    Escalation,
    Evidence,
    Fact,
    Flow,
    Function,
    Grant,
    Identity,
    Resource,
    Summary,
)

VARIABLES = "env."  # where the slots of a function's variables begin


class Wired(Struct, frozen=True):
    """The app with its names resolved: who is who, what is called, who may do what."""

    directory: Directory
    entries: tuple[Entry, ...]
    who: tuple[Identity | Grant, ...]
    roles: Mapping[str, str]
    bindings: Mapping[str, Binding]
    calls: tuple[Call, ...]
    accesses: tuple[Access, ...]
    acting: Mapping[str, list[str]]
    escalations: tuple[Escalation, ...]

    @property
    def grants(self) -> tuple[Grant, ...]:
        return tuple(fact for fact in self.who if type(fact) is Grant)


def derive(app: App) -> App:
    """Return the app with everything that follows from what was read."""
    joined = join(app)
    boundary = Boundary()
    wired = _wire(app, joined, boundary)
    granted = Granted(wired.accesses, wired.grants)
    read = {id: b.summary for id, b in wired.bindings.items() if not b.summary.partial}
    rights = tuple(needed(wired.directory, wired.bindings.values(), granted, wired.roles))
    table = list(_table(app, wired, boundary))
    kept = [fact for fact in app if not isinstance(fact, (Resource, Function))]
    return App([
        *kept, *joined.deployments, *joined.resources, *_functions(app, wired.roles),
        *wired.entries, *wired.who, *wired.calls, *wired.accesses, *wired.escalations,
        *rights, *unused(wired.calls, rights, wired.entries, wired.grants, wired.roles, read),
        *table, *boundary.lost,
    ])  # fmt: skip


def _wire(app: App, joined: Joined, boundary: Boundary) -> Wired:
    own = Own(app.every(Decision))
    directory = Directory(joined.resources, joined.of_stack, own)
    ways_in = tuple(entries(directory, boundary))
    who = tuple(identities(directory, boundary))
    roles = {
        resource.id: identity_of(directory, resource)
        for resource in joined.resources
        if resource.type == "AWS::Lambda::Function"
    }
    bound = bindings(directory, app.every(Summary), ways_in)
    asked = tuple(calls(directory, bound))
    ways_in += tuple(invocations(bound.values(), roles))
    authority = Authority(directory, [fact for fact in who if isinstance(fact, Grant)])
    reach = Reach(directory, authority)
    people = [fact for fact in who if isinstance(fact, Identity)]
    accesses = tuple(reach.access(people))
    acting = actors(directory, roles)
    further = Steps(
        directory=directory,
        authority=authority,
        held=reach.held,
        dependants=Dependants(directory, ways_in, asked, relays(directory)),
        trusting=Trusting(directory),
        runs_as=inverted(acting),
        holders=holders(fact for fact in who if type(fact) is Grant),
    )
    steps = tuple(escalations(further))
    return Wired(directory, ways_in, who, roles, bound, asked, accesses, acting, steps)


def _table(app: App, wired: Wired, boundary: Boundary) -> Iterator[Fact]:
    """Yield elements and flows, and the rows that follow from them."""
    directory, ways_in = wired.directory, wired.entries
    logs = log_nodes(directory)
    slots = {id: Slots(binding, logs[id], ways_in) for id, binding in wired.bindings.items()}
    asked = (*integration_flows(directory), *machine_flows(directory))
    moved = (*flows(slots), *wiring(directory, ways_in), *asked)
    outsiders = strangers(directory, wired.accesses)
    known = list(elements(directory, slots, ways_in, boundary))
    known += declared(directory, slots.values())
    known += untrusted(directory, ways_in, wired.accesses, outsiders)
    known += told(directory, asked)
    known += placed(directory, known, ways_in)
    later = list(upstream(known, moved))
    later += placed(directory, later, ways_in)
    functions, journals = frozenset(wired.roles), frozenset(logs.values())
    contents = Contents(known, later, moved, functions, journals, denied(directory))
    classes = {data.id: data for data in data_classes(app.every(Decision))}
    network = Network(directory)
    said = [fact for fact in wired.who if isinstance(fact, Grant)]
    exits = Exits(directory, network, said, wired.roles)
    scene = Scene(
        directory,
        ways_in,
        wired.accesses,
        moved,
        wired.acting,
        wired.escalations,
        logs,
        network,
        exits,
    )
    yield from taints(directory, slots, ways_in, moved, writers(wired.accesses, outsiders))
    yield from (*moved, *classes.values(), *_elements(contents))
    yield from rows(
        Materials(
            directory=directory,
            contents=contents,
            closure=Closure(_held(contents), edges(scene)),
            entries=ways_in,
            flows=moved,
            classes=classes,
            decisions={d.subject: d for d in app.every(Decision) if d.kind == "resource"},
            trust=_trust(wired, moved, contents, classes),
            logs=journals,
            slots=slots,
        )
    )


def _trust(
    wired: Wired, moved: tuple[Flow, ...], contents: Contents, classes: Mapping[str, Data]
) -> Trust:
    return Trust(
        directory=wired.directory,
        accesses=wired.accesses,
        grants=wired.grants,
        calls=wired.calls,
        flows=moved,
        bindings=wired.bindings,
        roles=wired.roles,
        handled={node: frozenset(contents.of(node)) for node in contents.nodes()},
        classes=classes,
    )


def _functions(app: App, roles: Mapping[str, str]) -> Iterable[Function]:
    for function in app.every(Function):
        yield replace(function, identity=roles.get(function.id) or function.identity)


def _held(contents: Contents) -> dict[str, dict[str, tuple[Evidence, ...]]]:
    known = {
        node: {data: held.steps for data, held in contents.of(node).items()}
        for node in contents.nodes()
    }
    for slot, data, held in contents:
        if slot.path.startswith(VARIABLES):
            known.setdefault(f"{slot.node}{SETTINGS}", {}).setdefault(data, held.steps)
    return known


def _elements(contents: Contents) -> Iterable[Element]:
    for slot, data, held in contents:
        note = held.steps[-1] if held.steps else Evidence("declared")
        yield element(slot, data, held.confidence, Basis(held.basis), note)
