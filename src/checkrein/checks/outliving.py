"""What outlives an invocation: whose it is, and what data classes it has."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks.exposure import DOORS
from checkrein.checks.questions import elements_by_node, grouped
from checkrein.model import App, CallSite, Entry, Function, Symbol

ENTERING = DOORS | {"trigger"}  # kinds of entry by which one caller comes after another
SAME = (  # what the event says of the API and the request, and nothing of who calls
    *("httpMethod", "resource", "path", "rawPath", "routeKey", "version", "stageVariables"),
    *("headers.host", "headers.x-forwarded", "isBase64Encoded", "requestContext.stage"),
    *("requestContext.domain", "requestContext.api", "requestContext.account"),
    *("requestContext.path", "requestContext.resource", "requestContext.http.method"),
    *("requestContext.http.path", "requestContext.httpmethod", "requestContext.request"),
    *("requestContext.routekey", "triggersource", "userpoolid", "region", "callercontext"),
)  # fmt: skip


def is_shared(app: App, function: Function) -> bool:
    """Tell whether one caller comes after another."""
    return any(e.kind in ENTERING for e in grouped(app, Entry, "function").get(function.id, []))


def told(site: CallSite) -> list[Symbol]:
    """Return what stays of one request: what the event says that is not the same for all."""
    return [s for a in site.arguments for s in a.sources if not _is_same(s)]


def _is_same(symbol: Symbol) -> bool:
    """Tell whether every caller's event says the same there."""
    path = symbol.attribute.lower()
    return symbol.owner == "event" and path.startswith(tuple(map(str.lower, SAME)))


def fields(told: list[Symbol]) -> list[str]:
    """Return what stays of the event, as the code of the function sees it."""
    return [f"event.{s.attribute}".rstrip(".") for s in told if s.owner == "event"]


def classes(app: App, function: Function, told: list[Symbol]) -> Iterator[str]:
    """Yield the data classes of what stays of the event."""
    paths = fields(told)
    for element in elements_by_node(app).get(function.id, []):
        if any(f"{element.slot.path}.".startswith(f"{path}.") for path in paths):
            yield element.data
