"""Guards of NestJS: classes whose ``canActivate`` lets a request through to a route, or not.

They stand before all routes (``useGlobalGuards``, a provider of ``APP_GUARD``), before those of a
controller or before one (``@UseGuards``). A guard of the program is run; what may refuse by what
nobody here understands leaves in doubt who calls.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from checkrein.code import ir
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.scopes import PROOF
from checkrein.code.domain.things import Arguments, Class, Closure, Library, Structure
from checkrein.code.domain.values import NOTHING, UNKNOWN, constant, only_string
from checkrein.code.frameworks import objects
from checkrein.code.frameworks.verifying import SHOWN
from checkrein.code.harm import proofs, unfollowed
from checkrein.code.harm.pollution import nodes
from checkrein.code.running import calls, injection

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checkrein.code.domain.scopes import Scope
    from checkrein.code.domain.things import Thing
    from checkrein.code.frameworks.routes import Registered
    from checkrein.code.harm.telling import Facts
    from checkrein.code.running.interpreter import Interpreter

COMMON, CORE = "@nestjs/common", "@nestjs/core"
DECORATORS: Final = "<decorators>"  # the option of a route that holds those of its method and class
GUARDING: Final = "UseGuards()"
MARKING: Final = "SetMetadata()"
PASSPORT: Final = ("@nestjs/passport", "AuthGuard()")
ASKING: Final = frozenset(("Authorized()", "UseBefore()"))  # of routing-controllers
READING: Final = frozenset(("get", "getAll", "getAllAndOverride", "getAllAndMerge"))
PUBLIC: Final = re.compile(r"public|skip|no_?auth|anonymous|unprotected|without", re.IGNORECASE)
PROVIDED: Final = ("useClass", "useExisting", "useValue", "useFactory")


def concerns(one: Library) -> bool:
    """Tell whether ``call`` may know a function, as its name tells."""
    if one.module == COMMON:
        return one.path in ("UseGuards", "applyDecorators")
    return one.module == CORE and (
        one.path.startswith("Reflector().") or one.path.endswith(".useGlobalGuards")
    )


def call(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> Abstract | None:
    """Return the result if a function of NestJS is about guards, else None."""
    del scope
    if not concerns(one):
        return None
    if one.path == "applyDecorators":
        return Abstract(things=tuple(t for value in given.positional for t in value.things))
    if one.path == "UseGuards":
        return Abstract(things=(Library(COMMON, GUARDING, tuple(given.positional)),))
    if one.path.startswith("Reflector()."):
        return _mark(run, only_string(given.first()))
    run.registry.guards += given.positional
    return UNKNOWN


def _mark(run: Interpreter, key: str | None) -> Abstract:
    """Return what a decorator of the route that runs has set under a key."""
    route = run.registry.running
    if key is None or route is None:
        return UNKNOWN
    return next((value for known, value in _marks(route) if known == key), constant(None))


def _marks(route: Registered) -> Iterator[tuple[str | None, Abstract]]:
    for one in _decorators(route):
        if one.path == MARKING and len(one.arguments) > 1:
            yield only_string(one.arguments[0]), one.arguments[1]


def _decorators(route: Registered) -> Iterator[Library]:
    said = route.options.get(DECORATORS, NOTHING)  # a route of another framework may ask, too
    yield from (one for one in said.things if isinstance(one, Library))


def provided(run: Interpreter, decorator: Abstract) -> None:
    """Remember the guards that ``@Module({providers: [{provide: APP_GUARD, …}]})`` names."""
    for one in decorator.things:
        if not isinstance(one, Library) or (one.module, one.path) != (COMMON, "Module()"):
            continue
        for options in [t for value in one.arguments for t in value.things]:
            if isinstance(options, Structure):
                run.registry.guards += _providers(options.fields.get("providers", NOTHING))


def _providers(listed: Abstract) -> Iterator[Abstract]:
    for one in [t for held in listed.things for part in held.parts() for t in part.things]:
        token = one.fields.get("provide", NOTHING) if isinstance(one, Structure) else NOTHING
        named = any(isinstance(t, Library) and t.path == "APP_GUARD" for t in token.things)
        if isinstance(one, Structure) and named:
            yield from (one.fields[name] for name in PROVIDED if name in one.fields)


def decorators(run: Interpreter, cls: Class, definition: ir.Lambda, scope: Scope) -> Abstract:
    """Return the decorators of a route's method, and of its class."""
    every = (*definition.decorators, *cls.definition.decorators)
    values = [run.evaluate(node, scope) for node in every]
    return Abstract(things=tuple(one for value in values for one in value.things))


# ------------------------------------------------------------------------------ what they tell


def passed(run: Interpreter, route: Registered) -> Facts:
    """Return what is known of the requests that all guards of a route let through."""
    found: Facts = {}
    every = list(run.registry.guards)
    for one in _decorators(route):
        if one.path == GUARDING:
            every += one.arguments
        elif one.path in ASKING or (one.module != COMMON and unfollowed.may_guard(one)):
            found |= proofs.of(unfollowed.PERHAPS)
    for guard in every:
        told = [_passed(run, one, route) for one in guard.things[:1]]
        found |= told[0] if told else proofs.of(unfollowed.PERHAPS)
    return found


def _passed(run: Interpreter, one: Thing, route: Registered) -> Facts:
    if isinstance(one, Library):
        return _of_library(one)
    if isinstance(one, Class):
        return _of_class(run, one, injection.instance(run, one), route)
    if isinstance(one, Structure) and one.owner is not None:
        return _of_class(run, one.owner, Abstract(things=(one,)), route)
    return proofs.of(unfollowed.PERHAPS)


def _of_library(one: Library) -> Facts:
    if (one.module, one.path.removesuffix("()") + "()") == PASSPORT:
        return proofs.of(SHOWN)
    return proofs.of(unfollowed.PERHAPS) if unfollowed.may_ask(one, "javascript") else {}


def _of_class(run: Interpreter, cls: Class, receiver: Abstract, route: Registered) -> Facts:
    """Return what a guard of the program tells: by its own test, or by that of its ancestor."""
    inherited: Facts = {}
    for base in cls.foreign():
        inherited |= _of_library(base)
    if inherited and cls.has("handleRequest"):  # it may let through who shows nothing
        inherited = proofs.of(unfollowed.PERHAPS)
    own = _method(cls, receiver)
    if own is None:
        return inherited
    if _lets_past(run, own, route):
        return {}
    result, known = _run(run, own, route)
    shown = {symbol: bits for symbol, bits in known.items() if symbol.owner == PROOF}
    if shown:
        return shown
    lets_all = result.atoms == {True} and not (result.things or result.sources or result.open)
    if lets_all and not _may_refuse(own):
        return {}
    return inherited or proofs.of(unfollowed.PERHAPS)


def _method(cls: Class, receiver: Abstract) -> Closure | None:
    for known in cls.lineage():
        for name, definition, _ in known.definition.methods:
            if name == "canActivate":
                return Closure(definition, known.scope, receiver, known)
    return None


def _run(run: Interpreter, own: Closure, route: Registered) -> tuple[Abstract, Facts]:
    run.running.taken()
    given = Arguments(route.at, [_context(run, route)])
    result = calls.apply(run, Abstract(things=(own,)), given, route.scope)
    told = run.running.taken()
    if told is None or told.definition is not own.definition:
        return result, {}
    return result, {**told.always, **told.says(holds=True, awaited=True)}


def _context(run: Interpreter, route: Registered) -> Abstract:
    """Return an execution context, which gives the request."""
    request = objects.value(objects.request(run, route.scope))
    http = objects.modelled(run, {}, getRequest=lambda _: request, getResponse=lambda _: UNKNOWN)
    made = objects.modelled(
        run,
        {},
        switchToHttp=lambda _: objects.value(http),
        getHandler=lambda _: UNKNOWN,
        getClass=lambda _: UNKNOWN,
        getType=lambda _: constant("http"),
        getArgByIndex=lambda _: request,
    )
    return objects.value(made)


def _lets_past(run: Interpreter, own: Closure, route: Registered) -> bool:
    """Tell whether a guard asks for a mark that says that a route is for all: ``@Public()``."""
    marks = {key for key, value in _marks(route) if key and value.atoms == {True}}
    public = {key for key in marks if PUBLIC.search(key)}
    if not public:
        return False
    asked = [node for node in nodes(own.definition.body) if _asks_reflector(node)]
    firsts = [node.arguments[0].value for node in asked if isinstance(node, ir.Call)]
    return any(only_string(run.evaluate(first, own.scope)) in public for first in firsts)


def _asks_reflector(node: object) -> bool:
    function = node.function if isinstance(node, ir.Call) and node.arguments else None
    return isinstance(function, ir.Attribute) and function.name in READING


def _may_refuse(own: Closure) -> bool:
    """Tell whether a function raises or returns anything but true."""
    return any(map(_refuses, nodes(own.definition.body)))


def _refuses(node: object) -> bool:
    if not isinstance(node, ir.Return):
        return isinstance(node, ir.Raise)
    return not (isinstance(node.value, ir.Constant) and node.value.value is True)
