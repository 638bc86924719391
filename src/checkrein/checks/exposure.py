"""Who outside can make something happen to a resource: the last factor of every severity."""

from __future__ import annotations

from collections import defaultdict
from enum import IntEnum
from functools import lru_cache

from checkrein.model import Access, App, Entry, Flow, Function, Resource, Taint

OUTSIDE = frozenset({"http", "websocket", "url", "appsync"})  # kinds of entry that callers use
DOORS = OUTSIDE | {"authorizer"}  # an authorizer runs for whoever asks
ANYONE = "@anyone"
APIS = frozenset({
    "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api", "AWS::AppSync::GraphQLApi",
})  # fmt: skip


class Exposure(IntEnum):
    """How far a node stands from the outside."""

    INSIDE = 1
    AUTHENTICATED = 2
    ANYONE = 3


def anonymous(identity: str) -> bool:
    """Tell whether an identity's name is that of an unauthenticated caller."""
    return identity.endswith(ANYONE)


def exposure(app: App, node: str) -> Exposure:
    """Return who outside can reach a resource or function, directly or through others."""
    return _exposures(app).get(node, Exposure.INSIDE)


@lru_cache(maxsize=2)  # the App at hand, and the one it is compared with
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
    return reached


def _doors(app: App) -> list[tuple[str, Exposure]]:
    apis = {resource.id for resource in app.every(Resource) if resource.type in APIS}
    doors = [
        (node, Exposure.ANYONE if anonymous(entry.identity) else Exposure.AUTHENTICATED)
        for entry in app.every(Entry)
        if entry.kind in DOORS
        for node in (entry.function, entry.source)
        if node
    ]
    doors += [  # an API that hands on what it is sent, as far as that comes to code
        (taint.enters, Exposure.ANYONE if taint.who == "anyone" else Exposure.AUTHENTICATED)
        for taint in app.every(Taint)
        if taint.enters in apis and taint.who in {"anyone", "a signed-in caller"}
    ]
    open_to_all = [a for a in app.every(Access) if anonymous(a.identity) and a.right != "list"]
    return doors + [(access.target, Exposure.ANYONE) for access in open_to_all]


def _leads(app: App) -> defaultdict[str, set[str]]:
    """Return, for each node, what an actor who controls it can act on."""
    leads: defaultdict[str, set[str]] = defaultdict(set)
    for function in app.every(Function):
        leads[function.id].add(function.identity)
    for access in app.every(Access):
        if access.right != "list" and not anonymous(access.identity):
            leads[access.identity].add(access.target)
    for entry in app.every(Entry):
        if entry.kind not in OUTSIDE:
            leads[entry.source].add(entry.function)
    for flow in app.every(Flow):
        leads[flow.via].add(flow.target.node)
        leads[flow.via.partition("#")[0]].add(flow.target.node)  # a route's API, a step's machine
    leads.pop("", None)  # what is not known leads nowhere
    return leads
