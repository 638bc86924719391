"""Statements: what they bind, export and return."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from checkrein.code import ir
from checkrein.model import Place
from checkrein.read.serverless.program.expressions import key_of, member
from checkrein.read.serverless.program.operators import truth
from checkrein.read.serverless.program.things import OWN, Library, Scope
from checkrein.read.serverless.written import UNKNOWN, Written

if TYPE_CHECKING:
    from checkrein.read.serverless.program.evaluation import Evaluation

LEFT = Written(None, Place("", 0))  # how a loop, or one turn of it, ends early
NEXT = Written(None, Place("", 0))
CHANGING = ("push", "unshift", "splice")


def bind(
    run: Evaluation, target: ir.Node, value: Written, scope: Scope, *, declares: bool = True
) -> None:
    """Give the names of a pattern their values."""
    if isinstance(target, ir.Name):
        known = None if declares else scope.find(target.id)
        (known or scope).names[target.id] = value
    elif isinstance(target, (ir.Attribute, ir.Subscript)):
        _put(run, target, value, scope)
    elif isinstance(target, ir.Default):
        known_value = run.evaluate(target.value, scope) if value.value is None else value
        bind(run, target.pattern, known_value, scope, declares=declares)
    else:
        for pattern, part in _parts(run, target, value, scope):
            bind(run, pattern, part, scope, declares=declares)


def _parts(
    run: Evaluation, target: ir.Node, value: Written, scope: Scope
) -> list[tuple[ir.Node, Written]]:
    """Return the inner patterns of one that takes a value apart, with what each gets."""
    if isinstance(target, ir.Sequence):
        return [(p, member(value, str(i), value.place)) for i, p in enumerate(target.items)]
    if not isinstance(target, ir.ObjectPattern):
        return []
    return [
        (pattern, value if key is None else member(value, key_of(run, key, scope), value.place))
        for key, pattern in target.items
    ]


def _put(
    run: Evaluation, target: ir.Attribute | ir.Subscript, value: Written, scope: Scope
) -> None:
    whole = run.evaluate(target.value, scope)
    named = isinstance(target, ir.Attribute)
    key = target.name if isinstance(target, ir.Attribute) else key_of(run, target.index, scope)
    if isinstance(whole.value, dict) and (named or key is not None):
        whole.value[key] = value


def _assign(run: Evaluation, node: ir.Assign, scope: Scope) -> None:
    bind(run, node.target, run.evaluate(node.value, scope), scope, declares=bool(node.kind))


def _class(run: Evaluation, node: ir.DefineClass, scope: Scope) -> None:
    scope.names[node.definition.name] = run.evaluate(node.definition, scope)


def _expression(run: Evaluation, node: ir.Expression, scope: Scope) -> None:
    run.evaluate(node.value, scope)


def _return(run: Evaluation, node: ir.Return, scope: Scope) -> Written:
    if node.value is None:
        return Written(None, run.place(node, scope))
    return run.evaluate(node.value, scope)


def _import(run: Evaluation, node: ir.Import, scope: Scope) -> None:
    place = run.place(node, scope)
    found = run.modules.imported(run, node.module, node.member or "*", scope, place)
    scope.names[node.name] = found


def _export(run: Evaluation, node: ir.Export, scope: Scope) -> None:
    own = scope.module.names[OWN].value
    place = run.place(node, scope)
    if node.value is not None:
        own[node.name] = run.evaluate(node.value, scope)
    elif node.name == "*":
        whole = run.modules.imported(run, node.module, "*", scope, place)
        own.update({key: part for key, part in whole.items() if key != "default"})
    else:
        own[node.name] = run.modules.imported(run, node.module, node.member, scope, place)


def _if(run: Evaluation, node: ir.If, scope: Scope) -> Written | None:
    test = truth(run.evaluate(node.test, scope))
    if test is not None:
        return run.run(node.then if test else node.otherwise, scope)
    unknown = run.unknown("what a condition decides", node, scope)
    return _blur(run, (*node.then, *node.otherwise), unknown, scope)


def _blur(
    run: Evaluation, body: tuple[ir.Node, ...], unknown: Written, scope: Scope
) -> Written | None:
    """Make open what statements assign that may not run; return it where they may return."""
    result: Written | None = None
    for one in body:
        if isinstance(one, ir.Return):
            result = unknown
        elif isinstance(one, ir.Assign):
            bind(run, one.target, unknown, scope, declares=bool(one.kind))
        elif isinstance(one, ir.Expression) and isinstance(one.value, ir.Assignment):
            bind(run, one.value.target, unknown, scope, declares=False)
        elif isinstance(one, ir.Expression) and isinstance(one.value, ir.Call):
            _blur_called(run, one.value, unknown, scope)
        else:
            result = _blur(run, _within(one), unknown, scope) or result
    return result


def _within(node: ir.Node) -> tuple[ir.Node, ...]:
    """Return the statements that a statement holds."""
    if isinstance(node, ir.If):
        return (*node.then, *node.otherwise)
    if isinstance(node, (ir.Loop, ir.Switch)):
        return node.body
    return (*node.body, *node.final) if isinstance(node, ir.Try) else ()


def _blur_called(run: Evaluation, node: ir.Call, unknown: Written, scope: Scope) -> None:
    """Note in what a call may change that it may: a list or an object with more in it."""
    function = node.function
    if not isinstance(function, ir.Attribute):
        return
    changed = run.evaluate(function.value, scope)
    if isinstance(changed.value, Library) and function.name == "assign" and node.arguments:
        changed = run.evaluate(node.arguments[0].value, scope)
        if isinstance(changed.value, dict):
            changed.value[f"{UNKNOWN}{node.at}"] = unknown
    elif isinstance(changed.value, list) and function.name in CHANGING:
        changed.value.append(unknown)


def _loop(run: Evaluation, node: ir.Loop, scope: Scope) -> Written | None:
    items = run.evaluate(node.iterable, scope) if node.iterable else None
    listed = items.value if items else None
    if node.keys and items is not None:
        listed = [Written(key, part.place) for key, part in items.items()]
    if not isinstance(listed, list) or node.target is None:
        return _blur(run, node.body, run.unknown("what a loop makes", node, scope), scope)
    for item in listed:
        bind(run, node.target, item, scope, declares=node.declares)
        found = run.run(node.body, scope)
        if found is LEFT:
            break
        if found is not None and found is not NEXT:
            return found
    return None


def _break(_run: Evaluation, node: ir.Break, _scope: Scope) -> Written:
    return NEXT if node.continues else LEFT


def _switch(run: Evaluation, node: ir.Switch, scope: Scope) -> Written | None:
    found = run.run(node.body, scope)
    return None if found is LEFT else found


def _try(run: Evaluation, node: ir.Try, scope: Scope) -> Written | None:
    return run.run((*node.body, *node.final), scope)


STATEMENTS: dict[type[ir.Node], Callable[[Evaluation, Any, Scope], Written | None]] = {
    ir.Assign: _assign,
    ir.DefineClass: _class,
    ir.Expression: _expression,
    ir.Return: _return,
    ir.Import: _import,
    ir.Export: _export,
    ir.If: _if,
    ir.Loop: _loop,
    ir.Try: _try,
    ir.Break: _break,
    ir.Switch: _switch,
}
