"""Methods that call the functions they are given: of lists, promises, requests and functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Closure, Structure, native
from checkrein.code.domain.values import NOTHING, UNKNOWN, constant, join, symbolic, tainted
from checkrein.code.harm import facts, items
from checkrein.code.running import calls, copying, fields, written

if TYPE_CHECKING:
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

MOST = 32  # objects of a list that a function is called for one by one


def _each(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    """Call a function with each item; return what it returns."""
    pairs = fields.element(run, receiver)
    item = pairs
    keyed = [t for t in receiver.things if isinstance(t, Structure) and t.kind in ("dict", "map")]
    if keyed:  # a Map: its values come first
        item = fields.values(receiver)
    every = Arguments(given.at, [item, UNKNOWN, receiver])
    with run.branch():
        return calls.apply(run, given.first(), every, scope)


def _objects(receiver: Abstract) -> list[Abstract]:
    """Return the items of a list of objects that each have a class, as a list of each alone.

    Where a program hands its controllers to a framework one by one, what it says of one (its path)
    is of no other.
    """
    if len(receiver.things) != 1 or receiver.atoms or receiver.open:
        return []
    (one,) = receiver.things
    if not isinstance(one, Structure) or one.kind != "list" or one.element or one.rest:
        return []
    items = [*one.fields.values()]
    if not 1 < len(items) <= MOST or not all(map(_is_object, items)):
        return []
    return [Abstract(things=(_alone(one, item),)) for item in items]


def _is_object(item: Abstract) -> bool:
    has_class = (isinstance(one, Structure) and one.owner is not None for one in item.things)
    return len(item.things) == 1 and not item.atoms and all(has_class)


def _alone(one: Structure, item: Abstract) -> Structure:
    made = Structure("list", {"0": item}, birth=one.birth)
    made.serial = one.serial
    return made


def _alone_each(run: Interpreter, receiver: Abstract) -> list[Abstract]:
    return [run.built("list", {"0": item}) for item in written.items(run, receiver)]


def map_items(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    if not calls.callable_value(given.first()):
        return UNKNOWN
    if every := _alone_each(run, receiver):
        with written.Repeating(run, every):
            made = {str(i): _each(run, one, given, scope) for i, one in enumerate(every)}
        return run.built("list", made)
    return run.built("list", None, _each(run, receiver, given, scope))


def flat_map_items(
    run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope
) -> Abstract:
    made = _each(run, receiver, given, scope)
    return run.built("list", None, fields.element(run, made) or made)


def for_each_item(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    objects = _objects(receiver)
    every = [] if objects else _alone_each(run, receiver)
    with written.Repeating(run, every):
        for one in objects or every or [receiver]:
            _each(run, one, given, scope)
    if objects:
        return constant(None)
    item = fields.element(run, receiver)
    found = items.outcome(run, given.first(), Arguments(given.at, [item, UNKNOWN, receiver]))
    if found is not None and not found.definition.is_async:
        facts.learn(run, items.of_items(item, found.always))
    return constant(None)


def filter_items(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    _each(run, receiver, given, scope)
    copied = copying.filtered(run, receiver, given.first())
    return items.kept(run, receiver, given.first(), given) if copied is None else copied


def find_item(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    if not calls.callable_value(given.first()):
        return UNKNOWN  # a text's position
    _each(run, receiver, given, scope)
    return fields.element(run, receiver)


def reduce_items(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    if known := _functions(receiver):
        return _folded(run, known, receiver, given, scope)
    item = fields.element(run, receiver)
    result = given.first(1) or item
    for _ in range(2):
        with run.branch():
            every = Arguments(given.at, [result, item, UNKNOWN, receiver])
            result = join(result, calls.apply(run, given.first(), every, scope))
    return result


def reduce_from_the_end(
    run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope
) -> Abstract:
    if known := _functions(receiver):
        return _folded(run, known[::-1], receiver, given, scope)
    return reduce_items(run, receiver, given, scope)


def _functions(receiver: Abstract) -> list[Abstract]:
    """Return the items of a list that surely holds these functions and nothing else."""
    if len(receiver.things) != 1 or receiver.atoms or receiver.open:
        return []
    (one,) = receiver.things
    if not isinstance(one, Structure) or one.kind != "list" or one.element or one.rest:
        return []
    items = [one.fields[name] for name in sorted(filter(str.isdigit, one.fields), key=int)]
    return items if len(items) <= MOST and all(map(calls.callable_value, items)) else []


def _folded(
    run: Interpreter, items: list[Abstract], receiver: Abstract, given: Arguments, scope: Scope
) -> Abstract:
    """Return what functions make of one value, each of what the one before it made.

    ``wrappers.reduceRight((made, wrap) => wrap(made), handler)``: only the outermost is called.
    """
    started = len(given.positional) > 1
    result = given.first(1) if started else items[0]
    for item in items if started else items[1:]:
        every = Arguments(given.at, [result, item, UNKNOWN, receiver])
        result = calls.apply(run, given.first(), every, scope)
    return result


def on_fulfilled(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    result = receiver
    if given.positional and calls.callable_value(given.first()):
        result = calls.apply(run, given.first(), Arguments(given.at, [receiver]), scope)
    if len(given.positional) > 1:
        result = join(result, _failed(run, given.first(1), given, scope))
    return result


def on_rejected(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    return join(receiver, _failed(run, given.first(), given, scope))


def _failed(run: Interpreter, function: Abstract, given: Arguments, scope: Scope) -> Abstract:
    if not calls.callable_value(function):
        return NOTHING
    error = tainted(symbolic("error"), run.raised)
    return calls.apply(run, function, Arguments(given.at, [error]), scope)


def on_settled(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    calls.apply(run, given.first(), Arguments(given.at, []), scope)
    return receiver


def send_request(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    """``request.send(callback)``, ``eachPage(callback)`` of a version 2 request."""
    for function in given.positional[-1:]:
        if calls.callable_value(function):
            error = join(symbolic("error"), constant(None))
            calls.apply(run, function, Arguments(given.at, [error, receiver]), scope)
    return receiver


# ------------------------------------------------------------------------------ functions


def bind_function(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    """``function.bind(this, …arguments)``."""
    bound = _bound(receiver, given.first())
    first = given.positional[1:]
    if not first:
        return bound

    def perform(passed: Arguments) -> Abstract:
        every = Arguments(passed.at, [*first, *passed.positional])
        return calls.apply(run, bound, every, scope)

    return native("bound", perform)


def _bound(receiver: Abstract, this: Abstract) -> Abstract:
    """Return functions whose ``this`` is a value, where they have none of their own."""
    if not this or this == constant(None):
        return receiver
    things = tuple(
        Closure(one.definition, one.scope, this, one.owner)
        if isinstance(one, Closure) and one.receiver is None
        else one
        for one in receiver.things
    )
    return Abstract(receiver.atoms, things, receiver.sources, receiver.open)


def call_function(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    bound = _bound(receiver, given.first())
    return calls.apply(run, bound, Arguments(given.at, given.positional[1:]), scope)


def apply_function(
    run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope
) -> Abstract:
    bound = _bound(receiver, given.first())
    item = fields.element(run, given.first(1))
    known = [t.fields for t in given.first(1).things if isinstance(t, Structure) and t.fields]
    every = list(known[0].values()) if known else [item] * 3
    return calls.apply(run, bound, Arguments(given.at, every), scope)
