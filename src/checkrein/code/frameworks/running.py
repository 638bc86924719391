"""Running the code of routes, with what each framework passes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Closure, Library, Modelled
from checkrein.code.domain.values import NOTHING, symbolic
from checkrein.code.frameworks import dispatching, nest, nest_guards, objects, passing, routes, trpc
from checkrein.code.frameworks.passing import Following, Passed
from checkrein.code.frameworks.python_parameters import Passing
from checkrein.code.frameworks.responding import Response, hono, koa
from checkrein.code.frameworks.routes import CHECKS
from checkrein.code.harm import facts, validators
from checkrein.code.running import calls

if TYPE_CHECKING:
    from checkrein.code.frameworks.routes import Registered
    from checkrein.code.running.interpreter import Interpreter

__all__ = ["Response", "run_routes"]

TAKING_ERRORS = frozenset(("express", "fastify"))  # what is given to next is an error
SENDERS = frozenset(
    ("express", "koa", "before", "dispatch", "trpc:use")
)  # what they return is no answer
ERROR_PARAMETERS = 4
EVENTS = {  # of Chalice: the fields of an event's only record
    "event:on_s3_event": {"key": "s3.object.key", "bucket": "s3.bucket.name"},
    "event:on_sns_message": {"message": "Sns.Message", "subject": "Sns.Subject"},
}


def run_routes(run: Interpreter) -> None:
    """Run the code of every route; what it returns is the response's body."""
    done = 0
    while done < len(run.registry.routes):  # routes may register routes
        known = [*enumerate(run.registry.routes)][done:]
        done += len(known)
        for position, route in sorted(known, key=lambda each: _is_route(each[1])):
            _run(run, position, route)


def _is_route(route: Registered) -> bool:
    return bool(route.methods)


def _run(run: Interpreter, position: int, route: Registered) -> None:
    run.registry.running = route
    run.answering = "" if route.style in SENDERS or not _is_route(route) else route.style
    if route.style in ("event", "trpc", "appsync"):
        run.answering = "whole"
    following = Following(run, takes_error=route.style in TAKING_ERRORS)
    given = _shared(run, route, following.function)
    checks = tuple(t for t in route.options.get(CHECKS, NOTHING).things if isinstance(t, Library))
    try:
        with validators.validated(run, checks, route.scope):
            facts.learn(run, routes.request(run, route) if _is_route(route) else {})
            _run_functions(run, position, route, following, given)
    finally:
        run.answering = ""
        run.registry.running = None


def _run_functions(
    run: Interpreter,
    position: int,
    route: Registered,
    following: Following,
    given: Arguments | None,
) -> None:
    """Run a route's functions one after another, as far as each lets requests through."""
    known = passing.before(run, position, route)
    if route.style == "nest":
        facts.learn(run, nest_guards.passed(run, route))
    for function in route.functions:
        if known is None:
            break
        facts.learn(run, known)
        passed = []
        for one in function.things:
            errors = route.style == "express" and _takes_error(one)
            run.running.taken()
            _call(run, route, one, given)
            told = passing.let_through(run, route.style, one, following)
            passed.append({} if errors else told)
        known = passing.either(passed)
    if not _is_route(route):
        run.registry.passed.append(Passed(position, route, passing.so_far(run, known)))


def _call(run: Interpreter, route: Registered, one: object, given: Arguments | None) -> None:
    if route.style == "nest" and isinstance(one, Closure):
        one = nest.bound(run, one)
        given = nest.arguments(run, route, one)
    elif route.style == "express" and given is not None and _takes_error(one):
        given = Arguments(given.at, [symbolic("error"), *given.positional])
    elif given is None:
        given = Passing(run, route).arguments(one)
    calls.apply(run, Abstract(things=(one,)), given, route.scope)


def _takes_error(one: object) -> bool:
    return isinstance(one, Closure) and len(one.definition.parameters) == ERROR_PARAMETERS


def _shared(run: Interpreter, route: Registered, following: Abstract) -> Arguments | None:
    """Return what all functions of a route are called with, None if they differ."""
    scope, style = route.scope, route.style
    if style in ("express", "fastify"):
        request = objects.value(objects.request(run, scope))
        response = objects.value(Response(run, scope).object)
        return Arguments(route.at, [request, response, following])
    if style in ("hono", "koa"):
        context = hono(run, scope) if style == "hono" else koa(run, scope)
        return Arguments(route.at, [objects.value(context), following])
    if style == "starlette":
        return Arguments(route.at, [objects.value(objects.web_request(run, scope))])
    return _of_event(run, route, following)


def _of_event(run: Interpreter, route: Registered, following: Abstract) -> Arguments | None:
    style = route.style
    if style.startswith("event:"):
        return Arguments(route.at, [_records(run, style), symbolic("context")])
    if style == "before":
        current = route.application
        application = Abstract(things=(current,)) if current is not None else symbolic("event")
        return Arguments(route.at, [application, following])
    if style == dispatching.STYLE:
        request = objects.value(objects.web_request(run, route.scope))
        return Arguments(route.at, [request, following])
    if style.startswith("trpc"):
        return trpc.arguments(run, route)
    if not _is_python(route):
        return _of_powertools(run, route)
    return None


def _is_python(route: Registered) -> bool:
    return route.scope.source.language == "python" or route.style == "nest"


def _of_powertools(run: Interpreter, route: Registered) -> Arguments:
    """Return what Powertools for TypeScript passes to a route, and to a resolver of AppSync."""
    context = {"event": symbolic("event"), "context": symbolic("context")}
    if route.style == "appsync":
        return Arguments(route.at, [symbolic("event", "arguments"), run.built("dict", context)])
    request = objects.web_request(run, route.scope)
    context["req"] = context["request"] = objects.value(request)
    context["params"] = symbolic("event", "pathParameters")
    return Arguments(route.at, [run.built("dict", context)])


def _records(run: Interpreter, style: str) -> Abstract:
    """Return a Chalice event, which iterates over its records."""
    record = symbolic("event", "Records[]")
    known = {
        name: symbolic("event", f"Records[].{path}") for name, path in EVENTS.get(style, {}).items()
    }
    made: Modelled = objects.modelled(
        run, known, __iter__=lambda _: run.built("list", None, record)
    )
    made.rest = symbolic("event")
    return objects.value(made)
