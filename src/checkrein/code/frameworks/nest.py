"""NestJS and its like: controllers are classes, routes and their parameters have decorators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code import ir
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Class, Closure, Library
from checkrein.code.domain.values import NOTHING, UNKNOWN, only_string, symbolic
from checkrein.code.frameworks import nest_guards, objects, routes
from checkrein.code.frameworks.event import BODY, COOKIES, HEADERS, PATH, QUERY
from checkrein.code.frameworks.responding import Response
from checkrein.code.frameworks.routes import VERBS, Registered
from checkrein.code.running import injection

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

MODULES = frozenset(("@nestjs/common", "routing-controllers"))
CONTROLLERS = frozenset(("Controller()", "JsonController()"))
PARTS = {
    "Body": BODY,
    "BodyParam": BODY,
    "Query": QUERY,
    "QueryParam": QUERY,
    "QueryParams": QUERY,
    "Param": PATH,
    "Params": PATH,
    "Headers": HEADERS,
    "HeaderParam": HEADERS,
    "Cookie": COOKIES,
    "CookieParam": COOKIES,
    "UploadedFile": BODY,
    "UploadedFiles": BODY,
    "RawBody": BODY,
    "Ip": "requestContext.identity.sourceIp",
}


def controller(run: Interpreter, cls: Class, decorator: Abstract, scope: Scope) -> None:
    """Remember the routes of a class that a decorator makes a controller, or a module's guards."""
    nest_guards.provided(run, decorator)
    for one in decorator.things:
        if isinstance(one, Library) and one.module in MODULES and one.path in CONTROLLERS:
            prefix = only_string(one.arguments[0]) if one.arguments else ""
            _routes(run, cls, f"/{(prefix or '').strip('/')}", scope)


def _routes(run: Interpreter, cls: Class, prefix: str, scope: Scope) -> None:
    for known in cls.lineage():
        for _, definition, _ in known.definition.methods:
            for node in definition.decorators:
                found = _route(run, node, known.scope)
                if found is None:
                    continue
                method, path = found
                pattern = f"{prefix.rstrip('/')}/{path.strip('/')}".rstrip("/") or "/"
                function = Abstract(things=(Closure(definition, known.scope, None, cls),))
                said = {nest_guards.DECORATORS: nest_guards.decorators(run, cls, definition, scope)}
                route = Registered(
                    "nest", None, (method,), pattern, (function,), node.at, scope, said
                )
                routes.remember(run, route)


def _route(run: Interpreter, node: ir.Node, scope: Scope) -> tuple[str, str] | None:
    """Return the method and path of ``@Get("path")``."""
    for one in run.evaluate(node, scope).things:
        if isinstance(one, Library) and one.module in MODULES:
            verb = one.path.removesuffix("()")
            if verb.lower() in VERBS or verb == "All":
                path = only_string(one.arguments[0]) if one.arguments else ""
                return ("ANY" if verb == "All" else verb.upper()), path or ""
    return None


def bound(run: Interpreter, one: Closure) -> Closure:
    """Return a route's method, bound to the instance that the container makes."""
    receiver = injection.instance(run, one.owner) if one.owner is not None else None
    return Closure(one.definition, one.scope, receiver, one.owner)


def arguments(run: Interpreter, route: Registered, one: Closure) -> Arguments:
    """Return what the decorators of a method's parameters ask for."""
    given = [_parameter(run, each, one.scope) for each in one.definition.parameters]
    return Arguments(route.at, given)


def _parameter(run: Interpreter, parameter: ir.Parameter, scope: Scope) -> Abstract:
    for node in parameter.decorators:
        for one in run.evaluate(node, scope).things:
            if not isinstance(one, Library) or one.module not in MODULES:
                continue
            name = one.path.removesuffix("()")
            if name in ("Req", "Request"):
                return objects.value(objects.request(run, scope))
            if name in ("Res", "Response"):
                return objects.value(Response(run, scope).object)
            if name in PARTS:
                key = only_string(one.arguments[0]) if one.arguments else None
                path = f"{PARTS[name]}.{key}" if key else PARTS[name]
                run.named(next(iter(symbolic("event", path).atoms)), parameter.pattern.at, scope)
                return symbolic("event", path)
    return UNKNOWN if parameter.decorators else NOTHING
