"""What a test tells, of symbols and of names, and the kinds of telling that tests share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from checkrein.catalog import uses
from checkrein.catalog.tokens import is_caller
from checkrein.code import ir
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Library
from checkrein.code.domain.values import only_string, plain, sources_of, strings
from checkrein.code.running import fields
from checkrein.model import Symbol

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

Facts = dict[Symbol, int]  # symbol -> the families that its content is harmless for
PROTOTYPES = frozenset(("__proto__", "constructor", "prototype"))
CASES = frozenset(("lower", "upper", "casefold", "strip", "trim", "toLowerCase", "toUpperCase"))
# a text without "..", after what it is joined to, stays below it; without one kind of quotes it
# may be harmless where it stands between these
PARTS = {"..": "resolved", "../": "resolved", "/": "path", "'": "doubtful", '"': "doubtful"}
PIECES = frozenset(("slice", "substring", "substr", "charAt", "at"))  # give a part of a text


class Told:
    """What a test tells: of symbols, wherever they are, and of names that are no plain symbol."""

    __slots__ = ("names", "symbols")

    def __init__(self, symbols: Facts, names: dict[str, int]) -> None:
        self.symbols = symbols
        self.names = names

    def __bool__(self) -> bool:
        return bool(self.symbols or self.names)


NOTHING = Told({}, {})


def united(every: Iterable[Told]) -> Told:
    """Return what several tests tell together."""
    telling = [one for one in every if one]
    if len(telling) < 2:  # noqa: PLR2004 - nothing to unite
        return telling[0] if telling else NOTHING
    symbols: Facts = {}
    names: dict[str, int] = {}
    for one in telling:
        for symbol, harmless in one.symbols.items():
            symbols[symbol] = symbols.get(symbol, 0) | harmless
        for name, harmless in one.names.items():
            names[name] = names.get(name, 0) | harmless
    return Told(symbols, names)


def either(every: Iterable[Told]) -> Told:
    """Return what each of several tests tells: ``x == "a" or x == "b"``."""
    first, *others = every
    symbols, names = dict(first.symbols), dict(first.names)
    for one in others:
        symbols = {s: bits & one.symbols[s] for s, bits in symbols.items() if s in one.symbols}
        names = {n: bits & one.names[n] for n, bits in names.items() if n in one.names}
    return Told(symbols, names)


def of(run: Interpreter, subject: ir.Node, harmless: int, scope: Scope) -> Told:
    """Return that what an expression stands for is harmless."""
    if not harmless:
        return NOTHING
    subject = without_cases(subject)
    if _is_piece(subject):
        return NOTHING
    if _is_one_item(subject):
        harmless = uses.bits("doubtful")
    value = run.evaluate(subject, scope)
    symbols = {plain(a): harmless for a in value.atoms if isinstance(a, Symbol)}
    for bits, made_of in components(value):
        symbols |= {plain(s): bits & harmless for a in made_of for s in sources_of(a)}
    names: dict[str, int] = {}
    if isinstance(subject, ir.Name) and subject.id in scope.names:
        names[subject.id] = harmless
    return Told({s: k for s, k in symbols.items() if s.owner != "env"}, names)


def without_cases(subject: ir.Node) -> ir.Node:
    """Return an expression without what changes only the case of its letters, or blanks."""
    while (
        isinstance(subject, ir.Call)
        and isinstance(subject.function, ir.Attribute)
        and subject.function.name in CASES
    ):
        subject = subject.function.value
    return subject


def _is_piece(subject: ir.Node) -> bool:
    """Tell whether an expression is a part of a text, which says nothing of the rest."""
    if isinstance(subject, ir.Subscript):
        return isinstance(subject.index, ir.Slice)
    function = subject.function if isinstance(subject, ir.Call) else None
    return isinstance(function, ir.Attribute) and function.name in PIECES


def _is_one_item(subject: ir.Node) -> bool:
    """Tell whether an expression is one item of a list: others have the same symbol."""
    index = subject.index if isinstance(subject, ir.Subscript) else None
    return isinstance(index, ir.Constant) and isinstance(index.value, int)


def components(value: Abstract) -> Iterator[tuple[int, tuple[Abstract, ...]]]:
    """Yield what a value is a telling part of, and for which families: ``URL(x).hostname``."""
    for one in value.things:
        if isinstance(one, Library):
            bits = uses.component(one.name.removeprefix("builtins."))
            if bits:
                yield bits, one.arguments


def trusted(run: Interpreter, value: Abstract) -> int:  # noqa: ARG001 - as the others
    """Return every family where a value does not come from the event."""
    outside = any(
        symbol.owner in ("event", "error") and not is_caller(plain(symbol))
        for symbol in sources_of(value)
    )
    return 0 if outside or not value else uses.bits("all")


def member(run: Interpreter, subject: ir.Node, collection: ir.Node, scope: Scope) -> Told:
    """Return what it tells that something is in a collection."""
    return of(run, subject, trusted(run, run.evaluate(collection, scope)), scope)


def lacking(run: Interpreter, subject: ir.Node, part: ir.Node, scope: Scope) -> Told:
    """Return what it tells of a text that a part is not in it: ``".." not in name``."""
    known = only_string(run.evaluate(part, scope))
    return of(run, subject, uses.bits(PARTS.get(known or "", "")), scope)


def no_prototype(run: Interpreter, subject: ir.Node, other: ir.Node, scope: Scope) -> Told:
    """``key !== "__proto__"``."""
    value = run.evaluate(other, scope)
    names = strings(fields.element(run, value) if value.things else value)
    if PROTOTYPES.isdisjoint(names):
        return NOTHING
    return of(run, subject, uses.bits("property"), scope)


def called(run: Interpreter, function: ir.Node, scope: Scope) -> tuple[Any, ...]:
    """Return what a call may call; a method of data is no field that anybody sent."""
    owner = function.value if isinstance(function, ir.Attribute) else None
    if owner is not None and not run.evaluate(owner, scope).things:
        return ()
    return run.evaluate(function, scope).things
