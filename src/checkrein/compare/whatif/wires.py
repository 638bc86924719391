"""What joins resources without code: triggers, subscriptions, destinations; and how each goes away.

One wire may stand in several places: an event source and the permission that lets it start the
function. Both go, or what is left would speak of a trigger that nobody here has read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from checkrein.derive.content.words import short
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Change, Path, Place, Resource, Value
from checkrein.model.values import alternatives

FUNCTION = "AWS::Lambda::Function"
PERMISSION = "AWS::Lambda::Permission"
MAPPING = "AWS::Lambda::EventSourceMapping"
POLLING = (  # how AWS's policies end that let a function poll its source
    "SQSQueueExecutionRole", "DynamoDBExecutionRole", "KinesisExecutionRole", "MSKExecutionRole",
)  # fmt: skip
ITSELF: Path = ()
# Types that are a wire as a whole: where they name their source (none: themselves) and target.
WHOLE: dict[str, tuple[Path, Path]] = {
    MAPPING: (("EventSourceArn",), ("FunctionName",)),
    "AWS::SNS::Subscription": (("TopicArn",), ("Endpoint",)),
    "AWS::Scheduler::Schedule": (ITSELF, ("Target", "Arn")),
    "AWS::Pipes::Pipe": (("Source",), ("Target",)),
    "AWS::Logs::SubscriptionFilter": (("LogGroupName",), ("DestinationArn",)),
    "AWS::Lambda::Url": (ITSELF, ("TargetFunctionArn",)),
    "AWS::ApiGateway::Method": (("RestApiId",), ("Integration", "Uri")),
    "AWS::ApiGatewayV2::Integration": (("ApiId",), ("IntegrationUri",)),
    "AWS::SecretsManager::RotationSchedule": (("SecretId",), ("RotationLambdaARN",)),
}
# Properties that are wires: what goes (``*``: any key or index), and where below it the target is.
PARTS: dict[str, tuple[tuple[Path, Path], ...]] = {
    "AWS::S3::Bucket": (
        (("NotificationConfiguration", "LambdaConfigurations", "*"), ("Function",)),
        (("NotificationConfiguration", "QueueConfigurations", "*"), ("Queue",)),
        (("NotificationConfiguration", "TopicConfigurations", "*"), ("Topic",)),
        (("ReplicationConfiguration", "Rules", "*"), ("Destination", "Bucket")),
    ),
    "AWS::SNS::Topic": ((("Subscription", "*"), ("Endpoint",)),),
    "AWS::Events::Rule": ((("Targets", "*"), ("Arn",)),),
    "AWS::Cognito::UserPool": (
        (("LambdaConfig", "*"), ITSELF),
        (("LambdaConfig", "*"), ("LambdaArn",)),
    ),
    "AWS::SQS::Queue": ((("RedrivePolicy",), ("deadLetterTargetArn",)),),
    FUNCTION: ((("DeadLetterConfig",), ("TargetArn",)),),
    "AWS::Lambda::EventInvokeConfig": ((("DestinationConfig", "*"), ("Destination",)),),
    "AWS::DynamoDB::Table": ((("KinesisStreamSpecification",), ("StreamArn",)),),
    "AWS::ApiGateway::RestApi": (
        (("Body", "paths", "*", "*"), ("x-amazon-apigateway-integration", "uri")),
    ),
    "AWS::ApiGatewayV2::Api": (
        (("Body", "paths", "*", "*"), ("x-amazon-apigateway-integration", "uri")),
    ),
    "AWS::IoT::TopicRule": (
        (("TopicRulePayload", "Actions", "*"), ("Lambda", "FunctionArn")),
    ),
    "AWS::ElasticLoadBalancingV2::TargetGroup": ((("Targets", "*"), ("Id",)),),
}  # fmt: skip
SOURCES = {
    "AWS::Events::Rule": ("EventBusName",),
    "AWS::Lambda::EventInvokeConfig": ("FunctionName",),
}
SERVICES = {  # who starts functions for a type, where a permission names no source
    "AWS::S3::Bucket": "s3.amazonaws.com",
    "AWS::SNS::Topic": "sns.amazonaws.com",
    "AWS::Events::Rule": "events.amazonaws.com",
    "AWS::Cognito::UserPool": "cognito-idp.amazonaws.com",
    "AWS::ApiGateway::RestApi": "apigateway.amazonaws.com",
    "AWS::ApiGatewayV2::Api": "apigateway.amazonaws.com",
    "AWS::Lambda::Url": "*",
}


class Wire(Struct, frozen=True):
    """One thing that hands content, or control, from ``source`` to ``target`` by itself.

    ``changes`` take it out of the facts. ``holder`` is the resource that says it.
    """

    source: str
    target: str
    holder: str
    text: str
    place: Place
    changes: tuple[Change, ...]


def wires(directory: Directory) -> Iterator[Wire]:
    """Yield every wire of an app."""
    for resource in directory.resources.values():
        ends = {
            (item, source, target): None
            for item, value in _named(resource)
            for target in _of_app(directory, resource, value)
            for source in _sources(directory, resource)
            if source != target
        }
        for item, source, target in ends:
            yield _wire(directory, resource, item, source, target)


def _wire(directory: Directory, holder: Resource, item: Path, source: str, target: str) -> Wire:
    starts = directory.resources[target].type == FUNCTION
    verb = "sets off" if starts else "hands its content on to"
    lets = [*_permissions(directory, holder, source, target)] if starts else []
    lets += _polling(directory, holder, target) if holder.type == MAPPING else ()
    return Wire(
        source=source,
        target=target,
        holder=holder.id,
        text=f"{short(source)} {verb} {short(target)}",
        place=holder.where(item),
        changes=tuple(Change(id, path, "remove") for id, path in ((holder.id, item), *lets)),
    )


def _named(resource: Resource) -> Iterator[tuple[Path, Value]]:
    """Yield each wire that a resource says: what goes, and the value that names its target."""
    if resource.type in WHOLE:
        yield ITSELF, resource.value(WHOLE[resource.type][1])
    for item, below in PARTS.get(resource.type, ()):
        for path in _paths(resource.properties, item):
            yield path, resource.value((*path, *below))


def _paths(value: Any, pattern: Path) -> Iterator[Path]:
    """Yield the paths in a value that look like a pattern; none below what is conditional."""
    if not pattern:
        yield ()
        return
    if isinstance(value, dict):
        keys: list[Any] = (
            list(value) if pattern[0] == "*" else [k for k in pattern[:1] if k in value]
        )
    elif isinstance(value, list) and pattern[0] == "*":
        keys = list(range(len(value)))
    else:
        return
    for key in keys:
        yield from ((key, *rest) for rest in _paths(value[key], pattern[1:]))


def _sources(directory: Directory, holder: Resource) -> tuple[str, ...]:
    path = WHOLE[holder.type][0] if holder.type in WHOLE else SOURCES.get(holder.type, ITSELF)
    found = _of_app(directory, holder, holder.value(path)) if path else ()
    return found or (holder.id,)


def _of_app(directory: Directory, holder: Resource, value: Value) -> tuple[str, ...]:
    deployment = directory.deployment(holder.id)
    options = [each for each in alternatives(value) if not isinstance(each, (dict, list))]
    return tuple(dict.fromkeys(id for one in options for id in directory.find(one, deployment)))


def _permissions(
    directory: Directory, holder: Resource, source: str, target: str
) -> Iterator[tuple[str, Path]]:
    """Yield the permissions that only let this source start its target."""
    deployment = directory.deployment(holder.id)
    for each in directory.members(deployment):
        if each.type == PERMISSION and target in _of_app(
            directory, each, each.value("FunctionName")
        ):
            named = _of_app(directory, each, each.value("SourceArn"))
            service = SERVICES.get(holder.type, "-")
            if {source, holder.id} & set(named) or (
                each.value("SourceArn") is None and each.value("Principal") == service
            ):
                yield each.id, ITSELF


def _polling(directory: Directory, mapping: Resource, function: str) -> Iterator[tuple[str, Path]]:
    """Yield the policies that SAM gives a function's role only because it polls such a source."""
    members = directory.members(directory.deployment(mapping.id))
    others = [
        each
        for each in members
        if each.type == MAPPING
        and each.id != mapping.id
        and function in _of_app(directory, each, each.value("FunctionName"))
    ]
    role = directory.resources.get(f"{function}Role")
    if not mapping.source_type or others or role is None:
        return
    for at, arn in enumerate(role.value("ManagedPolicyArns") or ()):
        generated = not role.origin(("ManagedPolicyArns", at)).path
        if generated and str(arn).endswith(POLLING):
            yield role.id, ("ManagedPolicyArns", at)
