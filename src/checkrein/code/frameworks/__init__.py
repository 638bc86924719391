"""Frameworks that dispatch inside a function: their routes, and what a route's code is given.

Routes are remembered while modules load and run once the handler has been called. Their code sees
the event through the framework's names (``event``), and what it answers has the shape of an API's
response (``answers``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Library, native
from checkrein.code.domain.values import symbolic
from checkrein.code.frameworks import (
    answers,
    event,
    graphql,
    javascript_routes,
    middleware,
    nest,
    nest_guards,
    objects,
    powertools,
    python_routes,
    running,
    trpc,
    verifying,
)
from checkrein.code.frameworks.answers import answered
from checkrein.code.frameworks.event import event_field, event_method
from checkrein.code.frameworks.routes import Registered, listed
from checkrein.code.frameworks.running import run_routes

if TYPE_CHECKING:
    from checkrein.code import ir
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.domain.things import Class
    from checkrein.code.running.interpreter import Interpreter

__all__ = [
    "Registered",
    "answered",
    "call",
    "class_decorated",
    "concerns",
    "decorated",
    "event_field",
    "event_method",
    "listed",
    "member",
    "run_routes",
]

RUNTIME = "awslambda."
GETTERS = frozenset(("flask", "chalice"))
INVOKED = "getCurrentInvoke"
HONO_COOKIES = "hono/cookie"
PACKAGES = python_routes.PACKAGES | {"werkzeug"}  # whose functions a framework's model may know
PREFIXES = (*powertools.MODULES, trpc.MODULE, HONO_COOKIES)


def decorated(
    run: Interpreter, decorator: Abstract, made: Abstract, node: ir.Node, scope: Scope
) -> None:
    """Remember a function that a library's object takes by a decorator."""
    python_routes.decorated(run, decorator, made, node.at, scope)


def class_decorated(run: Interpreter, cls: Class, decorator: Abstract, scope: Scope) -> None:
    """Remember the routes of a class that a decorator makes a controller."""
    nest.controller(run, cls, decorator, scope)


def concerns(one: Library) -> bool:
    """Tell whether ``call`` may know a function, as its name tells."""
    if not one.module:
        return one.path.startswith(RUNTIME)
    if (
        graphql.concerns(one)
        or verifying.concerns(one)
        or nest_guards.concerns(one)
        or one.module in javascript_routes.CALLED
        or one.module.startswith(PREFIXES)
    ):
        return True
    if one.module.partition(".")[0] in PACKAGES:
        return True
    others = one.name in middleware.MIDDY or one.name.startswith(RUNTIME)
    return others or one.path.rpartition(".")[2] == INVOKED


def call(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """Return the result if a library's function belongs to a framework, else None."""
    for model in MODELS:
        found = model(run, one, given, scope)
        if found is not None:
            return found
    return None


def member(one: Library, name: str) -> Abstract | None:
    """Return the part of the event that a framework's name stands for, else None."""
    return event.member(one, name, python_routes.PACKAGES)


def _asked(
    run: Interpreter,
    one: Library,
    given: Arguments,
    scope: Scope,
) -> Abstract | None:
    """Return what a function gives of the request: ``request.get_json()``, ``getCookie(c, x)``."""
    last = one.path.rpartition(".")[2]
    if last in event.GETTERS and one.module in GETTERS:
        return symbolic("event", event.GETTERS[last])
    if one.name == f"{HONO_COOKIES}.getCookie":
        rest = Arguments(given.at, given.positional[1:])
        return objects.named(run, event.COOKIES, scope)(rest)
    if last == INVOKED:
        known = {"event": symbolic("event"), "context": symbolic("context")}
        return run.built("dict", known)
    return None


def _streamed(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """Return what a function of the runtime's response streams gives."""
    if one.name == "awslambda.streamifyResponse":
        return _streaming(run, given, scope)
    if one.name == "awslambda.HttpResponseStream.from":
        answers.record(run, given.first(1), given.at, scope)
        return given.first()
    return None


def _streaming(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """Return a handler whose second argument is the stream that it answers on."""

    def perform(passed: Arguments) -> Abstract:
        from checkrein.code.running import calls  # noqa: PLC0415 - calls need this module

        stream = running.Response(run, scope)
        stream.guesses = False
        every = [passed.first(), objects.value(stream.object), passed.first(1)]
        return calls.apply(run, given.first(), Arguments(passed.at, every), scope)

    return native("handler", perform)


MODELS = (
    _asked,
    _streamed,
    answers.constructed,
    powertools.call,
    python_routes.call,
    javascript_routes.call,
    middleware.call,
    trpc.call,
    graphql.call,
    verifying.call,
    nest_guards.call,
)
