"""What steps of GraphQL resolvers ask of data sources, as requests like those of code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from checkrein.catalog.content import content
from checkrein.derive.content.paths import Tokens, below, joined, tokens
from checkrein.derive.content.slots import mentioned
from checkrein.derive.entrances.authorizers import FUNCTION
from checkrein.derive.entrances.graphs import Step
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.wiring.requested import Requested, member, service_name, shown
from checkrein.derive.wiring.wiring import wire
from checkrein.late import regex
from checkrein.model import (
    Argument,
    CallSite,
    Evidence,
    Flow,
    Place,
    Resource,
    Slot,
    Symbol,
    Value,
)
from checkrein.model.values import alternatives, text

At = tuple[Tokens, Slot]
AWS_HOST = regex(
    r"https://(?:sync-)?([\w-]+)\.(?!execute-api\.)(?:[^/]*\.)?(?:amazonaws\.com|\$\{@aws\.URLSuffix\})"
)
MEMBERS = {  # what AppSync calls the members of DynamoDB's requests
    "attributeValues": "Item",
    "update.expressionValues": "ExpressionAttributeValues",
    "update.expressionNames": "ExpressionAttributeNames",
    "update.expression": "UpdateExpression",
    "attributeUpdates": "AttributeUpdates",
    "transactItems[].attributeValues": "TransactItems[].Put.Item",
    "transactItems[].update.expressionValues": "TransactItems[].Update.ExpressionAttributeValues",
    "tables": "Item",
}
OPERATIONS = {"BatchPutItem": "PutItem", "Sync": "Scan"}  # by what they do with one table
LISTS = {"Query": "Items", "Scan": "Items"}
SENT = {"params.body": "body", "params.query": "query", "params.headers": "headers"}
STORES = (  # data sources that are asked over HTTP: where they are named
    "OpenSearchServiceConfig.Endpoint",
    "ElasticsearchConfig.Endpoint",
)


class Given(Struct, frozen=True):
    """What a step may refer to: where symbols come from, and what things made of them hold."""

    directory: Directory
    api: str
    slots: Callable[[Symbol], Iterable[Slot]]
    made: Callable[[Iterable[Argument], Callable[[Tokens], Iterable[At]]], list[At]]


class Asked:
    """A step's request: what it writes, and what a part of its result comes from."""

    operation = ""

    def __init__(self, place: Place) -> None:
        self.place = place

    def writes(self, _who: str, _via: str, /) -> Iterator[Flow]:
        """Yield what the request hands on; the field ``who`` begins the sentences that say so."""
        yield from ()

    def results(self, _path: Tokens, /) -> Iterator[At]:
        """Yield where what stands at a path of the result comes from, and where below the path."""
        yield from ()


def ask(
    given: Given, step: Step, arguments: tuple[Argument, ...] | None, place: Place | None
) -> Asked:
    """Return what a step asks; without ``arguments``, it hands on the context as it is."""
    source, at = step.source, place or step.resource.place
    if source is None or source.value("Type") == "NONE":
        return _Nobody(given, arguments or (), at)
    maker = SOURCES.get(str(source.value("Type")))
    site = maker(source.properties, arguments or (), at) if maker else None
    if str(source.value("Type")) == "AWS_LAMBDA" and arguments is None:
        return _Function(given, source.value("LambdaConfig.LambdaFunctionArn"), at)
    if site is None:
        return _Store(given, source, arguments or (), at)
    return _Service(given, site)


class _Nobody(Asked):
    """No data source: the payload is the result."""

    def __init__(self, given: Given, arguments: tuple[Argument, ...], place: Place) -> None:
        super().__init__(place)
        self._made = given.made(arguments, lambda _: ())

    def results(self, path: Tokens, /) -> Iterator[At]:
        for at, slot in self._made:
            inside = below(("payload",), at)
            if inside is None:
                continue
            rest, inner = below(inside, path), below(path, inside)
            if rest is not None:
                yield (), Slot(slot.node, joined((*tokens(slot.path), *rest)))
            elif inner is not None:
                yield inner, slot


class _Function(Asked):
    """A function that gets the whole context: an Entry says so."""

    def __init__(self, given: Given, named: Value, place: Place) -> None:
        super().__init__(place)
        deployment = given.directory.deployment(given.api)
        self._functions = given.directory.find(named, deployment, FUNCTION)

    def results(self, path: Tokens, /) -> Iterator[At]:
        for function in self._functions:
            yield (), Slot(f"{function}@response", joined(path))


class _Store(Asked):
    """A search domain, or what else holds documents under an address."""

    def __init__(
        self, given: Given, source: Resource, arguments: tuple[Argument, ...], place: Place
    ) -> None:
        super().__init__(place)
        self._given, self._arguments = given, arguments
        deployment = given.directory.deployment(source.id)
        self._nodes = [
            id for at in STORES for id in given.directory.find(source.value(at), deployment)
        ]

    def writes(self, who: str, via: str, /) -> Iterator[Flow]:
        for argument in self._arguments:
            inside = below(("params", "body"), tokens(argument.path))
            for symbol in argument.sources if inside is not None else ():
                for source in self._given.slots(symbol):
                    for node in self._nodes:
                        note = Evidence(f"{who} sends {source.path} to {shown(node)}", self.place)
                        direct = mentioned(argument.value, symbol)
                        target = Slot(node, joined(inside or ()))
                        yield wire(source, target, via, note, certain=direct)

    def results(self, _path: Tokens, /) -> Iterator[At]:
        yield from (((), Slot(node)) for node in self._nodes)


class _Service(Asked):
    """A request of a service or a host."""

    def __init__(self, given: Given, site: CallSite) -> None:
        super().__init__(site.place)
        self._asked = _Bound(given, site)
        self.operation = self._asked.operation

    def writes(self, who: str, via: str, /) -> Iterator[Flow]:
        yield from self._asked.writes(who, via, above=who)

    def results(self, path: Tokens, /) -> Iterator[At]:
        for wanted, inner in _wanted(self._asked.site, path):
            for slot in self._asked.results(self._asked.site, wanted):
                yield inner, slot


class _Bound(Requested):
    """A request whose symbols are parts of a resolver's context."""

    def __init__(self, given: Given, site: CallSite) -> None:
        super().__init__(given.directory, given.api, site)
        self._given = given

    def sources(self, symbol: Symbol) -> Iterator[Slot]:
        yield from self._given.slots(symbol)


def _wanted(site: CallSite, path: Tokens) -> Iterator[tuple[str, Tokens]]:
    """Yield where in the service's own result that is which AppSync has at a path of its."""
    if site.service == "dynamodb" and site.operation in LISTS:
        rest = below(("items",), path)
        if rest is not None or not path:
            inner = () if path else ("items", "[]")
            yield joined((LISTS[site.operation], "[]", *(rest or ()))), inner
    elif site.kind == "http":
        yield joined(path), ()
    elif site.service in {"dynamodb", "lambda"}:
        for read in content(site.service, site.operation).read:
            yield joined((*tokens(read), *path)), ()
    else:
        yield joined(path[1:] if path[:1] == ("body",) else path), ()


# ---------------------------------------------------------------------- requests


def _said(arguments: Iterable[Argument], path: str) -> str:
    known = [a.value for a in arguments if a.path.lower() == path]
    return next((one for value in known for one in alternatives(value) if isinstance(one, str)), "")


def _below(arguments: Iterable[Argument], names: dict[str, str]) -> Iterator[Argument]:
    """Yield the arguments under other names."""
    for argument in arguments:
        for name, other in names.items():
            rest = below(tokens(name), tokens(argument.path))
            if rest is not None:
                yield replace(argument, path=joined((*tokens(other), *rest)))
                break


def _dynamodb(source: Source, arguments: tuple[Argument, ...], place: Place) -> CallSite:
    operation = _said(arguments, "operation")
    operation = OPERATIONS.get(operation, operation)
    names = {"key": "Item" if operation == "PutItem" else "Key", **MEMBERS}
    config = source.get("DynamoDBConfig")
    table = config.get("TableName") if isinstance(config, dict) else None
    said = [Argument("TableName", table), Argument("ReturnValues", "ALL_NEW")]
    return _site("dynamodb", operation, place, (*said, *_below(arguments, names)))


def _lambda(source: Source, arguments: tuple[Argument, ...], place: Place) -> CallSite:
    config = source.get("LambdaConfig")
    function = config.get("LambdaFunctionArn") if isinstance(config, dict) else None
    said = (Argument("FunctionName", function), *_below(arguments, {"payload": "Payload"}))
    return _site("lambda", "Invoke", place, said)


def _events(source: Source, arguments: tuple[Argument, ...], place: Place) -> CallSite:
    config = source.get("EventBridgeConfig")
    bus = config.get("EventBusArn") if isinstance(config, dict) else None
    names = {"events[].detail": "Entries[].Detail", "events[].source": "Entries[].Source"}
    said = (Argument("Entries[].EventBusName", bus), *_below(arguments, names))
    return _site("events", "PutEvents", place, said)


def _database(source: Source, arguments: tuple[Argument, ...], place: Place) -> CallSite:
    config = source.get("RelationalDatabaseConfig")
    inner = config.get("RdsHttpEndpointConfig") if isinstance(config, dict) else None
    cluster = inner.get("DbClusterIdentifier") if isinstance(inner, dict) else None
    said = [
        replace(each, path=joined(("parameters", *tokens(each.path)[-1:])))
        for each in arguments
        if each.sources
    ]
    return _site("rds-data", "ExecuteStatement", place, (Argument("resourceArn", cluster), *said))


def _http(source: Source, arguments: tuple[Argument, ...], place: Place) -> CallSite:
    config = source.get("HttpConfig")
    endpoint = config.get("Endpoint") if isinstance(config, dict) else None
    host = AWS_HOST.match(str(endpoint))
    target = _said(arguments, "params.headers.x-amz-target").rpartition(".")[2]
    if host:
        service = service_name(host[1])
        body = _below(arguments, {"params.body": ""})
        said = (replace(each, path=member(service, target, each.path)) for each in body)
        return _site(service, target, place, said)
    path = [a.value for a in arguments if a.path == "resourcePath"]
    url = Argument("url", text([endpoint, *path[:1]]))
    site = _site("http", _said(arguments, "method") or "GET", place, ())
    return replace(site, kind="http", arguments=(url, *_below(arguments, SENT)))


def _site(service: str, operation: str, place: Place, said: Iterable[Argument]) -> CallSite:
    return CallSite("sdk", service, operation, place, tuple(said))


Source = dict[str, Value]
SOURCES: dict[str, Callable[[Source, tuple[Argument, ...], Place], CallSite]] = {
    "AMAZON_DYNAMODB": _dynamodb,
    "AWS_LAMBDA": _lambda,
    "AMAZON_EVENTBRIDGE": _events,
    "RELATIONAL_DATABASE": _database,
    "HTTP": _http,
}
