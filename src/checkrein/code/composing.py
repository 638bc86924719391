"""Functions made of functions, and functions that are called later: bound, promised, emitted.

``functools``, ``operator``, ``util.promisify``, timers, event emitters, containers of services.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code import calls, containers, fields, protocols
from checkrein.code.things import Arguments, Closure, Library, Named, Native, Structure
from checkrein.code.values import (
    NOTHING,
    UNKNOWN,
    Abstract,
    constant,
    join,
    join_all,
    sources_of,
    strings,
    symbolic,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from checkrein.code.interpreter import Interpreter
    from checkrein.code.scopes import Scope

    Function = Callable[[Interpreter, Arguments, Scope], Abstract]


def native(name: str, perform: Callable[[Arguments], Abstract]) -> Abstract:
    return Abstract(things=(Native(name, perform),))


# ------------------------------------------------------------------------------ made functions


def _getter(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``itemgetter("a")``, ``attrgetter("a.b")``: several names give a tuple."""

    def perform(passed: Arguments) -> Abstract:
        found = [_path(run, passed.first(), name, passed, scope) for name in given.positional]
        if len(found) == 1:
            return found[0]
        return run.built("list", {str(i): value for i, value in enumerate(found)})

    return native("getter", perform)


def _path(
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


# ------------------------------------------------------------------------------ callbacks


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


def _with_resolvers(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``Promise.withResolvers()``: awaiting the promise gives what it is resolved to."""
    cell = run.structure("promise")

    def resolve(passed: Arguments) -> Abstract:
        run.mutated = -1
        cell.element = join(cell.element, passed.first())
        return constant(None)

    def reject(passed: Arguments) -> Abstract:
        return _rejected(run, passed, scope)

    both = {"resolve": native("resolve", resolve), "reject": native("reject", reject)}
    return run.built("dict", {"promise": Abstract(things=(cell,)), **both})


def _settled(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``Promise.allSettled(promises)``."""
    value = fields.element(run, given.first())
    one = {"status": UNKNOWN, "value": value, "reason": symbolic("error")}
    return run.built("list", None, run.built("dict", one))


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


# ------------------------------------------------------------------------------ events


def _listen(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``emitter.on(name, function)``: it is called with what is emitted under that name."""
    for name in strings(given.first()) or [""]:
        run.registry.listeners.setdefault(name, []).append(given.first(1))
    return Abstract(things=(Library("events", "EventEmitter()"),))


def _emit(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    rest = Arguments(given.at, given.positional[1:])
    names = strings(given.first())
    run.mutated = -1
    for name, functions in tuple(run.registry.listeners.items()):
        if not names or name in names or not name:
            for function in functions:
                calls.apply(run, function, rest, scope)
    return UNKNOWN


# ------------------------------------------------------------------------------ objects


def _created(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``Object.create(prototype)``."""
    made = run.structure("instance")
    sources = fields.spread(made, given.first())
    return Abstract(things=(made,), sources=sources)


def _inherits(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``util.inherits(Own, Base)``: Own's instances have Base's methods too."""
    base = fields.read(run, given.first(1), "prototype", given.at, scope)
    own = fields.read(run, given.first(), "prototype", given.at, scope)
    for target in own.things:
        for one in base.things:
            if isinstance(target, Structure) and isinstance(one, Structure):
                target.fields = {**one.fields, **target.fields}
    return UNKNOWN


def _reflected(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``Reflect.get(object, name)``, lodash's ``get(object, path, default)``."""
    found = _path(run, given.first(), given.first(1), given, scope)
    return join(found, given.first(2))


def _picked(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``pick(object, ["a", "b"])``."""
    made = run.structure("dict")
    for value in given.positional[1:]:
        for name in strings(join(value, fields.element(run, value))):
            made.fields[name] = fields.read(run, given.first(), name, given.at, scope)
    return Abstract(things=(made,)) if made.fields else given.first()


def _names(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``locals()``."""
    return run.built("dict", {k: v for k, v in scope.names.items() if k.isidentifier()})


def _checked(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``schema.validate(value)`` of joi gives ``{value, error}``, of yup the value."""
    made = run.structure("dict", {"value": given.first(), "error": symbolic("error")})
    made.rest = given.first()
    return Abstract(things=(made,))


def _parsed_safely(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``schema.safeParse(value)`` of zod."""
    made = run.structure("dict", {"data": given.first(), "error": symbolic("error")})
    made.fields["success"] = UNKNOWN
    return Abstract(things=(made,))


def _second(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    return given.first(1)


def _entered(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``stack.enter_context(manager)``."""
    return protocols.context(run, "enter", given.first(), given.at)


def _globals(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    return Abstract(things=(Named(scope.module()),))


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


def _in_executor(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``loop.run_in_executor(None, function, …)``."""
    rest = Arguments(given.at, given.positional[2:])
    return calls.apply(run, given.first(1), rest, scope)


def _waited(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``asyncio.wait(tasks)``: those that are done, and those that are not."""
    return run.built("list", {"0": given.first(), "1": given.first()})


def _first(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    return given.first()


def function(one: Library) -> Function | None:
    """Return what performs a library's function, None if no such function is known here."""
    found = FUNCTIONS.get(one.name) or containers.FUNCTIONS.get(one.name)
    if found is not None:
        return found
    members = MEMBERS.get(one.module)
    return members.get(one.path.rpartition(".")[2]) if members else None


FUNCTIONS: dict[str, Function] = {
    "operator.itemgetter": _getter,
    "operator.attrgetter": _getter,
    "operator.methodcaller": _method_caller,
    "functools.singledispatch": _single_dispatch,
    "functools.singledispatchmethod": _single_dispatch,
    "fp-ts/function.pipe": _piped,
    "fp-ts/lib/function.pipe": _piped,
    **dict.fromkeys(("fp-ts/function.flow", "lodash.flow", "lodash/fp.flow", "ramda.pipe"), _flow),
    **dict.fromkeys(
        (f"{name}promisify" for name in ("util.", "bluebird.", "es6-promisify.")), _promisified
    ),
    "pify": _promisified,
    "util.callbackify": _callbackified,
    "Promise.withResolvers": _with_resolvers,
    "Promise.allSettled": _settled,
    "Promise.reject": _rejected,
    **dict.fromkeys(("setTimeout", "setInterval", "timers.setTimeout"), _timer),
    **dict.fromkeys(("setImmediate", "process.nextTick", "queueMicrotask"), _soon),
    "Object.create": _created,
    "Proxy": _first,
    "util.inherits": _inherits,
    "inherits": _inherits,
    "Reflect.get": _reflected,
    "lodash.get": _reflected,
    "lodash/get": _reflected,
    "lodash.pick": _picked,
    "lodash/pick": _picked,
    "locals": _names,
    "globals": _globals,
    "aws_lambda_powertools.middleware_factory.lambda_handler_decorator": _around,
    **{
        f"class-transformer.{name}": _second
        for name in ("plainToInstance", "plainToClass", "plainToClassFromExist")
    },
    "contextlib.ExitStack().enter_context": _entered,
    "contextlib.AsyncExitStack().enter_async_context": _entered,
    "concurrent.futures.as_completed": _first,
}
LISTENERS: dict[str, Function] = dict.fromkeys(
    ("on", "once", "addListener", "prependListener"), _listen
)
EMITTER: dict[str, Function] = {**LISTENERS, "emit": _emit}
CHECKED: dict[str, Function] = dict.fromkeys(
    ("validate", "validateAsync", "validateSync"), _checked
)
SAFELY: dict[str, Function] = dict.fromkeys(("safeParse", "safeParseAsync"), _parsed_safely)
MEMBERS: dict[str, dict[str, Function]] = {  # by module and the last name, however it was made
    "events": EMITTER,
    "eventemitter3": EMITTER,
    "joi": CHECKED,
    "@hapi/joi": CHECKED,
    "yup": CHECKED,
    "zod": SAFELY,
    "asyncio": {"run_in_executor": _in_executor, "as_completed": _first, "wait": _waited},
}
