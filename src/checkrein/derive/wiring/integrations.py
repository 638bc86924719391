"""APIs that hand requests to services without a function between."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from checkrein.catalog.content import content
from checkrein.derive.content.paths import joined, tokens
from checkrein.derive.content.slots import host_of
from checkrein.derive.entrances.authorizers import dictionary
from checkrein.derive.entrances.mapping_templates import BODY, Reader
from checkrein.derive.entrances.operations import (
    Operation,
    every_operation,
    is_proxy,
    passes_body,
    templates,
)
from checkrein.derive.stacks.directory import Directory, once
from checkrein.derive.wiring.requested import Requested, member, service_name, shown
from checkrein.derive.wiring.wiring import wire
from checkrein.late import regex
from checkrein.model import (
    Argument,
    CallSite,
    Evidence,
    Flow,
    Open,
    Place,
    Slot,
    Symbol,
    Text,
    Value,
)
from checkrein.model.values import alternatives, substitute, text

SERVICE = regex(r":apigateway:.*?:(?:(.*)\.)?([\w-]+):(action|path)$")
PLACED = regex(r"integration\.request\.(path|querystring)\.(.+)")
NUMBERED = regex(r"^MessageAttribute\.\d+")
OBJECTS = {
    "PUT": "PutObject",
    "POST": "PutObject",
    "GET": "GetObject",
    "HEAD": "HeadObject",
    "DELETE": "DeleteObject",
}
ANSWERED = ("default", "2", "$default")  # of an integration's responses, those of success


class Asked(Struct, frozen=True):
    """A route that reaches a resource of the app without code.

    ``identity`` is who may call it, as in an Entry; ``writes`` tells whether content of the
    request goes into ``resource``, ``reads`` whether the caller gets content of it;
    ``validated`` whether the API checks the body against a model. ``flows`` say it slot by slot.
    ``resource`` is empty where the caller chooses it, or where it is not of this app.
    ``operation_of`` is the route's operation and ``site`` the request that it makes.
    """

    api: str
    route: str
    kind: str
    identity: str
    service: str
    operation: str
    resource: str
    writes: bool
    reads: bool
    validated: bool
    place: Place
    operation_of: Operation
    site: CallSite
    flows: tuple[Flow, ...] = ()


@once
def integrations(directory: Directory) -> tuple[Asked, ...]:
    """Return every route that reaches a resource without a function, once for each resource."""
    return tuple(
        asked
        for made in requests(directory).values()
        for operation, site in made
        for asked in _integrated(directory, operation, site)
    )


@once
def requests(directory: Directory) -> Mapping[str, list[tuple[Operation, CallSite]]]:
    """Return what integrations ask of services, each with its route, by what gives the route."""
    found: defaultdict[str, list[tuple[Operation, CallSite]]] = defaultdict(list)
    for operation in every_operation(directory):
        for site in _requested(operation):
            found[operation.source.id].append((operation, site))
    return dict(found)


def integration_flows(directory: Directory) -> Iterator[Flow]:
    """Yield what routes move without code, to resources and through mapping templates."""
    for integration in integrations(directory):
        yield from integration.flows
    for operation in every_operation(directory):
        if not is_proxy(operation) and ":lambda:" in str(operation.integration.get("uri")):
            yield from _written(_asked(directory, operation, _invocation(operation)), operation)
        elif _leaves_aws(operation):
            asked = _asked(directory, operation, _forwarded(operation))
            yield from (*_written(asked, operation), *_read(asked, operation))


def _leaves_aws(operation: Operation) -> bool:
    """Tell whether an integration is a host that the template names, over the internet."""
    integration = operation.integration
    over_http = str(integration.get("type")).lower() in {"http", "http_proxy"}
    linked = integration.get("connectionType") == "VPC_LINK"
    return over_http and not linked and host_of(integration.get("uri")) != ""


def _forwarded(operation: Operation) -> CallSite:
    """Return the request that an integration makes of a host."""
    mapped = [a for t in templates(operation.integration) for a in _body(operation, t)]
    said = [replace(each, path=f"b{each.path[1:]}") for each in mapped]
    url = Argument("url", operation.integration.get("uri"))
    name = str(operation.integration.get("httpMethod") or operation.route.partition(" ")[0])
    whole = is_proxy(operation) or passes_body(operation.integration)
    said = [Argument("body", BODY, (BODY,))] if whole else said
    made = _site(operation, "http", name, [url, *said])
    return replace(made, kind="http")


def _asked(directory: Directory, operation: Operation, site: CallSite) -> Requested:
    return Requested(directory, operation.api, site)


def _integrated(directory: Directory, operation: Operation, site: CallSite) -> Iterator[Asked]:
    asked = _asked(directory, operation, site)
    known = content(site.service, site.operation)
    found = Asked(
        api=operation.api,
        route=operation.route,
        kind=operation.kind,
        identity=operation.identity,
        service=site.service,
        operation=site.operation,
        resource="",
        writes=bool(known.written) and any(each.sources for each in site.arguments),
        reads=bool(known.read),
        validated=operation.validated,
        place=site.place,
        operation_of=operation,
        site=site,
    )
    written, read = tuple(_written(asked, operation)), tuple(_read(asked, operation))
    for target in asked.targets(site):
        into = tuple(flow for flow in written if flow.target.node == target)
        back = tuple(flow for flow in read if flow.source.node == target)
        flows = (*into, *back)
        yield replace(found, resource=target, writes=bool(into), reads=bool(back), flows=flows)
    if not asked.targets(site):
        yield found


def _written(asked: Requested, operation: Operation) -> Iterator[Flow]:
    yield from asked.writes(operation.route, _via(operation), above=operation.route)


def _via(operation: Operation) -> str:
    return f"{operation.api}#{operation.route}"


# ---------------------------------------------------------------------- answers


def _read(asked: Requested, operation: Operation) -> Iterator[Flow]:
    if not _answers(operation):
        return
    for source, path in dict.fromkeys(_answered(asked, operation)):
        what = source.path or "content"
        said = (
            f"{operation.route} answers with {what} from {shown(source.node)} ({asked.operation})"
        )
        target = Slot(operation.api, joined(tokens(f"response.{path}")))
        yield wire(source, target, _via(operation), Evidence(said, asked.site.place))


def _answers(operation: Operation) -> bool:
    """Tell whether callers get what the integration returns; over WebSockets only if asked for."""
    asked = operation.source.value("RouteResponseSelectionExpression")
    return operation.kind != "websocket" or asked is not None


def _answered(asked: Requested, operation: Operation) -> Iterator[tuple[Slot, str]]:
    """Yield which slots of the resource go where in the response."""
    mapped = answers(operation)
    if not mapped:
        yield from ((slot, "") for slot in asked.results(asked.site, ""))
    for template in mapped:
        for argument in Reader(operation.route).template(template):
            for symbol in argument.sources:
                if symbol.attribute.partition(".")[0] == "body":  # of the service's answer
                    part = symbol.attribute.removeprefix("body").lstrip(".")
                    for slot in asked.results(asked.site, part):
                        yield slot, argument.path


def answers(operation: Operation) -> list[Value]:
    """Return the templates of an integration's answers to requests that succeed."""
    responses = dictionary(operation.integration.get("responses"))
    return [
        template
        for status, response in responses.items()
        if str(status).startswith(ANSWERED)
        for template in dictionary(dictionary(response).get("responseTemplates")).values()
    ]


# ---------------------------------------------------------------------- requests


def _requested(operation: Operation) -> Iterator[CallSite]:
    """Yield the request that an integration makes of a service; none for functions and hosts."""
    integration = operation.integration
    subtype = integration.get("subtype")
    if isinstance(subtype, str) and "-" in subtype:
        service, _, name = subtype.partition("-")
        yield _site(operation, service.lower(), name, _subtype_arguments(operation, service))
        return
    for uri in alternatives(integration.get("uri")):
        head, *path = _segments(uri)
        found = SERVICE.search(str(head))
        if not found or found[2] == "lambda" or not path:
            continue
        if found[3] == "action":
            yield from _action(operation, found[2], path)
        elif found[2] == "s3":
            yield _object(operation, [*([found[1]] if found[1] else []), *path])
        else:
            yield from _path(operation, found[2], path)


def _site(operation: Operation, service: str, name: str, arguments: list[Argument]) -> CallSite:
    service = service_name(service)
    spelt = [
        replace(each, path=member(service, name, NUMBERED.sub("MessageAttributes", each.path)))
        for each in arguments
    ]
    return CallSite(
        kind="sdk",
        service=service,
        operation=name,
        place=operation.source.where(operation.at),
        arguments=tuple(_on_route(each, operation.route) for each in spelt),
    )


def _on_route(argument: Argument, route: str) -> Argument:
    """Return an argument whose parts of the request are slots of the API."""

    def slot(symbol: Symbol) -> Symbol:
        inside = symbol.owner == "event"
        return Symbol("event", f"{route} {symbol.attribute}") if inside else symbol

    sources = tuple(map(slot, argument.sources))
    return Argument(argument.path, substitute(argument.value, slot), sources)


def _segments(uri: Value) -> list[Value]:
    """Split an address at its slashes, symbols included."""
    segments: list[list[Value]] = [[]]
    for part in uri.parts if isinstance(uri, Text) else (uri,):
        first, *more = part.split("/") if isinstance(part, str) else [part]
        segments[-1].append(first)
        segments += [[each] for each in more]
    return [text(parts) for parts in segments]


def _action(operation: Operation, service: str, path: list[Value]) -> Iterator[CallSite]:
    """Yield the request behind ``action/PutItem`` or ``action/SendMessage&QueueUrl=…``."""
    rest = text([piece for segment in path for piece in ("/", segment)][1:])
    name = re.match(r"\w+", str(rest))
    if name:
        arguments = _arguments(operation)
        if str(rest) != name[0]:
            form = text(["Action=", rest])
            arguments += [
                each for each in Reader(operation.route).template(form) if each.path != "Action"
            ]
        yield _site(operation, service, name[0], arguments)


def _path(operation: Operation, service: str, path: list[Value]) -> Iterator[CallSite]:
    """Yield the request whose action a parameter or the template names; the path is a queue's."""
    arguments = _arguments(operation)
    names = [str(each.value) for each in arguments if each.path == "Action"]
    if service == "sqs":
        arguments.append(Argument("QueueUrl", path[-1]))
    for name in names[:1]:
        yield _site(operation, service, name, arguments)


def _object(operation: Operation, path: list[Value]) -> CallSite:
    """Return the request for ``path/{bucket}/{key}`` of a bucket."""
    named = {each.path: each for each in _parameters(operation, "path")}
    bucket, *key = [_placed(segment, named) for segment in path]
    method = str(operation.integration.get("httpMethod") or operation.route.partition(" ")[0])
    name = OBJECTS.get(method.upper(), "GetObject")
    if name == "GetObject" and not any(each.value for each in key):
        name = "ListObjectsV2"
    arguments = [replace(bucket, path="Bucket"), *(replace(each, path="Key") for each in key)]
    if name == "PutObject":
        mapped = [a for t in templates(operation.integration) for a in _body(operation, t)]
        whole = passes_body(operation.integration)
        arguments += [Argument("Body", BODY, (BODY,))] if whole else mapped
    return _site(operation, "s3", name, arguments)


def _body(operation: Operation, template: Value) -> Iterator[Argument]:
    for argument in Reader(operation.route).template(template):
        yield replace(argument, path=f"Body.{argument.path}".rstrip("."))


def _placed(segment: Value, named: Mapping[str, Argument]) -> Argument:
    """Return what stands in a segment of a path; ``{name}`` is a path parameter."""
    known = isinstance(segment, str) and segment.startswith("{")
    return (
        named.get(str(segment).strip("{}+"), Argument("", Open("not mapped")))
        if known
        else (Argument("", segment))
    )


def _arguments(operation: Operation) -> list[Argument]:
    """Return what parameters and templates say of the request."""
    arguments = list(_parameters(operation, "querystring"))
    for template in templates(operation.integration):
        arguments += Reader(operation.route).template(template)
    return arguments


def _parameters(operation: Operation, location: str) -> Iterator[Argument]:
    for name, value in dictionary(operation.integration.get("requestParameters")).items():
        found = PLACED.match(str(name))
        if found and found[1] == location:
            yield from Reader(operation.route).parameter(found[2], value)


def _subtype_arguments(operation: Operation, service: str) -> list[Argument]:
    above = "Entries[]." if service == "EventBridge" else ""
    parameters = dictionary(operation.integration.get("requestParameters"))
    return [
        argument
        for name, value in parameters.items()
        for argument in Reader(operation.route).parameter(f"{above}{name}", value)
    ]


def _invocation(operation: Operation) -> CallSite:
    """Return what a function behind a mapping template is invoked with."""
    arguments = [
        replace(each, path=f"Payload.{each.path}".rstrip("."))
        for template in templates(operation.integration)
        for each in Reader(operation.route).template(template)
    ]
    if passes_body(operation.integration):
        arguments.append(Argument("Payload", BODY, (BODY,)))
    address = Argument("FunctionName", operation.integration.get("uri"))
    return _site(operation, "lambda", "Invoke", [address, *arguments])
