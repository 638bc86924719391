"""tRPC: procedures, whose input is the body of a mutation and the query of a query."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Library
from checkrein.code.domain.values import NOTHING, UNKNOWN, symbolic
from checkrein.code.frameworks import routes
from checkrein.code.frameworks.event import BODY, QUERY
from checkrein.code.frameworks.passing import Following
from checkrein.code.frameworks.routes import Registered
from checkrein.code.running import calls

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

MODULE = "@trpc/server"
KINDS = {"mutation": BODY, "query": f"{QUERY}.input", "subscription": f"{QUERY}.input", "use": ""}


def call(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """Return the procedure if a function is given to one, else None."""
    owner, _, last = one.path.rpartition(".")
    if not one.module.startswith(MODULE) or last not in KINDS or "initTRPC" not in owner:
        return None
    functions = tuple(calls.functions_in(given.first()))
    if functions:
        options = {"input": symbolic("event", KINDS[last]) if KINDS[last] else UNKNOWN}
        style = "trpc" if last != "use" else "trpc:use"
        route = Registered(style, None, (), "", functions, given.at, scope, options)
        routes.remember(run, route)
    return Abstract(things=(Library(one.module, f"{owner}.{last}()", one.arguments),))


def arguments(run: Interpreter, route: Registered) -> Arguments:
    """Return what a procedure is called with."""
    event = {"event": symbolic("event"), "context": symbolic("context")}
    context = run.structure("dict", event)
    context.rest = UNKNOWN
    known = {
        "input": route.options.get("input", NOTHING),
        "rawInput": route.options.get("input", NOTHING),
        "ctx": Abstract(things=(context,)),
        "next": Following(run, takes_error=False).function,
    }
    return Arguments(route.at, [run.built("dict", known)])
