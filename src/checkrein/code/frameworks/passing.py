"""What runs before routes lets through: whether it goes on, and what callers have shown by then.

Express, Koa and Hono go on where ``next()`` is called, Fastify's hooks, Flask's and middy's where
nothing is returned. Express and its like run what was registered before a route, the others all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from checkrein.code import ir
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.scopes import FACTS, common
from checkrein.code.domain.things import Closure, Library, native
from checkrein.code.domain.values import NOTHING, clean, constant, families, only_string, plain
from checkrein.code.frameworks.routes import joined, prefix
from checkrein.code.harm import proofs, unfollowed
from checkrein.code.harm.pollution import nodes

if TYPE_CHECKING:
    from checkrein.code.domain.things import Arguments, Thing
    from checkrein.code.frameworks.routes import Registered
    from checkrein.code.harm.telling import Facts
    from checkrein.code.running.interpreter import Interpreter

ORDERED = frozenset(("express", "koa", "hono"))  # what comes after a route says nothing of it
SKIPPING = frozenset(("route", "router"))  # what next is told without there being an error
SOMEWHERE = "?"  # the path of what stands before routes that nobody here can tell
LANGUAGES = {"before": "python", "dispatch": "python"}  # of styles
PARAMETERS = {"express": 2, "koa": 1}  # that functions of a style have before ``next``


class Passed(NamedTuple):
    """What stands before routes, by its place among them, and what it lets through.

    ``facts`` is None where nothing is.
    """

    position: int
    route: Registered
    facts: Facts | None


class Following:
    """``next``: what comes next runs by itself. It remembers what was known where it was called."""

    def __init__(self, run: Interpreter, *, takes_error: bool) -> None:
        self._run = run
        self._takes_error = takes_error
        self.known: list[Abstract] = []
        self.function = native("next", self._call)

    def _call(self, given: Arguments) -> Abstract:
        error = self._takes_error and bool(given.positional)
        if not error or only_string(given.first()) in SKIPPING:
            self.known.append(_known(self._run))
        return constant(None)


def _known(run: Interpreter) -> Abstract:
    frame = run.running.frame
    return frame.names.get(FACTS, NOTHING) if frame is not None else NOTHING


def _kept(known: Facts) -> Abstract:
    return Abstract(frozenset(clean(symbol, bits) for symbol, bits in known.items()))


def _facts(known: Abstract) -> Facts:
    return {plain(atom): families(atom) for atom in known.atoms}


def let_through(
    run: Interpreter, style: str, one: Thing, following: Following | None
) -> Facts | None:
    """Return what is known once a function has let a request through, None if it never does."""
    ended = run.running.taken()
    called = following.known if following is not None else []
    if called:
        found = _facts(common(called))
        called.clear()
        return found
    if isinstance(one, Library) and unfollowed.may_ask(one, LANGUAGES.get(style, "javascript")):
        return proofs.of(unfollowed.PERHAPS)
    if isinstance(one, Closure) and style in PARAMETERS and not _hands_on(one, PARAMETERS[style]):
        return None
    if style in ORDERED or ended is None or not isinstance(one, Closure):
        return {}
    return ended.ending if ended.definition is one.definition else {}


def either(passed: list[Facts | None]) -> Facts | None:
    """Return what is known after one of several functions, None if none goes on."""
    going = [_kept(each) for each in passed if each is not None]
    if going or not passed:
        return _facts(common(going)) if going else {}
    return None


def so_far(run: Interpreter, last: Facts | None) -> Facts | None:
    """Return what is known once all functions of a route have let a request through."""
    if last is None:
        return None
    found = _facts(_known(run))
    return {**found, **{symbol: bits | found.get(symbol, 0) for symbol, bits in last.items()}}


def _hands_on(one: Closure, before: int) -> bool:
    """Tell whether a function could call what comes next: it takes it and names it somewhere."""
    parameters = one.definition.parameters
    if any(parameter.kind for parameter in parameters):
        return True
    if len(parameters) <= before:
        return _names(one, "arguments")
    pattern = parameters[before].pattern
    return not isinstance(pattern, ir.Name) or _names(one, pattern.id)


def _names(one: Closure, name: str) -> bool:
    """Tell whether a name stands in a function."""
    every = nodes(one.definition.body)
    return any(isinstance(node, ir.Name) and node.id == name for node in every)


# ------------------------------------------------------------------------------ routes


def before(run: Interpreter, position: int, route: Registered) -> Facts | None:
    """Return what is known of requests that get to a route, None if none does."""
    found: Facts = {}
    for one in run.registry.passed:
        if one.position != position and _stands_before(run, one, position, route):
            if one.facts is None:
                return None
            for symbol, bits in one.facts.items():
                found[symbol] = found.get(symbol, 0) | bits
    return found


def _stands_before(run: Interpreter, one: Passed, position: int, route: Registered) -> bool:
    """Tell whether every request for a route goes through something first."""
    pattern = one.route.pattern
    if pattern == SOMEWHERE or one.route.application is None:
        return False
    ordered = one.route.style in ORDERED
    if not _holds(run, one.route.application, one.position if ordered else -1, position, route):
        return False
    path = joined(prefix(run, one.route.application), pattern).rstrip("*").rstrip("/")
    own = joined(prefix(run, route.application), route.pattern)
    return not pattern.strip("/*") or f"{own.rstrip('/')}/".startswith(f"{path}/")


def _holds(run: Interpreter, outer: Library, after: int, position: int, route: Registered) -> bool:
    """Tell whether a route is of an application, or of one that is only mounted there later on."""
    waiting = [(route.application, position)]
    seen: set[Library] = set()
    while waiting:
        application, at = waiting.pop()
        if application == outer and at > after:
            continue
        mounts = [mount for mount in run.registry.mounts if mount.inner == application]
        if application is None or application in seen or not mounts:
            return False
        seen.add(application)
        waiting += [(mount.outer, mount.position) for mount in mounts]
    return True
