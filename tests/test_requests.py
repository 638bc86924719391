"""Which of a function's routes can be what its code has found a request to be."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from checkrein.model import Entry, Route
from checkrein.model.places import NOWHERE
from checkrein.model.requests import gets_to, without_preflights

CASES = [  # route, what the code found, whether it can be
    ("GET /orders", ["method GET"], True),
    ("GET /orders", ["method POST"], False),
    ("ANY /orders", ["method POST"], True),
    ("$default", ["method POST", "path /a"], True),
    ("GET /orders", ["path /orders"], True),
    ("GET /orders", ["path /v1/orders/"], True),  # a stage or a base path
    ("GET /orders", ["path /customers"], False),
    ("GET /orders/{id}", ["path /orders/7"], True),
    ("GET /orders/{id}", ["path /orders"], False),
    ("GET /{proxy+}", ["path /orders/7"], True),
    ("GET /orders", ["resource /orders"], True),
    ("GET /orders/{id}", ["resource /orders/{key}"], True),
    ("GET /orders/all", ["resource /orders/{id}"], False),
    ("GET /orders", ["route GET /orders"], True),
    ("POST /orders", ["route GET /orders"], False),
    ("GET /orders", ["route GET /orders/{id}"], False),
    ("GET /admin/users", ["below /admin"], True),
    ("GET /admin/users", ["below /v1/admin/"], True),
    ("GET /administration", ["below /admin"], True),
    ("GET /orders", ["below /admin"], False),
    ("GET /{proxy+}", ["below /admin"], True),
    ("GET /", ["below /admin"], False),
    ("GET /orders", ["method GET", "path /customers"], False),
    ("GET /admin/orders/{id}", ["own /orders/:key"], True),  # stripped of its base path
    ("GET /orders/{id}", ["own /admin/orders/<key>"], True),
    ("GET /orders/{id}", ["own /customers/:key"], False),
    ("ANY /{proxy+}", ["own /customers/:key"], True),
    ("GET /health", ["own /orders/*"], True),
    ("GET /orders", [], True),
]


@pytest.mark.parametrize(("route", "request_", "can"), CASES)
def test_a_route(route: str, request_: list[str], can: bool) -> None:  # noqa: FBT001 - a column
    entry = Entry(id="e", function="f", kind="http", identity="@anyone", route=route)
    assert gets_to(entry, [request_]) is can


def test_other_ways_in() -> None:
    socket = Entry(id="e", function="f", kind="websocket", identity="@anyone", route="send")
    queue = Entry(id="e", function="f", kind="queue", identity="@anyone", route="")
    assert gets_to(socket, [["route send"]])
    assert not gets_to(socket, [["route $connect"]])
    assert gets_to(socket, [["method GET"]])  # nobody can tell
    assert gets_to(queue, [["method GET"]])


ROUTES = [  # route, the program's own route, its others, whether it can be
    ("ANY /guests/{proxy+}", "/orders/:key", ["/guests/menu"], False),
    ("ANY /guests/{proxy+}", "/", ["/guests/menu"], False),
    ("ANY /guests/{proxy+}", "/guests/<name>", ["/guests/menu"], True),
    ("ANY /guests/{proxy+}", "/:kind/menu", ["/guests/menu"], True),
    ("ANY /guests/{proxy+}", "/orders/:key", ["/menu"], True),  # stripped of its base path
    ("ANY /guests/{proxy+}", "/*", ["/guests/menu"], True),
    ("ANY /{proxy+}", "/orders/:key", ["/guests/menu"], True),
    ("ANY /v1/guests/{proxy+}", "/v1/orders", ["/v1/guests/menu"], False),
]


@pytest.mark.parametrize(("route", "own", "others", "can"), ROUTES)
def test_a_prefix(route: str, own: str, others: list[str], can: bool) -> None:  # noqa: FBT001
    entry = Entry(id="e", function="f", kind="http", identity="@anyone", route=route)
    routes = [Route(method="GET", path=path, place=NOWHERE) for path in (*others, own)]
    assert gets_to(entry, [[f"own {own}"]], routes) is can


@pytest.mark.parametrize(
    ("routes", "expected"),
    [
        (["OPTIONS /a", "POST /a"], ["POST /a"]),
        (["OPTIONS /a", ""], [""]),
        (["OPTIONS /a", "OPTIONS /b"], ["OPTIONS /a", "OPTIONS /b"]),  # there is nothing else
    ],
)
def test_preflights(routes: list[str], expected: list[str]) -> None:
    one = Entry(id="e", function="f", kind="http", identity="@anyone")
    entries = [replace(one, route=route) for route in routes]
    assert [entry.route for entry in without_preflights(entries)] == expected
