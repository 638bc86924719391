"""Routes that a program registers, and applications mounted in each other.

They are remembered while modules load, listed with their full paths, and their code runs once the
handler has been called: what stands before routes (middleware, hooks) first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from checkrein.catalog.uses import bits
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.requested import METHOD, OWN
from checkrein.code.domain.scopes import REQUEST
from checkrein.code.domain.things import Library, Structure
from checkrein.code.domain.values import NOTHING, constant, only_string, strings
from checkrein.model import Route, Symbol

if TYPE_CHECKING:
    from checkrein.code import ir
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.harm.telling import Facts
    from checkrein.code.running.interpreter import Interpreter

PATTERN = re.compile(r"[()\[\]^$|\\+?]|\w:\w|<path:|:path>|\{.*:")  # more than names of parameters
NO_HTTP = frozenset(("event", "appsync", "trpc", "trpc:use"))  # styles
CHECKS = "<checks>"  # the option that holds validators in front of a route
VERBS = frozenset(("get", "post", "put", "delete", "patch", "head", "options"))
ANY = frozenset(("route", "all", "any", "api_route", "resolver", "use", "tool", "add"))


class Registered(NamedTuple):
    """A route, before its code has run. ``methods`` is empty where it is none of its own."""

    style: str
    application: Library | None
    methods: tuple[str, ...]
    pattern: str
    functions: tuple[Abstract, ...]
    at: ir.Span
    scope: Scope
    options: dict[str, Abstract]


class Mount(NamedTuple):
    """An application or router that another one holds below a path.

    ``position`` is how many routes were registered before, ``dependencies`` what FastAPI runs
    before each of them.
    """

    inner: Library
    outer: Library
    prefix: str
    position: int
    dependencies: Abstract = NOTHING


def made(
    run: Interpreter,
    one: Library,
    prefix: Abstract = NOTHING,
    dependencies: Abstract = NOTHING,
) -> Abstract:
    """Return a new application or router, which is told from others by its number."""
    run.registry.applications += 1
    number = constant(run.registry.applications)
    given = (prefix, number, dependencies) if dependencies else (prefix, number)
    return Abstract(things=(Library(one.module, f"{one.path}()", given),))


def application(one: Library, path: str) -> Library:
    """Return the application of which something is a method."""
    return Library(one.module, path, one.arguments)


def remember(run: Interpreter, route: Registered) -> None:
    run.registry.routes.append(route)


def mount(
    run: Interpreter,
    inner: Abstract,
    outer: Library,
    below: Abstract,
    dependencies: Abstract = NOTHING,
) -> bool:
    """Tell whether a value is an application, and mount it."""
    found = [one for one in inner.things if isinstance(one, Library) and len(one.arguments) > 1]
    for one in found:
        position = len(run.registry.routes)
        path = only_string(below) or ""
        run.registry.mounts.append(Mount(one, outer, path, position, dependencies))
    return bool(found)


def methods(given: Abstract) -> tuple[str, ...]:
    """Return the methods that a list names, ANY if it names none."""
    names = strings(given)
    for one in given.things:
        if isinstance(one, Structure):
            names += [
                name for value in (*one.fields.values(), one.element) for name in strings(value)
            ]
    return tuple(name.upper() for name in names) or ("ANY",)


def listed(run: Interpreter) -> tuple[Route, ...]:
    """Return the routes that were registered, under the paths at which they are mounted."""
    found: list[Route] = []
    for one in run.registry.routes:
        if one.methods and one.pattern:
            place = run.place(one.at, one.scope.source)
            path = joined(prefix(run, one.application), one.pattern)
            found += [Route(method, path, place) for method in one.methods]
    return tuple(dict.fromkeys(found))


def request(run: Interpreter, route: Registered) -> Facts:
    """Return what is known of all requests for a route, as ``harm.requests`` says it."""
    if route.style in NO_HTTP or route.style.startswith("event:"):
        return {}
    path = joined(prefix(run, route.application), route.pattern)
    said = [f"{METHOD} {route.methods[0]}"] if len(route.methods) == 1 else []
    said += [f"{OWN} {path}"] if path and not PATTERN.search(path) else []
    return {Symbol(REQUEST, text): bits("caller") for text in said if text != f"{METHOD} ANY"}


def prefix(run: Interpreter, application: Library | None, depth: int = 0) -> str:
    """Return the path below which an application or router is mounted."""
    if application is None or depth > len(run.registry.mounts):
        return ""
    own = only_string(application.arguments[0]) if application.arguments else None
    for known in run.registry.mounts:
        if known.inner == application:
            above = prefix(run, known.outer, depth + 1)
            return joined(joined(above, known.prefix), own or "")
    return own or ""


def joined(above: str, path: str) -> str:
    """Return a path below another."""
    if not above or not path:
        return above or path
    return f"{above.rstrip('/')}/{path.lstrip('/')}"
