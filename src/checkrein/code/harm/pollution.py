"""Assignments that may reach the prototype of all objects: a use of their keys.

``target[a][b] = value`` does if ``a`` may be ``__proto__``; so does a function that merges into
``target[key]`` by calling itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from checkrein.catalog.uses import Use
from checkrein.code import ir
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments
from checkrein.code.domain.values import sources_of
from checkrein.code.harm import uses

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

KEYS = Use("property", ("key",))
MERGE = "merge"
NESTED = "assignment"
INTO_AND_FROM = 2  # what a merge is given; with one object alone its own keys are set anew


def assigned(
    run: Interpreter, target: ir.Attribute | ir.Subscript, key: Abstract, scope: Scope
) -> None:
    """Record an assignment by a key that is not known, if it may reach a prototype."""
    if isinstance(target, ir.Attribute) or scope.source.language == "python":
        return
    if not sources_of(key):
        return
    holder = target.value
    if isinstance(holder, ir.Subscript):
        outer = run.evaluate(holder.index, scope)
        if sources_of(outer):
            uses.record(run, KEYS, NESTED, Arguments(target.at, [outer]), scope)
    elif isinstance(holder, ir.Name) and _merges(scope, holder.id):
        uses.record(run, KEYS, MERGE, Arguments(target.at, [key]), scope)


def _merges(scope: Scope | None, name: str) -> bool:
    """Tell whether the function that has a parameter calls itself with parts of it."""
    while scope is not None and name not in scope.names:
        scope = scope.parent
    definition = scope.definition if scope is not None else None
    if definition is None or not definition.name:
        return False
    return any(_is_recursion(node, definition, name) for node in nodes(definition.body))


def _is_recursion(node: object, definition: ir.Lambda, name: str) -> bool:
    if not isinstance(node, ir.Call) or _called(node.function) != definition.name:
        return False
    if len(node.arguments) < INTO_AND_FROM:
        return False
    parts = [one.value for one in node.arguments if isinstance(one.value, ir.Subscript)]
    return any(isinstance(part.value, ir.Name) and part.value.id == name for part in parts)


def _called(function: ir.Node) -> str:
    if isinstance(function, ir.Attribute):
        return function.name
    return function.id if isinstance(function, ir.Name) else ""


def nodes(part: Any) -> Iterator[object]:
    """Yield every node in a part of a tree."""
    waiting: list[Any] = list(part) if isinstance(part, (tuple, list)) else [part]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += ir.parts(one)
