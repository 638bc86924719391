"""Who may choose what stands in a slot: by the way in, by rights to write, through code and stores.

An API's caller chooses the body of a request and not its authorizer's claims; whoever may put
objects into a bucket chooses the keys in its events. What code puts into a table was chosen by
whoever chose it there: the flows are followed back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache

from msgspec.structs import replace

from checkrein.derive.content.bringing import Bringing, Move
from checkrein.derive.content.events import BUS
from checkrein.derive.content.paths import Tokens, below, joined, tokens
from checkrein.derive.content.routes import fitting
from checkrein.derive.content.slots import Slots
from checkrein.derive.content.spreading import Chooser, Spreading
from checkrein.derive.content.words import content, short
from checkrein.derive.entrances.private import NETWORK
from checkrein.derive.entrances.proved import CLAIMS, SECRET, TOKEN
from checkrein.derive.entrances.proved import KEY as API_KEY
from checkrein.derive.stacks.directory import Directory
from checkrein.late import regex
from checkrein.model import Access, CallSite, Entry, Evidence, Flow, Resource, Route, Slot, Symbol
from checkrein.model.requests import can_come, gets_to, is_preflight, without_preflights
from checkrein.model.values import alternatives, at_path
from checkrein.model.workloads import runs_code

ANYONE, SIGNED_IN, RIGHTS, INSIDE = 3, 2, 1, 0  # how far outside who chooses stands
REQUEST = (
    *("body", "queryStringParameters", "multiValueQueryStringParameters", "pathParameters"),
    *("headers", "multiValueHeaders", "cookies", "rawPath", "path", "rawQueryString"),
    *("requestContext.http.path", "requestContext.http.userAgent", "requestContext.path"),
    *("requestContext.identity.userAgent",),
)
CHOSEN: Mapping[str, tuple[str, ...]] = {  # by kind of entry: the fields that its caller fills
    **dict.fromkeys(("http", "url", "websocket"), REQUEST),
    "appsync": ("arguments", "request.headers", "source", "variables"),
    "authorizer": ("authorizationToken", "identitySource", *REQUEST),
    "trigger": (
        *("userName", "request.userAttributes", "request.clientMetadata"),
        *("request.validationData", "request.challengeAnswer", "request.password"),
    ),
}
GIVEN = frozenset(
    {"requestContext", "context", "stageVariables", "stage", "httpMethod", "identity"}
)
PATHS = tuple(tokens(path) for path in (  # where a request is for, as the API heard it
    *("rawPath", "path", "requestContext.http.path", "requestContext.path"),
))  # fmt: skip
HOSTS = (("headers", "host"), ("multivalueheaders", "host"))  # the name that an API answers under
BALANCER = "AWS::ElasticLoadBalancingV2::TargetGroup"  # answers under any name
MADE = frozenset({  # by a user pool itself: nobody fills them in
    *("AccessToken", "IdToken", "RefreshToken", "ExpiresIn", "TokenType", "NewDeviceMetadata"),
    "Session",
    *("sub", "email_verified", "phone_number_verified", "cognito:groups", "cognito:user_status"),
    *("UserStatus", "Enabled", "UserCreateDate", "UserLastModifiedDate", "identities"),
})  # fmt: skip
OBJECT_KEYS = ("Records[].s3.object.key", "detail.object.key")
PUTTING = frozenset({"PutObject", "CreateMultipartUpload", "UploadPart", "CopyObject"})
PROVING = {  # who gets past code that asks: in words, and how far outside they stand
    SECRET: ("whoever holds its secret", RIGHTS),
    API_KEY: ("whoever holds its API key", RIGHTS),
    TOKEN: ("a signed-in caller", SIGNED_IN),
    CLAIMS: ("a signed-in caller", SIGNED_IN),
}
KEY = "Key"
ROUTE = "#"  # between an API and the route of it by which something moves
SETTING = "env."  # of a function: the template fills it in, no caller
PARAMETER = 3  # tokens of a path that tell by which routes it comes: event.pathParameters.NAME
FIXED_ROUTE = regex(r"[A-Z]+ /[^{*]*$")  # no parameter stands in its path
POOL = "AWS::Cognito::UserPool"
ISSUERS = (POOL, "AWS::Cognito::UserPoolClient")  # who signs in by a client is answered by its pool


class Choosers:
    """Answers who may choose what stands in the slots that are asked for."""

    def __init__(
        self,
        directory: Directory,
        slots: Mapping[str, Slots],
        entries: Iterable[Entry],
        flows: Collection[Flow],
        writers: Mapping[str, tuple[Access, str]],
        asked: Iterable[Slot],
    ) -> None:
        """``writers`` holds, for resources that outsiders may write, the right and who they are.

        Among the ``entries`` are those into APIs that no function stands behind: their function
        is the API.
        """
        self._directory = directory
        self._entries: defaultdict[str, list[Entry]] = defaultdict(list)
        self._routes: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in without_preflights(entries):
            known = self._routes if entry.function == entry.source else self._entries
            known[entry.function].append(entry)
        self._handed = _handed(flows)
        self._bringing = Bringing(flows, {bus.id for bus in directory.of_type(BUS)})
        self._writers = writers
        self._keys = _keys(slots)
        self._reads = {
            (id, read.source): read.place
            for id, each in slots.items()
            for read in each.binding.summary.reads
        }
        self._notes: dict[int, Evidence] = {}  # by entry
        self._fitting: dict[tuple[str, Tokens], list[Entry]] = {}
        self._getting: dict[tuple[str, tuple[tuple[str, ...], ...]], list[Entry]] = {}
        self._spreading = Spreading(asked, self._own, self._brought)

    def best(self, slot: Slot) -> Chooser | None:
        """Return, of a slot that was asked for, the chooser who tells most."""
        return self._spreading.best(slot)

    def behind(
        self, chooser: Chooser, function: str, site: CallSite, routes: Collection[Route]
    ) -> Chooser | None:
        """Return who chooses what comes in with a request, where code has looked which it is.

        None where no event of those that come in has the field by which it looks.
        """
        every = self._entries.get(function, ())
        if not site.request or chooser.field.node != function:
            return chooser
        if not {self._way_in(entry) for entry in every}.intersection(chooser.steps[:1]):
            return chooser
        if not any(can_come(entry, site.request) for entry in every):
            return None
        asked = function, site.request
        if asked not in self._getting:
            self._getting[asked] = [e for e in every if gets_to(e, site.request, routes)]
        ways = self._getting[asked]
        if not ways or len(ways) == len(every):
            return chooser
        entry = max(ways, key=lambda way: self._caller(way)[1])
        who, grade = self._caller(entry)
        return replace(
            chooser, who=who, grade=grade, steps=(_entry_note(entry), *chooser.steps[1:])
        )

    # -------------------------------------------------------------------------- ways in

    def _own(self, slot: Slot) -> Iterator[Chooser]:
        """Yield who chooses a slot's content, but for what flows bring."""
        if self._is_made(slot):
            return
        path = tokens(slot.path)[1:]
        ways = [] if slot.path.startswith(SETTING) else self._ways_in(slot)
        for entry in ways:
            if _brings_keys(entry, path):
                yield from self._putting(entry, slot)
            if self._is_chosen(entry, path):
                who, grade = self._caller(entry)
                yield Chooser(who, grade, slot, (self._way_in(entry), *self._read(slot)))
                if grade == ANYONE:
                    break  # no other way in tells more
        yield from self._sent(slot)
        yield from self._written(slot)

    def _sent(self, slot: Slot) -> Iterator[Chooser]:
        """Yield who fills in a part of the requests that an API itself hands on."""
        for entry in self._routes.get(slot.node, ()):
            _, route, part = slot.path.partition(f"{entry.route} ")
            if route and slot.path.startswith(route) and _fills_in(entry.kind, tokens(part)):
                who, grade = self._caller(entry)
                yield Chooser(who, grade, slot, (_entry_note(entry),))

    def _ways_in(self, slot: Slot) -> list[Entry]:
        """Return a function's ways in, those first that fit a path; they are told by its head."""
        head = tokens(slot.path)[:PARAMETER]
        if (slot.node, head) not in self._fitting:
            entries = fitting(self._entries.get(slot.node, ()), joined(head))
            self._fitting[slot.node, head] = entries
        return self._fitting[slot.node, head]

    def _is_chosen(self, entry: Entry, path: Tokens) -> bool:
        """Tell whether who uses a way in chooses what stands at a path of the event.

        Where it is known what a route hands on of a request, only of that.
        """
        handed = self._handed.get((f"{entry.source}{ROUTE}{entry.route}", entry.function))
        if not entry.proxy and handed is not None:
            chosen = any(_fills_in(entry.kind, source) for source in _parts(handed, path))
        elif not entry.proxy and entry.kind in CHOSEN:
            chosen = bool(entry.content) and (not path or path[0] not in GIVEN)
        else:
            chosen = _fills_in(entry.kind, path)
        return chosen and not self._is_fixed(entry, path)

    def _way_in(self, entry: Entry) -> Evidence:
        if id(entry) not in self._notes:
            self._notes[id(entry)] = self._noted(entry)
        return self._notes[id(entry)]

    def _noted(self, entry: Entry) -> Evidence:
        """Return how it comes in, and how many routes more do the same for the same callers."""
        note = _entry_note(entry)
        if not entry.route:
            return note
        same = (entry.kind, entry.source, entry.identity)
        every = self._entries[entry.function]
        routes = {e.route for e in every if (e.kind, e.source, e.identity) == same}
        more = sum(not is_preflight(route) for route in routes - {entry.route})
        others = f", as do {more} more routes" if more > 1 else ", as does 1 more route"
        return Evidence(f"{note.text}{others if more else ''}", note.place)

    def _is_fixed(self, entry: Entry, path: Tokens) -> bool:
        """Tell whether only one value of a field leads to a function: no other request comes in."""
        if path in PATHS:
            return entry.kind == "http" and bool(FIXED_ROUTE.match(entry.route))
        if tuple(step.lower() for step in path[:2]) in HOSTS:
            source = self._directory.resources.get(entry.source)
            return entry.kind in CHOSEN and not (source and source.type == BALANCER)
        return False

    def _caller(self, entry: Entry) -> tuple[str, int]:
        """Return who uses a way in, in words, and how far outside they stand."""
        if entry.kind == "trigger":
            pool = self._directory.resources.get(entry.source)
            return _user(pool)
        if entry.proof:
            return PROVING[entry.proof]
        if entry.identity.endswith("@anyone"):
            return "anyone", ANYONE
        if entry.identity == "iam" or entry.identity.endswith(".amazonaws.com"):
            return "whoever may call it by IAM", RIGHTS
        if entry.identity == NETWORK:
            return "a caller within its network", RIGHTS
        return "a signed-in caller", SIGNED_IN

    def _putting(self, entry: Entry, slot: Slot) -> Iterator[Chooser]:
        """Yield who chooses the keys of a bucket's objects: whoever puts them there."""
        held = self._writers.get(entry.source)
        if held and held[0].right == "write":
            access, who = held
            right = Evidence(f"{who} may put objects into {short(entry.source)}", access.place)
            field = Slot(entry.source, "key")
            steps = (right, _entry_note(entry), *self._read(slot))
            yield Chooser(who, _grade(who), field, steps)

    def _written(self, slot: Slot) -> Iterator[Chooser]:
        """Yield outsiders who may write a resource themselves, and users of a pool."""
        resource = self._directory.resources.get(slot.node)
        if resource is not None and resource.type == POOL and slot.path:
            who, grade = _user(resource)
            note = Evidence(f"{who} fills in {content(slot)}", resource.place)
            yield Chooser(who, grade, slot, (note,))
        held = self._writers.get(slot.node)
        if held and resource is not None and not runs_code(resource.type):
            access, who = held
            note = Evidence(f"{who} may {access.right} {short(slot.node)}", access.place)
            yield Chooser(who, _grade(who), slot, (note,))

    def _is_made(self, slot: Slot) -> bool:
        """Tell whether a user pool makes a slot's content: tokens, identifiers, dates."""
        resource = self._directory.resources.get(slot.node)
        issues = resource is not None and resource.type in ISSUERS
        return issues and not MADE.isdisjoint(tokens(slot.path))

    def _read(self, slot: Slot) -> Iterator[Evidence]:
        """Yield where a function's code reads a field of its event."""
        owner, _, path = slot.path.partition(".")
        place = self._reads.get((slot.node, Symbol(owner, path)))
        if place is not None:
            yield Evidence(f"{short(slot.node)} reads {slot.path}", place)

    # -------------------------------------------------------------------------- code and wiring

    def _brought(self, slot: Slot, *, inner: bool) -> list[tuple[Slot, Move]]:
        """Return what brings a slot's content: keys that code makes of objects, and flows."""
        if self._is_made(slot):
            return []
        return [*self._made_keys(slot), *self._bringing.to(slot, inner=inner)]

    def _made_keys(self, slot: Slot) -> Iterator[tuple[Slot, Move]]:
        path = tokens(slot.path)[1:]
        for entry in self._entries.get(slot.node, ()):
            if entry.source in self._keys and _brings_keys(entry, path):
                for source, step, harmless in self._keys[entry.source]:
                    steps = (step, _entry_note(entry), *self._read(slot))
                    yield source, Move(steps, frozenset(harmless))


def _handed(flows: Iterable[Flow]) -> dict[tuple[str, str], list[tuple[Tokens, Tokens]]]:
    """Return what routes hand to functions: by both, paths of the event and of the request."""
    found: defaultdict[tuple[str, str], list[tuple[Tokens, Tokens]]] = defaultdict(list)
    for flow in flows:
        api, route, name = flow.via.partition(ROUTE)
        if route and flow.source.node == api:
            part = flow.source.path.removeprefix(name).lstrip()
            found[flow.via, flow.target.node].append((tokens(flow.target.path)[1:], tokens(part)))
    return found


def _parts(handed: Iterable[tuple[Tokens, Tokens]], path: Tokens) -> Iterator[Tokens]:
    """Yield which parts of a request stand at a path of the event, or below it."""
    for target, source in handed:
        rest = below(target, path)
        if rest is not None or below(path, target) is not None:
            yield (*source, *(rest or ()))


def _brings_keys(entry: Entry, path: Tokens) -> bool:
    """Tell whether an object's key stands at a path of an event."""
    stored = entry.kind == "bucket" or (entry.kind == "event" and path[:1] == ("detail",))
    return stored and any(_overlaps(tokens(field), path) for field in OBJECT_KEYS)


def _keys(slots: Mapping[str, Slots]) -> dict[str, list[tuple[Slot, Evidence, tuple[str, ...]]]]:
    """Return what code makes the keys of each bucket's objects from, and where."""
    found: defaultdict[str, list[tuple[Slot, Evidence, tuple[str, ...]]]] = defaultdict(list)
    for each in slots.values():
        for site in each.binding.summary.calls:
            if site.service != "s3" or site.operation not in PUTTING:
                continue
            for argument in (a for a in site.arguments if a.path == KEY):
                step = Evidence(
                    f"{short(each.function)} makes a key of it (s3:{site.operation})", site.place
                )
                harmless = argument.harmless or ((),) * len(argument.sources)
                for symbol, families in zip(argument.sources, harmless, strict=True):
                    for bucket in each.targets(site):
                        for source in each.sources(symbol):
                            found[bucket].append((source, step, families))
    return found


@lru_cache(maxsize=65536)
def _fills_in(kind: str, path: Tokens) -> bool:
    """Tell whether callers by a kind of entry fill in what stands at a path of the event."""
    return any(_overlaps(tokens(field), path) for field in CHOSEN.get(kind, ()))


def _overlaps(field: Tokens, path: Tokens) -> bool:
    """Tell whether one path holds the other."""
    return below(field, path) is not None or below(path, field) is not None


def _entry_note(entry: Entry) -> Evidence:
    return entry.evidence[0] if entry.evidence else Evidence(entry.id)


def _grade(who: str) -> int:
    if who.startswith(("anyone", "whoever")):
        return ANYONE
    return SIGNED_IN if "signed-in" in who else RIGHTS


def _user(pool: Resource | None) -> tuple[str, int]:
    """Return who a pool's users are: anyone where they may sign themselves up."""
    closed = pool is not None and any(
        at_path(option, ("AllowAdminCreateUserOnly",)) is True
        for option in alternatives(pool.value("AdminCreateUserConfig"))
    )
    return ("a signed-in user", SIGNED_IN) if closed else ("anyone who signs up", ANYONE)
