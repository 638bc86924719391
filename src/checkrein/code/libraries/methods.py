"""Methods of values: strings, lists, dicts, promises, functions, and of symbolic values.

A method that is not known here passes on its receiver and arguments, and calls the functions it
is given with what the receiver holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code.domain import arms
from checkrein.code.domain.abstract import EMPTY, Abstract
from checkrein.code.domain.things import Arguments, Closure, Library, Structure, Wrapped
from checkrein.code.domain.values import (
    NOTHING,
    UNKNOWN,
    concatenate,
    constant,
    derived,
    join,
    join_all,
    sources_of,
)
from checkrein.code.harm import callers, chosen, matching, unfollowed, unverified, uses
from checkrein.code.libraries import files, library, lookups, stores, tables, testing, text_methods
from checkrein.code.running import assignment, callbacks, calls, copying, environment, fields
from checkrein.model import Symbol

if TYPE_CHECKING:
    from collections.abc import Callable

    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

    Method = Callable[[Interpreter, Abstract, Arguments, Scope], Abstract]

SAME = frozenset(
    [
        "dict",
        "model_dump",
        "model_dump_json",
        "to_dict",
        "asdict",
        "_asdict",
        "model_copy",
        "strip",
        "lstrip",
        "rstrip",
        "trim",
        "trimStart",
        "trimEnd",
        "toString",
        "encode",
        "decode",
        "promise",
        "copy",
        "read",
        "json",
        "text",
        "getvalue",
        "transformToString",
        "transformToByteArray",
        "valueOf",
        "toJSON",
        "toObject",
        "result",
        "done",
        "raise_for_status",
        "exec_",
        "use",
        "reverse",
        "sort",
        "sorted",
        "toArray",
        "on",
        "off",
        "once",
        "pipe",
        "end",
        "lean",
        "iter_lines",
        "readlines",
        "splitlines",
        "flat",
        "next",
        "send",
        "value",
        "eachPage",
        "fetchone",
        "fetchall",
        "fetchmany",
        "mappings",
        "scalars",
        "first",
        "all",
        "one",
        "one_or_none",
        "scalar_one_or_none",
    ]
)
PROMISED = frozenset(("then", "catch", "finally"))
LOGGERS = frozenset(("logger", "log"))  # of the context
CONTEXT = {"succeed": 0, "done": 1}  # how the first runtimes answered: the response's position


def is_known(one: Library, name: str, given: Arguments) -> bool:
    """Tell whether a method of a library's object is the language's: ``answer.rows.map(…)``.

    What a list in an answer is mapped to is only what the program's own function returns.
    """
    if name in PROMISED or one.name in library.ENVIRONMENTS:
        return True
    answers, _, field = one.path.rpartition(")")
    mapped = bool(answers and field) and name == "map" and len(given.positional) == 1
    return mapped and all(isinstance(each, Closure) for each in given.first().things)


def call(
    run: Interpreter, receiver: Abstract, name: str, given: Arguments, scope: Scope
) -> Abstract:
    """Call a method of a value that is no class of the program's own."""
    if any(_is_context(atom) for atom in receiver.atoms):
        found = _context(run, receiver, name, given, scope)
        if found is not None:
            return found
    uses.of_unknown(run, name, given, scope)
    if not receiver.things:
        unverified.given_to_unknown(run, name, given, scope)
    _looked_at(run, receiver, name, given, scope)
    method = METHODS.get(name)
    if method is not None:
        return method(run, receiver, given, scope)
    opened = files.method(run, receiver, name, given, scope)
    if opened is not None:
        return opened
    if name in text_methods.CASES:
        return text_methods.cased(receiver, name)
    return _of_stores(run, receiver, name, given, scope)


def _looked_at(
    run: Interpreter, receiver: Abstract, name: str, given: Arguments, scope: Scope
) -> None:
    """Note what a method tells of what it is called on."""
    matching.of_method(run, receiver, name, given, scope)
    callers.called(run, receiver, name, given, scope, asks=name in testing.YES_OR_NO)


def _of_stores(
    run: Interpreter, receiver: Abstract, name: str, given: Arguments, scope: Scope
) -> Abstract:
    """Return what a store answers to a method that may ask it, else what is passed on."""
    found = tables.chained(run, receiver, name, given)
    found = found or stores.of_unknown(run, name, given, scope)
    if found is None:
        with unfollowed.of_unknown(run, name, given):
            passed = _passed_on(run, receiver, name, given, scope)
        return lookups.answered(name, given, passed)
    _give(run, receiver, given, scope)
    return found


def _passed_on(
    run: Interpreter, receiver: Abstract, name: str, given: Arguments, scope: Scope
) -> Abstract:
    """Return the receiver, nothing, or all that flowed in, as far as the name tells."""
    if any(isinstance(one, Wrapped) for one in receiver.things):
        return _chained(run, receiver, given, scope)
    if name not in SAME and not _tests(receiver, name):
        return _unknown(run, receiver, given, scope)
    _give(run, receiver, given, scope)
    if name == "copy":
        return copying.anew(run, receiver)
    return receiver if name in SAME else UNKNOWN


def _tests(receiver: Abstract, name: str) -> bool:
    """Tell whether a method answers yes or no; a query's ``equals`` makes a longer query."""
    own = name == "equals" and bool(receiver.atoms) and not receiver.things
    return own or testing.answers_yes_or_no(name)


def _unknown(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    _give(run, receiver, given, scope)
    sources = sources_of(receiver)
    return derived(sources.union(*(sources_of(value) for value in given.every())))


def _is_context(atom: object) -> bool:
    return isinstance(atom, Symbol) and atom.owner == "context"


def _context(
    run: Interpreter, receiver: Abstract, name: str, given: Arguments, scope: Scope
) -> Abstract | None:
    """Answer, log, or run a step of a durable execution: what the context can do."""
    if name in CONTEXT:  # the first version's context.succeed(response) and done
        run.respond(given.first(CONTEXT[name]), given.at, scope)
        return UNKNOWN
    logger = {atom.attribute for atom in receiver.atoms if isinstance(atom, Symbol)}
    if logger & LOGGERS and name in library.log_methods():
        library.log(run, name, given, scope)
        return UNKNOWN
    return _give(run, receiver, given, scope) or None


def _give(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    """Call the functions that a method is given with what the receiver holds."""
    value = Abstract(
        frozenset(a for a in receiver.atoms if isinstance(a, Symbol)),
        tuple(one for one in receiver.things if isinstance(one, Structure)),
        receiver.sources,
        receiver.open,
    )
    result = NOTHING
    for function in [found for part in given.every() for found in calls.functions_in(part)]:
        counts = [len(t.definition.parameters) for t in function.things if isinstance(t, Closure)]
        if counts or any(isinstance(t, Wrapped) for t in function.things):
            every = [value] * max(counts, default=1)
            result = join(result, calls.apply(run, function, Arguments(given.at, every), scope))
    return result


def _chained(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    """Return a wrapped function after ``.use(…)`` and the like."""
    calls.unknown(run, given, EMPTY, scope)
    kept = tuple(t for t in receiver.things if isinstance(t, Wrapped))
    flowing = calls.flowing_in(given)
    if flowing and not any(calls.functions_in(value) for value in given.every()):
        for function in [one for wrapped in kept for one in wrapped.functions]:
            calls.call_blindly(run, function, flowing, scope, given.at)
    return Abstract(things=kept)


# ------------------------------------------------------------------------------ structures


def _get(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    if not given.positional:
        return fields.values(receiver) if _lists(receiver) else receiver  # of a queue
    found = chosen.by_request(receiver, given.first())
    found = found or fields.item(run, receiver, given.first(), given.at, scope)
    default = given.first(1, "default")
    return environment.defaulted(found, default, arms.either(run, (found, default)))


def _lists(value: Abstract) -> bool:
    return bool(value.things) and all(getattr(one, "kind", "") == "list" for one in value.things)


def _put(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    """``queue.put(item)``."""
    if _lists(receiver):
        return _add(run, receiver, Arguments(given.at, given.positional[:1]), scope)
    return _unknown(run, receiver, given, scope)


def _next(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    """``generator.next()``."""
    if not _lists(receiver):
        return _passed_on(run, receiver, "next", given, scope)
    return run.built("dict", {"value": fields.element(run, receiver), "done": UNKNOWN})


def _pop(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    if given.positional:
        return _get(run, receiver, given, scope)
    return fields.values(receiver)


def _items(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    pair = run.structure("list")
    pair.fields = {"0": fields.keys(run, receiver), "1": fields.values(receiver)}
    every = copying.pairs(run, Abstract(things=(pair,)), receiver)
    return Abstract(things=(every,))


def _values(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    return run.built("list", None, fields.values(receiver))


def _keys(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    return run.built("list", None, fields.keys(run, receiver))


def _add(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``append``, ``push``, ``add``, ``insert``: the last arguments join the items."""
    added = join_all(given.positional)
    for one in receiver.things:
        if isinstance(one, Structure):
            assignment.store(run, one, NOTHING, added, alone=False)
    return receiver


def _splice(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    """``list.splice(start, count, …items)``: what was there is taken out."""
    taken = fields.sliced(receiver)
    _add(run, receiver, Arguments(given.at, given.positional[2:]), scope)
    return taken


def _extend(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    added = join_all(
        join(fields.element(run, value), _scalars(value)) for value in given.positional
    )
    return _add(run, receiver, Arguments(given.at, [added]), scope)


def _scalars(value: Abstract) -> Abstract:
    symbols = frozenset(a for a in value.atoms if isinstance(a, str))
    return Abstract(symbols)


def _concat(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    if any(isinstance(one, Structure) for one in receiver.things):
        items = [fields.element(run, value) for value in (receiver, *given.positional)]
        return run.built("list", None, join_all(items))
    return concatenate([receiver, *given.positional])


def _update(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    environment.updated(run, receiver, given)
    for one in receiver.things:
        if not isinstance(one, Structure):
            continue
        for value in given.positional:
            assignment.spread(run, one, value)
        for name, value in given.named.items():
            assignment.store(run, one, constant(name), value, alone=True)
    if not receiver.things:
        return derived(sources_of(receiver).union(*(sources_of(v) for v in given.every())))
    return receiver


def _set(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``map.set(key, value)``, ``setdefault(key, value)``."""
    for one in receiver.things:
        if isinstance(one, Structure):
            assignment.store(run, one, given.first(), given.first(1), alone=False)
    return receiver


def _set_default(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    environment.completed(run, receiver, given)
    _set(run, receiver, given, scope)
    return _get(run, receiver, given, scope)


METHODS: dict[str, Method] = {
    "get": _get,
    "pop": _pop,
    "put": _put,
    "put_nowait": _put,
    "get_nowait": _get,
    "next": _next,
    "shift": _pop,
    "popleft": _pop,
    "at": _get,
    "items": _items,
    "entries": _items,
    "values": _values,
    "keys": _keys,
    "append": _add,
    "push": _add,
    "add": _add,
    "unshift": _add,
    "insert": _add,
    "appendleft": _add,
    "extend": _extend,
    "concat": _concat,
    "update": _update,
    "set": _set,
    "setdefault": _set_default,
    "forEach": callbacks.for_each_item,
    "map": callbacks.map_items,
    "flatMap": callbacks.flat_map_items,
    "filter": callbacks.filter_items,
    "find": callbacks.find_item,
    "findLast": callbacks.find_item,
    "reduce": callbacks.reduce_items,
    "reduceRight": callbacks.reduce_from_the_end,
    "then": callbacks.on_fulfilled,
    "catch": callbacks.on_rejected,
    "finally": callbacks.on_settled,
    "send": callbacks.send_request,
    "eachPage": callbacks.send_request,
    "bind": callbacks.bind_function,
    "call": callbacks.call_function,
    "apply": callbacks.apply_function,
    "format": text_methods.format_text,
    "join": text_methods.join_text,
    "split": text_methods.split_text,
    "rsplit": text_methods.split_from_right,
    "replace": text_methods.replace_text,
    "replaceAll": text_methods.replace_every,
    "slice": text_methods.slice_text,
    "splice": _splice,
    "substring": text_methods.part_of_text,
    "substr": text_methods.slice_text,
    "repeat": text_methods.repeat_text,
}

KNOWN = SAME.union(METHODS)  # what a model of a library gives its instances too
