"""Instances that act as functions, containers, iterators, operands or context managers.

Python says so by special methods, JavaScript by methods named by symbols; an instance whose class
has none of them is only what it holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Closure, Getter, Modelled, Native, Structure
from checkrein.code.domain.values import NOTHING, constant, join, join_all
from checkrein.code.running import classes, fields, inlining

if TYPE_CHECKING:
    from checkrein.code import ir
    from checkrein.code.domain.things import Thing
    from checkrein.code.running.interpreter import Interpreter

NO_PLACE = (1, 1, 1, 1)
CALL = "__call__"
LOOKUPS = ("__getattr__", "__getitem__")
ITERATORS = ("__iter__", "__aiter__", "[Symbol.iterator]", "[Symbol.asyncIterator]")
STEPS = ("__next__", "__anext__", "next")
ENTERED = ("__enter__", "__aenter__")
LEFT = ("__exit__", "__aexit__")
CONTEXTS = {"enter": ENTERED, "exit": LEFT}
OPERATORS = {
    "+": "__add__",
    "-": "__sub__",
    "*": "__mul__",
    "/": "__truediv__",
    "//": "__floordiv__",
    "%": "__mod__",
    "|": "__or__",
    "&": "__and__",
    ">>": "__rshift__",
    "<<": "__lshift__",
}


def method(run: Interpreter, one: Thing, names: tuple[str, ...]) -> Abstract:
    """Return the first of some methods that an instance or object has, bound to it."""
    if not isinstance(one, Structure):
        return NOTHING
    for name in names:
        known = one.methods if isinstance(one, Modelled) else one.fields
        found = classes.member(run, one, name) if one.owner else known.get(name, NOTHING)
        own = tuple(inner for inner in found.things if isinstance(inner, (Closure, Native)))
        if own:
            return Abstract(things=own)
    return NOTHING


def _called(run: Interpreter, method: Abstract, given: Arguments) -> Abstract:
    return join_all(
        one.perform(given) if isinstance(one, Native) else inlining.apply_closure(run, one, given)
        for one in method.things
    )


def got(run: Interpreter, value: Abstract) -> Abstract:
    """Return a property's value, for which its getter is called."""
    getters = [one for one in value.things if isinstance(one, Getter)]
    if not getters:
        return value
    others = tuple(one for one in value.things if not isinstance(one, Getter))
    rest = Abstract(value.atoms, others, value.sources, value.open)
    given = Arguments(NO_PLACE, [])
    found = [inlining.apply_closure(run, one.function, given) for one in getters]
    return join_all([rest, *found])


def is_callable(one: Thing) -> bool:
    """Tell whether an instance can be called."""
    if not isinstance(one, Structure):
        return False
    if isinstance(one, Modelled):
        return CALL in one.methods
    return CALL in one.fields or bool(one.owner and one.owner.has(CALL))


def called(run: Interpreter, one: Thing, given: Arguments) -> Abstract | None:
    """Call an instance as a function; None if its class has no such method."""
    found = method(run, one, (CALL,)) if is_callable(one) else NOTHING
    return _called(run, found, given) if found else None


def looked_up(run: Interpreter, one: Structure, key: Abstract, at: ir.Span) -> Abstract:
    """Return what an instance's own lookup gives for a name or key that it has not."""
    names = tuple(name for name in LOOKUPS if one.owner and one.owner.has(name))
    found = method(run, one, names) if names else NOTHING
    return _called(run, found, Arguments(at, [key])) if found else NOTHING


def element(run: Interpreter, one: Structure) -> Abstract | None:
    """Return what iterating over an instance gives, None if it says nothing of that."""
    found = method(run, one, ITERATORS)
    if not found:
        return None
    given = Arguments(NO_PLACE, [])
    made = _called(run, found, given)
    steps = [step for inner in made.things if (step := method(run, inner, STEPS))]
    if not steps:
        return fields.element(run, made)
    return _value(join_all(_called(run, step, given) for step in steps))


def _value(result: Abstract) -> Abstract:
    """Return what a step gives: Python the item, JavaScript ``{value, done}``."""
    kept = [one for one in result.things if not _is_step(one)]
    rest = Abstract(result.atoms, tuple(kept), result.sources, result.open)
    steps = [
        one.fields["value"] for one in result.things if isinstance(one, Structure) and _is_step(one)
    ]
    return join_all([rest, *steps])


def _is_step(one: Thing) -> bool:
    return isinstance(one, Structure) and {"value", "done"} <= one.fields.keys()


def context(run: Interpreter, operator: str, value: Abstract, at: ir.Span) -> Abstract:
    """Return what ``with value as …`` binds, or leave the context managers that a value is."""
    result = NOTHING
    others = []
    for one in value.things:
        found = method(run, one, CONTEXTS[operator])
        if found:
            every = [] if operator == "enter" else [constant(None)] * 3
            result = join(result, _called(run, found, Arguments(at, every)))
        else:
            others.append(one)
    if len(others) == len(value.things):
        return value
    return join(result, Abstract(value.atoms, tuple(others), value.sources, value.open))


def combined(
    run: Interpreter, operator: str, values: list[Abstract], at: ir.Span
) -> Abstract | None:
    """Return what an instance's own operator makes of it and the operands that follow."""
    name = OPERATORS.get(operator)
    if name is None or not any(value.things for value in values):
        return None
    for position, value in enumerate(values):
        for one in value.things:
            if found := method(run, one, (name,)):
                others = [*values[:position], *values[position + 1 :]]
                return _called(run, found, Arguments(at, others))
    return None
