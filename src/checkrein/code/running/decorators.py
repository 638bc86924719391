"""Functions, methods and classes after their decorators.

A decorator of the program is called; one of a library leaves what it decorates as it is, unless a
framework registers it or it is known to make something else. JavaScript's legacy decorators change
a property's descriptor, all others return what takes the place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code import frameworks, ir
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import (
    Arguments,
    Class,
    Closure,
    Library,
    Native,
    Structure,
    native,
)
from checkrein.code.domain.values import NOTHING, UNKNOWN, constant, join_all
from checkrein.code.harm import unfollowed
from checkrein.code.libraries import library
from checkrein.code.running import calls, fields, protocols

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

MANAGERS = frozenset(("contextlib.contextmanager", "contextlib.asynccontextmanager"))
MAKERS = frozenset(  # decorators of libraries that make something else of a function
    (
        "functools.singledispatch",
        "functools.singledispatchmethod",
        "aws_lambda_powertools.middleware_factory.lambda_handler_decorator",
    )
)
BUILT_IN = frozenset(("property", "cached_property", "staticmethod", "classmethod"))
ACCESSORS = frozenset(("setter", "getter", "deleter"))
LEGACY = 3  # parameters of a legacy decorator: target, name, descriptor


def function(run: Interpreter, node: ir.Lambda, scope: Scope) -> Abstract:
    """Return a function as a value, after its decorators."""
    made = Abstract(things=(Closure(node, scope),))
    for decorator in reversed(node.decorators):
        made = _decorated(run, run.evaluate(decorator, scope), made, decorator, scope)
    return made


def _decorated(
    run: Interpreter, decorator: Abstract, made: Abstract, node: ir.Node, scope: Scope
) -> Abstract:
    names = {one.name for one in decorator.things if isinstance(one, Library)}
    if names & MANAGERS:
        return _managed(run, made, scope)
    if names & MAKERS:
        return calls.apply(run, decorator, Arguments(node.at, [made]), scope)
    if any(_logs_events(one) for one in decorator.things):
        return _logging(run, made, node, scope)
    own = _own(decorator)
    if not own:
        made = unfollowed.decorated(decorator, made, scope.source.language)
        frameworks.decorated(run, decorator, made, node, scope)
        return made
    result = calls.apply(run, own, Arguments(node.at, [made]), scope)
    return result if any(map(calls.callable_thing, result.things)) else made


def _logs_events(one: object) -> bool:
    """Tell whether a decorator is Powertools' with ``log_event=True``."""
    return (
        isinstance(one, Library)
        and one.name.endswith(".inject_lambda_context()")
        and constant("log_event=True") in one.arguments
    )


def _logging(run: Interpreter, made: Abstract, node: ir.Node, scope: Scope) -> Abstract:
    """Return a handler that logs its event before it runs."""

    def perform(given: Arguments) -> Abstract:
        library.log(run, "info", Arguments(node.at, [given.first()]), scope)
        return calls.apply(run, made, given, scope)

    return native("handler", perform)


def _own(decorator: Abstract) -> Abstract:
    """Return what of a decorator is of the program, or known."""
    return Abstract(
        things=tuple(
            one
            for one in decorator.things
            if isinstance(one, (Closure, Class, Native)) or protocols.is_callable(one)
        )
    )


def _managed(run: Interpreter, made: Abstract, scope: Scope) -> Abstract:
    """Return a context manager: entering it gives what the generator yields."""

    def enter(given: Arguments) -> Abstract:
        return fields.element(run, calls.apply(run, made, given, scope))

    return native("manager", enter)


# ------------------------------------------------------------------------------ classes


def of_class(run: Interpreter, node: ir.ClassExpression, made: Class, scope: Scope) -> Abstract:
    """Return a class after its decorators, and note what those of its methods make of them."""
    for name, definition, _ in node.methods:
        if definition.decorators:
            found = _method(run, made, name, definition)
            if found is not None:
                made.decorated[name] = found
    value = Abstract(things=(made,))
    for decorator in reversed(node.decorators):
        found = run.evaluate(decorator, scope)
        frameworks.class_decorated(run, made, found, scope)
        own = _own(found)
        result = calls.apply(run, own, Arguments(decorator.at, [value]), scope) if own else NOTHING
        if any(map(calls.callable_thing, result.things)):
            value = result
    return value


def _method(run: Interpreter, cls: Class, name: str, definition: ir.Lambda) -> Abstract | None:
    """Return what decorators make of a method that is not bound yet, None if it stays as it is."""
    plain = made = Abstract(things=(Closure(definition, cls.scope, None, cls),))
    for node in reversed(definition.decorators):
        if _is_built_in(node):
            continue
        decorator = run.evaluate(node, cls.scope)
        legacy = [one for one in decorator.things if _is_legacy(one)]
        if legacy:
            made = _described(run, Abstract(things=tuple(legacy)), name, made, node, cls.scope)
        else:
            made = _decorated(run, decorator, made, node, cls.scope)
    return made if made != plain else None


def _is_built_in(node: ir.Node) -> bool:
    if isinstance(node, ir.Attribute):
        return node.name in ACCESSORS | BUILT_IN
    return isinstance(node, ir.Name) and node.id in BUILT_IN


def _is_legacy(one: object) -> bool:
    return isinstance(one, Closure) and len(one.definition.parameters) >= LEGACY


def _described(
    run: Interpreter,
    decorator: Abstract,
    name: str,
    made: Abstract,
    node: ir.Node,
    scope: Scope,
) -> Abstract:
    """Return the method after a decorator that is given, and may return, its descriptor."""
    descriptor = run.structure("dict", {"value": made})
    every = [UNKNOWN, constant(name), Abstract(things=(descriptor,))]
    result = calls.apply(run, decorator, Arguments(node.at, every), scope)
    known = [one for one in (descriptor, *result.things) if isinstance(one, Structure)]
    found = join_all(one.fields.get("value", NOTHING) for one in known)
    return found if any(map(calls.callable_thing, found.things)) else made


def bound(run: Interpreter, method: Abstract, receiver: Abstract, owner: Class) -> Abstract:
    """Return a decorated method of an instance."""
    return Abstract(things=tuple(_bound(run, one, receiver, owner) for one in method.things))


def _bound(run: Interpreter, one: object, receiver: Abstract, owner: Class) -> object:
    if isinstance(one, Closure):
        return Closure(one.definition, one.scope, receiver, owner)
    if not isinstance(one, Native) or owner.scope.source.language != "python":
        return one

    def perform(given: Arguments) -> Abstract:
        every = Arguments(given.at, [receiver, *given.positional], given.named, given.rest)
        return one.perform(every)

    del run
    return Native(one.name, perform)
