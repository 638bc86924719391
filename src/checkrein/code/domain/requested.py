"""Fields of a request by which code tells which one it is, and facts of what they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code.domain.scopes import REQUEST
from checkrein.code.domain.values import plain
from checkrein.model import Symbol

if TYPE_CHECKING:
    from checkrein.code.domain.abstract import Abstract

METHOD, PATH, BELOW, RESOURCE, ROUTE = "method", "path", "below", "resource", "route"
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


def said(field: str, text: str) -> Symbol:
    """Return the fact that a field of the request is a text."""
    return Symbol(REQUEST, f"{field} {text.upper() if field == METHOD else text}")


def field_of(value: Abstract) -> str:
    """Return which field of the request a value is, in whatever form requests come in."""
    if not value.atoms or value.things or value.sources:
        return ""
    found = set(map(field, value.atoms))
    return found.pop() if len(found) == 1 else ""


def field(atom: object) -> str:
    """Return which field of the request something is, "" if it is none."""
    if not isinstance(atom, Symbol) or atom.owner != "event":
        return ""
    return FIELDS.get(plain(atom).attribute, "")
