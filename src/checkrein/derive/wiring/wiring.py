"""Data that moves without code: triggers, subscriptions, destinations, origins."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from checkrein.derive.content.slots import host_of, recipients
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Basis, Entry, Evidence, Flow, Path, Resource, Slot, Value
from checkrein.model.values import alternatives, at_path
from checkrein.model.workloads import LAMBDA

ANSWERING = frozenset({
    "AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api", "AWS::AppSync::GraphQLApi",
})  # fmt: skip
SHOWN = {
    "AWS::Cognito::UserPool": "browsers sign users in to {}",
    **dict.fromkeys(ANSWERING, "browsers receive what {} answers"),
}
PERSONAL = ("email", "email-json", "sms")
WEB = ("http", "https")
EVENT_PATHS = {  # where a source's content stands in the event, by kind of entry
    "queue": "event.Records[].body",
    "topic": "event.Records[].Sns.Message",
    "event": "event.detail",
    "direct": "event",
    "appsync": "event.arguments",
    "trigger": "event.request.userAttributes",
}
STREAM_PATHS = {
    "AWS::DynamoDB::Table": ("event.Records[].dynamodb.NewImage", "event.Records[].dynamodb.Keys"),
    "AWS::DynamoDB::GlobalTable": ("event.Records[].dynamodb.NewImage",),
}
MADE = frozenset({"event", "appsync"})  # kinds whose event a relay or a resolver may make
ASKED = frozenset({"http", "websocket", "url", "appsync"})  # kinds whose caller gets a response
SENT: tuple[
    tuple[str, Path, str], ...
] = (  # type, property path, wording; content goes from the resource to what the path names
    ("AWS::SQS::Queue", ("RedrivePolicy", "deadLetterTargetArn"), "gives up messages to"),
    ("AWS::SNS::Topic", ("Subscription", "*", "Endpoint"), "publishes to"),
    (
        "AWS::KinesisFirehose::DeliveryStream",
        ("S3DestinationConfiguration", "BucketARN"),
        "delivers to",
    ),
    (
        "AWS::KinesisFirehose::DeliveryStream",
        ("ExtendedS3DestinationConfiguration", "BucketARN"),
        "delivers to",
    ),
    *(
        ("AWS::KinesisFirehose::DeliveryStream", path, "delivers to")
        for path in (
            ("AmazonOpenSearchServerlessDestinationConfiguration", "CollectionEndpoint"),
            ("AmazonopensearchserviceDestinationConfiguration", "DomainARN"),
            ("ElasticsearchDestinationConfiguration", "DomainARN"),
            ("RedshiftDestinationConfiguration", "ClusterJDBCURL"),
            ("RedshiftDestinationConfiguration", "S3Configuration", "BucketARN"),
            ("IcebergDestinationConfiguration", "S3Configuration", "BucketARN"),
        )
    ),
    *(
        ("AWS::IoT::TopicRule", ("TopicRulePayload", "Actions", "*", *path), "hands messages to")
        for path in (
            ("S3", "BucketName"),
            ("DynamoDB", "TableName"),
            ("DynamoDBv2", "PutItem", "TableName"),
            ("Sqs", "QueueUrl"),
            ("Sns", "TargetArn"),
            ("Kinesis", "StreamName"),
            ("Firehose", "DeliveryStreamName"),
            ("StepFunctions", "StateMachineName"),
            ("CloudwatchLogs", "LogGroupName"),
        )
    ),
    ("AWS::SES::ReceiptRule", ("Rule", "Actions", "*", "S3Action", "BucketName"), "puts mail into"),
    ("AWS::SES::ReceiptRule", ("Rule", "Actions", "*", "SNSAction", "TopicArn"), "sends mail to"),
    ("AWS::DynamoDB::Table", ("KinesisStreamSpecification", "StreamArn"), "streams to"),
    ("AWS::Lambda::Function", ("DeadLetterConfig", "TargetArn"), "gives up events to"),
    (
        "AWS::S3::Bucket",
        ("ReplicationConfiguration", "Rules", "*", "Destination", "Bucket"),
        "copies to",
    ),
)
TAKEN: tuple[
    tuple[str, Path, str], ...
] = (  # content comes to the resource from what the path names
    (
        "AWS::KinesisFirehose::DeliveryStream",
        ("KinesisStreamSourceConfiguration", "KinesisStreamARN"),
        "reads",
    ),
    (
        "AWS::CloudFront::Distribution",
        ("DistributionConfig", "Origins", "*", "DomainName"),
        "serves",
    ),
    (
        "AWS::CloudFront::StreamingDistribution",
        ("StreamingDistributionConfig", "S3Origin", "DomainName"),
        "serves",
    ),
)
SUBSCRIBING = frozenset({"AWS::SNS::Topic", "AWS::SNS::Subscription"})
RELAYS: dict[
    str, tuple[Path, Path]
] = {  # source property, target property: both name other resources
    "AWS::SNS::Subscription": (("TopicArn",), ("Endpoint",)),
    "AWS::Logs::SubscriptionFilter": (("LogGroupName",), ("DestinationArn",)),
    "AWS::Lambda::EventInvokeConfig": (
        ("FunctionName",),
        ("DestinationConfig", "*", "Destination"),
    ),
    "AWS::Lambda::EventSourceMapping": (
        ("EventSourceArn",),
        ("DestinationConfig", "OnFailure", "Destination"),
    ),
}


def _by_type(rules: Iterable[tuple[str, Path, str]]) -> dict[str, list[tuple[Path, str]]]:
    found: defaultdict[str, list[tuple[Path, str]]] = defaultdict(list)
    for type, path, verb in rules:
        found[type].append((path, verb))
    return dict(found)


SENT_BY, TAKEN_BY = _by_type(SENT), _by_type(TAKEN)


def wiring(directory: Directory, entries: Iterable[Entry]) -> Iterator[Flow]:
    """Yield the flows that templates state."""
    for entry in entries:
        yield from _arrivals(directory, entry)
        if entry.kind in ASKED and entry.source in directory.resources:
            said = f"{entry.source.rpartition('/')[2]} returns what the function answers"
            source, target = Slot(f"{entry.function}@response"), Slot(entry.source, "response")
            yield wire(source, target, entry.id, Evidence(said, entry.place))
    for resource in directory.resources.values():
        if resource.type not in SUBSCRIBING:
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
                yield wire(Slot(topic), Slot(host, "body"), resource.id, note)


def _subscriptions(directory: Directory, resource: Resource) -> Iterator[tuple[str, Value]]:
    """Yield topics with what subscribes to them: a resource's properties, or an item's."""
    listed = resource.value("Subscription")
    if resource.type == "AWS::SNS::Subscription":
        for topic in directory.find(resource.value("TopicArn"), directory.deployment(resource.id)):
            yield topic, resource.properties
    elif resource.type == "AWS::SNS::Topic" and isinstance(listed, list):
        yield from ((resource.id, item) for item in listed)


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
    for path in event_paths(directory, entry):
        yield wire(Slot(entry.source), Slot(entry.function, path), entry.id, note)


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
        return STREAM_PATHS.get(source.type, ("event.Records[].kinesis.data",))
    known = source is not None or entry.source.endswith("@default-bus")
    return (EVENT_PATHS[entry.kind],) if known and entry.kind in EVENT_PATHS else ()


def _attached(directory: Directory, resource: Resource) -> Iterator[Flow]:
    for path, verb in SENT_BY.get(resource.type, ()):
        for target, place in _named(directory, resource, path):
            note = Evidence(f"{resource.name} {verb} {_short(target)}", resource.where(place))
            yield wire(Slot(resource.id), Slot(target), resource.id, note)
    for path, verb in TAKEN_BY.get(resource.type, ()):
        for source, place in _named(directory, resource, path):
            note = Evidence(f"{resource.name} {verb} {_short(source)}", resource.where(place))
            yield wire(Slot(source), Slot(resource.id), resource.id, note)
    if resource.type in RELAYS:
        yield from _relay(directory, resource, *RELAYS[resource.type])


def subscribed(directory: Directory) -> Iterator[Flow]:
    """Yield what topics hand on to others than functions."""
    for resource in directory.resources.values():
        if resource.type in SUBSCRIBING:
            yield from _attached(directory, resource)


def _relay(directory: Directory, relay: Resource, origin: Path, target: Path) -> Iterator[Flow]:
    for source, _ in _named(directory, relay, origin):
        for to, place in _named(directory, relay, target):
            if directory.resources[to].type == "AWS::Lambda::Function":
                continue  # an Entry says so already
            said = f"{_short(source)} passes its content on to {_short(to)}"
            note = Evidence(said, relay.where(place))
            yield wire(Slot(source), Slot(to), relay.id, note)


def _named(directory: Directory, resource: Resource, path: Path) -> Iterator[tuple[str, Path]]:
    """Yield the resources named at a path (``*`` is any key or index), and where exactly."""
    deployment = directory.deployment(resource.id)
    for place, value in _at(resource.properties, path, ()):
        for id in directory.find(value, deployment):
            if id != resource.id:
                yield id, place


def _at(value: Value, path: Path, done: Path) -> Iterator[tuple[Path, Value]]:
    for option in alternatives(value):
        if not path:
            yield done, option
        elif isinstance(option, dict):
            keys = list(option) if path[0] == "*" else [path[0]]
            for key in keys:
                yield from _at(option.get(key), path[1:], (*done, key))
        elif isinstance(option, list) and path[0] == "*":
            for index, item in enumerate(option):
                yield from _at(item, path[1:], (*done, index))


def _short(id: str) -> str:
    return id.rpartition("/")[2]
