"""Statements: every branch is run and joined, loops run twice, errors flow into handlers.

Each rule returns whether the statement's end can not be reached.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from checkrein.code import frameworks, ir
from checkrein.code.domain import arms
from checkrein.code.domain.abstract import EMPTY
from checkrein.code.domain.configured import Configured
from checkrein.code.domain.scopes import Around, merge
from checkrein.code.domain.things import Library
from checkrein.code.domain.values import NOTHING, constant, sources_of
from checkrein.code.harm import caught, facts, ignored, items, outcomes, uncaught
from checkrein.code.running import (
    binding,
    classes,
    decorators,
    fields,
    refinement,
    removing,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from checkrein.code.domain.abstract import Abstract
    from checkrein.code.domain.scopes import Scope, Source
    from checkrein.code.running.interpreter import Interpreter

    Shut = tuple[tuple[ir.Node, ...], tuple[int, int], dict[str, Abstract]]  # body, arm, names

ROUNDS = 2
EXITS = frozenset(
    (
        "sys.exit",
        "exit",
        "quit",
        "os._exit",
        "os.abort",
        "process.exit",
        "process.abort",
        "flask.abort",
        "bottle.abort",
    )
)
EXITING: Final = frozenset(name.rpartition(".")[2] for name in EXITS)


def _assign(run: Interpreter, node: ir.Assign, scope: Scope) -> bool:
    declares = bool(node.kind) or scope.source.language == "python"
    value = run.evaluate(node.value, scope)
    if isinstance(node.target, ir.Name) and isinstance(node.value, ir.Name):
        value = facts.under(run, value)
    told = outcomes.answered(run, node, value, scope, declares=declares)
    binding.bind(run, node.target, value, scope, declares=declares)
    scope.tests.update(told)
    return False


def _outer(run: Interpreter, node: ir.Outer, scope: Scope) -> bool:  # noqa: ARG001 - a rule
    scope.outer.update(node.names)
    return False


def _expression(run: Interpreter, node: ir.Expression, scope: Scope) -> bool:
    run.evaluate(node.value, scope)
    return _exits(run, node.value, scope)


def _exits(run: Interpreter, node: ir.Node, scope: Scope) -> bool:
    """Tell whether a call ends the program: ``sys.exit()``."""
    function = node.function if isinstance(node, ir.Call) else None
    if not isinstance(function, (ir.Name, ir.Attribute)):
        return False
    name = function.id if isinstance(function, ir.Name) else function.name
    if name not in EXITING:
        return False
    things = run.evaluate(function, scope).things
    return any(isinstance(one, Library) and one.name in EXITS for one in things)


def _annotation(run: Interpreter, node: ir.Annotation, scope: Scope) -> bool:  # noqa: ARG001
    return False


def _return(run: Interpreter, node: ir.Return, scope: Scope) -> bool:
    value = run.evaluate(node.value, scope) if node.value is not None else constant(None)
    scope.returned.append(value)
    outcomes.leave(run, node.value, value, scope)
    if scope.answers:
        run.respond(frameworks.answered(run, value), node.at, scope)
    return True


def _raise(run: Interpreter, node: ir.Raise, scope: Scope) -> bool:
    if node.value is not None:
        run.raised |= sources_of(run.evaluate(node.value, scope))
        uncaught.raised(run, node, scope)
    return True


class Decided(NamedTuple):
    """An arm of a branching that the environment decides, and whether it has ever run."""

    body: tuple[ir.Node, ...]
    source: Source
    ran: bool


def _if(run: Interpreter, node: ir.If, scope: Scope) -> bool:
    """Run every arm of a chain, each where the tests before it did not hold."""
    live: dict[int, dict[str, Abstract]] = {}
    narrowed: arms.Narrowed = {}
    shut: list[Shut] = []
    run.branchings += 1
    branching, arm = run.branchings, 0
    while True:
        settled, by_environment = _settled(run, node, scope)
        names = scope.names
        _tell(run, node.test, scope, narrowed, holds=True)
        if settled is not False and (run.program or not refinement.asks_for_main(node.test)):
            _arm(run, node.then, scope, (branching, arm), live)
        elif by_environment:
            shut.append((node.then, (branching, arm), scope.names))
        scope.names = names
        later = node.otherwise[0] if len(node.otherwise) == 1 else None
        alone = bool(node.otherwise) and not isinstance(later, ir.If)
        _tell(run, node.test, scope, narrowed, holds=False, alone=alone)
        if settled or not isinstance(later, ir.If):
            break
        node = later
        arm += 1
    if not settled:
        _arm(run, node.otherwise, scope, (branching, arm + 1), live)
        _reopen(run, shut if len(shut) == arm + 1 and _raises(node.otherwise) else (), scope, live)
    if len(live) > 1 and narrowed:
        live = {arm: arms.restored(left, narrowed) for arm, left in live.items()}
    if live:
        scope.unsettle(live.values())
        scope.names = arms.merged(branching, live, sets_fields=branching in run.fields_set)
    return not live


def _count(run: Interpreter, node: ir.If, scope: Scope, settled: object) -> None:
    """Learn which arms of a branching that the environment decides have ever run."""
    for body, runs in ((node.then, settled is not False), (node.otherwise, not settled)):
        if body:
            known = run.decided.get(id(body))
            ran = runs or (known is not None and known.ran)
            run.decided[id(body)] = Decided(body, scope.source, ran)


def _settled(run: Interpreter, node: ir.If, scope: Scope) -> tuple[bool | None, bool]:
    """Return what a test always says, and whether that is since the environment decides it.

    Where code raises in this environment, whoever runs it at all has another one.
    """
    value = run.evaluate(node.test, scope)
    settled, configured = run.settled(node.test, value, scope), type(value) is Configured
    if configured:
        _count(run, node, scope, settled)
    return (None if settled and configured and _raises(node.then) else settled), configured


def _reopen(
    run: Interpreter, shut: Iterable[Shut], scope: Scope, live: dict[int, dict[str, Abstract]]
) -> None:
    """Run the arms of a chain after all that are shut, since what is left of it raises."""
    for body, arm, scope.names in shut:
        _arm(run, body, scope, arm, live)


def _raises(body: tuple[ir.Node, ...]) -> bool:
    return bool(body) and isinstance(body[-1], ir.Raise)


def _tell(
    run: Interpreter,
    test: ir.Node,
    scope: Scope,
    narrowed: arms.Narrowed,
    *,
    holds: bool,
    alone: bool = True,
) -> None:
    """Let the scope's names be what a test tells of them, and of the names set with them.

    ``alone`` tells that only an arm of its own runs so, not what follows the branching, too: there
    a loop goes on whose other arm left it.
    """
    told = refinement.refined(run, test, scope, holds=holds, alone=alone)
    others = arms.narrowed(scope.names, told)
    narrowed.update({id(value): (value, scope.names[name]) for name, value in others.items()})
    scope.names = dict(scope.names)
    if told:  # first what it tells of the symbols that the names lose by it, for callers
        facts.suppose(run, test, scope, holds=holds)
    scope.names.update({**told, **others})
    facts.suppose(run, test, scope, holds=holds)


def _arm(
    run: Interpreter,
    body: tuple[ir.Node, ...],
    scope: Scope,
    arm: tuple[int, int],
    live: dict[int, dict[str, Abstract]],
) -> None:
    with run.branch(arm):
        if not run.execute(body, scope):
            live[arm[1]] = scope.names


def _loop(run: Interpreter, node: ir.Loop, scope: Scope) -> bool:
    whole, every = NOTHING, []
    if node.iterable is not None:
        iterable = run.evaluate(node.iterable, scope)
        whole = fields.keys(run, iterable) if node.keys else fields.element(run, iterable)
        every = [] if node.keys else written.items(run, iterable)
    with written.Repeating(run, every):
        around, ends = _rounds(run, node, every or [whole] * ROUNDS, scope)
    if node.iterable is not None and not around.broken:
        facts.learn(run, items.passed(whole, ends))
        removing.by_loop(run, node, whole, ends, scope)
    return False


def _rounds(
    run: Interpreter, node: ir.Loop, rounds: list[Abstract], scope: Scope
) -> tuple[Around, list[dict[str, Abstract]]]:
    """Run what a loop holds for each item; return how the last round was left, and its ends."""
    around, ends = Around(loop=True), [scope.names]
    for item in rounds:
        before = dict(scope.names)
        with run.branch():
            if node.test is not None:
                run.evaluate(node.test, scope)
            if node.target is not None and node.iterable is not None:
                binding.bind(run, node.target, item, scope, declares=node.declares)
            scope.around.append(Around(loop=True))
            ended = run.execute(node.body, scope)
        around = scope.around.pop()
        ends = [*([] if ended else [scope.names]), *around.left]
        merge(scope, [scope.names, before, *around.left])
    return around, ends


def _try(run: Interpreter, node: ir.Try, scope: Scope) -> bool:
    before, raised = dict(scope.names), run.raised
    run.raised = EMPTY
    ended = _tried(run, node, scope)
    inner = run.raised
    run.raised |= raised
    after = scope.names
    live = [] if ended else [after]
    for handler in node.handlers:
        merge(scope, [before, after])
        if handler.name:
            scope.forget(handler.name)
            scope.names[handler.name] = caught.error(run, handler, inner, scope)
        with run.branch():
            if not run.execute(handler.body, scope):
                live.append(scope.names)
    if not ended and len(live) > 1:
        ignored.tried(run, node, before, after)
    merge(scope, live or [before, after])
    ended = _finally(run, node.final, before, scope) or not live
    return ended and bool(node.body)


def _tried(run: Interpreter, node: ir.Try, scope: Scope) -> bool:
    with run.branch():
        if not node.handlers:
            return run.execute(node.body, scope)
        with uncaught.Catching(run):
            return run.execute(node.body, scope)


def _finally(
    run: Interpreter, body: tuple[ir.Node, ...], before: dict[str, Abstract], scope: Scope
) -> bool:
    """Run what also runs where the try raised, and so knows nothing that was tested in it."""
    if not body:
        return False
    after = scope.names
    merge(scope, [before, after])
    entering = dict(scope.names)
    ended = run.execute(body, scope)
    scope.names = {
        name: after[name] if name in after and value is entering.get(name) else value
        for name, value in scope.names.items()
    }
    return ended


def _define(run: Interpreter, node: ir.Define, scope: Scope) -> bool:
    scope.names[node.function.name] = decorators.function(run, node.function, scope)
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
    """Carry the names to the end of the loop or switch that is left."""
    for around in reversed(scope.around):
        if around.loop or not node.continues:
            around.broken = around.broken or not node.continues
            around.left.append(scope.names)
            break
    return True


def _switch(run: Interpreter, node: ir.Switch, scope: Scope) -> bool:
    scope.around.append(Around(loop=False))
    ended = run.execute(node.body, scope)
    left = [*([] if ended else [scope.names]), *scope.around.pop().left]
    if left:
        scope.unsettle(left)
        run.branchings += 1
        scope.names = arms.merged(run.branchings, dict(enumerate(left)))
    return not left


RULES: Final[dict[type[ir.Node], Callable[[Interpreter, Any, Scope], bool]]] = {
    ir.Assign: _assign,
    ir.Expression: _expression,
    ir.Annotation: _annotation,
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
    ir.Switch: _switch,
    ir.Outer: _outer,
}
