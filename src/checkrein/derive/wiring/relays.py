"""What rules, pipes and topics hand on: as it comes, or as an input template makes it.

An event is an envelope in which the content of its source stands somewhere: an event bus's detail,
a queue's body, a table's new image. A path or a template of the relay picks parts of the envelope.

Source: EventBridge's user guide, "Input transformation" of rules and of pipes, and the payloads
of the sources of pipes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from msgspec import Struct
from msgspec.structs import replace

from checkrein.derive.content.bindings import default_bus
from checkrein.derive.content.events import wanted
from checkrein.derive.content.paths import Tokens, attribute, below, joined, tokens
from checkrein.derive.content.slots import host_of, mentioned
from checkrein.derive.entrances.authorizers import FUNCTION, dictionary
from checkrein.derive.entrances.entries import listens_to_apps
from checkrein.derive.entrances.mapping_templates import Reader
from checkrein.derive.entrances.shaped import is_shaped
from checkrein.derive.stacks.directory import Directory, once
from checkrein.derive.wiring.delivery_streams import delivered
from checkrein.derive.wiring.executions import SILENT
from checkrein.derive.wiring.filters import shown
from checkrein.derive.wiring.iot_rules import ruled
from checkrein.derive.wiring.search_pipelines import searched
from checkrein.derive.wiring.wiring import TABLES, subscribed, wire
from checkrein.late import regex
from checkrein.model import Evidence, Flow, Path, Resource, Slot, Symbol, Value
from checkrein.model.values import alternatives

RULE, PIPE, BUS = "AWS::Events::Rule", "AWS::Pipes::Pipe", "AWS::Events::EventBus"
DESTINATION = "AWS::Events::ApiDestination"
APIS = ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api", "AWS::AppSync::GraphQLApi")
PIPED: dict[str, tuple[Tokens, ...]] = {  # where a source's content stands in a pipe's event
    "AWS::SQS::Queue": (("body",),),
    "AWS::Kinesis::Stream": (("data",),),
    "AWS::MSK::Cluster": (("value",),),
    "AWS::AmazonMQ::Broker": (("data",),),
}
LOGGED = "LogConfiguration"
PIPE_LOGS: tuple[Path, ...] = (
    ("CloudwatchLogsLogDestination", "LogGroupArn"),
    ("FirehoseLogDestination", "DeliveryStreamArn"),
    ("S3LogDestination", "BucketName"),
)
ADDRESSED = {  # members of what is asked of hosts, beside the body
    "QueryStringParameters": "query",
    "HeaderParameters": "headers",
    "PathParameterValues": "url",
}
BATCHED = (FUNCTION[0], "AWS::StepFunctions::StateMachine")  # pipes hand them several at once
PLACEHOLDER = regex(r"<([\w.$\-\[\]'*]+)>")
EVENT = regex(r"aws\.(?:events|pipes)\.event(?:\.json)?$")
QUOTED = regex(r"""\[["']([^"']+)["']\]""")
Part = tuple[Slot, Tokens, bool]  # what stands where in what is handed on; whether as it is


class Envelope(Struct, frozen=True):
    """An event: where in it the content of which nodes stands."""

    parts: tuple[tuple[Tokens, Slot], ...]

    def at(self, path: Tokens) -> Iterator[tuple[Slot, Tokens]]:
        """Yield the slots whose content a path picks, and where in the picked part it stands."""
        for where, slot in self.parts:
            rest, inner = below(where, path), below(path, where)
            if rest is not None:
                yield Slot(slot.node, joined((*tokens(slot.path), *attribute(rest)))), ()
            elif inner is not None:
                yield slot, inner

    def shaped(self, how: Value) -> Iterator[Part]:
        """Yield what stands where, once a path, a template or a constant has had its way.

        ``how`` is a target: ``Input InputPath InputTransformer`` of a rule's, ``InputTemplate`` of
        a pipe's.
        """
        said = dictionary(how)
        changed = dictionary(said.get("InputTransformer"))
        template = changed.get("InputTemplate", said.get("InputTemplate"))
        if template is not None:
            yield from self._made(template, dictionary(changed.get("InputPathsMap")))
        elif "Input" not in said:
            for slot, inner in self.at(steps(said.get("InputPath"))):
                yield slot, inner, True

    def _made(self, template: Value, names: Mapping[str, Value]) -> Iterator[Part]:
        picked: dict[Symbol, tuple[Slot, Tokens]] = {}

        def meant(name: str) -> Iterator[Symbol]:
            path = "$" if EVENT.match(name) else str(names.get(name, name))
            for found in self.at(steps(path)) if path.startswith("$") else ():
                symbol = Symbol("event", f"{found[0].node} {found[0].path} {joined(found[1])}")
                picked[symbol] = found
                yield symbol

        for argument in Reader("").filled(template, PLACEHOLDER, meant):
            for symbol in argument.sources:
                slot, inner = picked[symbol]
                at = (*tokens(argument.path), *inner)
                yield slot, at, mentioned(argument.value, symbol)


def steps(path: Value) -> Tokens:
    """Return the steps of a JSONPath."""
    return tokens(QUOTED.sub(r".\1", path.removeprefix("$"))) if isinstance(path, str) else ()


@once
def relays(directory: Directory) -> tuple[Flow, ...]:
    """Return what topics, buses, pipes, streams and rules hand on, but what Entries say."""
    return tuple(_relays(directory))


def _relays(directory: Directory) -> Iterator[Flow]:
    yield from subscribed(directory)
    yield from delivered(directory)
    yield from ruled(directory)
    yield from searched(directory)
    for resource in directory.of_type(RULE, PIPE):
        read = _ruled if resource.type == RULE else _piped
        yield from read(directory, resource)


# ---------------------------------------------------------------------- rules


def _ruled(directory: Directory, rule: Resource) -> Iterator[Flow]:
    deployment = directory.deployment(rule.id)
    buses = directory.find(rule.value("EventBusName"), deployment)
    if not buses and listens_to_apps(rule):
        buses = (default_bus(deployment),)
    if not buses and rule.value("EventBusName") not in (None, "default"):
        buses = (rule.id,)  # of a bus that is elsewhere, the rule stands for what it lets through
    targets = rule.value("Targets")
    for bus in buses:
        for index, target in enumerate(targets if isinstance(targets, list) else []):
            for flow in _targeted(directory, rule, Slot(bus), index, target):
                yield replace(flow, events=wanted(rule.value("EventPattern")))


def _targeted(
    directory: Directory, rule: Resource, bus: Slot, index: int, target: Value
) -> Iterator[Flow]:
    at: Path = ("Targets", index, "Arn")
    event = Envelope(((("detail",), bus),))
    for node in _nodes(directory, rule, at):
        yield from _handed(directory, rule, at, node, _got(directory, node, bus, target))
        yield from _addressed(directory, rule, at, node, event, target)
    dead: Path = ("Targets", index, "DeadLetterConfig", "Arn")
    for node in _nodes(directory, rule, dead):  # gets the event, whatever a target is given
        yield from _handed(directory, rule, dead, node, ((bus, ("detail",), True),))


def _got(directory: Directory, node: str, bus: Slot, target: Value) -> Iterable[Part]:
    """Return what a rule's target gets of a bus; nothing if an Entry says so already."""
    if _is(directory, node, FUNCTION) and not is_shaped(target):
        return ()
    if _is(directory, node, (BUS,)):
        return ((bus, (), True),)
    return Envelope(((("detail",), bus),)).shaped(target)


# ---------------------------------------------------------------------- pipes


def _piped(directory: Directory, pipe: Resource) -> Iterator[Flow]:
    deployment = directory.deployment(pipe.id)
    source = envelope = Envelope(tuple(chain.from_iterable(
        _inside(pipe, directory.resources[id])
        for id in directory.find(pipe.value("Source"), deployment)
    )))  # fmt: skip
    enriching = _nodes(directory, pipe, ("Enrichment",))
    for node in enriching:
        parts = envelope.shaped(pipe.value("EnrichmentParameters"))
        yield from _handed(directory, pipe, ("Enrichment",), node, parts)
        how = pipe.value("EnrichmentParameters")
        yield from _addressed(directory, pipe, ("Enrichment",), node, envelope, how)
    if enriching:
        envelope = Envelope(tuple(((), _answer(directory, node)) for node in enriching))
    for node in _nodes(directory, pipe, ("Target",)):
        parts = envelope.shaped(pipe.value("TargetParameters"))
        yield from _handed(directory, pipe, ("Target",), node, parts)
        how = pipe.value("TargetParameters")
        yield from _addressed(directory, pipe, ("Target",), node, envelope, how)
    yield from _logged(directory, pipe, source)


def _inside(pipe: Resource, source: Resource) -> Iterator[tuple[Tokens, Slot]]:
    """Yield where in a pipe's event the content of its source stands."""
    if source.type in TABLES:
        for at, name in shown(source, pipe.value("SourceParameters.FilterCriteria")):
            yield ("dynamodb", *at), Slot(source.id, name)
    else:
        yield from ((where, Slot(source.id)) for where in PIPED.get(source.type, ((),)))


def _logged(directory: Directory, pipe: Resource, source: Envelope) -> Iterator[Flow]:
    """Yield what a pipe writes of its events into its logs, where it is told to."""
    included = pipe.value((LOGGED, "IncludeExecutionData"))
    if not included or pipe.value((LOGGED, "Level")) in SILENT:
        return
    for at in PIPE_LOGS:
        for node in _nodes(directory, pipe, (LOGGED, *at)):
            parts = ((slot, ("payload", *where), True) for where, slot in source.parts)
            yield from _handed(directory, pipe, (LOGGED, *at), node, parts)


def _answer(directory: Directory, node: str) -> Slot:
    """Return where that is which an enrichment gives back."""
    if _is(directory, node, FUNCTION):
        return Slot(f"{node}@response")
    machine = _is(directory, node, BATCHED)
    return Slot(node, "" if machine else "response")


# ---------------------------------------------------------------------- targets


def _is(directory: Directory, node: str, types: Iterable[str]) -> bool:
    found = directory.resources.get(node)
    return found is not None and found.type in types


def _nodes(directory: Directory, relay: Resource, at: Path) -> tuple[str, ...]:
    """Return the nodes that a relay hands to; of an API destination, the host."""
    found: dict[str, None] = {}
    for id in directory.find(relay.value(at), directory.deployment(relay.id)):
        resource = directory.resources[id]
        for url in alternatives(resource.value("InvocationEndpoint")):
            if resource.type == DESTINATION:
                own = directory.find(url, directory.deployment(id), APIS)
                found |= dict.fromkeys(own or (host_of(url) or f"{id}@host",))
        if resource.type != DESTINATION and id != relay.id:
            found[id] = None
    return tuple(found)


def _handed(
    directory: Directory, relay: Resource, at: Path, node: str, parts: Iterable[Part]
) -> Iterator[Flow]:
    for source, inside, direct in dict.fromkeys(parts):
        path = (*_base(directory, relay, node), *inside)
        what = f"{source.path} of {_short(source.node)}" if source.path else _short(source.node)
        said = f"{relay.name} hands {what} on to {_short(node)}"
        note = Evidence(said, relay.where(at))
        yield wire(source, Slot(node, joined(path)), relay.id, note, certain=direct)


def _addressed(
    directory: Directory, relay: Resource, at: Path, node: str, event: Envelope, how: Value
) -> Iterator[Flow]:
    """Yield what stands in the address and the headers of a request that a relay makes."""
    said = dictionary(dictionary(how).get("HttpParameters")) if _is_asked(directory, node) else {}
    for member, into in ADDRESSED.items():
        value = said.get(member)
        listed = value if isinstance(value, list) else []
        for name, path in (*dictionary(value).items(), *(("", each) for each in listed)):
            picked = event.at(steps(path)) if str(path).startswith("$") else ()
            for source, inside in picked:
                target = Slot(node, joined(tuple(filter(None, (into, name, *inside)))))
                what = f"{source.path or 'content'} of {_short(source.node)}"
                note = Evidence(f"{relay.name} asks {_short(node)} with {what}", relay.where(at))
                yield wire(source, target, relay.id, note)


def _is_asked(directory: Directory, node: str) -> bool:
    """Tell whether what is handed to a node is the body of a request."""
    return node.startswith("host:") or node.endswith("@host") or _is(directory, node, APIS)


def _base(directory: Directory, relay: Resource, node: str) -> Tokens:
    """Return where in a node the content is that a relay hands to it."""
    many = ("[]",) if relay.type == PIPE and _is(directory, node, BATCHED) else ()
    if _is(directory, node, FUNCTION):
        return ("event", *many)
    return ("body",) if _is_asked(directory, node) else many


def _short(id: str) -> str:
    return id.rpartition("/")[2].removeprefix("host:")
