"""Objects copied, key by key too: ``{k: v for k, v in user.items() if k != "password"}``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code import ir
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Closure, Structure, Thing
from checkrein.code.domain.values import join_all, only_string
from checkrein.code.running import fields, missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

EQUAL = {"==": True, "is": True, "!=": False, "is-not": False}
AMONG = {"in": True, "not-in": False}
COMPARED = {**EQUAL, **AMONG}
HOLDING = frozenset(("includes", "has"))  # methods that tell whether something is in a list
NONE: frozenset[str] = frozenset()
Told = tuple[frozenset[str], frozenset[str] | None]  # keys left out; those kept, None for all


def anew(run: Interpreter, value: Abstract, depth: int = 1) -> Abstract:
    """Return what a copy of a value is, so many levels deep: ``dict(DEFAULTS)``.

    Only what outlives an invocation is copied: else nobody can tell a copy from what it is of.
    """
    if not depth or not any(map(run.state.outlives, value.things)):
        return value
    things = tuple(_anew(run, one, depth) for one in value.things)
    return Abstract(value.atoms, things, value.sources, value.open)


def _anew(run: Interpreter, one: Thing, depth: int) -> Thing:
    if type(one) is not Structure or not run.state.outlives(one):
        return one
    held = {name: anew(run, part, depth - 1) for name, part in one.fields.items()}
    made = run.structure(one.kind, held, anew(run, one.element, depth - 1))
    made.owner, made.keys, made.rest = one.owner, one.keys, one.rest
    made.named = {key: anew(run, part, depth - 1) for key, part in one.named.items()}
    return made


class Pairs(Structure):
    """The list of an object's keys with their values; ``of`` is what they make.

    ``pair`` is what stands in the list: whoever puts something else there makes another object.
    """

    __slots__ = ("less", "of", "pair")
    of: Abstract
    pair: Abstract
    less: bool  # than the object that the pairs were taken of: ``of`` is nobody else's

    @property
    def is_whole(self) -> bool:
        """Tell whether nothing was put into the list since."""
        return self.element is self.pair and not self.fields


def pairs(run: Interpreter, pair: Abstract, of: Abstract, *, less: bool = False) -> Pairs:
    """Return the list of an object's pairs, each of which is ``pair``."""
    run.births += 1
    made = Pairs("list", None, pair, None, run.branches[-1])
    made.serial = run.births
    made.of, made.pair, made.less = of, pair, less
    return made


def again(value: Abstract) -> Abstract | None:
    """Return the object that a list of pairs makes from which some were left out, else None."""
    made = _whole(value)
    whole = bool(made) and all(one.less for one in made)
    return join_all(one.of for one in made) if whole else None


def filtered(run: Interpreter, value: Abstract, test: Abstract) -> Abstract | None:
    """``Object.entries(user).filter(([key]) => key !== "password")``; None if it tells no keys."""
    whole = _whole(value)
    closures = [one for one in test.things if isinstance(one, Closure)]
    if not whole or len(closures) != 1 or len(test.things) > 1:
        return None
    definition, scope = closures[0].definition, closures[0].scope
    pattern = definition.parameters[0].pattern if definition.parameters else None
    body = definition.body[0] if len(definition.body) == 1 else None
    if pattern is None or not isinstance(body, ir.Return) or body.value is None:
        return None
    told = _told(_keys(run, (body.value,), lambda node: _is_key(node, pattern), scope))
    if told == (NONE, None):
        return None
    made = [_copy(run, one.of, told, body.at, scope) for one in whole]
    things = [pairs(run, one.pair, of, less=True) for one, of in zip(whole, made, strict=True)]
    return Abstract(value.atoms, tuple(things), value.sources, value.open)


def comprehended(run: Interpreter, node: ir.Comprehension, scope: Scope) -> Abstract | None:
    """Return what a comprehension leaves of an object; None if it is not one that leaves out keys.

    Its conditions are evaluated elsewhere.
    """
    if node.kind != "dict" or len(node.clauses) != 1 or not isinstance(node.body, ir.Dictionary):
        return None
    target, iterable, conditions = node.clauses[0]
    key, value = node.body.items[0] if len(node.body.items) == 1 else (None, node.body)
    source = _source(target, iterable, key, value) if isinstance(key, ir.Name) else None
    if not isinstance(key, ir.Name) or source is None:
        return None
    name = key.id
    told = _told(_keys(run, conditions, lambda one: _is_name(one, name), scope))
    if told == (NONE, None):
        return None
    return _copy(run, run.evaluate(source, scope), told, node.at, scope)


def _source(target: ir.Node, iterable: ir.Node, key: ir.Name, value: ir.Node) -> ir.Node | None:
    """Return the object of which a key stands beside its own value."""
    method, of = _asked(iterable)
    if isinstance(target, ir.Sequence):
        own = len(target.items) == 2 and method == "items"  # noqa: PLR2004 - a pair
        every = zip(target.items, (key, value), strict=False)
        return of if own and all(_is_same(one, other) for one, other in every) else None
    looked = of if method == "keys" else iterable
    if not _is_same(key, target) or not isinstance(value, ir.Subscript):
        return None
    beside = _is_same(value.index, target) and _is_same(value.value, looked)
    return looked if beside else None


def _asked(node: ir.Node) -> tuple[str, ir.Node]:
    """Return the method that a call is of, and of what."""
    function = node.function if isinstance(node, ir.Call) else None
    return (function.name, function.value) if isinstance(function, ir.Attribute) else ("", node)


def _is_same(one: ir.Node | None, other: ir.Node) -> bool:
    return isinstance(one, ir.Name) and isinstance(other, ir.Name) and one.id == other.id


def _is_name(node: ir.Node, name: str) -> bool:
    return isinstance(node, ir.Name) and node.id == name


def _is_key(node: ir.Node, pattern: ir.Node) -> bool:
    """Tell whether a node is the key of a pair that a parameter takes: ``[key]``, ``pair[0]``."""
    if isinstance(pattern, ir.Sequence):
        first = pattern.items[0] if pattern.items else None
        return first is not None and _is_same(node, first)
    first = node.index if isinstance(node, ir.Subscript) else None
    counted = isinstance(first, ir.Constant) and first.value == 0
    return isinstance(node, ir.Subscript) and counted and _is_same(node.value, pattern)


def _whole(value: Abstract) -> list[Pairs]:
    """Return the lists of pairs that a value is, none if it may be anything else."""
    found = [one for one in value.things if isinstance(one, Pairs) and one.is_whole]
    return found if len(found) == len(value.things) and not value.atoms else []


def _copy(run: Interpreter, of: Abstract, told: Told, at: ir.Span, scope: Scope) -> Abstract:
    """Return an object without the keys that are left out, or of those only that are kept."""
    out, kept = told
    if kept is None:
        return missing.remaining(run, of, sorted(out))
    names = sorted(kept - out)
    return run.built("dict", {name: fields.read(run, of, name, at, scope) for name in names})


def _told(every: Iterator[tuple[bool, frozenset[str]]]) -> Told:
    out, kept = NONE, None
    for among, names in every:
        if among:
            kept = names if kept is None else kept & names
        else:
            out |= names
    return out, kept


def _keys(
    run: Interpreter,
    tests: tuple[ir.Node, ...],
    is_key: Callable[[ir.Node], bool],
    scope: Scope,
    *,
    holds: bool = True,
) -> Iterator[tuple[bool, frozenset[str]]]:
    """Yield what tests say of a key: names, and whether it is one of them or none."""
    for test in tests:
        if isinstance(test, ir.Not):
            yield from _keys(run, (test.value,), is_key, scope, holds=not holds)
        elif isinstance(test, ir.Operation) and test.operator == ("and" if holds else "or"):
            yield from _keys(run, test.operands, is_key, scope, holds=holds)
        else:
            names, among = _said(run, test, is_key, scope)
            if names:
                yield among is holds, names


def _said(
    run: Interpreter, test: ir.Node, is_key: Callable[[ir.Node], bool], scope: Scope
) -> tuple[frozenset[str], bool]:
    """Return names with which a test compares a key, and whether it is one of them."""
    if isinstance(test, ir.Compare):
        return _compared(run, test, is_key, scope), COMPARED.get(test.operator, False)
    if isinstance(test, ir.Call) and isinstance(test.function, ir.Attribute):
        given = [one.value for one in test.arguments]
        if test.function.name in HOLDING and len(given) == 1 and is_key(given[0]):
            return _listed(run.evaluate(test.function.value, scope)), True
    return NONE, False


def _compared(
    run: Interpreter, test: ir.Compare, is_key: Callable[[ir.Node], bool], scope: Scope
) -> frozenset[str]:
    if test.operator in AMONG and is_key(test.left):
        return _listed(run.evaluate(test.right, scope))
    if test.operator not in EQUAL or not (is_key(test.left) or is_key(test.right)):
        return NONE
    other = test.right if is_key(test.left) else test.left
    name = only_string(run.evaluate(other, scope))
    return NONE if name is None else frozenset((name,))


def _listed(value: Abstract) -> frozenset[str]:
    """Return the texts of a list, none if it may hold others."""
    lists = [one for one in value.things if isinstance(one, Structure) and one.kind == "list"]
    if value.atoms or value.open or len(lists) != 1 or len(value.things) > 1 or lists[0].rest:
        return NONE
    held = lists[0].items()
    texts = frozenset(atom for atom in held.atoms if isinstance(atom, str))
    whole = len(texts) == len(held.atoms) and not (held.things or held.sources or held.open)
    return texts if whole else NONE
