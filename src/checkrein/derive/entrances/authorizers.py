"""Who an API lets in: the identity that the authorizer of a route stands for."""

from __future__ import annotations

from collections.abc import Mapping

from checkrein.derive.stacks.directory import Directory
from checkrein.model import Resource, Value
from checkrein.model.values import alternatives, symbols

FUNCTION = ("AWS::Lambda::Function",)
POOL = ("AWS::Cognito::UserPool",)
ANYONE = "@anyone"
IAM = "iam"
NOT_KNOWN = "open"  # who that is


def security(
    directory: Directory,
    deployment: str,
    body: Mapping[str, Value],
    operation: Mapping[str, Value],
) -> str:
    schemes = {
        **dictionary(body.get("securityDefinitions")),
        **dictionary(dictionary(body.get("components")).get("securitySchemes")),
    }
    if dictionary(operation.get("x-amazon-apigateway-auth")).get("type") == "AWS_IAM":
        return IAM
    required = operation.get("security", body.get("security"))
    found = ANYONE
    for requirement in required if isinstance(required, list) else []:
        for name in dictionary(requirement):
            identity = _scheme(directory, deployment, name, dictionary(schemes.get(name)))
            found = identity if identity != ANYONE else found
    return found


def scopes(body: Mapping[str, Value], operation: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the scopes of which a caller's token must have one, none where any token does."""
    required = operation.get("security", body.get("security"))
    found: dict[str, None] = {}
    for requirement in required if isinstance(required, list) else []:
        for listed in dictionary(requirement).values():
            found |= dict.fromkeys(listed_scopes(listed))
    return tuple(found)


def listed_scopes(value: Value) -> tuple[str, ...]:
    """Return the scopes of a list as text."""
    return tuple(map(str, value)) if isinstance(value, list) else ()


def _scheme(directory: Directory, deployment: str, name: str, scheme: Mapping[str, Value]) -> str:
    kind = str(scheme.get("x-amazon-apigateway-authtype", "")).lower()
    if kind == "awssigv4" or name == "AWS_IAM":
        return IAM
    authorizer = dictionary(scheme.get("x-amazon-apigateway-authorizer"))
    if not authorizer:
        return ANYONE
    providers = authorizer.get("providerARNs")
    jwt = dictionary(authorizer.get("jwtConfiguration"))
    uri = authorizer.get("authorizerUri")
    return authorizer_identity(directory, deployment, providers or jwt.get("issuer"), uri)


def authorizer_identity(directory: Directory, deployment: str, pool: Value, function: Value) -> str:
    """Return who an authorizer lets in: a function's id, a pool's id, or the pool as named."""
    for id in directory.find(function, deployment, FUNCTION):
        return id
    for candidate in pool if isinstance(pool, list) else [pool]:
        for id in directory.find(candidate, deployment, POOL):
            return id
    named = pool if pool is not None else function
    return str(named[0] if isinstance(named, list) and named else named)


def method_identity(directory: Directory, deployment: str, method: Resource) -> str:
    kind = method.value("AuthorizationType")
    if kind == "AWS_IAM":
        return IAM
    authorizer = one(directory, method.value("AuthorizerId"))
    if any(option in (None, "NONE") for option in alternatives(kind)):
        return ANYONE  # in one deployment at least
    if authorizer is not None:  # of a type that is misspelt too: no deployment opens the route
        return _of_authorizer(directory, deployment, authorizer)
    asked = kind in ("CUSTOM", "COGNITO_USER_POOLS")
    return str(method.value("AuthorizerId")) if asked else ANYONE


def _of_authorizer(directory: Directory, deployment: str, authorizer: Resource) -> str:
    pool = authorizer.value("ProviderARNs") or authorizer.value("JwtConfiguration.Issuer")
    return authorizer_identity(directory, deployment, pool, authorizer.value("AuthorizerUri"))


def route_identity(directory: Directory, deployment: str, route: Resource) -> str:
    kind = route.value("AuthorizationType")
    if kind == "AWS_IAM":
        return IAM
    authorizer = one(directory, route.value("AuthorizerId"))
    if kind in ("JWT", "CUSTOM"):
        return _of_authorizer(directory, deployment, authorizer) if authorizer else str(kind)
    return ANYONE


def connect_identity(directory: Directory, deployment: str, api: Resource) -> str:
    for other in directory.members(deployment):
        if other.type == "AWS::ApiGatewayV2::Route" and other.value("RouteKey") == "$connect":
            owner = one(directory, other.value("ApiId"))
            if owner and owner.id == api.id:
                return route_identity(directory, deployment, other)
    return ANYONE


def one(directory: Directory, value: Value) -> Resource | None:
    for symbol in symbols(value):
        if symbol.owner in directory.resources:
            return directory.resources[symbol.owner]
    return None


def dictionary(value: Value) -> Mapping[str, Value]:
    """Return a value that is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}
