"""Facts to facts, on the whole set; each module a pure function of what stands before it.

The order: deployments, entries, identities and grants, bindings, rights, elements, flows, needs,
the closure of what could happen, and the rows of the table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from checkrein.cache import Memory
from checkrein.derive.access.integrated import integrated
from checkrein.derive.access.needed import needed
from checkrein.derive.access.unused import unused
from checkrein.derive.content.contents import Contents, Held
from checkrein.derive.content.elements import element
from checkrein.derive.content.stores import with_stores
from checkrein.derive.content.taints import taints, writers
from checkrein.derive.content.undeclared import untold, with_undeclared
from checkrein.derive.entrances.own_routes import own_routes
from checkrein.derive.ground import Early, Ground, Wired, laid, wire
from checkrein.derive.stacks.boundary import Boundary
from checkrein.derive.stacks.deployments import Joined, join
from checkrein.derive.table.closure import Closure
from checkrein.derive.table.potential import edges
from checkrein.derive.table.rows import Materials, rows
from checkrein.derive.table.trust import Trust
from checkrein.derive.table.worth import data_classes
from checkrein.model import (
    Accepted,
    App,
    Basis,
    Call,
    Data,
    Decision,
    Element,
    Evidence,
    Fact,
    Flow,
    Function,
    Kind,
    Resource,
    Slot,
    Unread,
)
from checkrein.model.items import Items, united
from checkrein.model.workloads import unread_id


def ground_of(app: App) -> Ground:
    """Return what the table of an app that was read is worked out from."""
    boundary = Boundary()
    return laid(wire(app, _joined(app), boundary), boundary)


def _joined(app: App, known: Early | None = None) -> Joined:
    """Return the deployments with all resources, those too that code alone tells of."""
    return with_undeclared(app, with_stores(app, known.joined if known else join(app)))


def derive(app: App, memory: Memory | None = None, known: Early | None = None) -> App:
    """Return the app with everything that follows from what was read.

    ``memory`` may know from an earlier scan what follows from a part of it, where that is not
    ``known`` from before the code was read.
    """
    known = known if known and known.joined.holds(app) else None
    joined = _joined(app, known)
    boundary = Boundary()
    wired = wire(app, joined, boundary, memory, known)
    read = {
        id: binding.summary
        for id, binding in wired.bindings.items()
        if not (binding.summary.partial or app.alternatives(Unread, unread_id(id)))
    }
    given = wired.accesses, wired.grants
    rights = tuple(needed(wired.directory, wired.bindings, given, wired.roles, wired.grounds))
    ground = laid(wired, boundary)
    table = list(_table(app, ground))
    told = [fact for fact in app if not isinstance(fact, (Resource, Function))]
    derived = App([
        *told, *joined.deployments, *joined.resources, *_functions(app, ground),
        *wired.entries, *wired.who, *_calls(ground), *wired.accesses, *wired.escalations,
        *integrated(wired.directory, wired.accesses),
        *rights, *unused(wired.calls, rights, wired.entries, wired.grants, wired.roles, read),
        *table, *boundary.lost, *untold(joined.resources),
    ])  # fmt: skip
    if not app.every(Accepted):
        return derived
    from checkrein.derive.surface import lines  # noqa: PLC0415 - only a lock is compared with them

    return derived | lines(derived)


def _table(app: App, ground: Ground) -> Iterator[Fact]:
    """Yield elements and flows, and the rows that follow from them."""
    wired, scene, contents = ground.wired, ground.scene, ground.contents
    directory, moved, slots = wired.directory, scene.flows, ground.slots
    classes = {data.id: data for data in data_classes(app.every(Decision))}
    choosing = writers(wired.accesses, ground.outsiders)
    ways_in = (*wired.entries, *own_routes(directory))
    yield from taints(directory, slots, ways_in, moved, choosing)
    yield from (*moved, *classes.values(), *_elements(contents))
    yield from rows(
        Materials(
            directory=directory,
            contents=contents,
            closure=Closure(ground.held, edges(scene)),
            entries=ways_in,
            flows=moved,
            classes=classes,
            decisions={d.subject: d for d in app.every(Decision) if d.kind == "resource"},
            accepted=_intended(app),
            trust=_trust(wired, moved, contents, classes),
            logs=frozenset(scene.logs.values()),
            slots=slots,
        )
    )


def _intended(app: App) -> Mapping[str, tuple[str, ...]] | None:
    """Return what the lock means services to hold, None where there is no lock."""
    said = app.every(Accepted)
    return (
        {line.owner: line.values for line in said if line.kind == Kind.INTENDED} if said else None
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


def _functions(app: App, ground: Ground) -> Iterable[Function]:
    for function in app.every(Function):
        identity = ground.wired.roles.get(function.id) or function.identity
        yield replace(function, identity=identity, asks=ground.scene.asks.get(function.id, ()))


def _calls(ground: Ground) -> Iterable[Call]:
    """Yield the calls, with the items of a store that they are about."""
    for call in ground.wired.calls:
        slots = ground.slots.get(call.function)
        site = slots.binding.summary.calls[call.site] if slots else None
        items = slots.about(site, call.target) if slots and site and call.target else ()
        yield replace(call, items=items) if items else call


def _elements(contents: Contents) -> Iterable[Element]:
    """Yield what each slot holds, the kinds of items that hold the same in one element."""
    items: dict[tuple[str, str, str, Basis], Items] = {}
    first: dict[tuple[str, str, str, Basis], Held] = {}
    for slot, data, held in contents:
        key = (slot.node, slot.path, data, Basis(held.basis))
        known = first.setdefault(key, held)
        items[key] = slot.items if known is held else united(items[key], slot.items)
    for key, held in first.items():
        node, path, data, basis = key
        note = held.steps[-1] if held.steps else Evidence("declared")
        yield element(Slot(node, path, items[key]), data, held.confidence, basis, note)
