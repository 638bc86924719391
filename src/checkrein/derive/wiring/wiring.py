"""Data that moves without code: triggers, subscriptions, destinations, origins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from checkrein.derive.content.events import wanted
from checkrein.derive.content.slots import host_of, recipients
from checkrein.derive.entrances.authorizers import dictionary
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.wiring.filters import KEYS, images, keys
from checkrein.derive.wiring.links import RELAYS, SENT, TAKEN, Link
from checkrein.model import Basis, Entry, Events, Evidence, Flow, Path, Resource, Slot, Value
from checkrein.model.values import alternatives, at_path, parts_at
from checkrein.model.workloads import LAMBDA

ANSWERING = frozenset({
    "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api", "AWS::AppSync::GraphQLApi",
})  # fmt: skip
SHOWN = {
    "AWS::Cognito::UserPool": "browsers sign users in to {}",
    **dict.fromkeys(ANSWERING, "browsers receive what {} answers"),
}
PERSONAL = ("email", "email-json", "sms", "application")
ENVELOPED = "Message"  # where in a topic's envelope the message stands
SUBSCRIBED = (
    (("Endpoint",), "publishes to"),
    (("RedrivePolicy", "deadLetterTargetArn"), "gives up messages to"),
)
RESPONSE = "@response"
WEB = ("http", "https")
EVENT_PATHS = {  # where a source's content stands in the event, by kind of entry
    "queue": "event.Records[].body",
    "topic": "event.Records[].Sns.Message",
    "event": "event.detail",
    "direct": "event",
    "appsync": "event.arguments",
    "trigger": "event.request.userAttributes",
}
EVENTS_OF = {  # the same by type of source, where a service calls a function in its own way
    "AWS::KinesisFirehose::DeliveryStream": ("event.records[].data",),
    "AWS::Logs::LogGroup": ("event.awslogs.data",),
    "AWS::SES::ReceiptRule": ("event.Records[].ses.mail",),
    "AWS::S3ObjectLambda::AccessPoint": ("event.getObjectContext.inputS3Url",),
    "AWS::Bedrock::Agent": ("event",),
    "AWS::BedrockAgentCore::GatewayTarget": ("event",),
    "AWS::CloudWatch::Alarm": (),
    "AWS::Transfer::Workflow": (),  # told where a file is, and not what is in it
    "AWS::IoT::TopicRule": (),  # the rule's SQL says what is made of a message
}
TOPIC, SUBSCRIPTION = SUBSCRIBING = ("AWS::SNS::Topic", "AWS::SNS::Subscription")
TABLES = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")
RULE = "AWS::Events::Rule"
MADE = frozenset({"event", "appsync"})  # kinds whose event a relay or a resolver may make
ASKED = frozenset({"http", "websocket", "url", "appsync"})  # kinds whose caller gets a response


def wiring(directory: Directory, entries: Iterable[Entry]) -> Iterator[Flow]:
    """Yield the flows that templates state."""
    for entry in entries:
        yield from _arrivals(directory, entry)
        if entry.kind in ASKED and entry.source in directory.resources:
            said = f"{entry.source.rpartition('/')[2]} returns what the function answers"
            source, target = Slot(f"{entry.function}@response"), Slot(entry.source, "response")
            yield wire(source, target, entry.id, Evidence(said, entry.place))
    for resource in directory.of_type(*SENT, *TAKEN, *RELAYS, *SUBSCRIBING):
        yield from _attached(directory, resource)
        yield from _delivered(directory, resource)
    yield from _shown(directory)


def _delivered(directory: Directory, resource: Resource) -> Iterator[Flow]:
    """Yield what a topic sends out: to people by e-mail and text message, to web servers."""
    deployment = directory.deployment(resource.id)
    for topic, subscription in _subscriptions(directory, resource):
        protocol = at_path(subscription, ("Protocol",))
        note = Evidence(f"{_short(topic)} sends by {protocol}", resource.place)
        if protocol in PERSONAL:
            target = Slot(recipients(deployment))
            yield wire(Slot(topic), target, f"{resource.id}:{protocol}", note)
        elif protocol in WEB:
            for host in _hosts(directory, resource, at_path(subscription, ("Endpoint",))):
                inside = "body" if is_raw(subscription) else f"body.{ENVELOPED}"
                yield wire(Slot(topic), Slot(host, inside), resource.id, note)


def _subscriptions(directory: Directory, resource: Resource) -> Iterator[tuple[str, Value]]:
    """Yield topics with what subscribes to them: a resource's properties, or an item's."""
    if resource.type == SUBSCRIPTION:
        for topic in directory.find(resource.value("TopicArn"), directory.deployment(resource.id)):
            yield topic, resource.properties
    elif resource.type == TOPIC:
        listed = resource.value("Subscription")
        yield from ((resource.id, item) for item in (listed if isinstance(listed, list) else ()))


def _hosts(directory: Directory, resource: Resource, url: Value) -> Iterator[str]:
    """Yield the third parties that a URL leads to; the resource's own where it is not told."""
    for option in alternatives(url):
        if not directory.find(option, directory.deployment(resource.id)):
            yield host_of(option) or f"{resource.id}@host"


def is_website(resource: Resource) -> bool:
    """Tell whether a bucket serves pages."""
    return resource.type == "AWS::S3::Bucket" and isinstance(
        resource.value("WebsiteConfiguration"), dict
    )


def browser(deployment: str) -> str:
    """Return the node for the app's pages at work in somebody's browser."""
    return f"{deployment}@browser"


def _shown(directory: Directory) -> Iterator[Flow]:
    """Yield what comes to the browser, in deployments that serve pages."""
    resources = directory.resources.values()
    pages = [r for r in resources if is_website(r) or r.type == "AWS::CloudFront::Distribution"]
    for deployment in {directory.deployment(page.id) for page in pages}:
        for member in directory.members(deployment):
            said = SHOWN.get(member.type) or ("browsers load {}" if member in pages else "")
            if said:
                note = Evidence(said.format(member.name), member.place)
                for source in _shown_parts(member):
                    yield wire(source, Slot(browser(deployment)), member.id, note)


def _shown_parts(member: Resource) -> tuple[Slot, ...]:
    if member.type == "AWS::Cognito::UserPool":
        return Slot(member.id), Slot(f"{member.id}@sealed")
    return (Slot(member.id, "response" if member.type in ANSWERING else ""),)


def wire(source: Slot, target: Slot, via: str, note: Evidence, *, certain: bool = True) -> Flow:
    """Make a flow that a template states."""
    return Flow(
        id=f"{source.node}.{source.path}>{target.node}.{target.path}:{via}",
        source=source,
        target=target,
        via=via,
        basis=Basis.CODED,
        certain=certain,
        steps=(note,),
        evidence=(note,),
    )


def _arrivals(directory: Directory, entry: Entry) -> Iterator[Flow]:
    name = _short(entry.source)
    what = "the user's attributes" if entry.kind == "trigger" else "its content"
    note = Evidence(f"{name} hands {what} to {_short(entry.function)}", entry.place)
    source = directory.resources.get(entry.source)
    for path in event_paths(directory, entry):
        named = keys(source) if source and path.endswith(f".{KEYS}") else ()
        for name in named or ("",):
            target = Slot(entry.function, f"{path}.{name}".rstrip("."))
            flow = wire(Slot(entry.source, name), target, entry.id, note)
            yield replace(flow, events=wanted_by(directory, entry))


def wanted_by(directory: Directory, entry: Entry) -> Events:
    """Return the events of a bus that come in by an entry, as its rule has them; () for others."""
    rule = directory.resources.get(_made_by(entry)) if entry.kind == "event" else None
    return wanted(rule.value("EventPattern")) if rule and rule.type == RULE else ()


def _made_by(entry: Entry) -> str:
    """Return the id of the resource that an entry follows from."""
    return entry.id.rpartition(f"<{entry.kind}:")[2].removesuffix(f":{entry.route}")


def event_paths(directory: Directory, entry: Entry) -> tuple[str, ...]:
    """Return where in the event the content of an entry's source stands; nowhere, for some."""
    source = directory.resources.get(entry.source)
    if source and source.type == "AWS::Lambda::Function":
        return ()  # the caller's code says what it passes
    runner = directory.resources.get(entry.function)
    if runner and runner.type != LAMBDA:
        return ()  # what starts containers hands them no event
    if entry.kind in MADE and not entry.proxy:
        return ()  # a template says what is made of it
    if entry.kind == "stream" and source:
        return _streamed(directory, entry, source)
    if source and source.type in EVENTS_OF:
        return EVENTS_OF[source.type]
    known = source is not None or entry.source.endswith("@default-bus")
    return (EVENT_PATHS[entry.kind],) if known and entry.kind in EVENT_PATHS else ()


def _streamed(directory: Directory, entry: Entry, source: Resource) -> tuple[str, ...]:
    """Return where in a batch of records the content of a stream or a table stands."""
    if source.type not in TABLES:
        return ("event.Records[].kinesis.data",)
    mapping = directory.resources.get(_made_by(entry))
    criteria = mapping.value("FilterCriteria") if mapping else None
    return tuple(f"event.Records[].dynamodb.{image}" for image in images(source, criteria))


def _attached(directory: Directory, resource: Resource) -> Iterator[Flow]:
    for link in SENT.get(resource.type, ()):
        for target, place in _named(directory, resource, link.to):
            note = _note(resource, link, target, place)
            yield wire(Slot(resource.id, link.part), Slot(target, link.into), resource.id, note)
    for link in TAKEN.get(resource.type, ()):
        for source, place in _named(directory, resource, link.to):
            if _is_served(resource, place):
                note = _note(resource, link, source, place)
                yield wire(Slot(source), Slot(resource.id), resource.id, note)
    for link in RELAYS.get(resource.type, ()):
        yield from _relay(directory, resource, link)


def _note(resource: Resource, link: Link, other: str, place: Path) -> Evidence:
    return Evidence(f"{resource.name} {link.verb} {_short(other)}", resource.where(place))


def _is_served(distribution: Resource, origin: Path) -> bool:
    """Tell whether some behaviour of a distribution leads to an origin, if it is one."""
    config = dictionary(distribution.value("DistributionConfig"))
    if not config or origin[:2] != ("DistributionConfig", "Origins"):
        return True
    listed = (config.get("CacheBehaviors"), dictionary(config.get("OriginGroups")).get("Items"))
    groups = [each for items in listed for each in (items if isinstance(items, list) else [])]
    said = str([config.get("DefaultCacheBehavior"), groups])
    name = distribution.value((*origin[:3], "Id"))
    return not isinstance(name, str) or name in said or "TargetOriginId" not in said


def subscribed(directory: Directory) -> Iterator[Flow]:
    """Yield what topics hand on to others than functions, as their subscriptions have it."""
    for resource in directory.of_type(*SUBSCRIBING):
        for topic, subscription in _subscriptions(directory, resource):
            inside = "" if is_raw(subscription) else ENVELOPED
            for path, verb in SUBSCRIBED:
                for id in directory.find(
                    at_path(subscription, path), directory.deployment(resource.id)
                ):
                    if directory.resources[id].type != LAMBDA:  # else an Entry says so
                        said = f"{_short(topic)} {verb} {_short(id)}"
                        note = Evidence(said, resource.place)
                        yield wire(Slot(topic), Slot(id, inside), resource.id, note)


def is_raw(subscription: Value) -> bool:
    """Tell whether a subscriber gets messages as they are, without an envelope around."""
    return at_path(subscription, ("RawMessageDelivery",)) in (True, "true")


def _relay(directory: Directory, relay: Resource, link: Link) -> Iterator[Flow]:
    for source, _ in _named(directory, relay, link.of):
        for to, place in _named(directory, relay, link.to):
            known = directory.resources[to].type
            into = f"event.{link.into}" if known == LAMBDA and link.into else link.into
            if (known == LAMBDA and not into) or (link.only and known not in link.only):
                continue  # an Entry says so already, or it gets no content
            said = f"{_short(source)} {link.verb} {_short(to)}"
            note = Evidence(said, relay.where(place))
            part = link.part
            node = f"{source}@response" if part == RESPONSE else source
            path = "" if part == RESPONSE else part
            yield wire(Slot(node, path), Slot(to, into), relay.id, note)


def _named(directory: Directory, resource: Resource, path: Path) -> Iterator[tuple[str, Path]]:
    """Yield the resources named at a path (``*`` is any key or index), and where exactly."""
    deployment = directory.deployment(resource.id)
    for place, value in parts_at(resource.properties, path):
        for id in directory.find(value, deployment):
            if id != resource.id:
                yield id, place


def _short(id: str) -> str:
    return id.rpartition("/")[2]
