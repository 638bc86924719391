"""The routes of APIs, whatever stands behind them: OpenAPI bodies, methods, routes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from checkrein.derive.entrances.authorizers import (
    ANYONE,
    NOT_KNOWN,
    connect_identity,
    dictionary,
    listed_scopes,
    method_identity,
    one,
    route_identity,
    scopes,
    security,
)
from checkrein.derive.entrances.certificates import certified
from checkrein.derive.entrances.private import NETWORK, is_private
from checkrein.derive.stacks.directory import Directory, once
from checkrein.model import Path, Resource, Value
from checkrein.model.values import ELSEWHERE, PATH, alternatives, symbols

KEY_HEADER = "x-api-key"
COUNTING = "AWS::ApiGateway::RestApi"  # HTTP APIs know no API keys: they let everybody in
METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
ANY_METHOD = "x-amazon-apigateway-any-method"
INTEGRATION = "x-amazon-apigateway-integration"
VALIDATOR = "x-amazon-apigateway-request-validator"


class Operation(Struct, frozen=True):
    """A route of an API, who may call it, and its integration in OpenAPI's words.

    ``source`` says so at ``at``; ``integration`` has ``type uri subtype httpMethod credentials
    requestParameters requestTemplates passthroughBehavior payloadFormatVersion responses``;
    ``validated`` tells whether the API checks the body against a model; ``scopes`` are those of
    which a token must have one.
    """

    source: Resource
    at: Path
    api: str
    kind: str
    route: str
    identity: str
    integration: Mapping[str, Value]
    validated: bool = False
    scopes: tuple[str, ...] = ()
    keyed: bool = False  # an API key is asked for


def operations(directory: Directory, resource: Resource) -> tuple[Operation, ...]:
    """Return the routes that one resource gives an API, whatever stands behind them."""
    if resource.type not in OPERATIONS:
        return ()
    known = _known(directory)
    if resource.id not in known:
        known[resource.id] = tuple(_given(directory, resource))
    return known[resource.id]


def every_operation(directory: Directory) -> Iterator[Operation]:
    """Yield the routes of all APIs, in the order of the resources that give them."""
    for resource in directory.of_type(*OPERATIONS):
        yield from operations(directory, resource)


@once
def _known(_: Directory) -> dict[str, tuple[Operation, ...]]:
    return {}


def _given(directory: Directory, resource: Resource) -> Iterator[Operation]:
    for found in OPERATIONS[resource.type](directory, resource):
        if found.identity == ANYONE:
            found = replace(found, identity=unauthenticated(directory, found.api))  # noqa: PLW2901
        yield found


def unauthenticated(directory: Directory, api: str) -> str:
    """Return who may call what an API asks nobody's identity for."""
    if is_private(directory, api):
        return NETWORK
    return certified(directory, api) or ANYONE


def is_proxy(operation: Operation) -> bool:
    """Tell whether the integration hands on the request itself, not what a template makes of it."""
    return str(operation.integration.get("type")).lower() not in {"aws", "http"}


def templates(integration: Mapping[str, Value]) -> list[Value]:
    """Return an integration's request templates, one for each type of content."""
    listed = dictionary(integration.get("requestTemplates")).values()
    return [option for value in listed for option in alternatives(value)]


def passes_body(integration: Mapping[str, Value]) -> bool:
    """Tell whether an integration hands on bodies as they come: where no template makes one."""
    behaviour = str(integration.get("passthroughBehavior")).upper()
    return not templates(integration) and behaviour != "NEVER"


def passes_unmapped(integration: Mapping[str, Value]) -> bool:
    """Tell whether bodies of a type that no template is for go on as they come: the default."""
    behaviour = str(integration.get("passthroughBehavior") or "WHEN_NO_MATCH").upper()
    return bool(templates(integration)) and behaviour == "WHEN_NO_MATCH"


def _body(directory: Directory, api: Resource) -> Iterator[Operation]:
    for body in alternatives(api.value("Body")):
        for path, items in dictionary(dictionary(body).get("paths")).items():
            for method, operation in dictionary(items).items():
                if method not in METHODS and method != ANY_METHOD:
                    continue
                at = ("Body", "paths", path, method)
                verb = "ANY" if method == ANY_METHOD else method.upper()
                route = f"{verb} {path}"
                known = dictionary(body), dictionary(operation)
                yield Operation(
                    source=api,
                    at=at,
                    api=api.id,
                    kind="http",
                    route=route,
                    identity=_let_in(directory, api, *known),
                    integration=_extension(*known),
                    validated=_checked(*known),
                    scopes=scopes(*known),
                    keyed=api.type == COUNTING and _asks_key(*known),
                )


def _let_in(
    directory: Directory, api: Resource, body: Mapping[str, Value], operation: Mapping[str, Value]
) -> str:
    """Return who may use a route; the default of an API that is declared elsewhere is not known."""
    if api.metadata.get(ELSEWHERE) and "security" not in operation:
        return NOT_KNOWN
    return security(directory, directory.deployment(api.id), body, operation)


def _extension(body: Mapping[str, Value], operation: Mapping[str, Value]) -> Mapping[str, Value]:
    """Return an operation's integration, through a reference to the body's components."""
    found = dictionary(operation.get(INTEGRATION))
    named = str(found.get("$ref", "")).rpartition("/")[2]
    if named:
        shared = dictionary(dictionary(body.get("components")).get(f"{INTEGRATION}s"))
        found = dictionary(shared.get(named))
    return {**found, "subtype": found.get("integrationSubtype")}


def _checked(body: Mapping[str, Value], operation: Mapping[str, Value]) -> bool:
    if VALIDATOR not in operation and VALIDATOR not in body:
        return False
    listed = operation.get("parameters")
    parameters = listed if isinstance(listed, list) else []
    return "requestBody" in operation or any(
        dictionary(each).get("in") == "body" for each in parameters
    )


def _asks_key(body: Mapping[str, Value], operation: Mapping[str, Value]) -> bool:
    """Tell whether an operation asks for a key that calls are counted by."""
    schemes = {
        **dictionary(body.get("securityDefinitions")),
        **dictionary(dictionary(body.get("components")).get("securitySchemes")),
    }
    keys = {
        name
        for name, scheme in schemes.items()
        if str(dictionary(scheme).get("name")).lower() == KEY_HEADER
        and "x-amazon-apigateway-authorizer" not in dictionary(scheme)
    }
    required = operation.get("security", body.get("security"))
    listed = required if isinstance(required, list) else []
    return any(not keys.isdisjoint(dictionary(each)) for each in listed)


def _method(directory: Directory, method: Resource) -> Iterator[Operation]:
    api = one(directory, method.value("RestApiId")) or method
    path = method.metadata.get(PATH) or _rest_path(directory, method.value("ResourceId"))
    yield Operation(
        source=method,
        at=(),
        api=api.id,
        kind="http",
        route=f"{method.value('HttpMethod')} {path}",
        identity=method_identity(directory, directory.deployment(method.id), method),
        integration=_in_openapi(method.value("Integration")),
        validated=method.value("RequestValidatorId") is not None
        and bool(method.value("RequestModels")),
        scopes=listed_scopes(method.value("AuthorizationScopes")),
        keyed=method.value("ApiKeyRequired") in (True, "true"),
    )


def _in_openapi(integration: Value) -> Mapping[str, Value]:
    """Return the properties of an integration under their names in OpenAPI."""
    known = dictionary(integration)
    found = {to: known.get(name) for name, to in NAMES.items() if name in known}
    listed = known.get("IntegrationResponses")
    responses = [dictionary(each) for each in (listed if isinstance(listed, list) else [])]
    found["responses"] = {
        str(each.get("StatusCode")): {"responseTemplates": each.get("ResponseTemplates")}
        for each in responses
    }
    return found


def _rest_path(directory: Directory, value: Value) -> str:
    parts: list[str] = []
    for _ in range(20):
        step = one(directory, value)
        if step is None or step.type != "AWS::ApiGateway::Resource":
            break
        parts.append(str(step.value("PathPart")))
        value = step.value("ParentId")
    return "/" + "/".join(reversed(parts))


def _route(directory: Directory, route: Resource) -> Iterator[Operation]:
    deployment = directory.deployment(route.id)
    api = one(directory, route.value("ApiId"))
    websocket = api is not None and api.value("ProtocolType") == "WEBSOCKET"
    identity = route_identity(directory, deployment, route)
    if websocket and route.value("RouteKey") != "$connect" and identity == ANYONE and api:
        identity = connect_identity(directory, deployment, api)
    for symbol in symbols(route.value("Target")):
        integration = directory.resources.get(symbol.owner)
        if integration is not None:
            yield Operation(
                source=route,
                at=(),
                api=api.id if api else route.id,
                kind="websocket" if websocket else "http",
                route=str(route.value("RouteKey")),
                identity=identity,
                integration=_in_openapi(integration.properties),
                scopes=listed_scopes(route.value("AuthorizationScopes")),
            )


NAMES = {  # of REST methods' integrations and of API Gateway's second version, in OpenAPI
    "Type": "type",
    "Uri": "uri",
    "IntegrationHttpMethod": "httpMethod",
    "ConnectionType": "connectionType",
    "Credentials": "credentials",
    "CredentialsArn": "credentials",
    "RequestParameters": "requestParameters",
    "RequestTemplates": "requestTemplates",
    "PassthroughBehavior": "passthroughBehavior",
    "IntegrationType": "type",
    "IntegrationUri": "uri",
    "IntegrationMethod": "httpMethod",
    "IntegrationSubtype": "subtype",
    "PayloadFormatVersion": "payloadFormatVersion",
}
OPERATIONS = {
    "AWS::ApiGateway::RestApi": _body,
    "AWS::ApiGateway::Method": _method,
    "AWS::ApiGatewayV2::Api": _body,
    "AWS::ApiGatewayV2::Route": _route,
}
