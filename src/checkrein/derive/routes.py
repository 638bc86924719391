"""Ways in through APIs: REST, HTTP and WebSocket APIs, function URLs, AppSync."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checkrein.derive.directory import Directory
from checkrein.model import Entry, Evidence, Path, Resource, Value
from checkrein.model.values import alternatives, symbols

FUNCTION = ("AWS::Lambda::Function",)
POOL = ("AWS::Cognito::UserPool",)
METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "options"})
ANY_METHOD = "x-amazon-apigateway-any-method"
ANYONE = "@anyone"
IAM = "iam"


def entry(function: str, kind: str, identity: str, source: Resource, **extra: Any) -> Entry:
    """Make an Entry; ``at`` is the property path that says so, ``route`` its part of the source."""
    at: Path = extra.pop("at", ())
    route = extra.pop("route", "")
    said = f"{source.name} {route}".strip()
    return Entry(
        id=f"{function}<{kind}:{source.id}:{route}",
        function=function,
        kind=kind,
        identity=identity,
        source=extra.pop("origin", source.id),
        route=route,
        asynchronous=extra.pop("asynchronous", False),
        evidence=(Evidence(f"{said} invokes {function.rpartition('/')[2]}", source.where(at)),),
        when=source.when,
    )


def routes(directory: Directory, resource: Resource) -> Iterator[Entry]:
    """Yield the entries that one resource opens over HTTP."""
    reader = READERS.get(resource.type)
    if reader:
        yield from reader(directory, resource)


# ---------------------------------------------------------------------- OpenAPI bodies


def _body(directory: Directory, api: Resource) -> Iterator[Entry]:
    for body in alternatives(api.value("Body")):
        for path, items in _dict(_dict(body).get("paths")).items():
            for method, operation in _dict(items).items():
                if method not in METHODS and method != ANY_METHOD:
                    continue
                at = ("Body", "paths", path, method)
                verb = "ANY" if method == ANY_METHOD else method.upper()
                yield from _operation(
                    directory, api, _dict(body), _dict(operation), (verb, path, at)
                )


def _operation(
    directory: Directory,
    api: Resource,
    body: Mapping[str, Value],
    operation: Mapping[str, Value],
    where: tuple[str, str, Path],
) -> Iterator[Entry]:
    verb, path, at = where
    deployment = directory.deployment(api.id)
    integration = _dict(operation.get("x-amazon-apigateway-integration"))
    identity = _security(directory, deployment, body, operation)
    for function in directory.find(integration.get("uri"), deployment, FUNCTION):
        yield entry(function, "http", identity, api, route=f"{verb} {path}", at=at)


def _security(
    directory: Directory,
    deployment: str,
    body: Mapping[str, Value],
    operation: Mapping[str, Value],
) -> str:
    schemes = {
        **_dict(body.get("securityDefinitions")),
        **_dict(_dict(body.get("components")).get("securitySchemes")),
    }
    if _dict(operation.get("x-amazon-apigateway-auth")).get("type") == "AWS_IAM":
        return IAM
    required = operation.get("security", body.get("security"))
    found = ANYONE
    for requirement in required if isinstance(required, list) else []:
        for name in _dict(requirement):
            identity = _scheme(directory, deployment, name, _dict(schemes.get(name)))
            found = identity if identity != ANYONE else found
    return found


def _scheme(directory: Directory, deployment: str, name: str, scheme: Mapping[str, Value]) -> str:
    kind = str(scheme.get("x-amazon-apigateway-authtype", "")).lower()
    if kind == "awssigv4" or name == "AWS_IAM":
        return IAM
    authorizer = _dict(scheme.get("x-amazon-apigateway-authorizer"))
    if not authorizer:
        return ANYONE
    providers = authorizer.get("providerARNs")
    jwt = _dict(authorizer.get("jwtConfiguration"))
    uri = authorizer.get("authorizerUri")
    return _authorizer(directory, deployment, providers or jwt.get("issuer"), uri)


def _authorizer(directory: Directory, deployment: str, pool: Value, function: Value) -> str:
    """Return who an authorizer lets in: a function's id, a pool's id, or the pool as named."""
    for id in directory.find(function, deployment, FUNCTION):
        return id
    for candidate in pool if isinstance(pool, list) else [pool]:
        for id in directory.find(candidate, deployment, POOL):
            return id
    named = pool if pool is not None else function
    return str(named[0] if isinstance(named, list) and named else named)


# ---------------------------------------------------------------------- REST API resources


def _method(directory: Directory, method: Resource) -> Iterator[Entry]:
    deployment = directory.deployment(method.id)
    api = _one(directory, method.value("RestApiId")) or method
    path = _rest_path(directory, method.value("ResourceId"))
    identity = _rest_identity(directory, deployment, method)
    for function in directory.find(method.value("Integration.Uri"), deployment, FUNCTION):
        route = f"{method.value('HttpMethod')} {path}"
        yield entry(function, "http", identity, method, route=route, origin=api.id)


def _rest_path(directory: Directory, value: Value) -> str:
    parts: list[str] = []
    for _ in range(20):
        step = _one(directory, value)
        if step is None or step.type != "AWS::ApiGateway::Resource":
            break
        parts.append(str(step.value("PathPart")))
        value = step.value("ParentId")
    return "/" + "/".join(reversed(parts))


def _rest_identity(directory: Directory, deployment: str, method: Resource) -> str:
    kind = method.value("AuthorizationType")
    if kind == "AWS_IAM":
        return IAM
    authorizer = _one(directory, method.value("AuthorizerId"))
    if kind not in {"CUSTOM", "COGNITO_USER_POOLS"}:
        return ANYONE
    if authorizer is None:
        return str(method.value("AuthorizerId"))
    return _of_authorizer(directory, deployment, authorizer)


def _of_authorizer(directory: Directory, deployment: str, authorizer: Resource) -> str:
    pool = authorizer.value("ProviderARNs") or authorizer.value("JwtConfiguration.Issuer")
    return _authorizer(directory, deployment, pool, authorizer.value("AuthorizerUri"))


def _rest_authorizer(directory: Directory, authorizer: Resource) -> Iterator[Entry]:
    deployment = directory.deployment(authorizer.id)
    api = _one(directory, authorizer.value("RestApiId") or authorizer.value("ApiId")) or authorizer
    for function in directory.find(authorizer.value("AuthorizerUri"), deployment, FUNCTION):
        yield entry(function, "authorizer", ANYONE, authorizer, origin=api.id)


def _body_authorizers(directory: Directory, api: Resource) -> Iterator[Entry]:
    deployment = directory.deployment(api.id)
    for body in alternatives(api.value("Body")):
        sections = {
            ("Body", "securityDefinitions"): _dict(body).get("securityDefinitions"),
            ("Body", "components", "securitySchemes"): _dict(_dict(body).get("components")).get(
                "securitySchemes"
            ),
        }
        for at, schemes in sections.items():
            for name, scheme in _dict(schemes).items():
                authorizer = _dict(_dict(scheme).get("x-amazon-apigateway-authorizer"))
                for function in directory.find(
                    authorizer.get("authorizerUri"), deployment, FUNCTION
                ):
                    yield entry(function, "authorizer", ANYONE, api, route=name, at=(*at, name))


def _api(directory: Directory, api: Resource) -> Iterator[Entry]:
    yield from _body(directory, api)
    yield from _body_authorizers(directory, api)


# ---------------------------------------------------------------------- HTTP and WebSocket APIs


def _route(directory: Directory, route: Resource) -> Iterator[Entry]:
    deployment = directory.deployment(route.id)
    api = _one(directory, route.value("ApiId"))
    websocket = api is not None and api.value("ProtocolType") == "WEBSOCKET"
    identity = _route_identity(directory, deployment, route)
    if websocket and route.value("RouteKey") != "$connect" and identity == ANYONE and api:
        identity = _connect_identity(directory, deployment, api)
    kind, key = "websocket" if websocket else "http", str(route.value("RouteKey"))
    for symbol in symbols(route.value("Target")):
        integration = directory.resources.get(symbol.owner)
        if integration is None:
            continue
        uri = integration.value("IntegrationUri")
        for function in directory.find(uri, deployment, FUNCTION):
            origin = api.id if api else route.id
            yield entry(function, kind, identity, route, route=key, origin=origin)


def _route_identity(directory: Directory, deployment: str, route: Resource) -> str:
    kind = route.value("AuthorizationType")
    if kind == "AWS_IAM":
        return IAM
    authorizer = _one(directory, route.value("AuthorizerId"))
    if kind in {"JWT", "CUSTOM"}:
        return _of_authorizer(directory, deployment, authorizer) if authorizer else str(kind)
    return ANYONE


def _connect_identity(directory: Directory, deployment: str, api: Resource) -> str:
    for other in directory.members(deployment):
        if other.type == "AWS::ApiGatewayV2::Route" and other.value("RouteKey") == "$connect":
            owner = _one(directory, other.value("ApiId"))
            if owner and owner.id == api.id:
                return _route_identity(directory, deployment, other)
    return ANYONE


def _quick_create(directory: Directory, api: Resource) -> Iterator[Entry]:
    deployment = directory.deployment(api.id)
    yield from _api(directory, api)
    for function in directory.find(api.value("Target"), deployment, FUNCTION):
        route = str(api.value("RouteKey") or "$default")
        yield entry(function, "http", ANYONE, api, route=route, at=("Target",))


# ---------------------------------------------------------------------- URLs and AppSync


def _url(directory: Directory, url: Resource) -> Iterator[Entry]:
    deployment = directory.deployment(url.id)
    identity = {"NONE": ANYONE, "AWS_IAM": IAM}.get(str(url.value("AuthType")), "open")
    for function in directory.find(url.value("TargetFunctionArn"), deployment, FUNCTION):
        yield entry(function, "url", identity, url)


def _data_source(directory: Directory, source: Resource) -> Iterator[Entry]:
    deployment = directory.deployment(source.id)
    api = _one(directory, source.value("ApiId"))
    identity = _graphql_identity(directory, deployment, api) if api else ANYONE
    value = source.value("LambdaConfig.LambdaFunctionArn")
    for function in directory.find(value, deployment, FUNCTION):
        origin = api.id if api else source.id
        fields = [
            f"{r.value('TypeName')}.{r.value('FieldName')}"
            for r in directory.members(deployment)
            if r.type == "AWS::AppSync::Resolver"
            and any(s.owner == source.id for s in symbols(r.value("DataSourceName")))
        ]
        for route in fields or [""]:
            yield entry(function, "appsync", identity, source, route=route, origin=origin)


def _graphql_identity(directory: Directory, deployment: str, api: Resource) -> str:
    kind = api.value("AuthenticationType")
    if kind == "AMAZON_COGNITO_USER_POOLS":
        return _authorizer(directory, deployment, api.value("UserPoolConfig.UserPoolId"), None)
    if kind == "AWS_LAMBDA":
        return _authorizer(
            directory, deployment, None, api.value("LambdaAuthorizerConfig.AuthorizerUri")
        )
    if kind == "OPENID_CONNECT":
        return str(api.value("OpenIDConnectConfig.Issuer"))
    return IAM if kind == "AWS_IAM" else ANYONE


# ---------------------------------------------------------------------- small readings


def _one(directory: Directory, value: Value) -> Resource | None:
    for symbol in symbols(value):
        if symbol.owner in directory.resources:
            return directory.resources[symbol.owner]
    return None


def _dict(value: Value) -> Mapping[str, Value]:
    return value if isinstance(value, dict) else {}


READERS = {
    "AWS::ApiGateway::RestApi": _api,
    "AWS::ApiGateway::Method": _method,
    "AWS::ApiGateway::Authorizer": _rest_authorizer,
    "AWS::ApiGatewayV2::Api": _quick_create,
    "AWS::ApiGatewayV2::Route": _route,
    "AWS::ApiGatewayV2::Authorizer": _rest_authorizer,
    "AWS::Lambda::Url": _url,
    "AWS::AppSync::DataSource": _data_source,
}
