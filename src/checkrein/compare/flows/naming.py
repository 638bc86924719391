"""How slots are called where data flows are told: by the route, the table, the host."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.compare.scene import Scene
from checkrein.compare.words import either
from checkrein.derive.content.paths import Tokens, below, joined, tokens
from checkrein.derive.content.requests import at_source
from checkrein.derive.content.words import short
from checkrein.derive.table.potential import OUTSIDE
from checkrein.derive.wiring.wiring import event_paths
from checkrein.model import Entry, Slot
from checkrein.model.movement import Name, Start

ROUTES = 2  # that a name lists
REQUEST = frozenset({
    "body", "headers", "multiValueHeaders", "queryStringParameters", "pathParameters", "path",
    "multiValueQueryStringParameters", "requestContext", "rawPath", "rawQueryString", "httpMethod",
})  # fmt: skip
SHAPES = {  # what only events of one kind have
    "s3": frozenset({"bucket"}),
    "Sns": frozenset({"topic"}),
    "dynamodb": frozenset({"stream"}),
    "kinesis": frozenset({"stream"}),
    "detail": frozenset({"event"}),
    "request": frozenset({"trigger"}),
    "ResourceProperties": frozenset({"custom-resource"}),
    "arguments": frozenset({"appsync"}),
}


class Names:
    """What a reader calls the slots of an app."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._known: dict[Slot, Name] = {}

    def origin(self, slot: Slot) -> Name:
        """Return what a slot is called that content comes from: ``POST /rides body.email``."""
        if slot not in self._known:
            self._known[slot] = self._origin(slot)
        return self._known[slot]

    def goal(self, slot: Slot) -> Name:
        """Return what a slot is called that content goes to: ``Rides.email``."""
        owner, _, part = slot.node.partition("@")
        if part == "response":
            return Name(self._caller(owner), slot.path, " ")
        if slot.node in self._scene.roles:
            return Name(short(slot.node), slot.path, " ")
        return self.origin(slot)

    def _origin(self, slot: Slot) -> Name:
        owner, _, part = slot.node.partition("@")
        if slot.node in self._scene.roles:
            return self._of_function(slot)
        if part == "response":
            return Name(f"the answer of {short(owner)}", slot.path, " ")
        named = " " not in slot.path and not part and not slot.node.startswith("host:")
        return Name(short(slot.node), slot.path, "." if named else " ")

    def _caller(self, function: str) -> str:
        """Name who gets what a function answers, as far as one knows."""
        entries = self._scene.entries.get(function, ())
        asked = [e.route for e in entries if e.kind in OUTSIDE and not is_preflight(e)]
        known = [route for route in dict.fromkeys(asked) if route]
        named = either(known) if 0 < len(known) <= ROUTES else short(function)
        return f"the caller of {named}"

    def _of_function(self, slot: Slot) -> Name:
        function = short(slot.node)
        if tokens(slot.path)[:1] != ("event",):
            return Name(f"{slot.path} of {function}" if slot.path else function)
        names = list(dict.fromkeys(self._arrivals(slot)))
        return names[0] if len(names) == 1 else Name(function, slot.path, " ")

    def _arrivals(self, slot: Slot) -> Iterator[Name]:
        """Yield what the content of an event is called where it comes from."""
        known = [e for e in self._scene.entries.get(slot.node, ()) if not is_preflight(e)]
        kinds = kinds_of_event(tokens(slot.path))
        for entry in [e for e in known if e.kind in kinds] or known:
            yield self._arrival(entry, slot)

    def _arrival(self, entry: Entry, slot: Slot) -> Name:
        path = slot.path.removeprefix("event").removeprefix(".")
        if entry.kind in OUTSIDE:
            found = at_source(self._scene.directory, entry, slot.path) if path else None
            inside = (found or "").removeprefix(entry.route).strip()
            return Name(entry.route or short(entry.source), inside, " ")
        if entry.kind == "direct" or not entry.source:
            return Name(short(slot.node), slot.path, " ")
        for start in event_paths(self._scene.directory, entry):
            rest = below(tokens(start), tokens(slot.path))
            if rest is not None:
                return Name(short(entry.source), joined(rest))
        return Name(f"event of {self._source(entry)}", path, " ")

    def ways(self, function: str) -> tuple[Start, ...]:
        """Return what starts a function, and who may: ``POST /rides (signed-in users of Pool)``."""
        entries = self._scene.entries.get(function, ())
        return tuple(dict.fromkeys(self._way(e) for e in entries if not is_preflight(e)))

    def _source(self, entry: Entry) -> str:
        """Name what an event comes from; of what a permission only lets in, the service."""
        resource = self._scene.resource(entry.source)
        permitted = resource is not None and resource.type == "AWS::Lambda::Permission"
        return entry.identity if permitted else short(entry.source)

    def _way(self, entry: Entry) -> Start:
        source = self._source(entry)
        if entry.kind in OUTSIDE:
            who = self._scene.visitor(entry)
            return Start(entry.source, entry.route or source, who, entry.place)
        if entry.kind == "direct":
            caller = source or self._scene.caller(entry.identity)
            return Start(entry.source, f"called by {caller}", "", entry.place)
        text = f"{entry.kind.replace('-', ' ')} {source}".strip()
        return Start(entry.source, text, "", entry.place)


def kinds_of_event(path: Tokens) -> frozenset[str]:
    """Return the kinds of entry whose events have such a path."""
    head = path[1] if len(path) > 1 else ""
    if head in REQUEST:
        return OUTSIDE
    if head in SHAPES:
        return SHAPES[head]
    inside = path[3] if len(path) > 3 else ""  # noqa: PLR2004 - event.Records[].x
    return SHAPES.get(inside, frozenset({"queue"})) if head == "Records" else frozenset({"direct"})


def is_preflight(entry: Entry) -> bool:
    """Tell whether an entry only answers what browsers ask before they send."""
    return entry.route.startswith("OPTIONS")
