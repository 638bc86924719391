"""Functions made of functions: partly applied, piped, dispatched, wrapped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Closure, Structure, native
from checkrein.code.domain.values import NOTHING, join, join_all, strings
from checkrein.code.running import calls, fields, protocols

if TYPE_CHECKING:
    from collections.abc import Callable

    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

    Function = Callable[[Interpreter, Arguments, Scope], Abstract]


def _getter(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``itemgetter("a")``, ``attrgetter("a.b")``: several names give a tuple."""

    def perform(passed: Arguments) -> Abstract:
        found = [at_path(run, passed.first(), name, passed, scope) for name in given.positional]
        if len(found) == 1:
            return found[0]
        return run.built("list", {str(i): value for i, value in enumerate(found)})

    return native("getter", perform)


def at_path(
    run: Interpreter, value: Abstract, path: Abstract, given: Arguments, scope: Scope
) -> Abstract:
    """Return what stands at a dotted path, or at one of several."""
    texts = strings(path)
    if not texts:
        return fields.item(run, value, path, given.at, scope)
    result = NOTHING
    for text in texts:
        found = value
        for name in text.replace("[", ".").replace("]", "").split("."):
            found = fields.read(run, found, name, given.at, scope)
        result = join(result, found)
    return result


def _method_caller(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``methodcaller("get", "a")``."""
    rest = Arguments(given.at, given.positional[1:], given.named)

    def perform(passed: Arguments) -> Abstract:
        names = strings(given.first())
        return join_all(calls.call_method(run, passed.first(), name, rest, scope) for name in names)

    return native("caller", perform)


def _single_dispatch(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``@singledispatch``: one of the functions that are registered for types."""
    made = run.structure("function")
    known = [given.first()]

    def perform(passed: Arguments) -> Abstract:
        run.mutated = -1
        return join_all(calls.apply(run, function, passed, scope) for function in known)

    def register(passed: Arguments) -> Abstract:
        function = passed.first(len(passed.positional) - 1)
        if not any(isinstance(one, Closure) for one in function.things):
            return native("register", register)
        known.append(function)
        return function

    made.fields["__call__"] = native("dispatch", perform)
    made.fields["register"] = native("register", register)
    return Abstract(things=(made,))


def _piped(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``pipe(value, first, second)``."""
    value = given.first()
    for function in given.positional[1:]:
        value = calls.apply(run, function, Arguments(given.at, [value]), scope)
    return value


def _flow(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``flow(first, second)``: a function that passes its result on."""

    def perform(passed: Arguments) -> Abstract:
        functions = given.positional
        if len(functions) == 1 and functions[0].things:
            own = [t for t in functions[0].things if isinstance(t, Structure)]
            functions = [v for t in own for v in t.fields.values()] or functions
        value = calls.apply(run, functions[0], passed, scope) if functions else NOTHING
        return _piped(run, Arguments(passed.at, [value, *functions[1:]]), scope)

    return native("flow", perform)


def _around(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """Powertools' ``@lambda_handler_decorator``: its function is called with a handler too."""
    around = given.first()
    if not calls.callable_value(around):  # made with options: the function comes next
        return native("decorator", lambda passed: _around(run, passed, scope))

    def decorate(passed: Arguments) -> Abstract:
        if not passed.positional:
            return native("decorator", lambda more: wrapped(more.first(), passed.named))
        return wrapped(passed.first(), passed.named)

    def wrapped(handler: Abstract, named: dict[str, Abstract]) -> Abstract:
        return native(
            "handler",
            lambda passed: calls.apply(
                run, around, Arguments(passed.at, [handler, *passed.positional], named), scope
            ),
        )

    return native("decorator", decorate)


def _entered(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``stack.enter_context(manager)``."""
    return protocols.context(run, "enter", given.first(), given.at)


FUNCTIONS: dict[str, Function] = {
    "operator.itemgetter": _getter,
    "operator.attrgetter": _getter,
    "operator.methodcaller": _method_caller,
    "functools.singledispatch": _single_dispatch,
    "functools.singledispatchmethod": _single_dispatch,
    "fp-ts/function.pipe": _piped,
    "fp-ts/lib/function.pipe": _piped,
    **dict.fromkeys(("fp-ts/function.flow", "lodash.flow", "lodash/fp.flow", "ramda.pipe"), _flow),
    "aws_lambda_powertools.middleware_factory.lambda_handler_decorator": _around,
    "contextlib.ExitStack().enter_context": _entered,
    "contextlib.AsyncExitStack().enter_async_context": _entered,
}
