"""Settings that turn off that the other side of a connection is known by its certificate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.catalog import uses as catalog
from checkrein.code.domain.things import Arguments, Library, Structure
from checkrein.code.domain.values import constant, only_string
from checkrein.code.harm import uses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from checkrein.code import ir
    from checkrein.code.domain.abstract import Abstract
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

DEPTH = 3  # of options in options
OFF = catalog.Use("tls", ("setting",), always=True)


def given_to(run: Interpreter, one: Library, given: Arguments, scope: Scope) -> None:
    """Record that a library's function is given such a setting, by name or in its options."""
    if one.module:  # what the language itself does with options, it does not connect with
        for name, value in _settings(given) if given.named or _holds(given) else ():
            _record(run, one, name, value, given, scope)


def given_to_unknown(run: Interpreter, method: str, given: Arguments, scope: Scope) -> None:
    """Record that a method of what could not be followed is given such a setting."""
    for name, value in _settings(given) if given.named or _holds(given) else ():
        _record(run, Library("", method), name, value, given, scope)


def _holds(given: Arguments) -> bool:
    """Tell whether a positional argument, or what stands for named ones, may hold settings."""
    for value in given.positional:
        if value.things:
            return True
    return bool(given.rest.things)


def assigned(
    run: Interpreter, one: Library, key: Abstract, value: Abstract, at: ir.Span, scope: Scope
) -> None:
    """Record that such a setting of a library's object, or of the environment, is set."""
    name = only_string(key)
    if name in catalog.unverifying():
        _record(run, one, name, value, Arguments(at, []), scope)


def _settings(given: Arguments) -> Iterator[tuple[str, Abstract]]:
    known = catalog.unverifying()
    if given.named:
        for name in known.intersection(given.named):
            yield name, given.named[name]
    for value in given.every():
        if value.things:
            yield from _inside(value, known, DEPTH)


def _inside(value: Abstract, known: frozenset[str], depth: int) -> Iterator[tuple[str, Abstract]]:
    for one in value.things:
        if isinstance(one, Structure) and one.kind == "dict" and depth:
            for name, part in one.fields.items():
                if name in known:
                    yield name, part
                if part.things:
                    yield from _inside(part, known, depth - 1)


def _record(
    run: Interpreter, one: Library, name: str, value: Abstract, given: Arguments, scope: Scope
) -> None:
    off = catalog.unverified(name, one.module.partition(".")[0])
    if _is(value, off):
        made = Arguments(given.at, [constant(name)])
        uses.record(run, OFF, one.name, made, scope)


def _is(value: Abstract, wanted: object) -> bool:
    """Tell whether a value is surely the one wanted: a constant, or something of a library."""
    names = {one.path for one in value.things if isinstance(one, Library)}
    found = {*value.atoms, *names}
    plain = len(found) == len(value.things) + len(value.atoms) == 1 and not value.open
    return plain and any(type(a) is type(wanted) and a == wanted for a in found)
