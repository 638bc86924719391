"""Statements: what they bind, export and return."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from checkrein.code import ir
from checkrein.read.cdk.unsynthesized.evaluation import values
from checkrein.read.cdk.unsynthesized.evaluation.access import assigned, iterated, key_of, member
from checkrein.read.cdk.unsynthesized.evaluation.expressions import UNKNOWN_LOOP, defined_class
from checkrein.read.cdk.unsynthesized.evaluation.things import (
    BREAK,
    CONTINUE,
    RETURN,
    Given,
    Leaves,
    Live,
    Scope,
    Space,
    Thrown,
)
from checkrein.read.cdk.unsynthesized.trace import Choice, Traced

if TYPE_CHECKING:
    from checkrein.read.cdk.unsynthesized.evaluation.running import Evaluation

MOST_TURNS = 500  # of a loop


def bind(run: Evaluation, target: ir.Node, value: Traced, scope: Scope, kind: str = "") -> None:
    """Give the names of a pattern their values; ``kind`` is var, let, const or ""."""
    if isinstance(target, ir.Name):
        run.put(_binding(target.id, scope, kind).names, target.id, value)
    elif isinstance(target, ir.Attribute):
        whole = run.evaluate(target.value, scope)
        assigned(run, whole, target.name, value, Given([], {}, run.place(target, scope), scope))
    elif isinstance(target, ir.Subscript):
        whole = run.evaluate(target.value, scope)
        key = run.evaluate(target.index, scope)
        assigned(run, whole, key, value, Given([], {}, run.place(target, scope), scope))
    elif isinstance(target, ir.Default):
        known = run.evaluate(target.value, scope) if value is None else value
        bind(run, target.pattern, known, scope, kind)
    elif isinstance(target, ir.Sequence):
        _bind_list(run, target, value, scope, kind)
    elif isinstance(target, ir.ObjectPattern):
        _bind_parts(run, target, value, scope, kind)


def _binding(name: str, scope: Scope, kind: str) -> Scope:
    """Return the scope that gets a name."""
    if kind in ("let", "const"):
        return scope
    if kind == "var":
        return scope.function
    if not scope.is_python:
        return scope.find(name) or scope.module
    outside = scope.frame.outside.get(name)
    if outside == "global":
        return scope.module
    if outside and scope.outer is not None:
        return scope.outer.find(name) or scope.outer
    return scope.function


def _bind_list(
    run: Evaluation, target: ir.Sequence, value: Traced, scope: Scope, kind: str
) -> None:
    items = iterated(run, value, scope)
    for index, pattern in enumerate(target.items):
        if isinstance(pattern, ir.Spread):
            after = len(target.items) - index - 1
            rest = None if items is None else items[index : len(items) - after or None]
            unknown = run.unknown("the rest of a list", pattern, scope)
            bind(run, pattern.value, unknown if rest is None else rest, scope, kind)
        elif items is None:
            part = member(run, value, index, run.place(pattern, scope), scope)
            bind(run, pattern, part, scope, kind)
        else:
            bind(run, pattern, items[index] if index < len(items) else None, scope, kind)


def _bind_parts(
    run: Evaluation, target: ir.ObjectPattern, value: Traced, scope: Scope, kind: str
) -> None:
    taken: list[Any] = []
    for key, pattern in target.items:
        place = run.place(pattern, scope)
        if key is not None:
            taken.append(key_of(run.evaluate(key, scope)))
            bind(run, pattern, member(run, value, taken[-1], place, scope), scope, kind)
        elif isinstance(value, dict):
            rest = {name: part for name, part in value.items() if name not in taken}
            bind(run, pattern, rest, scope, kind)
        else:
            bind(run, pattern, value, scope, kind)


def _assign(run: Evaluation, node: ir.Assign, scope: Scope) -> None:
    bind(run, node.target, run.evaluate(node.value, scope), scope, node.kind)


def _expression(run: Evaluation, node: ir.Expression, scope: Scope) -> None:
    run.evaluate(node.value, scope)


def _return(run: Evaluation, node: ir.Return, scope: Scope) -> Leaves:
    return Leaves(RETURN, None if node.value is None else run.evaluate(node.value, scope))


def _raise(run: Evaluation, node: ir.Raise, scope: Scope) -> None:
    raise Thrown(None if node.value is None else run.evaluate(node.value, scope))


def _break(_run: Evaluation, node: ir.Break, _scope: Scope) -> Leaves:
    return Leaves(CONTINUE if node.continues else BREAK)


def _define_class(run: Evaluation, node: ir.DefineClass, scope: Scope) -> None:
    made = defined_class(run, node.definition, scope)
    run.put(scope.names, node.definition.name, made)


def _import(run: Evaluation, node: ir.Import, scope: Scope) -> None:
    place = run.place(node, scope)
    if node.name and node.name != "*":
        scope.names[node.name] = run.modules.imported(node.module, node.member, scope, place)
        return
    whole = run.modules.whole(run, node.module, scope, place)
    if node.name == "*" and isinstance(whole, Space):
        for name, value in whole.names.items():
            if not str(name).startswith("_"):
                scope.names[name] = value
    elif node.name == "*" and not isinstance(whole, Space):
        scope.names.setdefault("*", []).append(whole)


def _export(run: Evaluation, node: ir.Export, scope: Scope) -> None:
    space = run.modules.space(scope)
    place = run.place(node, scope)
    if node.value is None and node.name == "*":
        space.handed.append(Live(node.module, "*", scope, place))
    elif node.value is None:
        space.names[node.name] = run.modules.imported(node.module, node.member, scope, place)
    elif isinstance(node.value, ir.Name) and isinstance(scope.names.get(node.value.id), Live):
        space.names[node.name] = scope.names[node.value.id]
    else:
        space.names[node.name] = run.evaluate(node.value, scope)


def _if(run: Evaluation, node: ir.If, scope: Scope) -> Leaves | None:
    test = run.truth(node.test, scope)
    if test is not None:
        try:
            return run.run(node.then if test else node.otherwise, scope.block())
        except Thrown:
            if run.catches:
                raise
            run.lose("a check fails that surely holds where the program is run", node, scope)
            return None
    return run.ways(
        [
            lambda: run.run(node.then, scope.block()),
            lambda: run.run(node.otherwise, scope.block()),
        ],
        scope.frame,
    )


def _switch(run: Evaluation, node: ir.Switch, scope: Scope) -> Leaves | None:
    sure = run.sure
    left = run.run(node.body, scope.block())
    run.sure = sure
    return None if left is not None and left.how == BREAK else left


def _loop(run: Evaluation, node: ir.Loop, scope: Scope) -> Leaves | None:
    sure = run.sure
    try:
        if node.target is None or node.iterable is None:
            return _while(run, node, scope)
        return _for(run, node, node.target, node.iterable, scope)
    finally:
        run.sure = sure


def _while(run: Evaluation, node: ir.Loop, scope: Scope) -> Leaves | None:
    for _ in range(MOST_TURNS):
        test = True if node.test is None else run.truth(node.test, scope)
        if test is False:
            return None
        if test is None:
            return _once(run, node, scope, None)
        left = run.run(node.body, scope.block())
        if left is not None and left.how != CONTINUE:
            return left if left.how == RETURN else None
    run.lose("a loop that does not seem to end", node, scope)
    return None


def _for(
    run: Evaluation, node: ir.Loop, target: ir.Node, iterable: ir.Node, scope: Scope
) -> Leaves | None:
    value = run.evaluate(iterable, scope)
    for one in values.options(value):
        items = _items(run, node, one, scope)
        sure = items is not None and not isinstance(value, Choice)
        if items is None:
            items = [run.unknown("each of what is not known", iterable, scope)]
        for item in items[:MOST_TURNS]:
            left = (_turn if sure else _once)(run, node, scope, target, item)
            if left is not None and left.how != CONTINUE:
                return left if left.how == RETURN else None
    return None


def _items(run: Evaluation, node: ir.Loop, value: Traced, scope: Scope) -> list[Traced] | None:
    if node.keys and isinstance(value, (dict, list)):
        return list(value) if isinstance(value, dict) else [str(i) for i in range(len(value))]
    return iterated(run, value, scope)


def _turn(
    run: Evaluation, node: ir.Loop, scope: Scope, target: ir.Node | None, item: Traced
) -> Leaves | None:
    inner = scope.block()
    if target is not None:
        bind(run, target, item, inner, "let" if node.declares else "")
    return run.run(node.body, inner)


def _once(
    run: Evaluation, node: ir.Loop, scope: Scope, target: ir.Node | None, item: Traced = None
) -> Leaves | None:
    """Run a loop's body that may run or not."""

    def turn() -> Leaves | None:
        left = _turn(run, node, scope, target, item)
        return left if left is not None and left.how == RETURN else None

    before = len(run.done)
    left = run.maybe(turn, scope.frame)
    if len(run.done) > before:
        run.lose(UNKNOWN_LOOP, node, scope)
    return left


def _try(run: Evaluation, node: ir.Try, scope: Scope) -> Leaves | None:
    try:
        run.catches += 1
        try:
            left = run.run(node.body, scope.block())
        finally:
            run.catches -= 1
    except Thrown as error:
        if not node.handlers:
            run.run(node.final, scope.block())
            raise
        handler = node.handlers[0]
        inner = scope.block()
        if handler.name:
            inner.names[handler.name] = error.value
        left = run.run(handler.body, inner)
    return run.run(node.final, scope.block()) or left


def _outer(_run: Evaluation, node: ir.Outer, scope: Scope) -> None:
    for name in node.names:
        scope.frame.outside[name] = node.kind


STATEMENTS: dict[type[ir.Node], Callable[[Evaluation, Any, Scope], Leaves | None]] = {
    ir.Assign: _assign,
    ir.Expression: _expression,
    ir.Return: _return,
    ir.Raise: _raise,
    ir.Break: _break,
    ir.DefineClass: _define_class,
    ir.Import: _import,
    ir.Export: _export,
    ir.If: _if,
    ir.Switch: _switch,
    ir.Loop: _loop,
    ir.Try: _try,
    ir.Outer: _outer,
}
