"""The resolvers of a GraphQL schema, in the forms in which libraries take them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Closure, Library, Named, Structure
from checkrein.code.domain.values import NOTHING, UNKNOWN, only_string
from checkrein.code.running import calls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checkrein.code import ir
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.domain.things import Thing
    from checkrein.code.running.interpreter import Interpreter

NEXUS = frozenset(("nexus", "@nexus/schema"))
BLOCK = "t()"  # what nexus hands to ``definition``
GUARDS = frozenset(
    ("graphql-shield", "graphql-middleware", "graphql-authz", "@envelop/generic-auth")
)
TRANSFORMING = frozenset(("schemaDirectives", "schemaTransforms", "authChecker", "permissions"))
MAPPING = ("mapSchema", "applyMiddleware")
TYPE = re.compile(r"[A-Z]\w*$")
OPTIONS = frozenset(("resolvers", "schema", "types", "query", "mutation", "subscription"))
DEPTH = 8
NOWHERE = (0, 0, 0, 0)


class Resolver(NamedTuple):
    """What answers one field of a schema; ``of_root`` takes no parent before its arguments."""

    name: str
    function: Abstract
    of_root: bool = False


def guarded(options: Abstract, depth: int = DEPTH) -> bool:
    """Tell whether something that nobody here follows may stand before every resolver."""
    for one in options.things if depth else ():
        if isinstance(one, Library):
            if one.module in GUARDS or one.path.removesuffix("()").endswith(MAPPING):
                return True
            if any(guarded(each, depth - 1) for each in one.arguments):
                return True
        if isinstance(one, Structure):
            if not TRANSFORMING.isdisjoint(one.fields):
                return True
            inner = (v for name, v in one.fields.items() if name in OPTIONS or name == "plugins")
            if any(guarded(each, depth - 1) for each in inner):
                return True
    return False


def resolvers(run: Interpreter, options: Abstract, scope: Scope) -> list[Resolver]:
    """Return the resolvers of a server's options, each once."""
    found = dict.fromkeys(_Walk(run, scope).options(options, DEPTH))
    return list(found)


class _Walk:
    """Goes through what a schema is made of."""

    def __init__(self, run: Interpreter, scope: Scope) -> None:
        self._run = run
        self._scope = scope

    def options(self, value: Abstract, depth: int) -> Iterator[Resolver]:
        """Yield those of what a server or a schema is made with."""
        for one in value.things if depth else ():
            if isinstance(one, Library):
                yield from self._made(one, depth - 1)
            elif isinstance(one, Named):
                for each in one.scope.names.values():
                    yield from self.options(each, depth - 1)
            elif isinstance(one, Structure):
                yield from self._structure(one, depth - 1)

    def _structure(self, one: Structure, depth: int) -> Iterator[Resolver]:
        if one.kind == "list":
            for each in (*one.fields.values(), one.element):
                yield from self.options(each, depth)
                yield from self._types(each, depth)
            return
        for name, each in one.fields.items():
            if name == "resolvers":
                yield from self._types(each, depth)
            elif name == "rootValue":
                yield from _functions("Query", each, of_root=True)
            elif name in OPTIONS:
                yield from self.options(each, depth)
            elif any(isinstance(t, Library) and t.module in NEXUS for t in each.things):
                yield from self.options(each, depth)  # what a module exports

    def _types(self, value: Abstract, depth: int) -> Iterator[Resolver]:
        """Yield those of ``{Query: {orders: …}, Order: {owner: …}}``, or of several of these."""
        for one in value.things if depth else ():
            for each in _several(one):
                yield from self._types(each, depth - 1)
            if isinstance(one, Structure) and one.kind != "list":
                for name, fields in one.fields.items():
                    if TYPE.match(name):
                        yield from _functions(name, fields)

    def _made(self, one: Library, depth: int) -> Iterator[Resolver]:
        """Yield those of what a library has made a schema, or a part of one, of."""
        name = one.path.removesuffix("()").rpartition(".")[2]
        if one.module in NEXUS and name != "makeSchema":
            yield from self._of_nexus(one, name)
        elif name == "GraphQLObjectType":
            yield from self._of_type(one)
        else:
            for each in one.arguments:
                yield from self.options(each, depth)

    def _of_nexus(self, one: Library, name: str) -> Iterator[Resolver]:
        kind = name.removesuffix("Field").removesuffix("Type").capitalize()
        for each in one.arguments:
            for options in (t for t in each.things if isinstance(t, Structure)):
                said = only_string(options.fields.get("name", NOTHING))
                named = only_string(options.fields.get("type", NOTHING)) or said or kind
                yield from self._defined(options.fields.get("definition", NOTHING), named)
                field = only_string(one.arguments[0]) or said or ""
                yield from _resolving(f"{kind}.{field}", options)
            yield from self._defined(each, kind)

    def _defined(self, definition: Abstract, kind: str) -> Iterator[Resolver]:
        """Yield the fields that nexus' ``definition(t)`` describes."""
        if not any(map(calls.is_function, definition.things)):
            return
        block = self._run.structure("list")
        handed = Library("nexus", BLOCK, (Abstract(things=(block,)),))
        first = Arguments(_at(definition), [Abstract(things=(handed,))])
        calls.apply(self._run, definition, first, self._scope)
        for name, options in block.fields.items():
            for each in (t for t in options.things if isinstance(t, Structure)):
                yield from _resolving(f"{kind}.{name}", each)

    def _of_type(self, one: Library) -> Iterator[Resolver]:
        """Yield those of ``new GraphQLObjectType({ name, fields: { orders: { resolve } } })``."""
        for options in (t for v in one.arguments for t in v.things if isinstance(t, Structure)):
            kind = only_string(options.fields.get("name", NOTHING)) or ""
            fields = options.fields.get("fields", NOTHING)
            if any(map(calls.is_function, fields.things)):
                at = _at(fields)
                fields = calls.apply(self._run, fields, Arguments(at, []), self._scope)
            for known in (t for t in fields.things if isinstance(t, Structure)):
                for name, field in known.fields.items():
                    for each in (t for t in field.things if isinstance(t, Structure)):
                        yield from _resolving(f"{kind}.{name}", each)


def _several(one: Thing) -> tuple[Abstract, ...]:
    """Return the maps that are in a list, or that a library has united."""
    if isinstance(one, Library):
        return one.arguments
    listed = isinstance(one, Structure) and one.kind == "list"
    return (*one.fields.values(), one.element) if listed and isinstance(one, Structure) else ()


def _at(value: Abstract) -> ir.Span:
    """Return where a function of the program stands."""
    return next((t.definition.at for t in value.things if isinstance(t, Closure)), NOWHERE)


def described(one: Library, given: Arguments) -> Abstract | None:
    """Keep a field that nexus' block is told of: ``t.list.field("orders", { resolve })``."""
    if one.module not in NEXUS or not one.path.startswith(f"{BLOCK}."):
        return None
    for value in given.positional:
        for options in (t for t in value.things if isinstance(t, Structure)):
            said = options.fields.get("name", NOTHING)
            name = only_string(given.first()) or only_string(said)
            for block in one.arguments[0].things if name else ():
                if isinstance(block, Structure):
                    block.fields[str(name)] = value
    return UNKNOWN


def _functions(kind: str, fields: Abstract, *, of_root: bool = False) -> Iterator[Resolver]:
    """Yield the fields of a type: functions, or objects that hold one."""
    for one in (t for t in fields.things if isinstance(t, Structure)):
        for name, field in one.fields.items():
            function = _callable(field.things)
            if function:
                yield Resolver(f"{kind}.{name}", function, of_root)
            for each in (t for t in field.things if isinstance(t, Structure)):
                yield from _resolving(f"{kind}.{name}", each)


def _resolving(name: str, options: Structure) -> Iterator[Resolver]:
    for key in ("resolve", "subscribe"):
        function = _callable(options.fields.get(key, NOTHING).things)
        if function:
            yield Resolver(name, function)


def _callable(things: tuple[Thing, ...]) -> Abstract:
    return Abstract(things=tuple(one for one in things if calls.is_function(one)))
