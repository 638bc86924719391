"""Tests that let only harmless content through: ``if name not in ALLOWED: return``."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from operator import and_
from typing import TYPE_CHECKING, NamedTuple

from checkrein.catalog import uses
from checkrein.catalog.tokens import is_caller
from checkrein.code import ir
from checkrein.code.domain.things import Library, Structure
from checkrein.code.domain.values import (
    NOTHING,
    Abstract,
    families,
    only_string,
    plain,
    sources_of,
    strings,
)
from checkrein.code.harm import regular
from checkrein.code.libraries.text_methods import pattern_of
from checkrein.code.running import fields
from checkrein.model import Symbol

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

Facts = dict[Symbol, int]  # symbol -> the families that its content is harmless for
SAME = frozenset(("==", "===", "is"))
OTHER = frozenset(("!=", "!==", "is-not"))
YES_NO = (bool, type(None))
HOLDING = frozenset(("includes", "has", "hasOwnProperty", "__contains__", "contains"))
PROTOTYPES = frozenset(("__proto__", "constructor", "prototype"))
CASES = frozenset(("lower", "upper", "casefold", "strip", "trim", "toLowerCase", "toUpperCase"))
PARTS = {"..": "path", "../": "path", "/": "path", "'": "sql", '"': "html"}
PREFIXES = frozenset(("startswith", "startsWith", "is_relative_to"))
SUFFIXES = frozenset(("endswith", "endsWith"))
TYPES = {"number": "all", "boolean": "all", "bigint": "all", "string": "nosql"}
CLASSES = {"int": "all", "float": "all", "bool": "all", "str": "nosql"}
PIECES = frozenset(("slice", "substring", "substr", "charAt", "at"))  # give a part of a text
POSITIONS = (-1, 0, 1, 1000)  # what indexOf may say: not there, and some places
COMPARING: dict[str, Callable[[float, float], bool]] = {
    **dict.fromkeys(("==", "==="), operator.eq),
    **dict.fromkeys(("!=", "!=="), operator.ne),
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
MATCHES = {"match": "start", "fullmatch": "both", "search": "none", "test": "none", "exec": "none"}


class Told(NamedTuple):
    """What a test tells: of symbols, wherever they are, and of names that are no plain symbol."""

    symbols: Facts
    names: dict[str, int]

    def __bool__(self) -> bool:
        return bool(self.symbols or self.names)


NOTHING_TOLD = Told({}, {})


def told(run: Interpreter, test: ir.Node, scope: Scope, *, holds: bool) -> Told:
    """Return what a test tells, where it holds or where it does not."""
    awaited = isinstance(test, ir.Await)
    if isinstance(test, ir.Await):
        test = test.value
    if isinstance(test, ir.Not):
        return told(run, test.value, scope, holds=not holds)
    if isinstance(test, ir.Operation) and test.operator in ("and", "or"):
        every = [told(run, operand, scope, holds=holds) for operand in test.operands]
        return _united(every) if (test.operator == "and") is holds else _either(every)
    if isinstance(test, ir.Compare):
        return _compared(run, test, scope, holds=holds)
    if isinstance(test, ir.Call):
        return _called(run, test, scope, holds=holds, awaited=awaited)
    return _answered(run, test, scope, holds=holds)


def _answered(run: Interpreter, test: ir.Node, scope: Scope, *, holds: bool) -> Told:
    """``ALLOWED[x]``; ``valid = x in ALLOWED``, and then ``if valid``."""
    if isinstance(test, ir.Subscript) and holds:
        return _listed(run, test, scope)
    answer = scope.tests.get(test.id) if isinstance(test, ir.Name) else None
    if answer is None:
        return NOTHING_TOLD
    return Told(answer.yes if holds else answer.no, {})


def is_test(node: ir.Node) -> bool:
    """Tell whether an expression looks like a test: a comparison, a match, a look into a list."""
    if isinstance(node, ir.Call) and isinstance(node.function, ir.Attribute):
        name = node.function.name
        return name in MATCHES or name in HOLDING or bool(uses.test(name))
    return isinstance(node, (ir.Compare, ir.Not))


def _united(every: Iterable[Told]) -> Told:
    symbols: Facts = {}
    names: dict[str, int] = {}
    for one in every:
        for symbol, harmless in one.symbols.items():
            symbols[symbol] = symbols.get(symbol, 0) | harmless
        for name, harmless in one.names.items():
            names[name] = names.get(name, 0) | harmless
    return Told(symbols, names)


def _either(every: Iterable[Told]) -> Told:
    """Return what each of several tests tells: ``x == "a" or x == "b"``."""
    first, *others = every
    symbols, names = dict(first.symbols), dict(first.names)
    for one in others:
        symbols = {s: bits & one.symbols[s] for s, bits in symbols.items() if s in one.symbols}
        names = {n: bits & one.names[n] for n, bits in names.items() if n in one.names}
    return Told(symbols, names)


def _of(run: Interpreter, subject: ir.Node, harmless: int, scope: Scope) -> Told:
    """Return that what an expression stands for is harmless."""
    if not harmless:
        return NOTHING_TOLD
    while (
        isinstance(subject, ir.Call)
        and isinstance(subject.function, ir.Attribute)
        and subject.function.name in CASES
    ):
        subject = subject.function.value
    if _is_piece(subject):
        return NOTHING_TOLD
    value = run.evaluate(subject, scope)
    symbols = {plain(a): harmless for a in value.atoms if isinstance(a, Symbol)}
    for bits, made_of in _components(value):
        symbols |= {plain(s): bits & harmless for a in made_of for s in sources_of(a)}
    names: dict[str, int] = {}
    if isinstance(subject, ir.Name) and subject.id in scope.names:
        names[subject.id] = harmless
    return Told({s: k for s, k in symbols.items() if s.owner != "env"}, names)


def _is_piece(subject: ir.Node) -> bool:
    """Tell whether an expression is a part of a text, which says nothing of the rest."""
    if isinstance(subject, ir.Subscript):
        return isinstance(subject.index, ir.Slice)
    function = subject.function if isinstance(subject, ir.Call) else None
    return isinstance(function, ir.Attribute) and function.name in PIECES


def _components(value: Abstract) -> Iterator[tuple[int, tuple[Abstract, ...]]]:
    """Yield what a value is a telling part of, and for which families: ``URL(x).hostname``."""
    for one in value.things:
        if isinstance(one, Library):
            bits = uses.component(one.name.removeprefix("builtins."))
            if bits:
                yield bits, one.arguments


def _compared(run: Interpreter, test: ir.Compare, scope: Scope, *, holds: bool) -> Told:
    found = _found(run, test, scope, holds=holds)
    if found:
        return found
    if test.operator in SAME or test.operator in OTHER:
        same = test.operator in (SAME if holds else OTHER)
        return _united(_same(run, test, scope, same=same))
    if test.operator == ("in" if holds else "not-in"):
        return _member(run, test.left, test.right, scope)
    if test.operator == ("not-in" if holds else "in"):
        return _without(run, test, scope)
    return NOTHING_TOLD


def _same(run: Interpreter, test: ir.Compare, scope: Scope, *, same: bool) -> Iterator[Told]:
    """Yield what it tells that two values are the same, or are not."""
    typed = _typed(run, test, scope) if same else None
    if typed is not None:
        yield typed
        return
    for one, other in ((test.left, test.right), (test.right, test.left)):
        says = isinstance(other, ir.Constant) and isinstance(other.value, YES_NO)
        if isinstance(one, ir.Call) and isinstance(other, ir.Constant) and says:
            yield told(run, one, scope, holds=same is bool(other.value))
        elif same:
            yield _equal(run, one, other, scope)
        else:
            yield _no_prototype(run, one, other, scope)


def _equal(run: Interpreter, subject: ir.Node, other: ir.Node, scope: Scope) -> Told:
    """``x == known``: it is as harmless as what it equals."""
    if isinstance(subject, ir.Constant):
        return NOTHING_TOLD
    if isinstance(subject, ir.Call) and _is_common_path(run, subject, scope):
        items = subject.arguments[0].value
        inside = items.items if isinstance(items, ir.Sequence) else ()
        return _united([_of(run, item, uses.bits("path"), scope) for item in inside])
    return _of(run, subject, _trusted(run, run.evaluate(other, scope)), scope)


def _no_prototype(run: Interpreter, subject: ir.Node, other: ir.Node, scope: Scope) -> Told:
    """``key !== "__proto__"``."""
    value = run.evaluate(other, scope)
    names = strings(fields.element(run, value) if value.things else value)
    if PROTOTYPES.isdisjoint(names):
        return NOTHING_TOLD
    return _of(run, subject, uses.bits("property"), scope)


def _trusted(run: Interpreter, value: Abstract) -> int:  # noqa: ARG001 - as the others
    """Return every family where a value does not come from the event."""
    outside = any(
        symbol.owner in ("event", "error") and not is_caller(plain(symbol))
        for symbol in sources_of(value)
    )
    return 0 if outside or not value else uses.bits("all")


def _member(run: Interpreter, subject: ir.Node, collection: ir.Node, scope: Scope) -> Told:
    return _of(run, subject, _trusted(run, run.evaluate(collection, scope)), scope)


def _listed(run: Interpreter, test: ir.Subscript, scope: Scope) -> Told:
    """``if (COLUMNS[name])``: an object of the program's own has only known keys."""
    things = run.evaluate(test.value, scope).things
    known = [t for t in things if isinstance(t, Structure) and t.fields and not t.element]
    if not known or len(known) < len(things) or any(t.rest or t.kind == "list" for t in known):
        return NOTHING_TOLD
    return _of(run, test.index, uses.bits("all"), scope)


def _without(run: Interpreter, test: ir.Compare, scope: Scope) -> Told:
    """``".." not in name``."""
    part = only_string(run.evaluate(test.left, scope))
    return _of(run, test.right, uses.bits(PARTS.get(part or "", "")), scope)


def _typed(run: Interpreter, test: ir.Compare, scope: Scope) -> Told | None:
    """``typeof x === "number"``."""
    for one, other in ((test.left, test.right), (test.right, test.left)):
        if isinstance(one, ir.Operation) and one.operator == "typeof":
            name = only_string(run.evaluate(other, scope))
            return _of(run, one.operands[0], uses.bits(TYPES.get(name or "", "")), scope)
    return None


def _is_common_path(run: Interpreter, call: ir.Call, scope: Scope) -> bool:
    """``os.path.commonpath([root, path])``: what equals it holds the path."""
    callee = run.evaluate(call.function, scope)
    return bool(call.arguments) and any(
        isinstance(one, Library) and one.name == "os.path.commonpath" for one in callee.things
    )


def _found(run: Interpreter, test: ir.Compare, scope: Scope, *, holds: bool) -> Told:
    """``ALLOWED.indexOf(x) >= 0``, ``> -1``; ``x.indexOf("..") < 0``."""
    call = test.left
    if not isinstance(call, ir.Call) or not call.arguments:
        return NOTHING_TOLD
    function = call.function
    if not isinstance(function, ir.Attribute) or function.name not in ("indexOf", "findIndex"):
        return NOTHING_TOLD
    sought = call.arguments[0].value
    part = only_string(run.evaluate(sought, scope))
    there = _positions(run, test, scope, holds=holds)
    if there == {-1}:
        return _of(run, function.value, uses.bits(PARTS.get(part or "", "")), scope)
    if -1 in there or part in PARTS:
        return NOTHING_TOLD
    return _member(run, sought, function.value, scope)


def _positions(run: Interpreter, test: ir.Compare, scope: Scope, *, holds: bool) -> set[int]:
    """Return which answers of indexOf a comparison lets through, all if it can not be read."""
    compare = COMPARING.get(test.operator)
    limits = [a for a in run.evaluate(test.right, scope).atoms if isinstance(a, (int, float))]
    if compare is None or len(limits) != 1:
        return set(POSITIONS)
    return {position for position in POSITIONS if compare(position, limits[0]) is holds}


# ------------------------------------------------------------------------------ calls


def _called(run: Interpreter, test: ir.Call, scope: Scope, *, holds: bool, awaited: bool) -> Told:
    outcome = run.running.outcomes.get(id(test))
    if outcome is not None:
        return Told(outcome.says(holds=holds, awaited=awaited), {})
    function = test.function
    if isinstance(function, ir.Attribute) and function.name in PREFIXES:
        return _beginning(run, function.value, test, scope, holds=holds)
    if not holds:
        if isinstance(function, ir.Attribute) and function.name in HOLDING and test.arguments:
            found = _no_prototype(run, test.arguments[0].value, function.value, scope)
            if found:
                return found
        return _lacking(run, function, test, scope)
    if isinstance(function, ir.Attribute):
        found = _method(run, function, test, scope)
        if found:
            return found
    return _by_library(run, test, scope)


def _lacking(run: Interpreter, function: ir.Node, test: ir.Call, scope: Scope) -> Told:
    """``if (name.includes("..")) throw``."""
    if not isinstance(function, ir.Attribute) or function.name not in HOLDING or not test.arguments:
        return NOTHING_TOLD
    part = only_string(run.evaluate(test.arguments[0].value, scope))
    return _of(run, function.value, uses.bits(PARTS.get(part or "", "")), scope)


def _beginning(
    run: Interpreter, subject: ir.Node, test: ir.Call, scope: Scope, *, holds: bool
) -> Told:
    """``url.startswith("https://host/")``, ``os.path.realpath(path).startswith(root)``."""
    value = run.evaluate(subject, scope)
    prefix = run.evaluate(test.arguments[0].value, scope) if test.arguments else NOTHING
    if any(_components(value)):
        return _of(run, subject, uses.bits("path"), scope) if not holds else NOTHING_TOLD
    resolved = uses.bits("resolved")
    path = all(families(s) & resolved for s in sources_of(value) if s.owner != "env")
    if not holds:
        leading = path and (only_string(prefix) or "").startswith("..")
        return _of(run, subject, uses.bits("path") if leading else 0, scope)
    if _trusted(run, prefix) == 0:
        return NOTHING_TOLD
    told_of = [_by_prefix(atom) for atom in prefix.atoms] or ["url redirect"]
    harmless = reduce(and_, map(uses.bits, told_of)) | (uses.bits("path") if path else 0)
    return _of(run, subject, harmless, scope)


def _by_prefix(atom: object) -> str:
    """Return what a text is harmless for that begins so."""
    if not isinstance(atom, str):
        return "url redirect"  # of the environment, or what a call gave
    if regular.HOST.match(atom) or re.match(r"/[^/\\]", atom):
        return "url redirect"
    return "doubtful" if atom == "/" or len(atom) > len("https://") else ""


def _method(run: Interpreter, function: ir.Attribute, test: ir.Call, scope: Scope) -> Told:
    """``x.isdigit()``, ``ALLOWED.includes(x)``, ``x.startsWith("https://a/")``."""
    arguments = [one.value for one in test.arguments if not one.name]
    if function.name in HOLDING and arguments:
        return _member(run, arguments[0], function.value, scope)
    if function.name == "match" and arguments:  # JavaScript's, of a text
        pattern = pattern_of(run.evaluate(arguments[0], scope))
        if pattern is not None and not _is_pattern(run, function.value, scope):
            harmless = regular.harmless(pattern, anchored="none")
            return _of(run, function.value, harmless, scope)
    harmless = uses.test(function.name)
    if function.name in SUFFIXES:  # of a host
        suffix = only_string(run.evaluate(arguments[0], scope)) if arguments else None
        host = any(_components(run.evaluate(function.value, scope)))
        harmless = uses.bits("url redirect") if host and (suffix or "").startswith(".") else 0
    if arguments and _trusted(run, run.evaluate(arguments[0], scope)) == 0:
        return NOTHING_TOLD
    return _of(run, function.value, harmless, scope)


def _is_pattern(run: Interpreter, node: ir.Node, scope: Scope) -> bool:
    value = run.evaluate(node, scope)
    return pattern_of(value) is not None or any(
        isinstance(t, Library) and t.module == "re" for t in value.things
    )


def _by_library(run: Interpreter, test: ir.Call, scope: Scope) -> Told:
    """``re.fullmatch(pattern, x)``, ``PATTERN.test(x)``, ``validator.isUUID(x)``."""
    callee = run.evaluate(test.function, scope)
    arguments = [one.value for one in test.arguments if not one.name]
    for one in callee.things:
        if not isinstance(one, Library):
            continue
        name = one.name.removeprefix("builtins.")
        last = name.rpartition(".")[2]
        if last in MATCHES and ("compile()." in name or "RegExp()." in name) and arguments:
            pattern = only_string(one.arguments[0]) if one.arguments else None
            return _matched(run, pattern, MATCHES[last], arguments[0], scope)
        if one.module == "re" and last in MATCHES and len(arguments) > 1:
            pattern = only_string(run.evaluate(arguments[0], scope))
            return _matched(run, pattern, MATCHES[last], arguments[1], scope)
        if name == "isinstance" and len(arguments) > 1:
            return _instance(run, arguments, scope)
        if arguments and uses.predicate(name):
            return _of(run, arguments[0], uses.predicate(name), scope)
    return NOTHING_TOLD


def _matched(
    run: Interpreter, pattern: str | None, anchored: str, subject: ir.Node, scope: Scope
) -> Told:
    """Return what a match tells; a pattern that is not known may be made for the purpose."""
    if pattern is None:
        return _of(run, subject, uses.bits("doubtful"), scope)
    return _of(run, subject, regular.harmless(pattern, anchored=anchored), scope)


def _instance(run: Interpreter, arguments: list[ir.Node], scope: Scope) -> Told:
    classes = run.evaluate(arguments[1], scope)
    named = [
        one.name.removeprefix("builtins.") for one in classes.things if isinstance(one, Library)
    ]
    for one in classes.things:
        if isinstance(one, Structure):
            named += [
                t.name.removeprefix("builtins.")
                for t in one.items().things
                if isinstance(t, Library)
            ]
    known = [uses.bits(CLASSES.get(name, "")) for name in named]
    harmless = known[0] if known else 0
    for bits in known[1:]:
        harmless &= bits
    return _of(run, arguments[0], harmless, scope)
