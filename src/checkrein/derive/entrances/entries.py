"""Ways into functions, and who may use them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from checkrein.derive.content.bindings import Binding, default_bus
from checkrein.derive.entrances.authorizers import ANYONE, FUNCTION
from checkrein.derive.entrances.balancers import balanced_identity
from checkrein.derive.entrances.called import CALLING, called
from checkrein.derive.entrances.entry import entry
from checkrein.derive.entrances.routes import routes
from checkrein.derive.entrances.shaped import is_shaped
from checkrein.derive.entrances.started import CONTAINED, own_entries, service_entries
from checkrein.derive.stacks.boundary import Boundary
from checkrein.derive.stacks.directory import Directory
from checkrein.model import CallSite, Entry, Evidence, Path, Resource, Value
from checkrein.model.values import alternatives, symbols
from checkrein.model.workloads import runs_code

POLLED = {  # event source by the type of its ARN's resource: kind, principal
    "AWS::SQS::Queue": ("queue", "sqs.amazonaws.com"),
    "AWS::DynamoDB::Table": ("stream", "dynamodb.amazonaws.com"),
    "AWS::DynamoDB::GlobalTable": ("stream", "dynamodb.amazonaws.com"),
    "AWS::Kinesis::Stream": ("stream", "kinesis.amazonaws.com"),
    "AWS::Kinesis::StreamConsumer": ("stream", "kinesis.amazonaws.com"),
    "AWS::MSK::Cluster": ("stream", "kafka.amazonaws.com"),
    "AWS::AmazonMQ::Broker": ("queue", "mq.amazonaws.com"),
    "AWS::DocDB::DBCluster": ("stream", "rds.amazonaws.com"),
}
SWITCHES = {  # triggers that can be off: the property that says so, and how
    "AWS::Lambda::EventSourceMapping": ("Enabled", (False, "false")),
    "AWS::Events::Rule": ("State", ("DISABLED",)),
    "AWS::Scheduler::Schedule": ("State", ("DISABLED",)),
    "AWS::Pipes::Pipe": ("DesiredState", ("STOPPED",)),
}
PERMITTED = {  # principals whose wiring stands in no template that we read
    "apigateway.amazonaws.com": "http",
    "iot.amazonaws.com": "topic",
    "alexa-appkit.amazon.com": "direct",
    "lex.amazonaws.com": "direct",
    "lexv2.amazonaws.com": "direct",
    "config.amazonaws.com": "event",
    "s3.amazonaws.com": "bucket",
    "sns.amazonaws.com": "topic",
    "events.amazonaws.com": "event",
    "cognito-idp.amazonaws.com": "trigger",
    "logs.amazonaws.com": "event",
    "secretsmanager.amazonaws.com": "trigger",
    "appsync.amazonaws.com": "appsync",
    "elasticloadbalancing.amazonaws.com": "http",
    "*": "direct",
}
STARTS = {"lambda": ("Invoke",), "ecs": ("RunTask", "StartTask"), "batch": ("SubmitJob",)}
PERMITTED_AS = {"websocket": "http"}  # what a permission to the same principal is taken for


def entries(directory: Directory, boundary: Boundary) -> Iterator[Entry]:
    """Yield every way into a function, each once."""
    found: dict[str, Entry] = {}
    resources = directory.resources.values()
    live = [r for r in resources if not is_off(r)]
    for each in boundary.over(live, lambda r: (*routes(directory, r), *_wired(directory, r))):
        found.setdefault(each.id, each)
    off = boundary.over(filter(is_off, resources), lambda r: _wired(directory, r))
    wired = (*found.values(), *off)
    known = {
        (each.function, key)
        for each in wired
        for key in (each.kind, PERMITTED_AS.get(each.kind), each.identity, each.source)
    }
    yield from found.values()
    permissions = directory.of_type("AWS::Lambda::Permission")
    for each in boundary.over(permissions, lambda r: _permitted(directory, r)):
        if not _said(each, known):
            yield each


def invocations(bindings: Iterable[Binding], roles: Mapping[str, str]) -> Iterator[Entry]:
    """Yield the ways in that other functions' code opens: they call, as whom they run."""
    found: dict[str, Entry] = {}
    for binding in bindings:
        caller = binding.function
        for index, site in enumerate(binding.summary.calls):
            if site.operation.startswith(STARTS.get(site.service, ("-",))):
                for target in _run(binding, index):
                    each = entry(
                        target, "direct", roles.get(caller.id, ""), caller,
                        asynchronous=site.service != "lambda" or _is_event(site),
                    )  # fmt: skip
                    found.setdefault(each.id, replace(each, evidence=(_called(site, target),)))
    yield from found.values()


def _run(binding: Binding, site: int) -> list[str]:
    """Return what runs code among what a call addresses: a task, not its cluster."""
    known = binding.directory.resources
    return [each for each in binding.targets.get(site, ()) if runs_code(known[each].type)]


def _is_event(site: CallSite) -> bool:
    kinds = [a.value for a in site.arguments if a.path == "InvocationType"]
    return site.operation == "InvokeAsync" or kinds == ["Event"]


def _called(site: CallSite, target: str) -> Evidence:
    return Evidence(f"code invokes {target.rpartition('/')[2]}", site.place)


def _said(each: Entry, known: set[tuple[str, str | None]]) -> bool:
    """Tell whether wiring says already what a permission only allows."""
    return any((each.function, key) in known for key in (each.kind, each.identity, each.source))


def _wired(directory: Directory, resource: Resource) -> Iterator[Entry]:
    reader = READERS.get(resource.type)
    if reader:
        yield from reader(directory, resource)
    elif resource.value("ServiceToken") is not None:
        yield from _invoked(directory, resource, ("ServiceToken",), "custom-resource")


def is_off(trigger: Resource) -> bool:
    """Tell whether a trigger is deployed switched off."""
    property, off = SWITCHES.get(trigger.type, ("", ()))
    return bool(property) and trigger.value(property) in off


TARGETS = ("EcsParameters", "BatchParameters")  # of rules and schedules: tasks and jobs
PIPED = ("EcsTaskParameters", "BatchJobParameters")
PRINCIPALS = {
    "custom-resource": "cloudformation.amazonaws.com",
    "bucket": "s3.amazonaws.com",
    "topic": "sns.amazonaws.com",
    "event": "events.amazonaws.com",
    "schedule": "events.amazonaws.com",
    "trigger": "cognito-idp.amazonaws.com",
}


def _invoked(
    directory: Directory, source: Resource, path: Path, kind: str, **extra: Any
) -> Iterator[Entry]:
    """Yield an entry for each function that the value at ``path`` names."""
    deployment = directory.deployment(source.id)
    identity = extra.pop("identity", PRINCIPALS.get(kind, ""))
    types = extra.pop("types", FUNCTION)
    for function in directory.find(source.value(path), deployment, types):
        yield entry(function, kind, identity, source, at=path, **extra)


def _started(
    directory: Directory, source: Resource, base: Path, names: tuple[str, str], **extra: Any
) -> Iterator[Entry]:
    """Yield an entry for each task and job that a target below ``base`` starts."""
    members = zip(names, ("TaskDefinitionArn", "JobDefinition"), strict=True)
    for path in ((*base, name, member) for name, member in members):
        yield from _invoked(
            directory, source, path, types=CONTAINED, said="starts", asynchronous=True, **extra
        )


def _mapping(directory: Directory, mapping: Resource) -> Iterator[Entry]:
    deployment = directory.deployment(mapping.id)
    value = mapping.value("EventSourceArn")
    functions = directory.find(mapping.value("FunctionName"), deployment, FUNCTION)
    sources = directory.find(value, deployment)
    for function in functions:
        for id in sources:
            kind, principal = POLLED.get(directory.resources[id].type, ("stream", "unknown"))
            yield entry(function, kind, principal, mapping, origin=id)
        if not sources:
            kind, principal = _polled_by_text(str(value))
            yield entry(function, kind, principal, mapping, origin=str(value))


def _polled_by_text(arn: str) -> tuple[str, str]:
    for _, (kind, principal) in sorted(POLLED.items()):
        if f":{principal.partition('.')[0]}:" in arn:
            return kind, principal
    return "stream", "unknown"


def _bucket(directory: Directory, bucket: Resource) -> Iterator[Entry]:
    base = ("NotificationConfiguration", "LambdaConfigurations")
    for index, rule in enumerate(_list(bucket.value(base))):
        route = _bucket_route(rule)
        yield from _invoked(
            directory, bucket, (*base, index, "Function"), "bucket", route=route, asynchronous=True
        )


def _bucket_route(rule: Value) -> str:
    """Return ``s3:ObjectCreated:* prefix*suffix`` for a notification rule."""
    if not isinstance(rule, dict):
        return ""
    names = {"prefix": "", "suffix": ""}
    filters = rule.get("Filter") or {}
    for each in _list(
        (filters.get("S3Key") or {}).get("Rules") if isinstance(filters, dict) else []
    ):
        if isinstance(each, dict):
            names[str(each.get("Name", "")).lower()] = str(each.get("Value", ""))
    return f"{rule.get('Event', '')} {names['prefix']}*{names['suffix']}"


def _subscription(directory: Directory, subscription: Resource) -> Iterator[Entry]:
    topics = directory.find(
        subscription.value("TopicArn"), directory.deployment(subscription.id), ("AWS::SNS::Topic",)
    )
    for origin in topics or (str(subscription.value("TopicArn")),):
        yield from _invoked(
            directory, subscription, ("Endpoint",), "topic", origin=origin, asynchronous=True
        )


def _topic(directory: Directory, topic: Resource) -> Iterator[Entry]:
    for index, _ in enumerate(_list(topic.value("Subscription"))):
        at = ("Subscription", index, "Endpoint")
        yield from _invoked(directory, topic, at, "topic", asynchronous=True)


def _rule(directory: Directory, rule: Resource) -> Iterator[Entry]:
    kind = "schedule" if rule.value("ScheduleExpression") is not None else "event"
    deployment = directory.deployment(rule.id)
    buses = directory.find(rule.value("EventBusName"), deployment)
    if not buses and listens_to_apps(rule):
        buses = (default_bus(deployment),)
    for index, target in enumerate(_list(rule.value("Targets"))):
        shaped = bool(buses) and is_shaped(target)
        for origin in buses or (rule.id,):
            at = ("Targets", index, "Arn")
            yield from _invoked(
                directory, rule, at, kind, origin=origin, asynchronous=True, proxy=not shaped
            )
            base = ("Targets", index)
            yield from _started(directory, rule, base, TARGETS, kind=kind, origin=origin)


def listens_to_apps(rule: Resource) -> bool:
    """Tell whether a rule takes events from the default bus that AWS did not send itself."""
    pattern = rule.value("EventPattern")
    sources = pattern.get("source") if isinstance(pattern, dict) else None
    named = sources if isinstance(sources, list) else [sources]
    own = all(isinstance(name, str) and name.startswith("aws.") for name in named)
    return isinstance(pattern, dict) and not own and rule.value("EventBusName") in (None, "default")


def _schedule(directory: Directory, schedule: Resource) -> Iterator[Entry]:
    identity = "scheduler.amazonaws.com"
    yield from _invoked(
        directory, schedule, ("Target", "Arn"), "schedule", identity=identity, asynchronous=True
    )
    extra = {"kind": "schedule", "identity": identity}
    yield from _started(directory, schedule, ("Target",), TARGETS, **extra)


def _pipe(directory: Directory, pipe: Resource) -> Iterator[Entry]:
    sources = directory.find(pipe.value("Source"), directory.deployment(pipe.id)) or (pipe.id,)
    for origin in sources:
        for name in ("Target", "Enrichment"):
            identity = "pipes.amazonaws.com"
            yield from _invoked(
                directory, pipe, (name,), "event", identity=identity, origin=origin, proxy=False
            )
        extra = {"kind": "event", "identity": "pipes.amazonaws.com", "origin": origin}
        yield from _started(directory, pipe, ("TargetParameters",), PIPED, **extra)


def _pool(directory: Directory, pool: Resource) -> Iterator[Entry]:
    triggers = pool.value("LambdaConfig")
    for name in triggers if isinstance(triggers, dict) else ():
        at: Path = ("LambdaConfig", name)
        if isinstance(pool.value(at), dict):
            at = (*at, "LambdaArn")
        yield from _invoked(directory, pool, at, "trigger", route=name)


def _machine(directory: Directory, machine: Resource) -> Iterator[Entry]:
    """Functions that a state machine's definition names, by reference or by substitution."""
    deployment = directory.deployment(machine.id)
    found: dict[str, Path] = {}
    for name in ("DefinitionString", "Definition", "DefinitionSubstitutions"):
        for symbol in symbols(machine.value((name,))):
            for function in directory.find(symbol, deployment, (*FUNCTION, *CONTAINED)):
                found.setdefault(function, (name,))
        for text in _literals(machine.value((name,))):
            for function in directory.find(text, deployment, FUNCTION):
                found.setdefault(function, (name,))
    for function, at in found.items():
        yield entry(function, "direct", "states.amazonaws.com", machine, at=at)


def _literals(value: Value) -> Iterator[str]:
    if isinstance(value, str) and value.startswith("arn:"):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _literals(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _literals(inner)


def _configuration(directory: Directory, rotation: Resource) -> Iterator[Entry]:
    identity = "secretsmanager.amazonaws.com"
    at = ("RotationLambdaARN",)
    yield from _invoked(directory, rotation, at, "trigger", identity=identity)


def _distribution(directory: Directory, distribution: Resource) -> Iterator[Entry]:
    deployment = directory.deployment(distribution.id)
    config = distribution.value("DistributionConfig")
    for association in _associations(config):
        for function in directory.find(association, deployment, FUNCTION):
            yield entry(function, "http", ANYONE, distribution, route="edge")


def _associations(value: Value) -> Iterator[Value]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == "LambdaFunctionARN":
                yield inner
            else:
                yield from _associations(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _associations(inner)


def _subscription_filter(directory: Directory, resource: Resource) -> Iterator[Entry]:
    groups = directory.find(resource.value("LogGroupName"), directory.deployment(resource.id))
    for origin in groups or (resource.id,):
        yield from _invoked(
            directory, resource, ("DestinationArn",), "event",
            identity="logs.amazonaws.com", origin=origin, asynchronous=True,
        )  # fmt: skip


def _target_group(directory: Directory, group: Resource) -> Iterator[Entry]:
    for index, _ in enumerate(_list(group.value("Targets"))):
        at = ("Targets", index, "Id")
        yield from _invoked(
            directory, group, at, "http", identity=balanced_identity(directory, group)
        )


def _permitted(directory: Directory, permission: Resource) -> Iterator[Entry]:
    principal = permission.value("Principal")
    kind = PERMITTED.get(principal) if isinstance(principal, str) else None
    if kind is None or permission.value("FunctionUrlAuthType") is not None:
        return
    identity = ANYONE if principal == "*" else str(principal)
    deployment = directory.deployment(permission.id)
    sources = directory.find(permission.value("SourceArn"), deployment)
    for function in directory.find(permission.value("FunctionName"), deployment, FUNCTION):
        yield entry(
            function, kind, identity, permission, origin=sources[0] if sources else permission.id
        )


def _list(value: Value) -> list[Value]:
    for option in alternatives(value):
        if isinstance(option, list):
            return option
    return []


READERS: dict[str, Callable[[Directory, Resource], Iterator[Entry]]] = {
    "AWS::Lambda::EventSourceMapping": _mapping,
    "AWS::S3::Bucket": _bucket,
    "AWS::SNS::Subscription": _subscription,
    "AWS::SNS::Topic": _topic,
    "AWS::Events::Rule": _rule,
    "AWS::Scheduler::Schedule": _schedule,
    "AWS::Pipes::Pipe": _pipe,
    "AWS::Cognito::UserPool": _pool,
    "AWS::StepFunctions::StateMachine": _machine,
    "AWS::SecretsManager::RotationSchedule": _configuration,
    "AWS::CloudFront::Distribution": _distribution,
    "AWS::Logs::SubscriptionFilter": _subscription_filter,
    "AWS::ElasticLoadBalancingV2::TargetGroup": _target_group,
    "AWS::ECS::Service": service_entries,
    "AWS::ECS::ExpressGatewayService": own_entries,
    "AWS::AppRunner::Service": own_entries,
    **dict.fromkeys(CALLING, called),
}
