"""Express, Fastify, Hono, Koa and Powertools: how their routes are registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Closure, Library, Structure
from checkrein.code.domain.values import NOTHING, UNKNOWN, join, only_string
from checkrein.code.frameworks import routes, verifying
from checkrein.code.frameworks.passing import SOMEWHERE, Following
from checkrein.code.frameworks.routes import ANY, CHECKS, VERBS, Registered
from checkrein.code.harm import unfollowed, validators
from checkrein.code.running import calls

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

CALLED = {  # modules whose methods register routes -> what functions are called with
    "express": "express",
    "express-promise-router": "express",
    "lambda-api": "express",
    "restify": "express",
    "polka": "express",
    "fastify": "fastify",
    "hono": "hono",
    "hono/tiny": "hono",
    "hono/quick": "hono",
    "@hono/zod-openapi": "hono",
    "koa": "koa",
    "koa-router": "koa",
    "@koa/router": "koa",
    "@aws-lambda-powertools/event-handler/rest": "powertools",
    "@aws-lambda-powertools/event-handler/experimental-rest": "powertools",
    "@aws-lambda-powertools/event-handler/http": "powertools",
    "@aws-lambda-powertools/event-handler/appsync-graphql": "appsync",
}
MAKERS = frozenset(
    ("", "Router", "Hono", "OpenAPIHono", "fastify", "Fastify", "createServer", "default")
)
HOOKS = frozenset(("addHook", "onBeforeHandle", "onError", "param"))
BEFORE = frozenset(("onRequest", "preParsing", "preValidation", "preHandler"))  # of Fastify's hooks
APPSYNC = frozenset(("onQuery", "onMutation", "resolver"))


def call(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """Return the result if a function of a framework registers something, else None."""
    style = CALLED.get(one.module)
    if style is None:
        return None
    if one.path in MAKERS or one.path.endswith("Resolver"):
        return routes.made(run, one)
    owner, _, method = one.path.rpartition(".")
    if not owner.endswith(")"):
        return None
    application = routes.application(one, owner)
    if method == "route" and style == "express":
        path = Library(one.module, f"{one.path}()", (given.first(), *one.arguments))
        return Abstract(things=(path,))
    found = _registered(run, application, method, style, given, scope)
    return Abstract(things=(application,)) if found else None


def _registered(
    run: Interpreter,
    application: Library,
    method: str,
    style: str,
    given: Arguments,
    scope: Scope,
) -> bool:
    """Tell whether a method of an application registers something."""
    if method == "routes" and style == "koa":
        return True
    if method == "register":
        return _plugin(run, application, given, scope)
    if method == "route" and _mounted_or_described(run, application, style, given, scope):
        return True
    if method == "use":
        stands = _on_path(run, application, (style, method), given, scope)
        return _used(run, application, given) or stands
    return _on_path(run, application, (style, method), given, scope)


def _on_path(
    run: Interpreter,
    application: Library,
    how: tuple[str, str],
    given: Arguments,
    scope: Scope,
) -> bool:
    """Tell whether a method registers functions, for a path or for the one given before."""
    style, method = how
    if application.path.endswith(".route()"):  # router.route("/x").get(…)
        pattern, *own = application.arguments
        inner = Library(application.module, application.path.removesuffix(".route()"), tuple(own))
        every = Arguments(given.at, [pattern, *given.positional])
        return _route(run, inner, (style, method), every, scope)
    known = VERBS | ANY | HOOKS | {"del", "openapi"} | (APPSYNC if style == "appsync" else set())
    names = method in known or method.lower() in VERBS
    return names and _route(run, application, (style, method), given, scope)


def _route(
    run: Interpreter,
    application: Library,
    how: tuple[str, str],
    given: Arguments,
    scope: Scope,
) -> bool:
    """Remember ``app.get("/x", first, second)``, tell whether it had functions."""
    style, method = how
    functions = tuple(f for v in given.positional for f in _functions(v))
    if not functions:
        return False
    before = {CHECKS: Abstract(things=validators.in_front(given.positional))}
    pattern = only_string(given.first())
    verbs = ("DELETE",) if method == "del" else routes.methods(NOTHING)
    if method.lower() in VERBS:
        verbs = (method.upper(),)
    listed = verbs if method not in HOOKS | {"use"} else ()
    path = pattern or ""
    if not listed:
        path = _standing(method, given)
    route = Registered(style, application, listed, path, functions, given.at, scope, before)
    routes.remember(run, route)
    return True


def _functions(value: Abstract) -> list[Abstract]:
    """Return the functions that a value is or holds, or middleware of a library that may refuse."""
    guards = tuple(t for t in value.things if isinstance(t, Library) and _is_guard(t))
    return [Abstract(things=guards)] if guards else calls.functions_in(value)


def _is_guard(one: Library) -> bool:
    return verifying.concerns(one) or unfollowed.may_ask(one, "javascript")


def _standing(method: str, given: Arguments) -> str:
    """Return the path below which something stands before routes: ``app.use("/x", first)``."""
    pattern = only_string(given.first())
    if method == "use":
        return pattern or ("" if _functions(given.first()) else SOMEWHERE)
    return "" if method == "onBeforeHandle" or pattern in BEFORE else SOMEWHERE


def _used(run: Interpreter, application: Library, given: Arguments) -> bool:
    """Tell whether ``app.use("/x", router)`` mounts something."""
    mounted = [routes.mount(run, v, application, given.first()) for v in given.positional]
    return any(mounted)


def _mounted_or_described(
    run: Interpreter, application: Library, style: str, given: Arguments, scope: Scope
) -> bool:
    """Tell whether ``app.route(…)`` is Hono's mount or Fastify's description of a route."""
    if style == "hono":
        return routes.mount(run, given.first(1), application, given.first())
    described = [one for one in given.first().things if isinstance(one, Structure)]
    for one in described:
        functions = tuple(
            found
            for name in ("onRequest", "preValidation", "preHandler", "handler")
            for found in calls.functions_in(one.fields.get(name, NOTHING))
        )
        pattern = only_string(one.fields.get("url", NOTHING)) or ""
        methods = routes.methods(one.fields.get("method", NOTHING))
        routes.remember(
            run, Registered(style, application, methods, pattern, functions, given.at, scope, {})
        )
    return bool(described)


def _plugin(run: Interpreter, application: Library, given: Arguments, scope: Scope) -> bool:
    """Call Fastify's ``register(plugin, {prefix})`` with an application of the plugin's own."""
    own = tuple(one for one in given.first().things if isinstance(one, Closure))
    if not own:
        return False
    prefix = NOTHING
    for one in given.first(1).things:
        if isinstance(one, Structure):
            prefix = join(prefix, one.fields.get("prefix", NOTHING))
    inner = routes.made(run, Library(application.module, "plugin"))
    routes.mount(run, inner, application, prefix)
    every = [inner, given.first(1) or UNKNOWN, Following(run, takes_error=True).function]
    calls.apply(run, Abstract(things=own), Arguments(given.at, every), scope)
    return True
