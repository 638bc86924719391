"""Statements: every branch is run and joined, loops run twice, errors flow into handlers.

Each rule returns whether the statement's end can not be reached.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code import classes, fields, frameworks, ir, refinement
from checkrein.code.scopes import merge
from checkrein.code.values import EMPTY, constant, join, sources_of, symbolic, tainted

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from checkrein.code.interpreter import Interpreter
    from checkrein.code.scopes import Scope
    from checkrein.code.values import Abstract

ROUNDS = 2


def _assign(run: Interpreter, node: ir.Assign, scope: Scope) -> bool:
    declares = bool(node.kind) or scope.source.language == "python"
    fields.bind(run, node.target, run.evaluate(node.value, scope), scope, declares=declares)
    return False


def _outer(run: Interpreter, node: ir.Outer, scope: Scope) -> bool:  # noqa: ARG001 - a rule
    scope.outer.update(node.names)
    return False


def _expression(run: Interpreter, node: ir.Expression, scope: Scope) -> bool:
    run.evaluate(node.value, scope)
    return False


def _return(run: Interpreter, node: ir.Return, scope: Scope) -> bool:
    value = run.evaluate(node.value, scope) if node.value is not None else constant(None)
    scope.returned = join(scope.returned, value)
    if scope.answers:
        run.respond(frameworks.answered(run, value), node.at, scope)
    return True


def _raise(run: Interpreter, node: ir.Raise, scope: Scope) -> bool:
    if node.value is not None:
        run.raised |= sources_of(run.evaluate(node.value, scope))
    return True


def _if(run: Interpreter, node: ir.If, scope: Scope) -> bool:
    """Run every arm of a chain, each where the tests before it did not hold."""
    live: list[dict[str, Abstract]] = []
    while True:
        run.evaluate(node.test, scope)
        names = scope.names
        scope.names = {**names, **refinement.refined(run, node.test, scope, holds=True)}
        if run.program or not refinement.asks_for_main(node.test):
            _arm(run, node.then, scope, live)
        scope.names = names
        scope.names = {**names, **refinement.refined(run, node.test, scope, holds=False)}
        if len(node.otherwise) != 1 or not isinstance(node.otherwise[0], ir.If):
            break
        node = node.otherwise[0]
    _arm(run, node.otherwise, scope, live)
    if live:
        merge(scope, live)
    return not live


def _arm(
    run: Interpreter, body: tuple[ir.Node, ...], scope: Scope, live: list[dict[str, Abstract]]
) -> None:
    with run.branch():
        if not run.execute(body, scope):
            live.append(scope.names)


def _loop(run: Interpreter, node: ir.Loop, scope: Scope) -> bool:
    if node.iterable is not None:
        iterable = run.evaluate(node.iterable, scope)
        item = fields.keys(run, iterable) if node.keys else fields.element(run, iterable)
    for _ in range(ROUNDS):
        before = dict(scope.names)
        with run.branch():
            if node.test is not None:
                run.evaluate(node.test, scope)
            if node.target is not None and node.iterable is not None:
                fields.bind(run, node.target, item, scope, declares=node.declares)
            run.execute(node.body, scope)
        merge(scope, [scope.names, before])
    return False


def _try(run: Interpreter, node: ir.Try, scope: Scope) -> bool:
    before, raised = dict(scope.names), run.raised
    run.raised = EMPTY
    with run.branch():
        ended = run.execute(node.body, scope)
    caught = tainted(symbolic("error"), run.raised)
    run.raised |= raised
    after = scope.names
    live = [] if ended else [after]
    for handler in node.handlers:
        merge(scope, [before, after])
        if handler.name:
            scope.names[handler.name] = caught
        with run.branch():
            if not run.execute(handler.body, scope):
                live.append(scope.names)
    merge(scope, live or [before, after])
    ended = run.execute(node.final, scope) or not live
    return ended and bool(node.body)


def _define(run: Interpreter, node: ir.Define, scope: Scope) -> bool:
    scope.names[node.function.name] = classes.function(run, node.function, scope)
    return False


def _define_class(run: Interpreter, node: ir.DefineClass, scope: Scope) -> bool:
    scope.names[node.definition.name] = classes.define(run, node.definition, scope)
    return False


def _import(run: Interpreter, node: ir.Import, scope: Scope) -> bool:
    scope.names[node.name] = run.modules.imported(run, node, scope)
    return False


def _export(run: Interpreter, node: ir.Export, scope: Scope) -> bool:
    run.modules.export(run, node, scope)
    return False


def _break(run: Interpreter, node: ir.Break, scope: Scope) -> bool:  # noqa: ARG001 - a rule
    return True


RULES: dict[type[ir.Node], Callable[[Interpreter, Any, Scope], bool]] = {
    ir.Assign: _assign,
    ir.Expression: _expression,
    ir.Return: _return,
    ir.Raise: _raise,
    ir.If: _if,
    ir.Loop: _loop,
    ir.Try: _try,
    ir.Define: _define,
    ir.DefineClass: _define_class,
    ir.Import: _import,
    ir.Export: _export,
    ir.Break: _break,
    ir.Outer: _outer,
}
