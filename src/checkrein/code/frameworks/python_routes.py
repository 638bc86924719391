"""Flask, FastAPI, Starlette, Chalice and Powertools: how their routes are registered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code.domain.abstract import EMPTY, Abstract
from checkrein.code.domain.things import Class, Closure, Library, native
from checkrein.code.domain.values import NOTHING, constant, join, only_string
from checkrein.code.frameworks import dispatching, routes, shown
from checkrein.code.frameworks.passing import SOMEWHERE
from checkrein.code.frameworks.routes import ANY, VERBS, Registered
from checkrein.code.running import injection

if TYPE_CHECKING:
    from checkrein.code import ir
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.domain.things import Arguments
    from checkrein.code.running.interpreter import Interpreter

DECORATED = {  # packages whose decorators register routes -> how functions get their arguments
    "aws_lambda_powertools": "powertools",
    "flask": "flask",
    "flask_restful": "flask",
    "flask_restx": "flask",
    "bottle": "flask",
    "fastapi": "fastapi",
    "chalice": "chalice",
    "starlette": "fastapi",
}
CONTEXT = "aws_lambda_powertools.context"
PACKAGES = frozenset(DECORATED)
APPLICATIONS = frozenset(
    ("Flask", "Blueprint", "FastAPI", "APIRouter", "Starlette", "Chalice", "Router", "Bottle")
)
PREFIXES = ("prefix", "url_prefix", "name_prefix")
TRIGGERED = frozenset(("lambda_function", "schedule"))
BEFORE = frozenset(("before_request", "middleware", "before_app_request", "before_first_request"))
INCLUDING = frozenset(("include_router", "register_blueprint", "mount"))
ADDING = frozenset(("add_url_rule", "add_api_route", "add_route", "add_resource"))
OBSERVERS = frozenset(("aws_lambda_powertools", "aws_xray_sdk"))  # they wrap, others register


def call(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """Return the result if a function of a framework registers something, else None."""
    style = DECORATED.get(one.module.partition(".")[0])
    if style is None:
        return None
    owner, _, method = one.path.rpartition(".")
    if one.path in APPLICATIONS or (one.path.endswith("Resolver") and style == "powertools"):
        prefix = next((given.named[name] for name in PREFIXES if name in given.named), NOTHING)
        return routes.made(run, one, prefix, given.named.get(shown.DEPENDENCIES, NOTHING))
    if style == "fastapi" and (found := shown.scheme(one, given)) is not None:
        return found
    if one.path == "Route" and style == "fastapi":
        return _starlette(run, given, scope)
    if style == "powertools" and (method == "append_context" or owner.endswith(".context")):
        return _context(run, method, given)
    return _of_application(run, one, (owner, method), style, given, scope)


def _of_application(
    run: Interpreter,
    one: Library,
    named: tuple[str, str],
    style: str,
    given: Arguments,
    scope: Scope,
) -> Abstract | None:
    owner, method = named
    application = routes.application(one, owner)
    if method in INCLUDING:
        prefix = next((given.named[name] for name in PREFIXES if name in given.named), NOTHING)
        inner = given.positional[-1] if given.positional else given.named.get("router", NOTHING)
        depends = given.named.get(shown.DEPENDENCIES, NOTHING)
        routes.mount(run, inner, application, prefix or _text(given.first()), depends)
        return NOTHING
    if method in ADDING:
        return _added(run, application, style, given, scope)
    if method == "add_middleware" and style == "fastapi":
        dispatching.added(run, application, given, scope)
        return NOTHING
    if owner.endswith(")") or (style == "flask" and one.module == "bottle"):
        return _decorator(run, application, method, style, given, scope)
    return None


def _context(run: Interpreter, method: str, given: Arguments) -> Abstract:
    """``app.append_context(user=…)``, ``app.context.get("user")``."""
    for name, value in given.named.items() if method == "append_context" else ():
        known = run.registry.attributes.get((CONTEXT, name), NOTHING)
        run.registry.attributes[CONTEXT, name] = join(known, value)
    name = only_string(given.first()) or ""
    return run.registry.attributes.get((CONTEXT, name), NOTHING)


def _text(value: Abstract) -> Abstract:
    return value if only_string(value) else NOTHING


def _starlette(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``Route("/mails", endpoint, methods=[…])``: the endpoint is given the request."""
    function = given.first(1, "endpoint")
    methods = routes.methods(given.named.get("methods", NOTHING))
    _remember(run, None, "starlette", methods, given.first(0, "path"), (function,), given, scope)
    return NOTHING


def _remember(  # noqa: PLR0913, PLR0917 - a route has these parts
    run: Interpreter,
    application: Library | None,
    style: str,
    methods: tuple[str, ...],
    pattern: Abstract,
    functions: tuple[Abstract, ...],
    given: Arguments,
    scope: Scope,
) -> None:
    path = only_string(pattern) or ""
    known = tuple(_unfolded(run, function, methods) for function in functions)
    for found, own in [pair for pairs in known for pair in pairs]:
        routes.remember(
            run,
            Registered(style, application, own, path, (found,), given.at, scope, given.named),
        )


def _unfolded(
    run: Interpreter, function: Abstract, methods: tuple[str, ...]
) -> list[tuple[Abstract, tuple[str, ...]]]:
    """Return a function, or the methods of a class that are named after HTTP's."""
    plain = tuple(one for one in function.things if not isinstance(one, Class))
    found = [(Abstract(things=plain), methods)] if plain else []
    for cls in function.things:
        if not isinstance(cls, Class):
            continue
        receiver = injection.instance(run, cls)
        for known in cls.lineage():
            found += [
                (Abstract(things=(Closure(node, known.scope, receiver, known),)), (name.upper(),))
                for name, node, _ in known.definition.methods
                if name in VERBS
            ]
    return found


def _added(
    run: Interpreter, application: Library, style: str, given: Arguments, scope: Scope
) -> Abstract:
    """``add_url_rule(rule, endpoint, view_func)``, ``add_resource(Class, rule)``."""
    pattern = next(
        (v for v in given.positional if only_string(v)), given.named.get("rule", NOTHING)
    )
    functions = [v for v in (*given.positional, *given.named.values()) if _is_view(v)]
    methods = routes.methods(given.named.get("methods", NOTHING))
    _remember(run, application, style, methods, pattern, tuple(functions), given, scope)
    return NOTHING


def _is_view(value: Abstract) -> bool:
    return any(isinstance(one, (Closure, Class)) for one in value.things)


def _decorator(
    run: Interpreter,
    application: Library,
    method: str,
    style: str,
    given: Arguments,
    scope: Scope,
) -> Abstract | None:
    """Return the decorator that ``@app.get("/mails")`` is, None if it registers nothing."""
    name = method.lower()
    if name.startswith("on_") or name in TRIGGERED:
        return _registering(run, (f"event:{name}", ()), application, NOTHING, given, scope)
    if name == "middleware" and style == "fastapi":  # ``@app.middleware("http")``
        return _registering(run, (dispatching.STYLE, ()), application, NOTHING, given, scope)
    if name in BEFORE:
        own = tuple(v for v in given.positional if _is_view(v))
        if own:  # ``@app.before_request`` is the decorator itself
            _remember(run, application, "before", (), NOTHING, own, given, scope)
            return own[0]
        return _registering(run, ("before", ()), application, NOTHING, given, scope)
    if name not in VERBS | ANY:
        return None
    wanted = given.named.get("methods") or given.named.get("method") or NOTHING
    methods = (name.upper(),) if name in VERBS else routes.methods(wanted)
    if style in ("flask", "chalice") and name == "route" and not wanted:
        methods = ("GET",)
    style = "appsync" if name == "resolver" else style
    pattern = given.first() or given.named.get("rule", NOTHING) or given.named.get("path", NOTHING)
    return _registering(run, (style, methods), application, pattern, given, scope)


def _registering(
    run: Interpreter,
    how: tuple[str, tuple[str, ...]],
    application: Library,
    pattern: Abstract,
    given: Arguments,
    scope: Scope,
) -> Abstract:
    def perform(passed: Arguments) -> Abstract:
        before = [v for v in _items(given.named.get("middlewares", NOTHING)) if _is_view(v)]
        own = constant(SOMEWHERE)  # only for this route
        for function in before:
            _remember(run, application, "before", (), own, (function,), given, scope)
        _remember(run, application, how[0], how[1], pattern, (passed.first(),), given, scope)
        return passed.first()

    return native("route", perform)


def _items(value: Abstract) -> list[Abstract]:
    return [part for one in value.things for part in one.parts()]


def decorated(
    run: Interpreter, decorator: Abstract, made: Abstract, at: ir.Span, scope: Scope
) -> None:
    """Remember functions that a library's object takes by a decorator that nothing here knows."""
    for one in decorator.things:
        if not isinstance(one, Library):
            continue
        package = one.module.partition(".")[0]
        owner, _, method = one.path.rpartition(".")
        if package in DECORATED and method in BEFORE:
            application = routes.application(one, owner)
            route = Registered("before", application, (), "", (made,), at, scope, {})
            routes.remember(run, route)
        elif ")." in one.path and package not in OBSERVERS:
            run.waiting.append((made, EMPTY, scope, at))
