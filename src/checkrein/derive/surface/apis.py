"""What APIs do by themselves, without a function, as lines: routes and resolvers of services."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.derive.entrances.authorizers import FUNCTION, one
from checkrein.derive.entrances.operations import Operation, operations
from checkrein.derive.entrances.started import behind
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.surface.graphs import visitors
from checkrein.derive.surface.people import UNCHECKED, with_key
from checkrein.derive.surface.told import Told
from checkrein.derive.surface.wording import joined
from checkrein.late import regex
from checkrein.model import Kind, Resource, Value
from checkrein.model.values import symbols

RESOLVER = "AWS::AppSync::Resolver"
STAGE = "AWS::AppSync::FunctionConfiguration"  # a step of a pipeline resolver
ASKED = regex(r"""["']?operation["']?\s*:\s*["'](\w+)["']""")
TEXTS = ("RequestMappingTemplate", "Code")
SOURCES = {  # property of a data source that names what it stands for -> the service
    "DynamoDBConfig.TableName": "dynamodb",
    "EventBridgeConfig.EventBusArn": "events",
    "RelationalDatabaseConfig.RdsHttpEndpointConfig.DbClusterIdentifier": "rds-data",
    "OpenSearchServiceConfig.Endpoint": "es",
    "HttpConfig.Endpoint": "http",
}


def apis(directory: Directory) -> Iterator[Told]:
    """Yield who may use the routes of APIs that no function answers, and what those ask for."""
    for resource in directory.resources.values():
        for operation in operations(directory, resource):
            yield from _route(directory, operation)
        if resource.type in {RESOLVER, STAGE}:
            yield from _resolver(directory, resource)


def _route(directory: Directory, operation: Operation) -> Iterator[Told]:
    kind = str(operation.integration.get("type", "")).lower()
    source = operation.source
    deployment = directory.deployment(source.id)
    uri = operation.integration.get("uri")
    by_code = directory.find(uri, deployment, FUNCTION) or behind(directory, uri, deployment)
    if kind in {"", "mock"} or by_code:
        return  # it answers by itself, or an Entry says so already
    caller = with_key(operation.identity) if operation.keyed else operation.identity
    who = (caller, *(() if operation.validated else (UNCHECKED,)))
    key = f"{operation.kind} {operation.route}"
    yield Told(Kind.ENTRY, operation.api, key, who, source.evidence)


def _resolver(directory: Directory, resolver: Resource) -> Iterator[Told]:
    api = one(directory, resolver.value("ApiId"))
    if api is None:
        return
    source = _source(directory, resolver, api)
    if source is not None and source.value("LambdaConfig") is not None:
        return  # an Entry says so already
    if resolver.type == RESOLVER:
        type, field = (str(resolver.value(name)) for name in ("TypeName", "FieldName"))
        who = visitors(directory, api, type, field)
        yield Told(Kind.ENTRY, api.id, f"appsync {type}.{field}", who, resolver.evidence)
    if source is not None:
        yield from _asked(directory, resolver, source, api)


def _source(directory: Directory, resolver: Resource, api: Resource) -> Resource | None:
    """Return the data source that a resolver names, by reference or by its name."""
    value = resolver.value("DataSourceName")
    for symbol in symbols(value):
        if symbol.owner in directory.resources:
            return directory.resources[symbol.owner]
    named = [
        member
        for member in directory.members(directory.deployment(resolver.id))
        if member.type == "AWS::AppSync::DataSource"
        and member.value("Name") == value
        and one(directory, member.value("ApiId")) == api
    ]
    return named[0] if named else None


def _asked(
    directory: Directory, resolver: Resource, source: Resource, api: Resource
) -> Iterator[Told]:
    said = [str(resolver.value(name)) for name in TEXTS if resolver.value(name) is not None]
    for path, service in SOURCES.items():
        value: Value = source.value(path)
        if value is None:
            continue
        found = directory.find(value, directory.deployment(source.id))
        target = joined(found) or str(directory.canonical(value))
        actions = {f"{service}:{asked}" for text in said for asked in ASKED.findall(text)}
        values = tuple(sorted(actions)) or (f"{service}:*",)
        yield Told(Kind.CALL, api.id, target, values, resolver.evidence)
