"""What code has found a request to be, at each of its calls (``CallSite.request``)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from checkrein.model import Summary

Analysed = Callable[..., Summary]

PYTHON = {
    'if event["httpMethod"] == "GET": print(1)': ("method GET",),
    'if event["httpMethod"] != "GET":\n        return None\n    print(1)': ("method GET",),
    'if event.get("routeKey") == "GET /one": print(1)': ("route GET /one",),
    'if event["requestContext"]["http"]["method"].lower() == "post": print(1)': ("method POST",),
    'if event["rawPath"].startswith("/admin"): print(1)': ("below /admin",),
    'if event["path"] == "/a" and event["httpMethod"] == "PUT": print(1)': (
        "method PUT",
        "path /a",
    ),
    'match event["resource"]:\n        case "/a/{id}": print(1)': ("resource /a/{id}",),
    'def on(event):\n        print(1)\n    if event["httpMethod"] == "GET": on(event)': (
        "method GET",
    ),
    # close to it, and no such test
    'if event["httpMethod"] == "GET" or event["path"] == "/a": print(1)': (),
    'if event["httpMethod"] == "GET": pass\n    print(1)': (),
    'if event["body"] == "GET": print(1)': (),
    'if event["httpMethod"] + "x" == "GET": print(1)': (),
    'if event["httpMethod"] == event["path"]: print(1)': (),
    "def on(event):\n        print(1)\n"
    '    if event["httpMethod"] == "GET": on(event)\n    else: on(event)': (),
}
JAVASCRIPT = {
    'if (event.httpMethod === "GET") console.log(1)': ("method GET",),
    'const { httpMethod: m } = event; if (m !== "GET") return; console.log(1)': ("method GET",),
    'switch (event.routeKey) { case "GET /one": console.log(1) }': ("route GET /one",),
    'if (event.path.startsWith("/admin")) console.log(1)': ("below /admin",),
    "const READ = 'GET'; event.httpMethod === READ ? console.log(1) : 0": ("method GET",),
    'if (event.httpMethod !== "GET") console.log(1)': (),
    'if (event.httpMethod === "GET") { event.x = 1 } console.log(1)': (),
}


def without_forms(request: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], ...]:
    """Leave out of which form the event is: ``test_which_request`` holds what follows from it."""
    return tuple(tuple(one for one in each if not one.startswith("form ")) for each in request)


@pytest.mark.parametrize(("body", "wanted"), PYTHON.items())
def test_in_python(analysed: Analysed, body: str, wanted: tuple[str, ...]) -> None:
    made = analysed({"app.py": f"def handler(event, context):\n    {body}\n"})
    assert [without_forms(call.request) for call in made.calls if call.kind == "log"] == [
        (wanted,) if wanted else ()
    ]


@pytest.mark.parametrize(("body", "wanted"), JAVASCRIPT.items())
def test_in_javascript(analysed: Analysed, body: str, wanted: tuple[str, ...]) -> None:
    made = analysed({"app.js": f"exports.handler = async (event) => {{ {body} }}\n"})
    assert [without_forms(call.request) for call in made.calls if call.kind == "log"] == [
        (wanted,) if wanted else ()
    ]


@pytest.mark.parametrize(
    ("asked", "form"),
    [('["httpMethod"]', "form 1.0"), ('["requestContext"]["http"]["method"]', "form 2.0")],
)
def test_a_field_tells_the_form_of_the_event(analysed: Analysed, asked: str, form: str) -> None:
    made = analysed(
        {"app.py": f'def handler(event, context):\n    if event{asked} == "GET": print(1)\n'}
    )
    assert [call.request for call in made.calls] == [((form, "method GET"),)]


FRAMEWORKS = {
    "app.js": """\
const express = require('express'), serverless = require('serverless-http');
const app = express(), router = express.Router();
app.use((req, res, next) => { console.log(0); next(); });
router.get('/orders/:id', (req, res) => { console.log(1); res.json({}); });
app.all('/any', (req, res) => { console.log(2); res.json({}); });
app.get(/x+/, (req, res) => { console.log(3); res.json({}); });
app.use('/admin', router);
exports.handler = serverless(app);
""",
    "app.py": """\
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
app = APIGatewayRestResolver()
@app.get("/orders/<id>")
def one(id): print(1)
@app.route("/any", method=["GET", "POST"])
def several(): print(2)
@app.post(".+")
def rest(): print(3)
def handler(event, context):
    print(0)
    return app.resolve(event, context)
""",
}
ASKED = {
    "app.js": [(), ("method GET", "own /admin/orders/:id"), ("own /any",), ("method GET",)],
    "app.py": [(), ("method GET", "own /orders/<id>"), ("own /any",), ("method POST",)],
}


@pytest.mark.parametrize(("name", "text"), FRAMEWORKS.items())
def test_routes_of_frameworks(analysed: Analysed, name: str, text: str) -> None:
    made = analysed({name: text})
    found = {str(call.arguments[0].value): call.request for call in made.calls if call.arguments}
    assert [found[str(n)] for n in range(4)] == [(each,) if each else () for each in ASKED[name]]


SHARED = {
    "app.js": """\
const express = require('express'), serverless = require('serverless-http');
const app = express(), show = (res, what) => { console.log(1); res.json(what); };
app.get('/orders', (req, res) => show(res, {}));
app.put('/users', (req, res) => show(res, {}));
app.get('/health', (req, res) => res.json({}));
exports.handler = serverless(app);
""",
    "app.py": """\
from aws_lambda_powertools.event_handler import APIGatewayRestResolver
app = APIGatewayRestResolver()
def show(what):
    print(1)
    return what
@app.get("/orders")
def orders(): return show({})
@app.put("/users")
def users(): return show({})
@app.get("/health")
def health(): return {}
def handler(event, context): return app.resolve(event, context)
""",
}


@pytest.mark.parametrize(("name", "text"), SHARED.items())
def test_what_several_routes_call_is_asked_for_by_each(
    analysed: Analysed, name: str, text: str
) -> None:
    (log,) = (call for call in analysed({name: text}).calls if call.kind == "log")
    assert log.request == (("method GET", "own /orders"), ("method PUT", "own /users"))


def test_of_too_many_requests_what_they_have_in_common_is_told(analysed: Analysed) -> None:
    routes = "".join(f"app.get('/r{n}', (req, res) => show(res));\n" for n in range(40))
    text = SHARED["app.js"].replace("app.put('/users', (req, res) => show(res, {}));\n", routes)
    (log,) = (call for call in analysed({"app.js": text}).calls if call.kind == "log")
    assert log.request == (("method GET",),)
