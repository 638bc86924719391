"""Frameworks that dispatch inside a function: their routes, and what a route's code is given.

Routes are remembered while modules load and run once the handler has been called. Their code sees
the event through the framework's names: ``request.json`` is ``event.body``, a path parameter is
``event.pathParameters.x``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from checkrein.code import calls
from checkrein.code.things import Arguments, Closure, Library, Native, Structure
from checkrein.code.values import (
    EMPTY,
    NOTHING,
    UNKNOWN,
    Abstract,
    constant,
    join_all,
    only_string,
    symbolic,
)
from checkrein.model import Route, Symbol

if TYPE_CHECKING:
    from checkrein.code import ir
    from checkrein.code.interpreter import Interpreter
    from checkrein.code.scopes import Scope

VERBS = frozenset(("get", "post", "put", "delete", "patch", "head", "options"))
ANY = frozenset(("route", "all", "any", "api_route", "resolver", "use", "tool"))
PARAMETER = re.compile(r"[<{](?:\w+:)?(\w+)(?::\w+)?[>}]")  # <id>, <int:id>, {id}, {path:path}
TRIGGERED = frozenset(("lambda_function", "schedule"))
OBSERVERS = frozenset(("aws_lambda_powertools", "aws_xray_sdk"))  # they wrap, others register
DECORATED = {  # modules whose decorators register routes -> how functions get their arguments
    "aws_lambda_powertools": "powertools",
    "flask": "flask",
    "fastapi": "fastapi",
    "chalice": "powertools",
    "starlette": "fastapi",
}
CALLED = {  # modules whose methods register routes -> what functions are called with
    "express": "express",
    "express-promise-router": "express",
    "lambda-api": "express",
    "fastify": "express",
    "restify": "express",
}
BODY, QUERY, PATH, HEADERS = "body", "queryStringParameters", "pathParameters", "headers"
REQUEST = {  # names under which frameworks hand out parts of the event
    "json": BODY,
    "data": BODY,
    "form": BODY,
    "values": BODY,
    "files": BODY,
    "body": BODY,
    "json_body": BODY,
    "decoded_body": BODY,
    "raw_body": BODY,
    "args": QUERY,
    "query": QUERY,
    "query_params": QUERY,
    "query_string_parameters": QUERY,
    "params": PATH,
    "path_params": PATH,
    "uri_params": PATH,
    "path_parameters": PATH,
    "view_args": PATH,
    "headers": HEADERS,
    "records": "Records",
    "request_context": "requestContext",
    "source_ip": "sourceIp",
    "get_object": "object",
}
GETTERS = {
    "get_query_string_value": QUERY,
    "get_header_value": HEADERS,
    "get_json": BODY,
    "get_data": BODY,
}
REQUESTS = frozenset(("flask.request", "chalice.current_request"))
CURRENT = frozenset(("current_event", "current_request"))
BATCHES = ("process_partial_response", "async_process_partial_response", "batch_processor")
ANSWERS = frozenset(("json", "send", "end", "jsonp", "write"))
SIMPLE = frozenset(("str", "int", "float", "bool", "UUID", "date", "datetime", ""))


class Registered(NamedTuple):
    """A route, before its code has run."""

    style: str
    pattern: str
    functions: tuple[Abstract, ...]
    at: ir.Span
    scope: Scope


# ------------------------------------------------------------------------------ registering


def route(
    run: Interpreter, decorator: Abstract, made: Abstract, node: ir.Node, scope: Scope
) -> bool:
    """Tell whether a decorator registers a route, and remember what any object registers."""
    for one in decorator.things:
        if not isinstance(one, Library):
            continue
        package = one.module.partition(".")[0]
        method = one.path.rpartition(".")[2].removesuffix("()").lower()
        style = DECORATED.get(package)
        if style and method in (VERBS | ANY) and one.path.endswith("()"):
            pattern = join_all(one.arguments[:1])
            _remember(run, style, method, pattern, (made,), node.at, scope)
            return True
        if style and (method.startswith("on_") or method in TRIGGERED):
            _remember(run, "event", method, NOTHING, (made,), node.at, scope)
            return True
        if ")." in one.path and package not in OBSERVERS:
            run.waiting.append((made, EMPTY, scope, node.at))
    return False


def _remember(  # noqa: PLR0913, PLR0917 - a route has these parts
    run: Interpreter,
    style: str,
    method: str,
    pattern: Abstract,
    functions: tuple[Abstract, ...],
    at: ir.Span,
    scope: Scope,
) -> None:
    path = only_string(pattern) or ""
    run.registry.routes.append(Registered(style, path, functions, at, scope))
    if path:
        shown = method.upper() if method in VERBS else "ANY"
        run.recorder.routes.append(Route(shown, path, run.place(at, scope.source)))


def call(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """Return the result if a library's function belongs to a framework, else None."""
    for model in (_asked, _answered, _powertools, _routed):
        found = model(run, one, given, scope)
        if found is not None:
            return found
    return None


def _asked(
    run: Interpreter,  # noqa: ARG001 - a model
    one: Library,
    given: Arguments,  # noqa: ARG001
    scope: Scope,  # noqa: ARG001
) -> Abstract | None:
    """Return what a method of a request object gives: ``request.get_json()``."""
    last = one.path.rpartition(".")[2]
    if last in GETTERS and one.module in ("flask", "chalice"):
        return symbolic("event", GETTERS[last])
    return None


def _answered(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """Record what is sent through a response object or a response stream."""
    if one.module == "express" and one.path.startswith("response"):
        return _answer(run, one.path.rpartition(".")[2], given, scope)
    if one.name == "awslambda.streamifyResponse":
        return _streaming(run, given, scope)
    if one.name == "awslambda.HttpResponseStream.from":
        run.respond(given.first(1), given.at, scope)
        return given.first()
    return None


def _powertools(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    if not one.module.startswith("aws_lambda_powertools"):
        return None
    if one.path.rpartition(".")[2] in BATCHES:
        return _batch(run, given, scope)
    return given.first() if ".data_classes" in one.module and given.positional else None


def _routed(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """Remember a route that a method registers: ``app.get("/x", function)``."""
    application, _, method = one.path.rpartition(".")
    style = CALLED.get(one.module)
    if not style or not application.endswith(")") or method.lower() not in VERBS | ANY:
        return None
    functions = tuple(v for v in given.positional if any(map(calls.is_function, v.things)))
    if not functions:
        return None
    pattern = given.first()
    if only_string(pattern) is None and one.arguments:  # router.route("/x").get(function)
        pattern = one.arguments[0]
    _remember(run, style, method.lower(), pattern, functions, given.at, scope)
    return Abstract(things=(Library(one.module, application, one.arguments),))


def _streaming(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """Return a handler whose second argument is the stream that it answers on."""

    def perform(passed: Arguments) -> Abstract:
        stream = Abstract(things=(Library("express", "response"),))
        every = [passed.first(), stream, passed.first(1)]
        return calls.apply(run, given.first(), Arguments(passed.at, every), scope)

    return Abstract(things=(Native("handler", perform),))


def _batch(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """Call Powertools' record handler with a record of the event."""
    handler = given.named.get("record_handler", NOTHING)
    record = symbolic("event", "Records[]")
    calls.apply(run, handler, Arguments(given.at, [record]), scope)
    return UNKNOWN


# ------------------------------------------------------------------------------ the event


def member(one: Library, name: str) -> Abstract | None:
    """Return the part of the event that a framework's name stands for, else None."""
    if one.name in REQUESTS and name in REQUEST:
        return symbolic("event", REQUEST[name])
    if name in CURRENT and one.module.partition(".")[0] in DECORATED:
        return symbolic("event")
    return None


def event_field(name: str) -> str:
    """Return the event's own name of a field of Powertools' event classes."""
    if name in REQUEST:
        return REQUEST[name]
    first, *others = name.split("_")
    return first + "".join(part.capitalize() for part in others)


def event_method(symbol: Symbol, name: str, given: Arguments) -> Abstract | None:
    """Return what a method of Powertools' event classes gives, else None."""
    if name not in GETTERS:
        return None
    base = symbol.attribute + "." if symbol.attribute else ""
    asked = only_string(given.first(0, "name"))
    path = f"{base}{GETTERS[name]}" + (f".{asked}" if asked else "")
    return symbolic(symbol.owner, path)


# ------------------------------------------------------------------------------ running


def run_routes(run: Interpreter) -> None:
    """Run the code of every route; what it returns is the response's body."""
    for known in run.registry.routes:
        for function in known.functions:
            run.answering = "body"
            try:
                for one in function.things:
                    given = _arguments(run, known, one)
                    calls.apply(run, Abstract(things=(one,)), given, known.scope)
            finally:
                run.answering = ""


def _arguments(run: Interpreter, known: Registered, one: object) -> Arguments:
    if known.style == "express":
        return Arguments(known.at, _express(run))
    if known.style == "event":
        return Arguments(known.at, [symbolic("event"), symbolic("context")])
    named: dict[str, Abstract] = {}
    inside = set(PARAMETER.findall(known.pattern))
    if isinstance(one, Closure):
        for parameter in one.definition.parameters:
            name = getattr(parameter.pattern, "id", "")
            if name and not parameter.kind:
                value = _parameter(known.style, name, parameter, name in inside)
                named[name] = value
                for symbol in value.atoms:
                    run.named(symbol, parameter.pattern.at, one.scope)
    return Arguments(known.at, [], {k: v for k, v in named.items() if v})


def _parameter(
    style: str,
    name: str,
    parameter: ir.Parameter,
    in_path: bool,  # noqa: FBT001 - one caller
) -> Abstract:
    """Return what a framework passes for a parameter of a route's function."""
    if in_path:
        return symbolic("event", f"{PATH}.{name}")
    if style == "fastapi":
        annotation = parameter.annotation.partition("[")[0].partition("|")[0].strip()
        if annotation == "Request":
            return Abstract(things=(Library("flask", "request"),))
        if annotation in SIMPLE or annotation in ("Optional", "Annotated", "List", "list"):
            return symbolic("event", f"{QUERY}.{name}")
        return symbolic("event", BODY)
    return symbolic("event", f"arguments.{name}") if style == "powertools" else NOTHING


def _express(run: Interpreter) -> list[Abstract]:
    """Return Express' request, response and next."""
    names = (("body", BODY), ("query", QUERY), ("params", PATH), ("headers", HEADERS))
    request = run.structure("dict", {name: symbolic("event", path) for name, path in names})
    request.rest = symbolic("event", "requestContext")
    response = Abstract(things=(Library("express", "response"),))
    following = Abstract(things=(Native("next", lambda _: constant(None)),))
    return [Abstract(things=(request,)), response, following]


def _answer(run: Interpreter, last: str, given: Arguments, scope: Scope) -> Abstract:
    """``response.status(200).json(body)``: only what is sent is the response."""
    if last in ANSWERS and given.positional:
        body = given.first()
        run.respond(run.built("dict", {"body": body}), given.at, scope)
    return Abstract(things=(Library("express", "response"),))


def answered(run: Interpreter, value: Abstract) -> Abstract:
    """Return a route's result as a response: what has no status code of its own is the body."""
    whole = any(isinstance(t, Structure) and "statusCode" in t.fields for t in value.things)
    return value if whole or run.answering != "body" else run.built("dict", {"body": value})
