"""What is done with data: by code, by what templates wire, by those who may come in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from checkrein.compare.flows.hops import moved
from checkrein.compare.flows.naming import is_preflight, kinds_of_event
from checkrein.compare.picture.accepted import Kept
from checkrein.compare.picture.gathering import Gathering
from checkrein.compare.picture.nodes import Nodes
from checkrein.compare.scene import OUTSIDE, Scene
from checkrein.compare.wiring import GRAPHQL, people
from checkrein.derive.content.carried import Holding
from checkrein.derive.content.contents import UNTRUSTED
from checkrein.derive.content.paths import Tokens, tokens
from checkrein.derive.content.words import short
from checkrein.derive.entrances.graph_callers import field_identity
from checkrein.derive.entrances.operations import operations
from checkrein.model import Basis, Element, Entry, Evidence, Resource
from checkrein.model.movement import Hop
from checkrein.model.picture import Move

INTO = frozenset({"write", "delete", "configure", "permission", "invoke"})
SIGN_UP = "sign-up"  # the key of a pool's line
SEALED = "@sealed"  # the passwords of a pool
POINTING = (  # what names another resource, and how: type, property, verb
    ("AWS::Route53::RecordSet", "AliasTarget.DNSName", "leads to"),
    ("AWS::Route53::RecordSet", "ResourceRecords", "leads to"),
)
GUARDING = "AWS::WAFv2::WebACLAssociation"
DISTRIBUTION = "AWS::CloudFront::Distribution"


def coded(scene: Scene, nodes: Nodes, holding: Holding, found: Gathering) -> None:
    """Gather what is coded and wired, and who may come in."""
    for hop in moved(scene, holding):
        kept = found.kept.hop(hop)
        if kept:
            _hop(scene, kept, found)
    _entered(scene, nodes, holding, found)
    for resource in scene.directory.resources.values():
        _asked(scene, nodes, holding, resource, found)
        _pointed(scene, resource, found)
    for actor, used in scene.uses.items():
        for target, use in used.items():
            if not found.kept.use(actor, target):
                continue
            for said, rights in use.said:
                _used(actor.partition("#")[0], target, said, rights, found)


def _hop(scene: Scene, hop: Hop, found: Gathering) -> None:
    """Add a flow: into the function that moves it, and out of it."""
    text = hop.steps[-1].text if hop.steps else f"{hop.origin} goes to {hop.goal}"
    move = Move(
        kind=hop.kind,
        text=text,
        data=hop.data,
        operation=hop.operation,
        via=hop.via,
        certain=hop.certain,
        steps=hop.steps,
    )
    if hop.via not in scene.roles:
        found.add(hop.source.node, hop.target.node, move)
        return
    found.add(hop.source.node, hop.via, move)
    if not hop.target.node.endswith("@response"):
        found.add(hop.via, hop.target.node, move)


def _entered(scene: Scene, nodes: Nodes, holding: Holding, found: Gathering) -> None:
    """Add the ways into functions, from the people who may use them on."""
    events = _events(scene)
    for function, entries in scene.entries.items():
        known = [entry for entry in entries if not is_preflight(entry)]
        arriving = _arriving(known, events.get(function, ()))
        for entry in filter(found.kept.entry, known):
            carried = tuple(scene.valuable(arriving[entry.id]))
            _enter(scene, nodes, holding, entry, carried, found)


def _enter(
    scene: Scene,
    nodes: Nodes,
    holding: Holding,
    entry: Entry,
    carried: tuple[str, ...],
    found: Gathering,
) -> None:
    route = entry.route or short(entry.function)
    if entry.kind not in OUTSIDE:
        row = nodes.row(entry.source)  # an authorizer names what is in a token, not in the API
        carried = tuple(data for data in carried if row is None or data in row.potential)
        said = f"{short(entry.source)} makes {short(entry.function)} run"
        move = _entry(entry, said, carried, entry.route)
        if not found.told(entry.source, entry.function, move):
            found.add(entry.source, entry.function, move)
        return
    person = nodes.person(entry.identity, entry.function)
    door = entry.source if nodes.home(entry.source) else entry.function
    said = f"{scene.caller(entry.identity)} can call {route}"
    found.add(person, door, _entry(entry, said, carried, entry.route))
    runs = f"{short(entry.source)} runs {short(entry.function)} for {route}"
    found.add(entry.source, entry.function, _entry(entry, runs, carried, entry.route))
    answered = holding.at(f"{entry.function}@response", (), coded=True) - {UNTRUSTED}
    if answered:
        said = f"{scene.visitor(entry)} get what {route} answers"
        answer = Move(
            kind="answer",
            text=said,
            data=tuple(scene.valuable(answered)),
            operation=entry.route,
            via=entry.id,
            steps=_steps(entry),
        )
        found.add(door, person, answer)


def _entry(entry: Entry, text: str, carried: tuple[str, ...], operation: str) -> Move:
    return Move(
        kind="entry",
        text=text,
        data=carried,
        operation=operation,
        via=entry.id,
        steps=_steps(entry),
    )


def _steps(entry: Entry) -> tuple[Evidence, ...]:
    return entry.evidence[:1]


def _events(scene: Scene) -> dict[str, list[tuple[Tokens, str]]]:
    """Return what each function's event is seen to hold, and where in it."""
    found: defaultdict[str, list[tuple[Tokens, str]]] = defaultdict(list)
    for each in scene.app.every(Element):
        path = tokens(each.slot.path)
        if each.basis is Basis.CODED and path[:1] == ("event",) and each.data != UNTRUSTED:
            found[each.slot.node].append((path, each.data))
    return found


def _arriving(
    entries: Iterable[Entry], events: Iterable[tuple[Tokens, str]]
) -> defaultdict[str, set[str]]:
    """Return the classes that come in by each entry: by those whose events have such a field."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    known = list(entries)
    for path, data in events:
        kinds = kinds_of_event(path)
        for entry in [e for e in known if e.kind in kinds] or known:
            found[entry.id].add(data)
    return found


def _asked(
    scene: Scene, nodes: Nodes, holding: Holding, resource: Resource, found: Gathering
) -> None:
    """Add who may use what a resource offers without a function: routes, sign-up, pages."""
    for way in people(resource) if found.kept.enters(resource.id, SIGN_UP) else ():
        person = nodes.named(way.who[0], resource.id)
        parts = (resource.id, f"{resource.id}{SEALED}")
        held = {data for part in parts for data in holding.at(part, (), coded=True)}
        content = tuple(scene.valuable(held - {UNTRUSTED}))
        loads = resource.type == DISTRIBUTION
        kind = "answer" if loads else "entry"
        move = Move(kind=kind, text=way.text, data=content, via=resource.id, steps=way.steps)
        found.add(*((resource.id, person) if loads else (person, resource.id)), move)
    for asked in _unmanned(scene, resource, found.kept):
        carried = holding.at(asked.api, tokens(asked.route), coded=True) - {UNTRUSTED}
        move = Move(
            kind="entry",
            text=f"{scene.caller(asked.identity)} can call {asked.route or short(asked.api)}",
            data=tuple(scene.valuable(carried)),
            operation=asked.route,
            via=asked.api,
            steps=(asked.said,),
        )
        found.add(nodes.person(asked.identity, asked.api), asked.api, move)


class Asked(NamedTuple):
    """A way into an API that no function stands behind."""

    api: str
    route: str
    identity: str
    said: Evidence


def _unmanned(scene: Scene, resource: Resource, kept: Kept) -> Iterator[Asked]:
    """Yield the routes that an API answers by itself, and a GraphQL API without resolvers here."""
    for each in operations(scene.directory, resource):
        if not kept.enters(each.api, f"{each.kind} {each.route}", each.identity):
            continue
        if f"{each.api}#{each.route}" in scene.uses and not each.route.startswith("OPTIONS"):
            said = Evidence(f"{short(each.api)} answers {each.route}", resource.where(each.at))
            yield Asked(each.api, each.route, each.identity, said)
    known = (entry.kind for entry in scene.sources.get(resource.id, ()))
    if resource.type == GRAPHQL and not OUTSIDE & set(known):
        identity = field_identity(scene.directory, resource)
        said = Evidence(f"{resource.name} answers", resource.place)
        yield Asked(resource.id, "", identity, said)


def _used(
    actor: str, target: str, said: Evidence, rights: frozenset[str], found: Gathering
) -> None:
    """Add a call of which no flow is known: what it asks for, or sets to work."""
    move = Move(kind="use", text=said.text, via=actor, steps=(said,))
    into = INTO - {"delete"} if "read" in rights else INTO  # a queue's reader deletes what it read
    if rights & into and not found.told(actor, target, move):
        found.add(actor, target, move)
    if "read" in rights and not found.told(target, actor, move):
        found.add(target, actor, move)


def _pointed(scene: Scene, resource: Resource, found: Gathering) -> None:
    """Add what names and guards another resource without holding anything itself."""
    for source, target, said in _pointers(scene, resource):
        move = Move(kind="wiring", text=said.text, via=resource.id, steps=(said,))
        found.add(source, target, move)


def _pointers(scene: Scene, resource: Resource) -> Iterator[tuple[str, str, Evidence]]:
    deployment, find = scene.directory.deployment(resource.id), scene.directory.find
    for type, path, verb in POINTING:
        if resource.type == type:
            for id in find(resource.value(path), deployment):
                said = f"{resource.name} {verb} {short(id)}"
                yield resource.id, id, Evidence(said, resource.where(path))
    if resource.type == GUARDING:
        guards = find(resource.value("WebACLArn"), deployment)
        guarded = find(resource.value("ResourceArn"), deployment)
    elif resource.type == DISTRIBUTION:
        guards = find(resource.value("DistributionConfig.WebACLId"), deployment)
        guarded = (resource.id,)
    else:
        return
    for guard in guards:
        for id in guarded:
            yield guard, id, Evidence(f"{short(guard)} guards {short(id)}", resource.place)
