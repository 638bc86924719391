"""Code that is not here and may ask who calls: a guard, a wrapper, a middleware of a package.

What comes after such code, or inside it, is perhaps for known callers only. That is a fact of the
frame like a proof (``harm.proofs``), which proves nothing: it keeps "nobody asks" from being
certain. Code counts if it is given what a caller may be known by and could refuse: every function
that is not known may raise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from checkrein.catalog import asking
from checkrein.code import ir
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.scopes import FACTS, PROOF
from checkrein.code.domain.things import Closure, Library, Structure, Wrapped
from checkrein.code.domain.values import plain, sources_of
from checkrein.code.harm import chosen, facts, proofs
from checkrein.code.harm.pollution import nodes
from checkrein.code.loading import resolution
from checkrein.code.running import calls
from checkrein.model import Symbol

if TYPE_CHECKING:
    from checkrein.code.domain.abstract import Sources
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.domain.things import Arguments, Thing
    from checkrein.code.running.interpreter import Interpreter

PERHAPS: Final = Symbol(PROOF, "perhaps")
WHOLE: Final = frozenset(  # parts of a request that hold what callers are known by
    ("", "headers", "multiValueHeaders", "cookies", "requestContext", "requestContext.authorizer")
)
LOOSE: Final = frozenset(("body", "queryStringParameters", "pathParameters"))  # that may hold it
HEADERS: Final = ("headers.", "multiValueHeaders.", "cookies")
REQUESTS: Final = frozenset(("flask.request", "chalice.current_request", "bottle.request"))
DEPTH: Final = 2  # of structures in which a request is handed on


def may_ask(one: Library, language: str) -> bool:
    """Tell whether a library's function may ask who calls; those of the language itself do not."""
    if not one.module or not _is_foreign(one.module, language):
        return False
    return asking.may_ask(one.module, one.path.removesuffix("()"), language)


def _is_foreign(module: str, language: str) -> bool:
    own = module.startswith((".", "/", "@/", "~/", "#"))  # a file of the program that is not here
    return own or bool(resolution.package(module, language))


def call(
    run: Interpreter, one: Library, given: Arguments, sources: Sources, scope: Scope
) -> Abstract:
    """Return what a library's function gives that nobody here knows."""
    with called(run, one, given, scope):
        made = calls.unknown(run, given, sources, scope)
    return _wrapping_all(made) if may_ask(one, scope.source.language) else made


def _wrapping_all(made: Abstract) -> Abstract:
    """Return what a function made of handlers that may ask who calls before it runs them."""
    things = tuple(_wrapping(one) for one in made.things)
    return Abstract(made.atoms, things, made.sources, made.open)


def _wrapping(one: Thing) -> Thing:
    return Wrapped(tuple(map(perhaps, one.functions))) if isinstance(one, Wrapped) else one


# ------------------------------------------------------------------------------ calls


class Asking:
    """While it lasts, a function runs that may ask who calls; once it has returned, it has."""

    __slots__ = ("_at", "_before", "_frame", "_run")

    def __init__(self, run: Interpreter, given: Arguments, *, asks: bool) -> None:
        self._run = run
        self._at = given.at
        self._frame = run.running.frame if asks else None
        self._before: Abstract | None = None

    def __enter__(self) -> None:
        if self._frame is not None:
            self._before = self._frame.names.get(FACTS)
            facts.learn_in(self._frame, proofs.of(PERHAPS))

    def __exit__(self, *error: object) -> None:
        if self._frame is None:
            return
        if self._before is None:
            self._frame.names.pop(FACTS, None)
        else:
            self._frame.names[FACTS] = self._before
        self._run.running.proof = proofs.Pending(self._at, PERHAPS, later=False)


def called(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Asking:
    """Return the context in which a library's function runs that nobody here knows."""
    language = scope.source.language
    asks = may_ask(one, language) and _is_given(given, loosely=asking.says_so(one.module, one.path))
    return Asking(run, given, asks=asks)


def of_unknown(run: Interpreter, name: str, given: Arguments) -> Asking:
    """Return the context in which a method runs of what could not be followed."""
    return Asking(run, given, asks=asking.says_so("", name) and _is_given(given, loosely=True))


def _is_given(given: Arguments, *, loosely: bool) -> bool:
    return any(carries(value, loosely=loosely) for value in given.every())


def carries(value: Abstract, depth: int = DEPTH, *, loosely: bool) -> bool:
    """Tell whether a value may hold what callers are known by, ``loosely`` what is made of it."""
    if any(isinstance(a, Symbol) and _is_whole(a, loosely=loosely) for a in value.atoms):
        return True
    if any(map(_is_credential, sources_of(value))):
        return True
    if loosely and any(_is_whole(plain(symbol), loosely=False) for symbol in value.sources):
        return True
    return any(_holds(one, depth, loosely=loosely) for one in value.things)


def _is_whole(symbol: Symbol, *, loosely: bool) -> bool:
    if symbol.owner != "event":
        return False
    return symbol.attribute in WHOLE or (loosely and symbol.attribute in LOOSE)


def _is_credential(symbol: Symbol) -> bool:
    """Tell whether a symbol is a header, or another field by its name, that callers show."""
    if symbol.owner != "event":
        return False
    if symbol.attribute.startswith(HEADERS):
        return bool(asking.is_shown(symbol.attribute)) or asking.says_so("", symbol.attribute)
    return asking.is_shown(symbol.attribute)


def _holds(one: Thing, depth: int, *, loosely: bool) -> bool:
    if isinstance(one, Library):
        return one.name in REQUESTS
    if not isinstance(one, Structure) or not depth:
        return False
    return any(carries(part, depth - 1, loosely=loosely) for part in one.parts())


def may_refuse(own: Closure) -> bool:
    """Tell whether a handler that runs before another one may end the chain."""
    return any(map(_ends, nodes(own.definition.body)))


def _ends(node: object) -> bool:
    function = node.function if isinstance(node, ir.Call) else None
    return isinstance(node, ir.Raise) or getattr(function, "name", "") == "end"


# ------------------------------------------------------------------------------ decorators


def decorated(decorator: Abstract, made: Abstract, language: str) -> Abstract:
    """Return functions that remember that a library's decorator may ask who calls before them."""
    foreign = [one for one in decorator.things if isinstance(one, Library)]
    if not any(may_guard(one, language) for one in foreign):
        return made
    return perhaps(made)


def may_guard(one: Library, language: str = "javascript") -> bool:
    """Tell whether a decorator may ask: JavaScript's say much else of what they stand before."""
    if not may_ask(one, language):
        return False
    return language == "python" or asking.says_so(one.module, one.path.removesuffix("()"))


def perhaps(functions: Abstract) -> Abstract:
    """Return functions that only callers may get to who are known."""
    if not any(isinstance(one, Closure) for one in functions.things):
        return functions
    return chosen.marked(functions, (PERHAPS,))
