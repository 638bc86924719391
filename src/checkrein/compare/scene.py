"""An app ready to be asked: who acts as whom, what code uses, whom it sets to work."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

from checkrein.catalog.operations import actions
from checkrein.catalog.rights import rights
from checkrein.compare.words import listed
from checkrein.derive.access.actors import actors, inverted, strangers
from checkrein.derive.access.policies import PolicyBook
from checkrein.derive.access.unused import POLLING
from checkrein.derive.content.words import short
from checkrein.derive.entrances.graph_callers import field_identity
from checkrein.derive.entrances.graphs import fields
from checkrein.derive.entrances.operations import operations
from checkrein.derive.network.exits import Exits
from checkrein.derive.network.ways import Network
from checkrein.derive.stacks.directory import Directory, directory_of
from checkrein.derive.table.network import connections
from checkrein.model import (
    Access,
    App,
    Call,
    Data,
    Entry,
    Escalation,
    Evidence,
    Flow,
    Function,
    Grant,
    Integration,
    Limit,
    Place,
    Resource,
    Row,
    Summary,
)
from checkrein.model.values import written

PROVING = {
    "secret": "who holds a secret",
    "token": "callers with a token that its code verifies",
    "claims": "callers whom an authorizer has let in",
    "key": "who holds an API key",
}
CALLERS = {"iam": "callers whom IAM lets in", "vpc": "callers within its network"}
ANYONE = "anyone"
CDN = "service:cloudfront.amazonaws.com"  # it serves whomever
DATA_SOURCE = "AWS::AppSync::DataSource"
GRAPH = "AWS::AppSync::GraphQLApi"
STATE_MACHINE = "AWS::StepFunctions::StateMachine"
FUNCTION = "AWS::Lambda::Function"
OUTSIDE = frozenset({"http", "websocket", "url", "appsync"})  # kinds of entry that callers use
SETS_OFF = frozenset({"write", "delete", "invoke"})


class Use(NamedTuple):
    """What a node's code, or its definition, does to a resource."""

    rights: frozenset[str]
    said: tuple[tuple[Evidence, frozenset[str]], ...]  # each use, and the rights that it takes

    def evidence(self, right: str) -> tuple[Evidence, ...]:
        """Return the first use that takes a right."""
        return next(((said,) for said, rights in self.said if right in rights), ())

    def joined(self, other: Use) -> Use:
        """Return both uses as one."""
        return Use(self.rights | other.rights, tuple(dict.fromkeys((*self.said, *other.said))))


def _use(rights: frozenset[str], said: tuple[Evidence, ...]) -> Use:
    return Use(rights, tuple((each, rights) for each in said[:1]))


class Connection(NamedTuple):
    """A way over the network to a database; ``can``, or ``may be able to``."""

    can: str
    note: Evidence


class Door(NamedTuple):
    """A way in from outside: who may use it, and the function that it runs."""

    caller: str
    function: str
    said: tuple[Evidence, ...]
    anyone: bool


class Scene:
    """The facts of an app by what answers ask for; made once for each app."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.directory: Directory = directory_of(app)
        self.roles = {f.id: f.identity for f in app.every(Function)}
        self.acting: Mapping[str, list[str]] = actors(self.directory, self.roles)
        self.runs_as = inverted(self.acting)
        self.rows = {row.id: row for row in app.every(Row)}
        self.on: defaultdict[str, list[Access]] = defaultdict(list)
        self.of: defaultdict[str, list[Access]] = defaultdict(list)
        for access in app.every(Access):
            if access.identity != "account":  # the account's root only delegates
                self.on[access.target].append(access)
                self.of[access.identity].append(access)
        self.steps: defaultdict[str, list[Escalation]] = defaultdict(list)
        for step in app.every(Escalation):
            self.steps[step.identity].append(step)
        self.strangers = strangers(self.directory, app.every(Access))
        if CDN in self.of:
            self.strangers[CDN] = "anyone, through CloudFront,"

    @cached_property
    def book(self) -> PolicyBook:
        """The policies of the app, for single questions."""
        return PolicyBook(self.app)

    @cached_property
    def summaries(self) -> dict[str, Summary]:
        """The code that was read, by function."""
        return {summary.function: summary for summary in self.app.every(Summary)}

    @cached_property
    def entries(self) -> Mapping[str, list[Entry]]:
        """The ways into each function."""
        found: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in self.app.every(Entry):
            found[entry.function].append(entry)
        return found

    @cached_property
    def uses(self) -> Mapping[str, Mapping[str, Use]]:
        """What each function's code does to each resource; state machines' and APIs' too."""
        found: defaultdict[str, dict[str, Use]] = defaultdict(dict)
        for node, target, use in (
            *self._called(), *self._polled(), *self._integrated(), *self._moved()
        ):  # fmt: skip
            known = found[node].get(target)
            found[node][target] = known.joined(use) if known else use
        return found

    def _called(self) -> Iterator[tuple[str, str, Use]]:
        for call in self.app.every(Call):
            if call.target:
                said = f"{short(call.function)} calls {call.service}:{call.operation} "
                note = Evidence(f"{said}on {short(call.target)}", call.place)
                yield call.function, call.target, _use(_rights_of(call), (note,))

    def _polled(self) -> Iterator[tuple[str, str, Use]]:
        """Yield what event sources take from queues and streams in a function's name."""
        for entry in self.app.every(Entry):
            given = {right for action in POLLING.get(entry.kind, ()) for right in rights(action)}
            if given and entry.source:
                said = f"{short(entry.function)} is given what {short(entry.source)} holds"
                use = _use(frozenset(given - {"configure"}), (Evidence(said, entry.place),))
                yield entry.function, entry.source, use

    def _integrated(self) -> Iterator[tuple[str, str, Use]]:
        """Yield what routes of APIs ask of resources without a function between."""
        for each in self.app.every(Integration):
            use = _use(frozenset(each.rights), each.evidence[:1])
            yield f"{each.api}#{each.route}", each.resource, use

    def _moved(self) -> Iterator[tuple[str, str, Use]]:
        """Yield what APIs' routes, data sources and state machines do as their definitions say."""
        for flow in self.app.every(Flow):
            owner, route, _ = flow.via.partition("#")
            resource = self.resource(owner)
            if resource is None or not (route or resource.type == DATA_SOURCE):
                continue
            actor = owner if resource.type == STATE_MACHINE else flow.via
            for node, right in ((flow.source.node, "read"), (flow.target.node, "write")):
                if node in self.directory.resources and node != owner:
                    yield actor, node, _use(frozenset({right}), flow.steps[-1:])

    @cached_property
    def open_rights(self) -> Mapping[str, frozenset[str]]:
        """The rights of each function's calls whose resource is not known."""
        found: defaultdict[str, frozenset[str]] = defaultdict(frozenset)
        for call in self.app.every(Call):
            if call.target is None and call.addresses:
                found[call.function] |= _rights_of(call)
        return found

    @cached_property
    def leads(self) -> Mapping[str, Mapping[str, tuple[Evidence, ...]]]:
        """What each function's code sets to work, and how: functions, state machines."""
        found: defaultdict[str, dict[str, tuple[Evidence, ...]]] = defaultdict(dict)
        for entry in self.app.every(Entry):
            if entry.kind == "direct" and entry.source in self.roles:
                found[entry.source].setdefault(entry.function, entry.evidence[:1])
        for actor, used in self.uses.items():
            for target, use in used.items():
                for other, way in self._set_off(target, use):
                    if other != actor:
                        found[actor].setdefault(other, way)
        return found

    def _set_off(self, target: str, use: Use) -> Iterator[tuple[str, tuple[Evidence, ...]]]:
        """Yield what a use of a resource sets to work: what its source is, or its definition."""
        said = next((said for said, rights in use.said if rights & SETS_OFF), None)
        if said is None:
            return
        if target in self.uses and target not in self.roles:
            yield target, (said,)
        for entry in self.sources.get(target, ()):
            if entry.kind != "direct":
                runs = f"{short(target)} runs {short(entry.function)}"
                yield entry.function, (said, Evidence(runs, entry.place))

    @cached_property
    def sources(self) -> Mapping[str, list[Entry]]:
        """The entries that each resource is the source of."""
        found: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in self.app.every(Entry):
            found[entry.source].append(entry)
        return found

    @cached_property
    def doors(self) -> tuple[Door, ...]:
        """The ways in from outside, what anyone may use first."""
        found = [
            Door(self.visitor(entry), entry.function, entry.evidence[:1], _open(entry))
            for function in sorted(self.entries)
            for entry in self.entries[function]
            if entry.kind in OUTSIDE and not entry.route.startswith("OPTIONS")
        ]
        found += self._routes()
        known = {(door.caller, door.function) for door in found}
        for identity, called in self.strangers.items():
            for step in self.steps[identity] if identity not in self.acting else ():
                if step.level == "influence" and (called, step.target) not in known:
                    anyone = called.startswith(ANYONE)
                    found.append(Door(self.name(identity), step.target, step.evidence, anyone))
        return tuple(sorted(found, key=lambda door: not door.anyone))

    def _routes(self) -> Iterator[Door]:
        """Yield the ways in to what an API does itself, without a function."""
        for resource in self.directory.resources.values():
            for route in operations(self.directory, resource):
                node = f"{route.api}#{route.route}"
                if node in self.uses:
                    said = f"{short(route.api)} answers {route.route}"
                    yield self._door(route.identity, node, said, resource.where(route.at))
            if resource.type == GRAPH:
                yield from self._fields(resource)
            if resource.type == DATA_SOURCE and resource.id in self.uses:
                yield from self._answered(resource)

    def _answered(self, source: Resource) -> Iterator[Door]:
        """Yield the ways in to what a data source holds: the fields that ask it."""
        deployment = self.directory.deployment(source.id)
        for id in self.directory.find(source.value("ApiId"), deployment):
            asked = [
                field.route
                for field in fields(self.directory, deployment)
                if any(step.source == source for step in field.steps)
            ]
            identity = field_identity(self.directory, self.directory.resources[id], *asked)
            said = f"{short(id)} answers from {source.name}"
            yield self._door(identity, source.id, said, source.place)

    def _fields(self, api: Resource) -> Iterator[Door]:
        """Yield the ways in to what the fields of a GraphQL API do."""
        deployment = self.directory.deployment(api.id)
        for field in fields(self.directory, deployment):
            node = f"{field.api}#{field.route}"
            if field.api == api.id and node in self.uses:
                identity = field_identity(self.directory, api, field.route)
                said = f"{api.name} answers {field.route}"
                yield self._door(identity, node, said, field.resolver.place)

    def _door(self, identity: str, node: str, said: str, place: Place) -> Door:
        anyone = identity.endswith("@anyone")
        return Door(self.caller(identity), node, (Evidence(said, place),), anyone)

    def visitor(self, entry: Entry) -> str:
        """Name who uses an entry, as far as the function's own code lets them by."""
        return PROVING.get(entry.proof) or self.caller(entry.identity)

    def caller(self, identity: str) -> str:
        """Name who uses an entry: an identity as ``Entry.identity`` has it."""
        if identity.endswith("@anyone"):
            return ANYONE
        if identity in CALLERS:
            return CALLERS[identity]
        resource = self.directory.resources.get(identity)
        if identity.endswith(".amazonaws.com"):
            return f"callers that {identity} lets in"
        if resource is None:
            return f"callers with a token of {written(identity)}" if identity else "callers"
        if resource.type == FUNCTION:
            return f"callers whom {resource.name} lets in"
        return f"signed-in users of {resource.name}"

    def who(self, identity: str) -> tuple[str, ...]:
        """Return the ids of what acts as an identity, else the identity itself."""
        return tuple(self.acting.get(identity, ())) or (identity,)

    def name(self, identity: str) -> str:
        """Name an identity by who acts as it: its functions, people, or its own name."""
        owner, hash, route = identity.partition("#")
        if hash:
            return f"{route} of {short(owner)}"
        if identity.endswith("@users"):
            return "signed-in users"
        if identity in self.strangers:
            return self.strangers[identity].rstrip(",")
        if identity.startswith("service:"):
            return f"the service {identity.partition(':')[2]}"
        nodes = self.acting.get(identity, ())
        return listed(sorted(map(self.name, set(nodes)))) if nodes else short(identity)

    @cached_property
    def network(self) -> Network:
        """The networks that functions are in."""
        return Network(self.directory)

    @cached_property
    def exits(self) -> Exits:
        """The ways by which functions' data can leave."""
        grants = (*self.app.every(Grant), *self.app.every(Limit))
        return Exits(self.directory, self.network, grants, self.roles)

    @cached_property
    def connections(self) -> Mapping[str, Mapping[str, Connection]]:
        """The databases that functions can connect to over the network, by function."""
        found: defaultdict[str, dict[str, Connection]] = defaultdict(dict)
        for edge in connections(self.directory, self.network):
            if edge.source in self.roles:
                can = "can" if edge.certain else "may be able to"
                found[edge.source][edge.target] = Connection(can, edge.note)
        return found

    def starting(self, node: str) -> list[Access]:
        """Return the rights to start a state machine whose definition does something itself."""
        resource = self.resource(node)
        if resource is None or resource.type != STATE_MACHINE or node not in self.uses:
            return []
        return [access for access in self.on.get(node, ()) if access.right == "invoke"]

    def valuable(self, classes: Iterable[str]) -> list[str]:
        """Return data classes, the most valuable first."""
        return sorted(classes, key=lambda data: (-self._values.get(data, 0), data))

    @cached_property
    def _values(self) -> dict[str, int]:
        return {data.id: data.value for data in self.app.every(Data)}

    def resource(self, id: str) -> Resource | None:
        """Return a resource of the app."""
        return self.directory.resources.get(id)


def _open(entry: Entry) -> bool:
    return entry.identity.endswith("@anyone") and not entry.proof


def _rights_of(call: Call) -> frozenset[str]:
    needed = actions(call.service, call.operation)
    return frozenset(right for action in needed for right in rights(action))
