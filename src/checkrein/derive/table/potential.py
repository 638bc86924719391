"""The edges along which content could move: rights, wiring, logs, responses, egress."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

from checkrein.catalog.content import moves_content
from checkrein.catalog.services import holds_content, kind
from checkrein.derive.content.stores import DEFINE
from checkrein.derive.content.words import short
from checkrein.derive.network.exits import Exits
from checkrein.derive.network.ways import Grade, Network
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.table.closure import PASSWORD, Edge, Level
from checkrein.derive.table.network import connections
from checkrein.derive.table.opaque import given
from checkrein.derive.table.takeover import become, taken_over
from checkrein.derive.wiring.executions import HISTORY, MACHINE, has_history
from checkrein.derive.wiring.wiring import ANSWERING, ASKED, browser
from checkrein.model import Access, Call, Entry, Escalation, Evidence, Flow, Place, Resource

ANSWERING_KINDS = frozenset({"compute", "workflow", "api"})
SHOWN = 3  # actions that fit a line
OUTSIDE = frozenset({"http", "websocket", "url", "appsync"})


class Scene(Struct, frozen=True):
    """What the edges are drawn from."""

    directory: Directory
    entries: tuple[Entry, ...]
    accesses: tuple[Access, ...]
    flows: tuple[Flow, ...]
    asks: Mapping[str, tuple[tuple[str, Place], ...]]  # function -> hosts it sends what is unknown
    actors: Mapping[str, list[str]]  # identity -> nodes that act as it
    escalations: tuple[Escalation, ...]
    logs: Mapping[str, str]  # function -> node of its log
    network: Network
    exits: Exits
    reached: tuple[Call, ...] = ()  # what client libraries ask of stores, whose password they hold


def internet(deployment: str) -> str:
    """Return the node for everything outside."""
    return f"{deployment}@internet"


def edges(scene: Scene) -> Iterator[Edge]:
    """Yield every edge of the potential closure."""
    yield from edges_by_rights(scene, scene.accesses)
    yield from taken_over(scene.directory, scene.actors, scene.escalations)
    yield from become(scene.directory, scene.actors, scene.accesses, scene.escalations)
    yield from other_edges(scene)


def edges_by_rights(scene: Scene, accesses: Iterable[Access]) -> Iterator[Edge]:
    """Yield the edges of rights that identities have themselves."""
    for access in accesses:
        target = scene.directory.resources[access.target]
        if not holds_content(target.type) or _is_own_log(target, access):
            continue
        for actor in scene.actors.get(access.identity, ()):
            if actor != target.id and _passes(scene, access, actor):
                yield from _by_right(target, access, actor)


def other_edges(scene: Scene) -> Iterator[Edge]:
    """Yield the edges that rest on no policy: code and wiring, logs, answers, networks."""
    for flow in scene.flows:
        yield from _by_flow(scene, flow)
    for function, hosts in scene.asks.items():
        yield from (_put(function, host, place) for host, place in hosts)
    for entry in scene.entries:
        yield from _entered(scene.directory, entry)
    for function, node in scene.logs.items():
        yield from _of_function(scene, function, node)
    yield from connections(scene.directory, scene.network)
    yield from given(scene.directory)
    yield from _served(scene)
    yield from _by_password(scene)


def _by_flow(scene: Scene, flow: Flow) -> Iterator[Edge]:
    """Yield a flow's edges; what code moves passes through the function, with all it holds."""
    source, target, place = flow.source.node, flow.target.node, flow.place
    if flow.via not in scene.logs:
        yield Edge(source, target, flow.steps[-1], flow.certain)
        return
    name = short(flow.via)
    if source != flow.via:
        taken = Evidence(f"{name} takes what {short(source)} holds", place)
        yield Edge(source, flow.via, taken, flow.certain)
    if target not in {flow.via, scene.logs[flow.via]}:
        yield _put(flow.via, target, place, certain=flow.certain)


def _by_password(scene: Scene) -> Iterator[Edge]:
    """Yield the edges of clients: no policy says what who holds a store's password may do."""
    for call in scene.reached:
        if call.target and call.operation != DEFINE:
            name, store = short(call.function), short(call.target)
            read = Evidence(f"{name} may read all of {store}, to which it connects", call.place)
            yield Edge(call.target, call.function, read, call.certain)
            yield _put(call.function, call.target, call.place, certain=call.certain)


def _put(function: str, target: str, place: Place, *, certain: bool = True) -> Edge:
    said = f"{short(function)} may put what it holds into {short(target)}"
    return Edge(function, target, Evidence(said, place), certain)


def _is_own_log(target: Resource, access: Access) -> bool:
    """Tell whether a right is to log: it reaches only a function's own log, told elsewhere."""
    return target.type == "AWS::Logs::LogGroup" and access.right == "write"


def _by_right(target: Resource, access: Access, actor: str) -> Iterator[Edge]:
    note = _note(access, actor)
    if access.right == "read":
        for node in _readable(target):
            yield Edge(node, actor, note, access.certain)
    elif access.right == "write" and target.type == "AWS::Cognito::UserPool":
        # a pool takes passwords in, and gives none back
        yield Edge(actor, access.target, note, access.certain, drops=PASSWORD)
        yield Edge(actor, f"{access.target}@sealed", note, access.certain)
    elif access.right == "write":
        yield Edge(actor, access.target, note, access.certain)
    elif access.right == "invoke" and kind(target.type) in ANSWERING_KINDS:
        influence = Level.INFLUENCE
        yield Edge(actor, access.target, note, access.certain, influence)
        yield Edge(f"{access.target}@response", actor, note, access.certain, influence)


def _readable(target: Resource) -> tuple[str, ...]:
    """Return the nodes of a resource that a right to read it opens."""
    if target.type != MACHINE:
        return (target.id,)
    return (target.id, f"{target.id}{HISTORY}") if has_history(target) else ()


def _passes(scene: Scene, access: Access, actor: str) -> bool:
    """Tell whether an actor's network may let it use a right at all."""
    function = scene.directory.resources[actor] if actor in scene.logs else None
    return function is None or scene.network.carries(function, access.actions)


def _note(access: Access, actor: str) -> Evidence:
    role = short(access.identity)
    may = "may" if access.certain else "may, under conditions,"
    shown = _most_telling(access.actions)
    said = f"{short(actor)} ({role}) {may} {access.right} {short(access.target)}: {shown}"
    return Evidence(said, access.place)


@lru_cache(maxsize=4096)
def _most_telling(actions: tuple[str, ...]) -> str:
    telling = sorted(actions, key=lambda action: (not moves_content(action), action))
    return ", ".join(telling[:SHOWN]) + (" …" if len(telling) > SHOWN else "")


def _entered(directory: Directory, entry: Entry) -> Iterator[Edge]:
    """Yield the way of answers: what a function returns reaches whoever asked."""
    source = directory.resources.get(entry.source)
    name = entry.function.rpartition("/")[2]
    if entry.kind in ASKED:
        asker = source.name if source else entry.source
        note = Evidence(f"{asker} returns what {name} answers", entry.place)
        yield Edge(f"{entry.function}@response", f"{entry.source}@response", note)


def _of_function(scene: Scene, function: str, log: str) -> Iterator[Edge]:
    resource = scene.directory.resources[function]
    answer = Evidence(f"{resource.name} may answer with all it holds", resource.place)
    yield Edge(function, f"{function}@response", answer)
    yield Edge(function, log, Evidence(f"{resource.name} may log all it holds", resource.place))
    out = scene.exits.out(resource)
    if out.grade is Grade.NO:
        return
    certain = out.grade is Grade.CERTAIN
    place = resource.where("VpcConfig") if out.steps else resource.place
    can = "can" if certain else "may be able to"
    said = f"{resource.name} {can} send to {out.to}"
    where = "" if out.steps else ": it runs outside a VPC"
    target = internet(scene.directory.deployment(function))
    yield Edge(function, target, Evidence(said + where, place), certain, before=out.steps)


def _served(scene: Scene) -> Iterator[Edge]:
    """Yield the way of answers to the pages that ask, where the deployment has pages."""
    pages = {flow.target.node for flow in scene.flows}
    for resource in scene.directory.of_type(*ANSWERING):
        asker = browser(scene.directory.deployment(resource.id))
        if asker in pages:
            note = Evidence(f"callers receive what {resource.name} answers", resource.place)
            yield Edge(f"{resource.id}@response", asker, note)


def outside(entries: Iterable[Entry]) -> frozenset[str]:
    """Return the functions that somebody outside can make run, through others too.

    Among the entries may be those into APIs that no function stands behind: their function is
    the API.
    """
    entries = tuple(entries)
    found = {each.function for each in entries if each.kind in OUTSIDE}
    while more := {e.function for e in entries if e.source in found} - found:
        found |= more
    return frozenset(found)
