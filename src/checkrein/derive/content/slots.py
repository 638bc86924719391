"""From a function's symbols and a call's arguments to the slots where the content sits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from checkrein.catalog.content import content
from checkrein.catalog.tokens import verifies
from checkrein.derive.content import requested_items
from checkrein.derive.content.bindings import Binding
from checkrein.derive.content.conditions import assignments
from checkrein.derive.content.events import put
from checkrein.derive.content.kinds import Kinds, primary
from checkrein.derive.content.paths import Tokens, attribute, below, joined, tokens
from checkrein.derive.content.projected import of_item, projected
from checkrein.derive.content.stores import ANSWER, DEFINE, INSERT, SERVICE, selected
from checkrein.late import regex
from checkrein.model import Argument, CallSite, Entry, Events, Place, Slot, Symbol, Text, Value
from checkrein.model.items import Items
from checkrein.model.values import alternatives

NOTHING_OF_IT = frozenset({"NONE", "UPDATED_NEW"})  # no answer, and what the request itself set
PLACEHOLDER = regex(r":\w+")
OWN_APIS = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api")
ROUTED = frozenset({"http", "url"})
BODIES = frozenset({"body", "json", "data"})
MAILERS = frozenset({"ses", "sesv2", "pinpoint", "pinpoint-sms-voice", "pinpoint-sms-voice-v2"})
PASSWORDS = frozenset({"password", "temporarypassword", "previouspassword", "proposedpassword"})
DELETING = frozenset({"Delete", "DeleteRequest"})  # in what puts other items as well
CALLBACK = Symbol("event", "ResponseURL")
HOST = regex(r"^(?:\w+:)?//(?:[^@/{}]*@)?([^/:?#]+)")
LOCAL = regex(r"(?i)localhost$|127\.|169\.254\.|0\.0\.0\.0$|sandbox\.localdomain$")
CLAIMS = ("event", "requestContext", "authorizer", "claims")  # of a token that was verified
NAMED_VALUES = ("Name", "Value")  # lists of {Name, Value}: attributes of pools
READ = "read"  # before what a function reads of what no template here has
HTTP_CONTENT = frozenset({"body", "json", "data", "headers", "params", "files", "query", "auth"})


class Handed(Struct, frozen=True):
    """A slot that a call writes, with the argument that says what."""

    slot: Slot
    argument: Argument


def _is_of_the_program(argument: Argument) -> bool:
    """Tell whether code itself says all that an argument may be: ``{code: "NOT_FOUND"}``."""
    return not argument.sources and all(
        isinstance(value, str | int | float) for value in alternatives(argument.value)
    )


class Slots:
    """The slots of one function: what its symbols stand for and what its calls write."""

    def __init__(self, binding: Binding, logs: str, entries: Iterable[Entry] = ()) -> None:
        """Take the function's binding, the node of its log, and the app's ways in."""
        self.binding = binding
        self.function = binding.function.id
        self.logs = logs
        self._calls = binding.summary.calls
        self._routes = [entry for entry in entries if entry.kind in ROUTED]
        self._positions = {id(site): index for index, site in enumerate(self._calls)}
        self._asking: set[int] = set()  # calls whose results are being asked for
        self._hosts: dict[int, tuple[str, ...]] = {}
        self._read: dict[tuple[int, str], Items] = {}
        self.kinds: Kinds | None = None  # of the items of the app's stores, once they are known

    def sources(self, symbol: Symbol) -> Iterator[Slot]:
        """Yield the slots that a symbol's content comes from."""
        if symbol.owner in {"event", "env"}:
            yield Slot(self.function, f"{symbol.owner}.{symbol.attribute}".rstrip("."))
        elif symbol.owner.startswith("call:"):
            number = int(symbol.owner.partition(":")[2])
            # What one invocation left may be of what it left before; what nobody could follow to
            # its end may be of a call that was not kept.
            if number not in self._asking and number < len(self._calls):
                self._asking.add(number)
                found = list(self.results(self._calls[number], symbol.attribute))
                self._asking.discard(number)
                yield from found

    def results(self, site: CallSite, path: str) -> Iterator[Slot]:
        """Yield the slots that a dotted path in a call's result comes from."""
        wanted = tokens(path)
        if site.kind == "use":
            yield from self._used(site, wanted)
        elif site.kind == "http":
            answer = joined(("response", *wanted))
            urls = (self.binding.settled(one.value) for one in site.arguments if one.path == "url")
            to = requested_items.answered_to(urls)
            yield from (Slot(host, answer, to) for host in self.hosts(site))
        else:
            yield from self._answered(site, wanted)

    def _used(self, site: CallSite, wanted: Tokens) -> Iterator[Slot]:
        """Yield where that comes from which a use gives: random numbers hold nobody's content."""
        if site.service == "state":
            yield from self._left(site, wanted)
        elif site.service == "token":
            yield from self._said(site, wanted)

    def _answered(self, site: CallSite, wanted: Tokens) -> Iterator[Slot]:
        """Yield what a call's result comes from, in the resources that it addresses."""
        if site.service == SERVICE:
            yield from self._selected(site, wanted)
            return
        for target in self.targets(site):
            if site.service == "lambda":
                target = f"{target}@response"  # noqa: PLW2901 - what a function gives back is its own node
            for path in _held(site, wanted):
                yield Slot(target, path, self.items(site, target))

    def _selected(self, site: CallSite, wanted: Tokens) -> Iterator[Slot]:
        """Yield the columns of stores that a part of a statement's answer comes from."""
        if site.operation == INSERT:
            yield from self._inserted(site, wanted)
        elif _readable(site):
            for target in self.targets(site):
                for path in selected(site, wanted):
                    yield Slot(target, path, self.items(site, target))

    def _inserted(self, site: CallSite, wanted: Tokens) -> Iterator[Slot]:
        """Yield where the row that an INSERT answers comes from: whoever put it knows it."""
        name = next((step for step in wanted if step not in {"[]", ANSWER}), "")
        for argument in site.arguments:
            head, *inner = tokens(argument.path) or ("",)
            if head == "Item" and (not name or len(inner) < 2 or inner[1] == name):  # noqa: PLR2004 - table and column
                for symbol in argument.sources:
                    yield from self.sources(symbol)

    def items(self, site: CallSite, target: str) -> Items:
        """Return which items of a store a call can read, () for any."""
        key = self.position(site), target
        if key not in self._read:
            self._read[key] = requested_items.read(
                site, self.binding.settled, primary(self.binding.directory, target)
            )
        return self._read[key]

    def about(self, site: CallSite, target: str) -> Items:
        """Return which items of a store a call reads, writes or deletes, () for any."""
        if any(DELETING & {*tokens(argument.path)} for argument in site.arguments):
            return ()
        members = range(len(content(site.service, site.operation).put))
        if not members:
            return self.items(site, target)
        put = [self.kinds.put(self, site, target, one) for one in members] if self.kinds else [()]
        return tuple(dict.fromkeys(kind for one in put for kind in one)) if all(put) else ()

    def position(self, site: CallSite) -> int:
        """Return which of the function's calls a call site is."""
        return self._positions[id(site)]

    def _said(self, site: CallSite, wanted: Tokens) -> Iterator[Slot]:
        """Yield where what a token says comes from: its bearer, unless that is checked."""
        if verifies(site):
            yield Slot(self.function, joined((*CLAIMS, *wanted)))
            return
        for symbol in (s for a in site.arguments if a.path == "token" for s in a.sources):
            for slot in self.sources(symbol):
                yield Slot(slot.node, joined((*tokens(slot.path), *wanted)))

    def _left(self, site: CallSite, wanted: Tokens) -> Iterator[Slot]:
        """Yield where that comes from which an earlier invocation left."""
        for argument in site.arguments:
            kept = tokens(argument.path)[1:]
            rest = below(kept, wanted)
            if rest is None and below(wanted, kept) is None:
                continue
            for symbol in argument.sources:
                for slot in self.sources(symbol):
                    yield Slot(slot.node, joined((*tokens(slot.path), *(rest or ()))))

    def elsewhere(self) -> Iterator[tuple[Slot, Place]]:
        """Yield, as slots of the function, what it reads by name of what no template here has."""
        for read in self.binding.summary.reads:
            owner, _, index = read.source.owner.partition(":")
            if owner == "call":
                path = read.source.attribute
                yield from ((slot, read.place) for slot in self._foreign(int(index), path))
        for at, site in enumerate(self._calls):
            for path in site.reads:
                yield from ((slot, site.place) for slot in self._foreign(at, path))

    def _foreign(self, index: int, path: str) -> Iterator[Slot]:
        site, wanted = self._calls[index], tokens(path)
        if site.kind == "sdk" and site.service not in MAILERS and not self.targets(site):
            for read in _readable(site):
                rest = below(tokens(read), wanted)
                if rest:
                    yield Slot(self.function, joined((READ, *_plain(site, rest))))

    def handed(self) -> Iterator[tuple[Slot, Place, Events]]:
        """Yield the slots that the code writes by name, the log aside, where, in which events."""
        for site in self._calls:
            if site.service == SERVICE and site.operation == DEFINE:
                continue
            for each in self.written(site):
                if each.slot.node == self.logs or not each.slot.path:
                    continue
                if site.kind != "response" or not _is_of_the_program(each.argument):
                    yield each.slot, site.place, self.events(site)

    def defined(self) -> Iterator[tuple[Slot, Place]]:
        """Yield the columns of stores that code defines, whether or not it asks for any."""
        for site in self._calls:
            if site.service == SERVICE and site.operation == DEFINE:
                yield from ((each.slot, site.place) for each in self.written(site))

    def events(self, site: CallSite) -> Events:
        """Return what a call says of the events that it puts on a bus, () if it puts none."""
        return put(site, self.binding.bind)

    def taken(self) -> Iterator[tuple[Slot, Place]]:
        """Yield the slots of other nodes that the code reads by name, and where."""
        for site in self._calls:
            for path in site.reads:
                for slot in self.results(site, path):
                    yield self._narrowed(slot), site.place

    def _narrowed(self, slot: Slot) -> Slot:
        """Return a slot that the code reads, of those items that somebody puts there."""
        first, *_ = tokens(slot.path) or ("",)
        found = self.kinds.found(slot.node, slot.items, first) if self.kinds and first else ()
        return replace(slot, items=found) if found else slot

    def targets(self, site: CallSite) -> tuple[str, ...]:
        """Return the ids of the app's resources that a call site addresses."""
        if site.service in MAILERS:
            return (recipients(self.binding.deployment),)
        return self.binding.targets.get(self.position(site), ())

    def hosts(self, site: CallSite) -> tuple[str, ...]:
        """Return the nodes that an HTTP request may go to: ``host:NAME``, ``<function>@host``.

        A custom resource's answer goes back to CloudFormation, which is no third party.
        """
        at = self.position(site)
        if at not in self._hosts:
            self._hosts[at] = self._asked(site)
        return self._hosts[at]

    def _asked(self, site: CallSite) -> tuple[str, ...]:
        urls = [argument.value for argument in site.arguments if argument.path == "url"]
        found: dict[str, None] = {}
        for option in (o for value in urls for o in alternatives(self.binding.bind(value))):
            match = HOST.match(str(option))
            if match and LOCAL.match(match[1]):
                continue  # a process beside the function is no third party
            host = host_of(option)
            if host:
                found[host] = None
            elif option != CALLBACK and not self._apis(option):
                found[f"{self.function}@host"] = None
        return tuple(found)

    def _apis(self, url: Value) -> tuple[str, ...]:
        """Return the app's own APIs that a URL leads to."""
        found = self.binding.directory.find(url, self.binding.deployment, OWN_APIS)
        return found if isinstance(url, (Symbol, Text)) else ()

    def _own_routes(self, site: CallSite) -> Iterator[Slot]:
        """Yield where a request to the app's own API puts its body: the API, and its functions."""
        urls = [argument.value for argument in site.arguments if argument.path == "url"]
        for url in (o for value in urls for o in alternatives(self.binding.bind(value))):
            for api in self._apis(url):
                called = [e for e in self._routes if e.source == api and _leads(url, e.route)]
                yield Slot(api, f"{called[0].route} body" if called else "body")
                yield from (Slot(entry.function, "event.body") for entry in called)

    def written(self, site: CallSite) -> Iterator[Handed]:
        """Yield the slots that a call writes, one for each argument that is content."""
        if site.kind == "log":
            for argument in site.arguments:
                yield Handed(Slot(self.logs), argument)
        elif site.kind == "response":
            for argument in site.arguments:
                yield Handed(Slot(f"{self.function}@response", argument.path), argument)
        elif site.kind == "http":
            yield from self._sent(site)
        else:
            for target in self.targets(site):
                for path, argument, member in _contents(site):
                    slot = _inside(site, target, path)
                    items = self.kinds.put(self, site, target, member) if self.kinds else ()
                    yield Handed(replace(slot, items=items) if items else slot, argument)

    def _sent(self, site: CallSite) -> Iterator[Handed]:
        for slot in self._own_routes(site):
            for argument in site.arguments:
                head, *rest = tokens(argument.path) or ("",)
                if head in BODIES:
                    inside = joined((*tokens(slot.path), *rest))
                    yield Handed(Slot(slot.node, inside), argument)
        for host in self.hosts(site):
            for argument in site.arguments:
                head, *rest = tokens(argument.path) or ("",)
                if head in HTTP_CONTENT:
                    yield Handed(Slot(host, joined((head, *rest))), argument)
                elif head == "url":
                    yield Handed(Slot(host, "url"), argument)


def _leads(url: Value, route: str) -> bool:
    """Tell whether a URL ends in a route's path."""
    path = route.partition(" ")[2].rstrip("/")
    return bool(path) and str(url).rstrip("/").endswith(path)


def host_of(url: Value) -> str:
    """Return the node of the host that a URL names, "" where it does not."""
    match = HOST.match(str(url))
    known = match and "$" not in match[1] and "<" not in match[1]
    return f"host:{match[1].lower()}" if match and known else ""


def recipients(deployment: str) -> str:
    """Return the node for the people whom an app sends e-mail and text messages."""
    return f"{deployment}@recipients"


def _readable(site: CallSite) -> tuple[str, ...]:
    """Return where a call's result holds content; nowhere if the request did not ask for it."""
    known = content(site.service, site.operation)
    asked = [a.value for a in site.arguments if a.path == known.read_if]
    return known.read if not known.read_if or any(v not in NOTHING_OF_IT for v in asked) else ()


def _held(site: CallSite, wanted: Tokens) -> Iterator[str]:
    """Yield which content of what a call addresses a part of its answer is, "" for all."""
    asked = projected(site) if site.service == "dynamodb" else ()
    for read in _readable(site):
        rest = below(tokens(read), wanted)
        if rest is not None:
            found = of_item(_plain(site, rest), asked)
            yield from (joined(part or _tail(read)) for part in found)
        elif below(wanted, tokens(read)) is not None:
            yield from map(joined, of_item((), asked))


def _inside(site: CallSite, target: str, path: Tokens) -> Slot:
    """Return the slot in a resource where a request's content comes to sit."""
    if site.service == "lambda":
        return Slot(target, joined(("event", *path)))
    if site.service == "cognito-idp" and path[-1:] and path[-1].casefold() in PASSWORDS:
        return Slot(f"{target}@sealed", joined(path))  # no operation gives it back
    return Slot(target, joined(path))


def _contents(site: CallSite) -> Iterator[tuple[Tokens, Argument, int]]:
    """Yield what a request writes: its path inside the resource, the argument, the member's number.

    The number is that of the member among all that the operation writes.
    """
    named = _update_names(site)
    pairs = _name_value_pairs(site)
    for argument in site.arguments:
        path = tokens(argument.path)
        for member, prefix in enumerate(content(site.service, site.operation).written):
            rest = below(tokens(prefix), path)
            if rest is None:
                continue
            if rest and rest[-1] in NAMED_VALUES and pairs:
                yield from (((name,), argument, member) for name in pairs if rest[-1] == "Value")
            elif rest and rest[0].startswith(":"):
                inside = (*named.get(rest[0], (rest[0][1:],)), *_plain(site, rest)[1:])
                yield inside, argument, member
            else:
                yield _plain(site, rest) or _tail(prefix), argument, member


def _tail(prefix: str) -> Tokens:
    """Return the member's own name where it names content itself (``Username``, ``Password``)."""
    last = tokens(prefix)[-1:]
    return last if last and last[0] in NAMING_MEMBERS else ()


NAMING_MEMBERS = frozenset({
    "Username", "Password", "TemporaryPassword", "PhoneNumber", "Destination", "Destinations",
    "PreviousPassword", "ProposedPassword", "Endpoint",
})  # fmt: skip


def _plain(site: CallSite, path: Tokens) -> Tokens:
    return attribute(path) if site.service == "dynamodb" else path


def _update_names(site: CallSite) -> Mapping[str, Tokens]:
    """Return the attribute that each placeholder of an update expression is assigned to."""
    names = {
        argument.path.rpartition("ExpressionAttributeNames.")[2]: str(argument.value)
        for argument in site.arguments
        if "ExpressionAttributeNames." in argument.path and isinstance(argument.value, str)
    }
    found: dict[str, Tokens] = {}
    for argument in site.arguments:
        if argument.path.endswith("UpdateExpression"):
            for option in alternatives(argument.value):
                for left, right in assignments(str(option)):
                    path = tuple(names.get(step, step) for step in left.split("."))
                    found |= dict.fromkeys(PLACEHOLDER.findall(right), path)
    return found


def _name_value_pairs(site: CallSite) -> tuple[str, ...]:
    """Return the constant names in lists of ``{Name, Value}``, as pools' attributes come."""
    found: dict[str, None] = {}
    for argument in site.arguments:
        path = tokens(argument.path)
        if path[-1:] == ("Name",) and "[]" in path:
            for option in alternatives(argument.value):
                if isinstance(option, str):
                    found[option] = None
    return tuple(found)


def mentioned(value: Value, symbol: Symbol) -> bool:
    """Tell whether a value *is* a symbol's content, alone or inside text."""
    if isinstance(value, Symbol):
        return value == symbol
    for option in alternatives(value):
        if option == symbol or symbol in getattr(option, "parts", ()):
            return True
    return False
