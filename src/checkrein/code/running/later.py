"""Functions that are called later: callbacks, timers, promises, listeners, executors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Closure, Library, Structure, native
from checkrein.code.domain.values import (
    NOTHING,
    UNKNOWN,
    constant,
    join,
    join_all,
    sources_of,
    strings,
    symbolic,
)
from checkrein.code.running import calls, fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

    Function = Callable[[Interpreter, Arguments, Scope], Abstract]


def _promisified(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``util.promisify(function)``: what the program's own function hands to its callback."""
    own = tuple(one for one in given.first().things if isinstance(one, Closure))
    if not own:
        return given.first()

    def perform(passed: Arguments) -> Abstract:
        cell = run.structure("promise")

        def callback(answer: Arguments) -> Abstract:
            run.mutated = -1
            cell.element = join_all((cell.element, *answer.positional[1:]))
            return constant(None)

        every = [*passed.positional, native("callback", callback)]
        calls.apply(run, Abstract(things=own), Arguments(passed.at, every), scope)
        return cell.element or UNKNOWN

    return native("promisified", perform)


def _callbackified(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``util.callbackify(function)``: its last argument is called with the result."""

    def perform(passed: Arguments) -> Abstract:
        *every, callback = passed.positional or [NOTHING]
        result = calls.apply(run, given.first(), Arguments(passed.at, every), scope)
        return calls.apply(run, callback, Arguments(passed.at, [constant(None), result]), scope)

    return native("callbackified", perform)


def _promise(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """Return the value that ``new Promise((resolve, reject) => …)`` resolves to."""
    cell, resolve, reject = _pending(run)
    calls.apply(run, given.first(), Arguments(given.at, [resolve, reject]), scope)
    return cell.element or UNKNOWN


def _with_resolvers(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``Promise.withResolvers()``: awaiting the promise gives what it is resolved to."""
    cell, resolve, reject = _pending(run)
    made = {"promise": Abstract(things=(cell,)), "resolve": resolve, "reject": reject}
    return run.built("dict", made)


def _pending(run: Interpreter) -> tuple[Structure, Abstract, Abstract]:
    """Return a promise whose element is what it resolves to, and its two functions."""
    cell = run.structure("promise")

    def resolve(passed: Arguments) -> Abstract:
        run.mutated = -1
        cell.element = join(cell.element, passed.first())
        return constant(None)

    def reject(passed: Arguments) -> Abstract:
        run.raised |= sources_of(passed.first())
        return constant(None)

    return cell, native("resolve", resolve), native("reject", reject)


def _settled(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``Promise.allSettled(promises)``."""
    value = fields.element(run, given.first())
    one = {"status": UNKNOWN, "value": value, "reason": symbolic("error")}
    return run.built("list", None, run.built("dict", one))


def _error_first(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``to(promise)``: the error, else null, and what the promise resolves to."""
    error = join(constant(None), symbolic("error"))
    return run.built("list", {"0": error, "1": given.first()})


def _rejected(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``Promise.reject(error)``: whoever catches gets it."""
    run.raised |= sources_of(given.first())
    return UNKNOWN


def _timer(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``setTimeout(function, delay, …arguments)``."""
    calls.apply(run, given.first(), Arguments(given.at, given.positional[2:]), scope)
    return UNKNOWN


def _soon(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``setImmediate(function, …arguments)``, ``process.nextTick``."""
    calls.apply(run, given.first(), Arguments(given.at, given.positional[1:]), scope)
    return UNKNOWN


def _listen(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``emitter.on(name, function)``: it is called with what is emitted under that name."""
    for name in strings(given.first()) or [""]:
        run.registry.listeners.setdefault(name, []).append(given.first(1))
    return Abstract(things=(Library("events", "EventEmitter()"),))


def _emit(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    rest = Arguments(given.at, given.positional[1:])
    names = strings(given.first())
    run.mutated = -1
    run.repeated.unclear()
    for name, functions in tuple(run.registry.listeners.items()):
        if not names or name in names or not name:
            for function in functions:
                calls.apply(run, function, rest, scope)
    return UNKNOWN


def _in_executor(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``loop.run_in_executor(None, function, …)``."""
    rest = Arguments(given.at, given.positional[2:])
    return calls.apply(run, given.first(1), rest, scope)


def _waited(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``asyncio.wait(tasks)``: those that are done, and those that are not."""
    return run.built("list", {"0": given.first(), "1": given.first()})


def _first(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    return given.first()


FUNCTIONS: dict[str, Function] = {
    **dict.fromkeys(
        (f"{name}promisify" for name in ("util.", "bluebird.", "es6-promisify.")), _promisified
    ),
    "pify": _promisified,
    "util.callbackify": _callbackified,
    "Promise": _promise,
    "Promise.withResolvers": _with_resolvers,
    "Promise.allSettled": _settled,
    "Promise.reject": _rejected,
    **dict.fromkeys(("await-to-js", "await-to-js.to", "await-to-js.default"), _error_first),
    **dict.fromkeys(("setTimeout", "setInterval", "timers.setTimeout"), _timer),
    **dict.fromkeys(("setImmediate", "process.nextTick", "queueMicrotask"), _soon),
    "concurrent.futures.as_completed": _first,
}
LISTENERS: dict[str, Function] = dict.fromkeys(
    ("on", "once", "addListener", "prependListener"), _listen
)
EMITTER: dict[str, Function] = {**LISTENERS, "emit": _emit}
MEMBERS: dict[str, dict[str, Function]] = {  # by module and the last name, however it was made
    "events": EMITTER,
    "eventemitter3": EMITTER,
    "asyncio": {"run_in_executor": _in_executor, "as_completed": _first, "wait": _waited},
}
