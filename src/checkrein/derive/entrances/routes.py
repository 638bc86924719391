"""Ways into functions through APIs: REST, HTTP and WebSocket APIs, function URLs, AppSync."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checkrein.derive.entrances.allowed import is_refused
from checkrein.derive.entrances.authorizers import (
    ANYONE,
    FUNCTION,
    IAM,
    NOT_KNOWN,
    dictionary,
    one,
)
from checkrein.derive.entrances.entry import entry
from checkrein.derive.entrances.graph_callers import field_identity
from checkrein.derive.entrances.graphs import fields
from checkrein.derive.entrances.mapping_templates import BODY, Reader, hands_on_nothing, quoted
from checkrein.derive.entrances.operations import (
    Operation,
    is_proxy,
    operations,
    templates,
    unauthenticated,
)
from checkrein.derive.entrances.private import exception
from checkrein.derive.entrances.proved import KEY
from checkrein.derive.entrances.started import behind
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Entry, Resource
from checkrein.model.values import alternatives


def routes(directory: Directory, resource: Resource) -> Iterator[Entry]:
    """Yield the entries that one resource opens over HTTP."""
    for operation in operations(directory, resource):
        yield from _invoked(directory, operation)
    reader = READERS.get(resource.type)
    if reader:
        yield from reader(directory, resource)


def _invoked(directory: Directory, operation: Operation) -> Iterator[Entry]:
    source, integration = operation.source, operation.integration
    deployment = directory.deployment(source.id)
    for function in directory.find(integration.get("uri"), deployment, FUNCTION):
        if is_refused(directory, operation, function):
            continue
        yield entry(
            function, operation.kind, operation.identity, source, route=operation.route,
            at=operation.at, origin=operation.api, validated=operation.validated,
            scopes=operation.scopes, unless=_unless(directory, operation),
            proof=_asked(operation), **_handed(operation),
        )  # fmt: skip
    for task in behind(directory, integration.get("uri"), deployment):
        yield entry(
            task, operation.kind, operation.identity, source, route=operation.route,
            at=operation.at, origin=operation.api, validated=operation.validated,
            scopes=operation.scopes, said="hands requests to", proof=_asked(operation),
        )  # fmt: skip


def _unless(directory: Directory, operation: Operation) -> str:
    """Return what goes on a sentence that a route invokes something."""
    if operation.identity == NOT_KNOWN:
        return ", for whom its API lets in, which is declared elsewhere"
    return exception(directory, operation.api)


def _asked(operation: Operation) -> str:
    """Return what a route asks of callers whose name it does not ask: an API key, or nothing."""
    return KEY if operation.keyed and operation.identity == ANYONE else ""


def _handed(operation: Operation) -> dict[str, Any]:
    """Return how the function gets the request, as an Entry says it."""
    if is_proxy(operation):
        return {"form": _form(operation)}
    parameters = dictionary(operation.integration.get("requestParameters"))
    kind = quoted(parameters, "integration.request.header.X-Amz-Invocation-Type")
    made = templates(operation.integration)
    content = "" if made and all(map(hands_on_nothing, made)) else "event"
    for template in made:
        for argument in Reader(operation.route).template(template):
            if argument.value == BODY:
                content = f"event.{argument.path}".rstrip(".")
    return {"proxy": False, "asynchronous": kind == "Event", "content": content}


def _form(operation: Operation) -> str:
    """Return the form of the events that an API's route makes of requests, "" where nobody says."""
    if operation.kind != "http":
        return ""
    if operation.source.type in REST:
        return "1.0"
    said = str(operation.integration.get("payloadFormatVersion"))
    return said if said in FORMS else ""


def _rest_authorizer(directory: Directory, authorizer: Resource) -> Iterator[Entry]:
    deployment = directory.deployment(authorizer.id)
    api = one(directory, authorizer.value("RestApiId") or authorizer.value("ApiId")) or authorizer
    for function in directory.find(authorizer.value("AuthorizerUri"), deployment, FUNCTION):
        who = unauthenticated(directory, api.id)
        yield entry(function, "authorizer", who, authorizer, origin=api.id)


def _body_authorizers(directory: Directory, api: Resource) -> Iterator[Entry]:
    deployment = directory.deployment(api.id)
    for body in alternatives(api.value("Body")):
        sections = {
            ("Body", "securityDefinitions"): dictionary(body).get("securityDefinitions"),
            ("Body", "components", "securitySchemes"): dictionary(
                dictionary(body).get("components")
            ).get("securitySchemes"),
        }
        for at, schemes in sections.items():
            for name, scheme in dictionary(schemes).items():
                authorizer = dictionary(dictionary(scheme).get("x-amazon-apigateway-authorizer"))
                for function in directory.find(
                    authorizer.get("authorizerUri"), deployment, FUNCTION
                ):
                    who = unauthenticated(directory, api.id)
                    yield entry(function, "authorizer", who, api, route=name, at=(*at, name))


def _quick_create(directory: Directory, api: Resource) -> Iterator[Entry]:
    deployment = directory.deployment(api.id)
    yield from _body_authorizers(directory, api)
    for function in directory.find(api.value("Target"), deployment, FUNCTION):
        route = str(api.value("RouteKey") or "$default")
        yield entry(function, "http", ANYONE, api, route=route, at=("Target",), form="2.0")


def _url(directory: Directory, url: Resource) -> Iterator[Entry]:
    deployment = directory.deployment(url.id)
    identity = {"NONE": ANYONE, "AWS_IAM": IAM}.get(str(url.value("AuthType")), NOT_KNOWN)
    for function in directory.find(url.value("TargetFunctionArn"), deployment, FUNCTION):
        yield entry(function, "url", identity, url, form="2.0")


def _data_source(directory: Directory, source: Resource) -> Iterator[Entry]:
    deployment = directory.deployment(source.id)
    api = one(directory, source.value("ApiId"))
    value = source.value("LambdaConfig.LambdaFunctionArn")
    asked = {
        field.route: not step.is_shaped
        for field in fields(directory, deployment)
        for step in field.steps
        if step.source == source
    }
    for function in directory.find(value, deployment, FUNCTION):
        origin = api.id if api else source.id
        for route, whole in (asked or {"": True}).items():
            identity = field_identity(directory, api, route) if api else ANYONE
            yield entry(
                function, "appsync", identity, source, route=route, origin=origin, proxy=whole
            )


FORMS = ("1.0", "2.0")
REST = frozenset({"AWS::ApiGateway::RestApi", "AWS::ApiGateway::Method"})
READERS = {
    "AWS::ApiGateway::RestApi": _body_authorizers,
    "AWS::ApiGateway::Authorizer": _rest_authorizer,
    "AWS::ApiGatewayV2::Api": _quick_create,
    "AWS::ApiGatewayV2::Authorizer": _rest_authorizer,
    "AWS::Lambda::Url": _url,
    "AWS::AppSync::DataSource": _data_source,
}
