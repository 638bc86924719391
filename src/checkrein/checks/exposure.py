"""Who outside can make something happen to a resource: the last factor of every severity."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from enum import IntEnum

from checkrein.catalog.rights import DATABASE, deeds
from checkrein.model import Access, App, Call, Entry, Flow, Function, Integration, Resource, Taint
from checkrein.model.asking import settled_each
from checkrein.model.requests import without_preflights

OUTSIDE = frozenset({"http", "websocket", "url", "appsync"})  # kinds of entry that callers use
DOORS = OUTSIDE | {"authorizer"}  # an authorizer runs for whoever asks
ANYONE = "@anyone"
NETWORK = "vpc"  # who is in it, and in no other way known
APIS = frozenset({
    "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api", "AWS::AppSync::GraphQLApi",
})  # fmt: skip
ROUTE = "#"  # between an API and a route, in what moves something
RANKED = "whoever has the role for it"


class Exposure(IntEnum):
    """How far a node stands from the outside."""

    INSIDE = 1
    HOLDING = 2  # a secret that the code asks for, an API key that the route does
    RANKED = 3  # some right that not everybody has who signs up
    AUTHENTICATED = 4
    ANYONE = 5


CALLERS = {  # as taints say
    "anyone": Exposure.ANYONE,
    "a signed-in caller": Exposure.AUTHENTICATED,
    "whoever holds its secret": Exposure.HOLDING,
    "whoever holds its API key": Exposure.HOLDING,
    RANKED: Exposure.RANKED,
}
SHOWN = "@secret"  # after a function's id: only who has shown what the code asks for
MARKS = {Exposure.HOLDING: SHOWN, Exposure.RANKED: "@role"}
PROVING = {  # as entries say
    "secret": Exposure.HOLDING,
    "key": Exposure.HOLDING,
    "token": Exposure.AUTHENTICATED,
    "claims": Exposure.AUTHENTICATED,
}


def anonymous(identity: str) -> bool:
    """Tell whether an identity's name is that of an unauthenticated caller."""
    return identity.endswith(ANYONE)


def unnamed(identity: str) -> bool:
    """Tell whether nothing says who a caller is: anyone, or whoever is in the network."""
    return identity == NETWORK or anonymous(identity)


def exposure(app: App, node: str) -> Exposure:
    """Return who outside can reach a resource or function, directly or through others.

    Of a node as ``past`` names it, at most who has shown what the code asks for.
    """
    for most, mark in MARKS.items():
        if node.endswith(mark):
            return min(_exposures(app, node.removesuffix(mark)) or Exposure.INSIDE, most)
    return _exposures(app, node) or Exposure.INSIDE


def past(node: str, who: str) -> str:
    """Return a node by which something is reached, marked where only after the code has asked."""
    return f"{node}{MARKS.get(CALLERS.get(who, Exposure.ANYONE), '')}"


@settled_each
def _exposures(app: App) -> dict[str, Exposure]:
    leads = _leads(app)
    reached: dict[str, Exposure] = {}
    frontier = sorted(_doors(app), key=lambda door: door[1])
    while frontier:
        node, grade = frontier.pop()
        if reached.get(node, Exposure.INSIDE) >= grade:
            continue
        reached[node] = grade
        frontier += [(next_node, grade) for next_node in leads[node]]
    return dict(sorted(reached.items()))


def _doors(app: App) -> list[tuple[str, Exposure]]:
    doors = [
        (node, grade)
        for entry in without_preflights(app.every(Entry))
        if entry.kind in DOORS and entry.identity != NETWORK
        for node, grade in _grades(entry)
        if node
    ]
    doors += _handing(app)
    doors += (
        (node, Exposure.ANYONE if anonymous(each.identity) else Exposure.AUTHENTICATED)
        for each in app.every(Integration)
        if not each.route.startswith("OPTIONS") and each.identity != NETWORK
        for node in (each.api, f"{each.api}{ROUTE}{each.route}", each.resource)
    )
    open_to_all = [a for a in app.every(Access) if anonymous(a.identity) and a.right != "list"]
    return doors + [(access.target, Exposure.ANYONE) for access in open_to_all]


def _grades(entry: Entry) -> Iterator[tuple[str, Exposure]]:
    """Yield what a way in leads to: its source, and the function as far as its code lets by."""
    grade = Exposure.ANYONE if anonymous(entry.identity) else Exposure.AUTHENTICATED
    yield entry.source, grade
    yield entry.function, PROVING.get(entry.proof, grade)


def _handing(app: App) -> Iterator[tuple[str, Exposure]]:
    """Yield APIs and those of their routes that hand on what they are sent, as far as to code."""
    routes: dict[str, set[str]] = {api: {api} for api in _apis(app)}
    for flow in app.every(Flow):
        api, route, _ = flow.via.partition(ROUTE)
        if route and api in routes:
            routes[api].add(flow.via)
    sent = {(t.enters, t.who, t.field.path) for t in app.every(Taint) if t.enters in routes}
    for api, who, path in sorted(sent):
        for node in routes[api] if who in CALLERS else ():
            if node == api or f"{api}{ROUTE}{path}".startswith(f"{node} "):
                yield node, CALLERS[who]


def _touching(app: App) -> Iterator[tuple[str, str]]:
    """Yield who may act on which resource: who holds a store's password may do all there."""
    for access in app.every(Access):
        if access.right != "list" and not anonymous(access.identity):
            yield access.identity, access.target
    for call in app.every(Call):
        if call.service == DATABASE and call.target and deeds(DATABASE, call.operation):
            yield call.function, call.target


def _apis(app: App) -> set[str]:
    return {resource.id for resource in app.every(Resource) if resource.type in APIS}


def _leads(app: App) -> defaultdict[str, set[str]]:
    """Return, for each node, what an actor who controls it can act on."""
    apis = _apis(app)
    leads: defaultdict[str, set[str]] = defaultdict(set)
    for function in app.every(Function):
        leads[function.id].add(function.identity)
    for actor, target in _touching(app):
        leads[actor].add(target)
    for entry in app.every(Entry):
        if entry.kind not in OUTSIDE:
            leads[entry.source].add(entry.function)
    for flow in app.every(Flow):
        leads[flow.via].add(flow.target.node)
        whole = flow.via.partition(ROUTE)[0]
        if whole not in apis:  # each route of an API has its own callers
            leads[whole].add(flow.target.node)  # a step's machine
    leads.pop("", None)  # what is not known leads nowhere
    return leads
