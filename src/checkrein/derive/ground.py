"""The ground on which the table is worked out: who may do what, what sits where, what could move.

All that the closure of what could happen rests on, apart from the closure itself; so that questions
about less rights can change one part and keep the rest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import chain

from msgspec import Struct

from checkrein.cache import Memory
from checkrein.derive.access import remembered
from checkrein.derive.access.actors import actors, strangers
from checkrein.derive.access.grounds import Grounds
from checkrein.derive.access.grounds import grounds as grounded
from checkrein.derive.access.identities import identity_of
from checkrein.derive.access.means import Means
from checkrein.derive.content.bindings import Binding, bindings
from checkrein.derive.content.contents import Contents, Nodes
from checkrein.derive.content.elements import elements
from checkrein.derive.content.events import BUS, OWN_BUS
from checkrein.derive.content.flows import asked, flows, log_nodes
from checkrein.derive.content.kinds import Kinds
from checkrein.derive.content.requests import placed, relayed, upstream
from checkrein.derive.content.slots import Slots
from checkrein.derive.content.stores import SERVICE
from checkrein.derive.content.told import declared, denied
from checkrein.derive.content.untrusted import untrusted
from checkrein.derive.entrances.entries import entries, invocations
from checkrein.derive.entrances.proved import proved
from checkrein.derive.network.exits import Exits
from checkrein.derive.network.ways import Network
from checkrein.derive.stacks.boundary import Boundary
from checkrein.derive.stacks.deployments import Joined, join
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.stacks.offers import Exports
from checkrein.derive.table.potential import Scene
from checkrein.derive.table.takeover import SETTINGS
from checkrein.derive.wiring.callbacks import callbacks
from checkrein.derive.wiring.executions import machine_logs
from checkrein.derive.wiring.given import given
from checkrein.derive.wiring.integrations import integration_flows
from checkrein.derive.wiring.relays import relays
from checkrein.derive.wiring.requested import told
from checkrein.derive.wiring.resolvers import argument_elements, resolver_flows
from checkrein.derive.wiring.senders import calls
from checkrein.derive.wiring.state_machines import machine_flows
from checkrein.derive.wiring.wiring import wiring
from checkrein.detect.own import Own
from checkrein.model import (
    Access,
    App,
    Call,
    Decision,
    Entry,
    Escalation,
    Evidence,
    Flow,
    Grant,
    Identity,
    Stack,
    Summary,
    Unread,
)
from checkrein.model.workloads import runs_code

VARIABLES = "env."  # where the slots of a function's variables begin


class Wired(Struct, frozen=True):
    """The app with its names resolved: who is who, what is called, who may do what."""

    directory: Directory
    entries: tuple[Entry, ...]
    who: tuple[Identity | Grant, ...]
    roles: Mapping[str, str]
    bindings: Mapping[str, Binding]
    resolving: tuple[Summary, ...]  # the code of GraphQL resolvers
    calls: tuple[Call, ...]
    accesses: tuple[Access, ...]
    acting: Mapping[str, list[str]]
    escalations: tuple[Escalation, ...]
    means: Means  # what accesses and escalations are found with
    grounds: Grounds | None = None  # of direct rights

    @property
    def grants(self) -> tuple[Grant, ...]:
        return tuple(fact for fact in self.who if type(fact) is Grant)


class Ground(Struct, frozen=True):
    """What the nodes hold by code and wiring (``contents``), and all that could move it on."""

    wired: Wired
    slots: Mapping[str, Slots]
    outsiders: Mapping[str, str]  # identities that stand for people outside, and their names
    contents: Contents
    scene: Scene

    @property
    def held(self) -> dict[str, dict[str, tuple[Evidence, ...]]]:
        """Node -> class -> why it is there; the variables of a function are a node of their own."""
        known = {
            node: {data: held.steps for data, held in self.contents.of(node).items()}
            for node in self.contents.nodes()
        }
        for slot, data, held in self.contents:
            if slot.path.startswith(VARIABLES):
                known.setdefault(f"{slot.node}{SETTINGS}", {}).setdefault(data, held.steps)
        return known


class Early(Struct, frozen=True):
    """What follows from templates and a team's words alone, whatever code does: direct rights."""

    joined: Joined
    lost: tuple[Unread, ...]  # of the statements
    who: tuple[Identity | Grant, ...]
    means: Means
    accesses: tuple[Access, ...]


def early(app: App) -> Early:
    """Return what follows of an app whose code need not have been read yet."""
    joined, boundary = join(app), Boundary()
    directory = _directory(app, joined)
    who, _ = remembered.identified(directory, boundary, None)
    means = Means(directory, who, (), (), {})
    return Early(joined, tuple(boundary.lost), who, means, remembered.reached(means, None))


def _reached(means: Means, known: Early, deployments: set[str]) -> tuple[Access, ...]:
    """Return the direct rights where some deployments have more resources than were known.

    Those have no policies of their own, so that whom only policies name has the rights of before.
    """
    if not deployments:
        return known.accesses
    reach = means.reach()
    found: defaultdict[str, list[Access]] = defaultdict(list)
    others = {each.id for each in means.people if each.deployment not in deployments}
    people = {each.id for each in means.people}
    for access in reach.access(means.people, deployments):
        if access.identity in people:
            found[access.identity].append(access)
    for access in known.accesses:
        if access.identity in others or access.identity not in people:
            found[access.identity].append(access)
    held = known.means.held
    for id in [*(each.id for each in means.people), *(id for id in held if id not in people)]:
        rights = held if id in others or id not in people else reach.held
        if id in rights:
            means.held[id] = rights[id]
    named = (id for id in found if id not in people)
    return tuple(chain.from_iterable(found[id] for id in [*(p.id for p in means.people), *named]))


def _directory(app: App, joined: Joined) -> Directory:
    own = Own(app.every(Decision))
    usual = {name: holds for stack in app.every(Stack) for name, holds in stack.usual.items()}
    exports = Exports(app.every(Stack))
    return Directory(joined.resources, joined.of_stack, own, usual, exports)


def wire(
    app: App,
    joined: Joined,
    boundary: Boundary,
    memory: Memory | None = None,
    known: Early | None = None,
) -> Wired:
    """Resolve names: who is who, who may do what, and how each gets further.

    ``memory`` may know rights and steps from an earlier scan, where they are not ``known``.
    """
    directory = _directory(app, joined)
    ways_in = tuple(proved(entries(directory, boundary), app.every(Summary)))
    grounds = None
    if known:
        who = known.who
        boundary.lost += known.lost
    else:
        kept = grounded(directory, joined, app.every(Decision), memory)
        who, grounds = remembered.identified(directory, boundary, kept)
    roles = {
        resource.id: identity_of(directory, resource)
        for resource in joined.resources
        if runs_code(resource.type)
    }
    bound = bindings(directory, app.every(Summary), ways_in)
    asked = tuple(calls(directory, bound))
    ways_in += tuple(invocations(bound.values(), roles))
    acting = actors(directory, roles)
    more = {directory.deployment(each.id) for each in joined.resources if each.is_undeclared}
    same = known.means if known and not more else None
    means = Means(directory, who, ways_in, asked, acting, same)
    accesses = _reached(means, known, more) if known else remembered.reached(means, grounds)
    steps = remembered.stepped(means, ways_in, asked, grounds)
    return Wired(
        directory=directory,
        entries=ways_in,
        who=who,
        roles=roles,
        bindings=bound,
        resolving=tuple(one for one in app.every(Summary) if one.function not in bound),
        calls=asked,
        accesses=accesses,
        acting=acting,
        escalations=steps,
        means=means,
        grounds=grounds,
    )


def laid(wired: Wired, boundary: Boundary) -> Ground:
    """Return what sits where, and everything that could move it."""
    directory, ways_in = wired.directory, wired.entries
    logs = log_nodes(directory)
    slots = {id: Slots(binding, logs[id], ways_in) for id, binding in wired.bindings.items()}
    asked = (
        *integration_flows(directory),
        *machine_flows(directory),
        *resolver_flows(directory, wired.resolving),
        *callbacks(directory, slots.values()),
    )
    handed = relays(directory)
    wires = (*wiring(directory, ways_in), *given(directory), *handed, *asked)
    kinds = Kinds(slots.values(), {*(flow.target.node for flow in wires), *_unseen(wired)})
    for each in slots.values():
        each.kinds = kinds
    moved = (*flows(slots), *wires)
    outsiders = strangers(directory, wired.accesses)
    known = list(elements(directory, slots, ways_in, boundary))
    known += declared(directory, slots.values())
    known += untrusted(directory, ways_in, wired.accesses, outsiders)
    known += argument_elements(directory)
    known += told(directory, (*handed, *asked))
    known += (*placed(directory, known, ways_in), *relayed(known, handed))
    later = [*upstream(known, moved), *relayed(known, asked)]
    later += placed(directory, later, ways_in)
    functions = frozenset(wired.roles)
    journals = frozenset((*logs.values(), *machine_logs(directory)))
    buses = frozenset(flow.target.node for flow in moved if flow.target.node.endswith(OWN_BUS))
    buses |= {bus.id for bus in directory.of_type(BUS)}
    nodes = Nodes(functions, journals, buses)
    contents = Contents(known, later, moved, nodes, denied(directory))
    return Ground(wired, slots, outsiders, contents, _scene(wired, moved, slots, logs))


def _unseen(wired: Wired) -> Iterator[str]:
    """Yield what functions may write whose code is not known to its end."""
    known = {id for id, each in wired.bindings.items() if not each.summary.partial}
    roles = {role for function, role in wired.roles.items() if function not in known}
    for access in wired.accesses:
        if access.right == "write" and access.identity in roles:
            yield access.target


def _scene(
    wired: Wired, moved: tuple[Flow, ...], slots: Mapping[str, Slots], logs: Mapping[str, str]
) -> Scene:
    network = Network(wired.directory)
    said = [fact for fact in wired.who if isinstance(fact, Grant)]
    return Scene(
        directory=wired.directory,
        entries=wired.entries,
        accesses=wired.accesses,
        flows=moved,
        asks={id: tuple(asked(each)) for id, each in slots.items()},
        actors=wired.acting,
        escalations=wired.escalations,
        logs=logs,
        network=network,
        exits=Exits(wired.directory, network, said, wired.roles),
        reached=tuple(call for call in wired.calls if call.service == SERVICE),
    )
