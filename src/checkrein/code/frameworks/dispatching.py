"""Middleware of Starlette and FastAPI, which hands a request on to what comes next.

``@app.middleware("http")`` decorates a function, ``app.add_middleware(Gate)`` names a class whose
``dispatch`` does the same. It stands before all routes of its application.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Class, Closure, Library
from checkrein.code.frameworks import routes
from checkrein.code.frameworks.routes import Registered
from checkrein.code.running import injection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checkrein.code.domain.scopes import Scope
    from checkrein.code.domain.things import Thing
    from checkrein.code.running.interpreter import Interpreter

STYLE: Final = "dispatch"


def added(run: Interpreter, application: Library, given: Arguments, scope: Scope) -> None:
    """Remember what a class does with each request: what is not followed may ask who calls."""
    for one in given.first(0, "middleware_class").things:
        for function in _functions(run, one):
            own = Abstract(things=(function,))
            route = Registered(STYLE, application, (), "", (own,), given.at, scope, {})
            routes.remember(run, route)


def _functions(run: Interpreter, one: Thing) -> Iterator[Thing]:
    if isinstance(one, Library):
        yield one
    if not isinstance(one, Class):
        return
    found = _method(one, "dispatch")
    if found is not None:
        receiver = injection.instance(run, one)
        yield Closure(found.definition, found.scope, receiver, found.owner)
    else:  # it speaks ASGI itself
        yield Library(f"./{one.definition.name}", one.definition.name)


def _method(cls: Class, wanted: str) -> Closure | None:
    for known in cls.lineage():
        for name, definition, _ in known.definition.methods:
            if name == wanted:
                return Closure(definition, known.scope, None, known)
    return None
