"""Fields of a request by which code tells which one it is, and facts of what they are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from checkrein.code.domain.scopes import REQUEST
from checkrein.code.domain.values import plain
from checkrein.model import Symbol

if TYPE_CHECKING:
    from checkrein.code.domain.abstract import Abstract

METHOD, PATH, BELOW, RESOURCE, ROUTE = "method", "path", "below", "resource", "route"
FORM = "form"  # of the event: API Gateway has two, and names fields otherwise in each
OWN = "own"  # the route of the program's own, of a framework
FIELD = "field"  # of a GraphQL schema
FIELDS = {  # of the event, as API Gateway, function URLs and load balancers fill it in
    "httpMethod": METHOD,
    "requestContext.httpMethod": METHOD,
    "requestContext.http.method": METHOD,
    "path": PATH,
    "rawPath": PATH,
    "requestContext.path": PATH,
    "requestContext.http.path": PATH,
    "resource": RESOURCE,
    "requestContext.resourcePath": RESOURCE,
    "routeKey": ROUTE,
    "requestContext.routeKey": ROUTE,
}
FORMS = {  # of a field, where only events of one form have it; a WebSocket's have a routeKey too
    **dict.fromkeys(("httpMethod", "requestContext.httpMethod", "path"), "1.0"),
    **dict.fromkeys(("requestContext.path", "resource", "requestContext.resourcePath"), "1.0"),
    **dict.fromkeys(("rawPath", "requestContext.http.method", "requestContext.http.path"), "2.0"),
}


def said(field: str, text: str) -> Symbol:
    """Return the fact that a field of the request is a text."""
    return Symbol(REQUEST, f"{field} {text.upper() if field == METHOD else text}")


def field_of(value: Abstract) -> str:
    """Return which field of the request a value is, in whatever form requests come in."""
    if not value.atoms or value.things or value.sources:
        return ""
    return _same(map(field, value.atoms))


def form_of(value: Abstract) -> str:
    """Return of which form events are that have such a field, "" for any.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
    """
    return _same(FORMS.get(_path(atom), "") for atom in value.atoms)


def _same(found: Iterable[str]) -> str:
    every = set(found)
    return every.pop() if len(every) == 1 else ""


def field(atom: object) -> str:
    """Return which field of the request something is, "" if it is none."""
    return FIELDS.get(_path(atom), "")


def _path(atom: object) -> str:
    """Return where in the event something stands, "" for nowhere."""
    if not isinstance(atom, Symbol) or atom.owner != "event":
        return ""
    return plain(atom).attribute
