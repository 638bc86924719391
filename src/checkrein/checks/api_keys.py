"""API keys: which routes ask for one, which counts calls and tells nobody's identity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checkrein.checks.context import configuring
from checkrein.checks.doors import REST
from checkrein.model import App, Entry, Resource
from checkrein.model.values import alternatives, at_path

METHOD = "AWS::ApiGateway::Method"
HEADER = "x-api-key"
ANY_VERB = "x-amazon-apigateway-any-method"


def asks_key(app: App, api: Resource, entry: Entry) -> bool:
    """Tell whether a route asks for a key; of HTTP APIs, which know none, no route does."""
    if api.type != REST:
        return False
    for method in configuring(app, api.id, METHOD, "RestApiId"):
        if f"<{entry.kind}:{method.id}:" in entry.id and not method.source_type:
            return method.value("ApiKeyRequired") is True
    bodies = [body for body in alternatives(api.value("Body")) if isinstance(body, dict)]
    return any(_keys(body) & set(_asked(body, entry.route)) for body in bodies)


def _asked(body: dict[str, Any], route: str) -> Iterator[str]:
    """Yield the names of the schemes that an operation asks for."""
    verb, _, path = route.partition(" ")
    operation = at_path(body, ("paths", path, verb.lower()))
    if operation is None:
        operation = at_path(body, ("paths", path, ANY_VERB))
    own = operation.get("security") if isinstance(operation, dict) else None
    required = body.get("security") if own is None else own
    for requirement in required if isinstance(required, list) else []:
        yield from requirement if isinstance(requirement, dict) else ()


def _keys(body: dict[str, Any]) -> set[str]:
    """Return the names of the schemes that are API keys."""
    inner = at_path(body, ("components", "securitySchemes"))
    found = (body.get("securityDefinitions"), inner)
    return {n for each in found if isinstance(each, dict) for n, s in each.items() if _is_key(s)}


def _is_key(scheme: Any) -> bool:
    """Tell whether a scheme asks for a key that calls are counted by, and for no identity."""
    if not isinstance(scheme, dict) or "x-amazon-apigateway-authorizer" in scheme:
        return False
    return str(scheme.get("name")).lower() == HEADER
