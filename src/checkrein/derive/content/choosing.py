"""Who may choose what stands in a slot: by the way in, by rights to write, through code and stores.

An API's caller chooses the body of a request and not its authorizer's claims; whoever may put
objects into a bucket chooses the keys in its events. What code puts into a table was chosen by
whoever chose it there: the flows are followed back.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from checkrein.derive.content.paths import ByPath, Tokens, below, joined, tokens
from checkrein.derive.content.routes import fitting, is_preflight
from checkrein.derive.content.slots import Slots
from checkrein.derive.content.words import content, short
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Access, Entry, Evidence, Flow, Resource, Slot, Symbol
from checkrein.model.values import alternatives, at_path

ANYONE, SIGNED_IN, RIGHTS, INSIDE = 3, 2, 1, 0  # how far outside who chooses stands
DEEPEST = 5  # flows that are followed back from a slot
WHOLE = frozenset({"", "event", "response"})  # paths of all that a slot's node holds
MOST = 6  # ways that are kept of one slot
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
GIVEN = frozenset({"requestContext", "context", "stageVariables", "stage", "httpMethod"})
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
Rank = tuple[bool, int, bool, int]
PUTTING = frozenset({"PutObject", "CreateMultipartUpload", "UploadPart", "CopyObject"})
KEY = "Key"
FIXED_ROUTE = re.compile(r"[A-Z]+ /[^{*]*$")  # no parameter stands in its path
POOL = "AWS::Cognito::UserPool"


class Chooser(Struct, frozen=True):
    """Someone who may choose a slot's content: who, how far outside, and the way it takes."""

    who: str
    grade: int
    field: Slot  # where it comes in
    steps: tuple[Evidence, ...]
    harmless: frozenset[str] = frozenset()
    certain: bool = True

    @property
    def rank(self) -> Rank:
        """Which of two ways tells more."""
        return ("all" not in self.harmless, self.grade, self.certain, -len(self.steps))


class _Best:
    """The choosers of one slot who tell most, first found first."""

    def __init__(self) -> None:
        self.kept: list[Chooser] = []
        self._ranks: list[Rank] = []

    def admits(self, before: Chooser, flow: Flow) -> bool:
        """Tell whether a chooser may be among the best, after a flow that adds steps."""
        if len(self.kept) < MOST:
            return True
        harmful = "all" not in before.harmless and "all" not in flow.harmless
        certain = before.certain and flow.certain
        return (harmful, before.grade, certain, -len(before.steps)) > self._ranks[-1]

    def add(self, chooser: Chooser) -> None:
        """Keep a chooser if it is among the best."""
        rank = chooser.rank
        place = next((i for i, known in enumerate(self._ranks) if known < rank), len(self._ranks))
        self.kept.insert(place, chooser)
        self._ranks.insert(place, rank)
        del self.kept[MOST:], self._ranks[MOST:]


class Choosers:
    """Answers who may choose a slot's content; each slot is asked once."""

    def __init__(
        self,
        directory: Directory,
        slots: Mapping[str, Slots],
        entries: Iterable[Entry],
        flows: Iterable[Flow],
        writers: Mapping[str, tuple[Access, str]],
    ) -> None:
        """``writers`` holds, for resources that outsiders may write, the right and who they are."""
        self._directory = directory
        self._entries: defaultdict[str, list[Entry]] = defaultdict(list)
        for entry in entries:
            self._entries[entry.function].append(entry)
        self._into: dict[str, ByPath[tuple[Tokens, Flow]]] = {}
        self._named: set[tuple[str, Tokens]] = set()  # paths that flows name, and what holds them
        for flow in _shortest(flows):
            target = tokens(flow.target.path)
            self._into.setdefault(flow.target.node, ByPath()).add(target, (target, flow))
            self._named.update(_holding(flow.source), _holding(flow.target))
        self._writers = writers
        self._keys = _keys(slots)
        self._reads = {
            (id, read.source): read.place
            for id, each in slots.items()
            for read in each.binding.summary.reads
        }
        self._known: dict[tuple[Slot, int], tuple[Chooser, ...]] = {}
        self._brought: dict[tuple[Slot, bool], list[tuple[Slot, Flow]]] = {}

    def of(self, slot: Slot, depth: int = 0) -> tuple[Chooser, ...]:
        """Return who may choose a slot's content, those who tell most first."""
        known = self._known.get((slot, depth))
        if known is None:
            best = _Best()
            for each in self._of(slot, depth, best):
                best.add(each)
            known = self._known[slot, depth] = tuple(best.kept)
        return known

    def _of(self, slot: Slot, depth: int, best: _Best) -> Iterator[Chooser]:
        if self._is_made(slot):
            return
        for entry in fitting(self._entries.get(slot.node, ()), slot.path):
            yield from self._entered(entry, slot, depth)
        yield from self._written(slot)
        if depth < DEEPEST:
            for source, flow in self._bringing(slot, inner=depth > 0):
                yield from self._flowed(source, flow, depth, best)

    # -------------------------------------------------------------------------- ways in

    def _entered(self, entry: Entry, slot: Slot, depth: int) -> Iterator[Chooser]:
        path = tokens(slot.path)[1:]
        if entry.kind == "bucket" or (entry.kind == "event" and path[:1] == ("detail",)):
            yield from self._object_keys(entry, slot, path, depth)
        fields = CHOSEN.get(entry.kind, ())
        if not entry.proxy and entry.kind in CHOSEN:
            chosen = not path or path[0] not in GIVEN
        else:
            chosen = any(_overlaps(tokens(field), path) for field in fields)
        if chosen and not self._is_fixed(entry, path):
            who, grade = self._caller(entry)
            yield Chooser(who, grade, slot, (self._way_in(entry), *self._read(slot)))

    def _way_in(self, entry: Entry) -> Evidence:
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
        if entry.identity.endswith("@anyone"):
            return "anyone", ANYONE
        if entry.identity == "iam" or entry.identity.endswith(".amazonaws.com"):
            return "whoever may call it by IAM", RIGHTS
        return "a signed-in caller", SIGNED_IN

    def _object_keys(self, entry: Entry, slot: Slot, path: Tokens, depth: int) -> Iterator[Chooser]:
        """Yield who chooses the keys of a bucket's objects: whoever puts them there."""
        if not any(_overlaps(tokens(field), path) for field in OBJECT_KEYS):
            return
        note = _entry_note(entry)
        held = self._writers.get(entry.source)
        if held and held[0].right == "write":
            access, who = held
            right = Evidence(f"{who} may put objects into {short(entry.source)}", access.place)
            field = Slot(entry.source, "key")
            yield Chooser(who, _grade(who), field, (right, note, *self._read(slot)))
        if depth >= DEEPEST:
            return
        for source, step, harmless in self._keys.get(entry.source, ()):
            for before in self.of(source, depth + 1):
                steps = (*before.steps, step, note, *self._read(slot))
                yield _further(before, steps, harmless)

    def _written(self, slot: Slot) -> Iterator[Chooser]:
        """Yield outsiders who may write a resource themselves, and users of a pool."""
        resource = self._directory.resources.get(slot.node)
        if resource is not None and resource.type == POOL and slot.path:
            who, grade = _user(resource)
            note = Evidence(f"{who} fills in {content(slot)}", resource.place)
            yield Chooser(who, grade, slot, (note,))
        held = self._writers.get(slot.node)
        if held and resource is not None and resource.type != "AWS::Lambda::Function":
            access, who = held
            note = Evidence(f"{who} may {access.right} {short(slot.node)}", access.place)
            yield Chooser(who, _grade(who), slot, (note,))

    def _is_made(self, slot: Slot) -> bool:
        """Tell whether a user pool makes a slot's content: tokens, identifiers, dates."""
        resource = self._directory.resources.get(slot.node)
        is_pool = resource is not None and resource.type == POOL
        return is_pool and not MADE.isdisjoint(tokens(slot.path))

    def _read(self, slot: Slot) -> Iterator[Evidence]:
        """Yield where a function's code reads a field of its event."""
        owner, _, path = slot.path.partition(".")
        place = self._reads.get((slot.node, Symbol(owner, path)))
        if place is not None:
            yield Evidence(f"{short(slot.node)} reads {slot.path}", place)

    # -------------------------------------------------------------------------- code and wiring

    def _bringing(self, slot: Slot, *, inner: bool) -> list[tuple[Slot, Flow]]:
        """Return the flows that bring a slot's content, or a part of it, and what of each source.

        ``inner`` tells that another slot's content came from there.
        """
        key = slot, inner
        if key not in self._brought:
            into = self._into.get(slot.node)
            self._brought[key] = list(self._found(into, slot, inner=inner)) if into else []
        return self._brought[key]

    def _found(
        self, into: ByPath[tuple[Tokens, Flow]], slot: Slot, *, inner: bool
    ) -> Iterator[tuple[Slot, Flow]]:
        wanted = tokens(slot.path)
        for target, flow in into.near(wanted):
            rest = below(target, wanted)
            if rest is None and below(wanted, target) is None:
                continue
            path = (*tokens(flow.source.path), *(rest or ()))
            if inner and len(path) > len(wanted):
                path = self._telling(flow.source, path)
            yield Slot(flow.source.node, joined(path)), flow

    def _flowed(self, source: Slot, flow: Flow, depth: int, best: _Best) -> Iterator[Chooser]:
        """Yield who chooses what a flow brings, but for those of whom there are better already."""
        for before in self.of(source, depth + 1):
            if best.admits(before, flow):
                steps = (*before.steps, *flow.steps)
                yield _further(before, steps, flow.harmless, certain=flow.certain)

    def _telling(self, source: Slot, path: Tokens) -> Tokens:
        """Leave out of a path below a part of what flows lead into what no flow names there.

        Else what is read, changed and written back made a longer path each time round.
        """
        if source.path in WHOLE or source.node not in self._into:
            return path
        least = len(tokens(source.path))
        while len(path) > least and (source.node, path) not in self._named:
            path = path[:-1]
        return path


def _shortest(flows: Iterable[Flow]) -> Iterable[Flow]:
    """Return, of flows that differ only in their steps, the one with the fewest."""
    found: dict[object, Flow] = {}
    for flow in flows:
        key = (flow.source, flow.target, flow.harmless, flow.certain)
        known = found.get(key)
        if known is None or len(flow.steps) < len(known.steps):
            found[key] = flow
    return found.values()


def _holding(slot: Slot) -> Iterator[tuple[str, Tokens]]:
    path = tokens(slot.path)
    return ((slot.node, path[:end]) for end in range(len(path) + 1))


def _further(
    before: Chooser,
    steps: tuple[Evidence, ...],
    harmless: Iterable[str],
    *,
    certain: bool = True,
) -> Chooser:
    return Chooser(
        before.who,
        before.grade,
        before.field,
        tuple(dict.fromkeys(steps)),
        before.harmless | frozenset(harmless),
        before.certain and certain,
    )


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
