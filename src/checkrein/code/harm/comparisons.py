"""What comparisons tell: ``x == "a"``, ``x in ALLOWED``, ``ALLOWED.indexOf(x) >= 0``."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from checkrein.catalog import uses
from checkrein.code import ir
from checkrein.code.domain.things import Library
from checkrein.code.domain.values import only_string
from checkrein.code.harm import claims, guards, proofs, ranks, requests, telling, wanted

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.harm.telling import Facts, Told
    from checkrein.code.running.interpreter import Interpreter

SAME = frozenset(("==", "===", "is"))
OTHER = frozenset(("!=", "!==", "is-not"))
YES_NO = (bool, type(None))
TYPES = {"number": "all", "boolean": "all", "bigint": "all", "string": "text"}
POSITIONS = (-1, 0, 1, 1000)  # what indexOf may say: not there, and some places
COMPARING: dict[str, Callable[[float, float], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def told(run: Interpreter, test: ir.Compare, scope: Scope, *, holds: bool) -> Told:
    """Return what a comparison tells, where it holds or where it does not."""
    found = _found(run, test, scope, holds=holds) or _of_answer(test, scope, holds=holds)
    if found:
        return found
    if test.operator in SAME or test.operator in OTHER:
        same = test.operator in (SAME if holds else OTHER)
        found = telling.united(_same(run, test, scope, same=same))
        if not same:
            return telling.united((found, telling.Told(claims.compared(run, test, scope), {})))
        request = requests.compared(run, test, scope) or wanted.compared(run, test, scope)
        caller = telling.Told(claims.equal(run, test, scope) | _ranked(run, test, scope), {})
        return telling.united((found, proofs.compared(run, test, scope), request, caller))
    if test.operator == ("in" if holds else "not-in"):
        proof = proofs.compared(run, test, scope)
        rank = telling.Told(_ranked(run, test, scope), {})
        return telling.united((telling.member(run, test.left, test.right, scope), proof, rank))
    if test.operator == ("not-in" if holds else "in"):
        return telling.lacking(run, test.right, test.left, scope)
    return telling.NOTHING


def _of_answer(test: ir.Compare, scope: Scope, *, holds: bool) -> Told:
    """``error is None``, ``auth.ok === true``, of what a function has answered.

    What is not None may still be a no: that it is not says something only where there is no other.
    """
    if not scope.tests or test.operator not in SAME | OTHER:
        return telling.NOTHING
    same = test.operator in (SAME if holds else OTHER)
    for one, other in ((test.left, test.right), (test.right, test.left)):
        answer = guards.named(one, scope)
        if answer and isinstance(other, ir.Constant) and isinstance(other.value, bool | None):
            opposite = (False, None) if other.value else (True, "some")
            if not same and not answer.forms <= frozenset((other.value, *opposite)):
                return telling.NOTHING
            return guards.answered(one, scope, holds=same is bool(other.value))
    return telling.NOTHING


def _ranked(run: Interpreter, test: ir.Compare, scope: Scope) -> Facts:
    return ranks.compared(run, run.evaluate(test.left, scope), run.evaluate(test.right, scope))


def _same(run: Interpreter, test: ir.Compare, scope: Scope, *, same: bool) -> Iterator[Told]:
    """Yield what it tells that two values are the same, or are not."""
    typed = _typed(run, test, scope) if same else None
    if typed is not None:
        yield typed
        return
    for one, other in ((test.left, test.right), (test.right, test.left)):
        says = isinstance(other, ir.Constant) and isinstance(other.value, YES_NO)
        if isinstance(one, ir.Call) and isinstance(other, ir.Constant) and says:
            yield guards.told(run, one, scope, holds=same is bool(other.value))
        elif same:
            yield _equal(run, one, other, scope)
        else:
            yield telling.no_prototype(run, one, other, scope)


def _equal(run: Interpreter, subject: ir.Node, other: ir.Node, scope: Scope) -> Told:
    """``x == known``: it is as harmless as what it equals."""
    if isinstance(subject, ir.Constant):
        return telling.NOTHING
    if isinstance(subject, ir.Call) and _is_common_path(run, subject, scope):
        items = subject.arguments[0].value
        inside = items.items if isinstance(items, ir.Sequence) else ()
        return telling.united([telling.of(run, item, uses.bits("path"), scope) for item in inside])
    known = telling.trusted(run, run.evaluate(other, scope))
    whole = _whole_of(subject)
    if whole is not None and only_string(run.evaluate(other, scope)) is None:
        return telling.of(run, whole, known & uses.bits("key"), scope)
    return telling.of(run, subject, known, scope)


def _whole_of(subject: ir.Node) -> ir.Node | None:
    """Return the text of which an expression is the first folder: ``key.split("/")[0]``."""
    if not isinstance(subject, ir.Subscript) or not isinstance(subject.value, ir.Call):
        return None
    call, first = subject.value, subject.index
    if not isinstance(call.function, ir.Attribute) or call.function.name != "split":
        return None
    folders = [one.value for one in call.arguments if isinstance(one.value, ir.Constant)]
    at = isinstance(first, ir.Constant) and first.value == 0
    return call.function.value if at and [f.value for f in folders[:1]] == ["/"] else None


def _typed(run: Interpreter, test: ir.Compare, scope: Scope) -> Told | None:
    """``typeof x === "number"``."""
    for one, other in ((test.left, test.right), (test.right, test.left)):
        if isinstance(one, ir.Operation) and one.operator == "typeof":
            name = only_string(run.evaluate(other, scope))
            return telling.of(run, one.operands[0], uses.bits(TYPES.get(name or "", "")), scope)
    return None


def _is_common_path(run: Interpreter, call: ir.Call, scope: Scope) -> bool:
    """``os.path.commonpath([root, path])``: what equals it holds the path."""
    return bool(call.arguments) and any(
        isinstance(one, Library) and one.name == "os.path.commonpath"
        for one in telling.called(run, call.function, scope)
    )


def _found(run: Interpreter, test: ir.Compare, scope: Scope, *, holds: bool) -> Told:
    """``ALLOWED.indexOf(x) >= 0``, ``> -1``; ``x.indexOf("..") < 0``."""
    call = test.left
    if not isinstance(call, ir.Call) or not call.arguments:
        return telling.NOTHING
    function = call.function
    if not isinstance(function, ir.Attribute) or function.name not in ("indexOf", "findIndex"):
        return telling.NOTHING
    sought = call.arguments[0].value
    there = _positions(run, test, scope, holds=holds)
    if there == {-1}:
        return telling.lacking(run, function.value, sought, scope)
    if -1 in there or only_string(run.evaluate(sought, scope)) in telling.PARTS:
        return telling.NOTHING
    return telling.member(run, sought, function.value, scope)


def counting(operator: str) -> Callable[[float, float], bool] | None:
    """Return how an operator compares numbers, None where it does not."""
    return COMPARING.get(operator) or COMPARING.get(operator[:2])


def _positions(run: Interpreter, test: ir.Compare, scope: Scope, *, holds: bool) -> set[int]:
    """Return which answers of indexOf a comparison lets through, all if it can not be read."""
    compare = COMPARING.get(test.operator)
    limits = [a for a in run.evaluate(test.right, scope).atoms if isinstance(a, (int, float))]
    if compare is None or len(limits) != 1:
        return set(POSITIONS)
    return {position for position in POSITIONS if compare(position, limits[0]) is holds}
