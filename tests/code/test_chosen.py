"""Functions that are chosen by which request it is: what they do belongs to that request."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from checkrein.model import Summary

Analysed = Callable[..., Summary]
Requests = tuple[tuple[str, ...], ...]

JAVASCRIPT = """
const read = (event) => { console.log("r"); };
const write = (event) => { console.log("w"); };
const TABLE = { GET: read, PUT: write };
const ROUTES = { "GET /a": read, "PUT /a/{id}": write };
exports.handler = async (event) => {
  BODY
};
"""
PYTHON = """
def read(event): print("r")
def write(event): print("w")
TABLE = {"GET": read, "PUT": write}
ROUTES = {"GET /a": read, "PUT /a/{id}": write}
def handler(event, context):
    BODY
"""
GET: Requests = (("method GET",),)
PUT: Requests = (("method PUT",),)
ANY: Requests = ()
METHODS = (GET, PUT)
ROUTE = ((("route GET /a",),), (("route PUT /a/{id}",),))
BOTH = ((("method GET", "resource /a"),), (("method PUT", "resource /a/{id}"),))
CASES = {
    "app.js": {
        'return event.httpMethod === "GET" ? read(event) : write(event);': (GET, ANY),
        'const one = event.httpMethod === "GET" ? read : write; return one(event);': (GET, ANY),
        "return TABLE[event.httpMethod](event);": METHODS,
        "const one = TABLE[event.requestContext.http.method]; if (one) return one(event);": METHODS,
        "const m = event.requestContext?.http?.method || event.httpMethod; return TABLE[m](event);": METHODS,
        "return ROUTES[event.routeKey](event);": ROUTE,
        "return ROUTES[`${event.httpMethod} ${event.resource}`](event);": BOTH,
        'let one; if (event.httpMethod === "GET") one = read; else one = write; return one(event);': (
            GET,
            ANY,
        ),
        'const one = event.httpMethod === "GET" ? ROUTES[event.routeKey] : write; return one(event);': (
            (("method GET", "route GET /a"),),
            ANY,
        ),
        'const t = { "GET /a": read, other: write };'
        "return t[`${event.httpMethod} ${event.resource}`](event);": (BOTH[0], ANY),
        # what tells nothing
        "return (event.body.own || TABLE)[event.httpMethod](event);": (ANY, ANY),
        "return TABLE[event.body](event);": (ANY, ANY),
        "return (TABLE[event.httpMethod] || read)(event);": (ANY, PUT),
        "TABLE[event.body.name] = read; return TABLE[event.httpMethod](event);": (ANY, ANY),
        "const one = event.body ? read : write; return one(event);": (ANY, ANY),
    },
    "app.py": {
        'return read(event) if event["httpMethod"] == "GET" else write(event)': (GET, ANY),
        'one = read if event["httpMethod"] == "GET" else write\n    return one(event)': (GET, ANY),
        'return TABLE[event["httpMethod"]](event)': METHODS,
        'one = TABLE.get(event["httpMethod"])\n    if one: return one(event)': METHODS,
        'return ROUTES[event["routeKey"]](event)': ROUTE,
        "return ROUTES[f\"{event['httpMethod']} {event['resource']}\"](event)": BOTH,
        'if event["httpMethod"] == "GET": one = read\n    else: one = write\n    one(event)': (
            GET,
            ANY,
        ),
        # what tells nothing
        'return TABLE[event["body"]](event)': (ANY, ANY),
        'return TABLE.get(event["httpMethod"], read)(event)': (ANY, PUT),
        'one = read if event["body"] else write\n    return one(event)': (ANY, ANY),
    },
}


def without_forms(request: Requests) -> Requests:
    return tuple(tuple(one for one in each if not one.startswith("form ")) for each in request)


@pytest.mark.parametrize(
    ("file", "body", "wanted"),
    [(file, body, wanted) for file, each in CASES.items() for body, wanted in each.items()],
)
def test_chosen(
    analysed: Analysed, file: str, body: str, wanted: tuple[Requests, Requests]
) -> None:
    text = PYTHON if file.endswith(".py") else JAVASCRIPT
    made = analysed({file: text.replace("BODY", body)})
    found = {
        str(call.arguments[0].value): without_forms(call.request)
        for call in made.calls
        if call.kind == "log"
    }
    assert (found["r"], found["w"]) == wanted
