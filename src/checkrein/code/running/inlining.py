"""Running a function of the program on abstract arguments, where it is called.

A call is remembered by its definition and abstract arguments, so that the same question is
answered once, unless it changed something older than itself; recursion gives nothing new, and
depth is bounded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkrein.code import ir
from checkrein.code.domain import arms
from checkrein.code.domain.abstract import EMPTY, Abstract
from checkrein.code.domain.configured import Configured
from checkrein.code.domain.scopes import FACTS
from checkrein.code.domain.things import Arguments, Closure, Structure, Thing
from checkrein.code.domain.values import NOTHING, UNKNOWN, constant, derived, join_all, sources_of
from checkrein.code.harm import facts, outcomes
from checkrein.code.running import binding, fields, repeated

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

DEEP = 12
RECURSION = 2
OFTEN = 16  # calls by others, from which on a function's calls of itself are followed no more
SELF = 4  # calls of itself, of each level below the first, in one call by others
KEY_DEPTH = 3
KEY_PARTS = 300
KEY_STEP = 16  # parts that take as long to compare as a step does
NOT_MUTATED = 1 << 60


def apply_closure(
    run: Interpreter, closure: Closure, given: Arguments, receiver: Abstract | None = None
) -> Abstract:
    """Run a function of the program on abstract arguments.

    Where a call may be of several functions, what they tell is what each of them tells.
    """
    running = run.running
    ran, earlier = running.ran, running.outcome
    result = _run(run, closure, given, receiver)
    if ran:
        running.outcome = outcomes.either(earlier, running.outcome)
    running.ran = ran + 1
    return result


def _run(
    run: Interpreter, closure: Closure, given: Arguments, receiver: Abstract | None
) -> Abstract:
    receiver = closure.receiver if closure.receiver is not None else receiver
    run.called.setdefault(id(closure.definition), 0)
    call = repeated.Call(run, closure, given, receiver)
    if (known := call.answered(run)) is not None:
        return known
    key = _memo_key(run, closure, given, receiver)
    if key in run.memo:
        result, run.running.outcome = run.memo[key] or (NOTHING, None)
        return result
    identity = id(closure.definition)
    if run.depth >= DEEP or _recurs(run, identity):
        run.running.outcome = None
        return derived(EMPTY.union(*(sources_of(value) for value in given.every())))
    run.memo[key] = None
    before, run.mutated = run.mutated, NOT_MUTATED
    births = run.births
    call.begin(run)
    scope = _frame(run, closure, given, receiver)
    scope.answers = bool(run.answering) and run.depth == 0
    with run.inside(closure, given.at), facts.Framed(run, scope):
        if not run.execute(closure.definition.body, scope):
            outcomes.leave(run, None, constant(None), scope)
    result = _result(run, closure.definition, scope)
    run.running.outcome = outcomes.outcome(closure.definition, scope)
    call.end(run, result)
    if run.mutated > births:
        run.memo[key] = result, run.running.outcome
    else:
        del run.memo[key]
    run.mutated = min(before, run.mutated)
    return result


def apply_chosen(run: Interpreter, closure: Closure, given: Arguments) -> Abstract:
    """Run a function of the program, under what it was chosen for."""
    if not closure.chosen:
        return apply_closure(run, closure, given)
    with facts.Knowing(run, closure):
        return apply_closure(run, closure, given)


def _recurs(run: Interpreter, identity: int) -> bool:
    """Tell whether a function calls itself more deeply than is followed; count the calls.

    Each level multiplies the calls below it. In the many calls of one function all but the first
    learn nothing deeper down: what they pass is what the function itself is passed. So it is in
    the many calls of one level below the first.
    """
    active = run.active.get(identity, 0)
    if not active:
        run.called[identity] += 1
        run.repeated.levels[identity] = [0] * (RECURSION + 1)
        return False
    if active > (RECURSION if run.called[identity] < OFTEN else 0):
        return True
    levels = run.repeated.levels[identity]
    levels[active] += 1
    return active > 1 and levels[active] > SELF


def _result(run: Interpreter, definition: ir.Lambda, scope: Scope) -> Abstract:
    if not definition.is_generator:
        return arms.either(run, scope.returned)
    made = run.built("list", None, scope.yielded)
    return made if scope.source.language == "python" else join_all([made, *scope.returned])


def _frame(
    run: Interpreter, closure: Closure, given: Arguments, receiver: Abstract | None
) -> Scope:
    """Bind parameters in a new scope."""
    scope = run.scope(closure.scope)
    scope.owner = closure.owner
    scope.definition = closure.definition
    parameters = closure.definition.parameters
    positional = given.positional
    if not closure.definition.is_arrow:
        scope.given = positional
    if receiver is not None and not closure.definition.is_arrow:
        scope.names["this"] = scope.receiver = receiver
        if closure.owner is not None and scope.source.language == "python":
            positional = [receiver, *positional]
    if receiver is None and given.positional and not given.named and not given.rest:
        positional = [*_injected(closure, len(positional)), *positional]
    passed = _Passed(positional, given)
    for position, parameter in enumerate(parameters):
        if isinstance(parameter.pattern, ir.Name):
            passed.names.add(parameter.pattern.id)
        value = _given(run, parameter, position, passed, scope)
        binding.bind(run, parameter.pattern, value, scope)
    return scope


def _injected(closure: Closure, passed: int) -> list[Abstract]:
    """Return what a library's decorator passes first, where a call alone would lack arguments."""
    definition = closure.definition
    if not definition.decorators:
        return []
    required = 0
    for parameter in definition.parameters:
        if parameter.kind or parameter.default is not None:
            break
        required += 1
    return [UNKNOWN] * (required - passed)


class _Passed:
    """Arguments on their way into parameters."""

    def __init__(self, positional: list[Abstract], given: Arguments) -> None:
        self.positional = positional
        self.given = given
        self.names: set[str] = set()  # of the parameters so far

    def named(self, run: Interpreter, name: str, scope: Scope) -> Abstract:
        if name in self.given.named:
            return self.given.named[name]
        if self.given.rest:
            return fields.read(run, self.given.rest, name, self.given.at, scope)
        return NOTHING


def _given(
    run: Interpreter, parameter: ir.Parameter, position: int, passed: _Passed, scope: Scope
) -> Abstract:
    """Return what one parameter gets."""
    if parameter.kind == "*":
        rest = run.structure("list")
        rest.fields = {str(i): value for i, value in enumerate(passed.positional[position:])}
        return Abstract(things=(rest,))
    if parameter.kind == "**":
        rest = run.structure("dict")
        rest.fields = {k: v for k, v in passed.given.named.items() if k not in passed.names}
        rest.rest = passed.given.rest
        return Abstract(things=(rest,))
    if position < len(passed.positional):
        value = passed.positional[position]
    else:
        name = parameter.pattern.id if isinstance(parameter.pattern, ir.Name) else ""
        value = passed.named(run, name, scope)
        if name in passed.given.named:
            return value
    if parameter.default is None:
        return value
    return binding.defaulted(run, value, parameter.default, scope)


# ------------------------------------------------------------------------------ memory


def _memo_key(
    run: Interpreter, closure: Closure, given: Arguments, receiver: Abstract | None
) -> tuple[Any, ...]:
    captured = 0 if closure.scope.parent is None else run.births
    key = _Key()
    made = (
        id(closure.definition),
        id(closure.scope),
        run.epoch,
        captured,
        run.running.frame and run.running.frame.names.get(FACTS),
        None if receiver is None else key.of(receiver, 0),
        tuple(key.of(value, 0) for value in given.positional),
        tuple(sorted((name, key.of(value, 0)) for name, value in given.named.items())),
        key.of(given.rest, 0),
    )
    run.steps += (KEY_PARTS - key.room) // KEY_STEP
    return made


class _Key:
    """Makes values comparable by what they hold; what is deep or very wide goes by identity."""

    def __init__(self) -> None:
        self.room = KEY_PARTS

    def of(self, value: Abstract, depth: int) -> Any:
        found = self._of(value, depth)
        return (value.rule, found) if type(value) is Configured else found

    def _of(self, value: Abstract, depth: int) -> Any:
        if value.arms:
            known = value.arms
            parts = tuple((arm, self.of(part, depth)) for arm, part in known.values)
            rest = None if known.rest is None else self.of(known.rest, depth)
            return (known.branching, parts, rest)
        if not value.things:
            return (value.atoms, value.sources, value.open)
        things = tuple(self._thing(one, depth) for one in value.things)
        return (value.atoms, things, value.sources, value.open)

    def _thing(self, one: Thing, depth: int) -> Any:
        if not isinstance(one, Structure):
            return one
        self.room -= 1 + len(one.fields)
        if depth > KEY_DEPTH or self.room < 0:
            return id(one)
        fields = sorted(one.fields.items())
        return (
            one.kind,
            id(one.owner),
            tuple((name, self.of(value, depth + 1)) for name, value in fields),
            self.of(one.element, depth + 1),
            self.of(one.keys, depth + 1),
            tuple((key, self.of(value, depth + 1)) for key, value in one.named.items()),
            self.of(one.rest, depth + 1),
        )
