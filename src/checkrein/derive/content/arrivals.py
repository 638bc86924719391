"""What an event says about the resource that it comes from, as the wiring fixes it.

A function reads the name of a bucket, API, pool or queue in its event. Which one can stand there
follows from the template: the bucket that notifies the function (or the topic whose messages go to
the queue that the function reads), the API that has the route, the values that a rule's pattern
lets through.

Source: AWS's documentation of the events of S3, SNS, SQS, EventBridge, DynamoDB streams, Kinesis,
API Gateway and Cognito.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from checkrein.derive.content.paths import Tokens, tokens
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Entry, Path, Resource, Symbol, Value
from checkrein.model.values import Text, alternatives, at_path

BUCKET = ("Records", "[]", "s3", "bucket")
BUCKET_OF_RULE = ("detail", "bucket", "name")
STORED = "AWS::S3::Bucket"
RULE, SUBSCRIPTION = "AWS::Events::Rule", "AWS::SNS::Subscription"
ROTATION = "AWS::SecretsManager::RotationSchedule"
HANDING = (STORED, RULE, SUBSCRIPTION, ROTATION)
NOTIFIED = (("QueueConfigurations", "Queue"), ("TopicConfigurations", "Topic"))
API: dict[Tokens, str] = {
    ("requestContext", "apiId"): "Ref",
    ("requestContext", "domainName"): "Ref",
}
POLLED: dict[Tokens, str] = {("Records", "[]", "eventSourceARN"): "Arn"}
OWN: dict[str, dict[Tokens, str]] = {  # by type of source: what in the event is its attribute
    "AWS::ApiGateway::RestApi": API,
    "AWS::ApiGatewayV2::Api": API,
    "AWS::ElasticLoadBalancingV2::TargetGroup": {
        ("requestContext", "elb", "targetGroupArn"): "Ref"
    },
    "AWS::Cognito::UserPool": {("userPoolId",): "Ref"},
    STORED: {(*BUCKET, "name"): "Ref", (*BUCKET, "arn"): "Arn"},
    "AWS::SNS::Topic": {("Records", "[]", "Sns", "TopicArn"): "Ref"},
    "AWS::SQS::Queue": POLLED,
    "AWS::DynamoDB::Table": POLLED,
    "AWS::DynamoDB::GlobalTable": POLLED,
    "AWS::Kinesis::Stream": POLLED,
    "AWS::MSK::Cluster": {("eventSourceArn",): "Ref"},
    "AWS::AmazonMQ::Broker": {("eventSourceArn",): "Arn"},
}
INSIDE = {  # by kind of entry: where the message that its source was sent stands
    "queue": ("Records", "[]", "body"),
    "topic": ("Records", "[]", "Sns", "Message"),
}
MOST_HOPS = 4  # from a source to the function; cycles of queues and rules end here


class Arrivals:
    """What stands in events, for all functions of an app."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory

    def said(self, entries: Iterable[Entry], path: Tokens) -> tuple[Value, ...]:
        """Return what may stand at a path of a function's event; () where no wiring says it."""
        found: dict[str, Value] = {}
        for entry in entries:
            for value in self._of_entry(entry, path):
                found.setdefault(repr(value), value)
        return tuple(found.values())

    def _of_entry(self, entry: Entry, path: Tokens) -> Iterator[Value]:
        source = self.directory.resources.get(entry.source)
        attribute = OWN.get(source.type, {}).get(path) if source else None
        if attribute:
            yield Symbol(entry.source, attribute)
        elif entry.kind in INSIDE and path[: len(INSIDE[entry.kind])] == INSIDE[entry.kind]:
            yield from self._message(entry.source, path[len(INSIDE[entry.kind]) :], MOST_HOPS)
        elif entry.kind == "event":
            yield from self._message(entry.function, path, MOST_HOPS)
        elif entry.kind == "trigger" and path == ("SecretId",):
            rotations = self._sources.get((entry.function, ROTATION))
            yield from (rotation.value("SecretId") for rotation, _ in rotations or ())

    def _message(self, node: str, path: Tokens, hops: int) -> Iterator[Value]:
        """Yield what may stand at a path of the messages that a queue, topic or function gets."""
        if not hops:
            return
        for bucket, _ in self._sources.get((node, STORED), ()):
            if path in OWN[STORED]:
                yield Symbol(bucket.id, OWN[STORED][path])
        for rule, at in self._sources.get((node, RULE), ()):
            yield from self._matched(rule, rule.value(at), path)
        for subscription, _ in self._sources.get((node, SUBSCRIPTION), ()):
            raw = subscription.value("RawMessageDelivery") in (True, "true")
            if raw or path[:1] == ("Message",):
                deployment = self.directory.deployment(subscription.id)
                for topic in self.directory.find(subscription.value("TopicArn"), deployment):
                    yield from self._message(topic, path if raw else path[1:], hops - 1)

    def _matched(self, rule: Resource, target: Value, path: Tokens) -> Iterator[Value]:
        """Yield what a rule's pattern lets stand at a path of the events that it hands on."""
        target = target if isinstance(target, dict) else {}
        if "Input" in target or "InputTransformer" in target:
            return
        chosen = target.get("InputPath")
        if isinstance(chosen, str):
            path = (*tokens(chosen.removeprefix("$")), *path)
        pattern = rule.value("EventPattern")
        wanted = at_path(pattern, tuple(step for step in path if step != "[]"))
        if isinstance(wanted, list):
            yield from (v for v in wanted if isinstance(v, (str, Symbol, Text)))
        elif path == BUCKET_OF_RULE and "aws.s3" in _list(at_path(pattern, ("source",))):
            deployment = self.directory.deployment(rule.id)
            for member in self.directory.members(deployment):
                if member.type == STORED and _tells_rules(member):
                    yield Symbol(member.id, "Ref")

    @cached_property
    def _sources(self) -> dict[tuple[str, str], list[tuple[Resource, Path]]]:
        """What hands on to a node, by the node and the type of what hands on, and where it says."""
        found: defaultdict[tuple[str, str], list[tuple[Resource, Path]]] = defaultdict(list)
        for resource in self.directory.of_type(*HANDING):
            for at, value in _handed(resource):
                deployment = self.directory.deployment(resource.id)
                for node in self.directory.find(value, deployment):
                    found[node, resource.type].append((resource, at))
        return dict(found)


def _handed(resource: Resource) -> Iterator[tuple[Path, Value]]:
    """Yield who gets what a resource hands on, and where it says so."""
    if resource.type == STORED:
        for list_name, name in NOTIFIED:
            for each in _list(resource.value(("NotificationConfiguration", list_name))):
                yield (), at_path(each, (name,))
    elif resource.type == RULE:
        for index, target in enumerate(_list(resource.value("Targets"))):
            yield ("Targets", index), at_path(target, ("Arn",))
    elif resource.type == SUBSCRIPTION:
        yield (), resource.value("Endpoint")
    elif resource.type == ROTATION:
        yield (), resource.value("RotationLambdaARN")


def _tells_rules(bucket: Resource) -> bool:
    at = ("NotificationConfiguration", "EventBridgeConfiguration")
    said = bucket.value(at)
    return said is not None and bucket.value((*at, "EventBridgeEnabled")) not in (False, "false")


def _list(value: Value) -> list[Value]:
    return next((option for option in alternatives(value) if isinstance(option, list)), [])
