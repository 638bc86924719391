"""Methods of values: strings, lists, dicts, promises, functions, and of symbolic values.

A method that is not known here passes on its receiver and arguments, and calls the functions it
is given with what the receiver holds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from checkrein.code import calls, fields
from checkrein.code.things import Arguments, Closure, Structure, Wrapped
from checkrein.code.values import (
    EMPTY,
    NOTHING,
    UNKNOWN,
    Abstract,
    concatenate,
    constant,
    constants,
    derived,
    join,
    join_all,
    only_string,
    sources_of,
    symbolic,
)
from checkrein.model import Symbol

if TYPE_CHECKING:
    from collections.abc import Callable

    from checkrein.code.interpreter import Interpreter
    from checkrein.code.scopes import Scope

    Method = Callable[[Interpreter, Abstract, Arguments, Scope], Abstract]

SAME = frozenset(
    [
        "dict",
        "model_dump",
        "model_dump_json",
        "to_dict",
        "asdict",
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
    ]
)
YES_OR_NO = frozenset(
    [
        "includes",
        "has",
        "hasOwnProperty",
        "startsWith",
        "startswith",
        "endsWith",
        "endswith",
        "test",
        "match",
        "isdigit",
        "isalnum",
        "isalpha",
        "some",
        "every",
        "indexOf",
        "find_",
        "index",
        "count",
        "localeCompare",
    ]
)
CASES = {
    "lower": str.lower,
    "upper": str.upper,
    "toLowerCase": str.lower,
    "toUpperCase": str.upper,
    "title": str.title,
    "capitalize": str.capitalize,
}


def call(
    run: Interpreter, receiver: Abstract, name: str, given: Arguments, scope: Scope
) -> Abstract:
    """Call a method of a value that is no class of the program's own."""
    method = METHODS.get(name)
    if method is not None:
        return method(run, receiver, given, scope)
    if name in CASES:
        return _cased(receiver, name)
    if any(isinstance(one, Wrapped) for one in receiver.things):
        return _chained(run, receiver, given, scope)
    if name in YES_OR_NO:
        _give(run, receiver, given, scope)
        return UNKNOWN
    if name in SAME:
        _give(run, receiver, given, scope)
        return receiver
    return _unknown(run, receiver, name, given, scope)


def _unknown(
    run: Interpreter, receiver: Abstract, name: str, given: Arguments, scope: Scope
) -> Abstract:
    _give(run, receiver, given, scope)
    if any(a.owner == "context" for a in receiver.atoms if isinstance(a, Symbol)):
        return _context(run, name, given, scope)
    sources = sources_of(receiver)
    return derived(sources.union(*(sources_of(value) for value in given.every())))


def _context(run: Interpreter, name: str, given: Arguments, scope: Scope) -> Abstract:
    """Answer with the first version's ``context.succeed(response)`` and ``done``."""
    positions = {"succeed": 0, "done": 1}
    if name in positions:
        run.respond(given.first(positions[name]), given.at, scope)
    return UNKNOWN


def _give(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> None:
    """Call the functions that a method is given with what the receiver holds."""
    value = Abstract(
        frozenset(a for a in receiver.atoms if isinstance(a, Symbol)),
        tuple(one for one in receiver.things if isinstance(one, Structure)),
        receiver.sources,
        receiver.open,
    )
    for function in [found for part in given.every() for found in calls.functions_in(part)]:
        counts = [len(t.definition.parameters) for t in function.things if isinstance(t, Closure)]
        if counts or any(isinstance(t, Wrapped) for t in function.things):
            every = [value] * max(counts, default=1)
            calls.apply(run, function, Arguments(given.at, every), scope)


def _chained(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    """Return a wrapped function after ``.use(…)`` and the like."""
    calls.unknown(run, given, EMPTY, scope)
    return Abstract(things=tuple(t for t in receiver.things if isinstance(t, Wrapped)))


def _cased(receiver: Abstract, name: str) -> Abstract:
    known = frozenset(CASES[name](a) for a in receiver.atoms if isinstance(a, str))
    rest = sources_of(receiver)
    plain = bool(known) and not rest and not receiver.open
    return Abstract(known) if plain else Abstract(known, (), rest, open=True)


# ------------------------------------------------------------------------------ structures


def _get(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    if not given.positional:
        return receiver
    found = fields.item(run, receiver, given.first(), given.at, scope)
    return join(found, given.first(1, "default"))


def _pop(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    if given.positional:
        return _get(run, receiver, given, scope)
    return fields.values(receiver)


def _items(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    pair = run.structure("list")
    pair.fields = {"0": fields.keys(run, receiver), "1": fields.values(receiver)}
    return run.built("list", None, Abstract(things=(pair,)))


def _values(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    return run.built("list", None, fields.values(receiver))


def _keys(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    return run.built("list", None, fields.keys(run, receiver))


def _add(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``append``, ``push``, ``add``, ``insert``: the last arguments join the items."""
    added = join_all(given.positional)
    for one in receiver.things:
        if isinstance(one, Structure):
            run.mutated = min(run.mutated, one.serial)
            one.element = join(one.element, added)
    return receiver


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
    for one in receiver.things:
        if not isinstance(one, Structure):
            continue
        run.mutated = min(run.mutated, one.serial)
        for value in given.positional:
            fields.spread(one, value)
        for name, value in given.named.items():
            fields.store(run, one, constant(name), value, alone=True)
    if not receiver.things:
        return derived(sources_of(receiver).union(*(sources_of(v) for v in given.every())))
    return receiver


def _set(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``map.set(key, value)``, ``setdefault(key, value)``."""
    for one in receiver.things:
        if isinstance(one, Structure):
            fields.store(run, one, given.first(), given.first(1), alone=False)
    return receiver


def _set_default(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    _set(run, receiver, given, scope)
    return _get(run, receiver, given, scope)


# ------------------------------------------------------------------------------ callbacks


def _each(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    """Call a function with each item; return what it returns."""
    pairs = fields.element(run, receiver)
    item = pairs
    keyed = [t for t in receiver.things if isinstance(t, Structure) and t.kind == "dict"]
    if keyed:  # a Map: its values come first
        item = fields.values(receiver)
    every = Arguments(given.at, [item, UNKNOWN, receiver])
    with run.branch():
        return calls.apply(run, given.first(), every, scope)


def _map(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    if not any(map(calls.callable_thing, given.first().things)):
        return _unknown(run, receiver, "map", given, scope)
    return run.built("list", None, _each(run, receiver, given, scope))


def _flat_map(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    made = _each(run, receiver, given, scope)
    return run.built("list", None, fields.element(run, made) or made)


def _for_each(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    _each(run, receiver, given, scope)
    return constant(None)


def _filter(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    _each(run, receiver, given, scope)
    return receiver


def _find(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    if not any(map(calls.callable_thing, given.first().things)):
        return UNKNOWN  # a text's position
    _each(run, receiver, given, scope)
    return fields.element(run, receiver)


def _reduce(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    item = fields.element(run, receiver)
    result = given.first(1) or item
    for _ in range(2):
        with run.branch():
            every = Arguments(given.at, [result, item, UNKNOWN, receiver])
            result = join(result, calls.apply(run, given.first(), every, scope))
    return result


def _then(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    result = receiver
    if given.positional and any(map(calls.callable_thing, given.first().things)):
        result = calls.apply(run, given.first(), Arguments(given.at, [receiver]), scope)
    if len(given.positional) > 1:
        result = join(result, _failed(run, given.first(1), given, scope))
    return result


def _catch(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    return join(receiver, _failed(run, given.first(), given, scope))


def _failed(run: Interpreter, function: Abstract, given: Arguments, scope: Scope) -> Abstract:
    if not function.things:
        return NOTHING
    return calls.apply(run, function, Arguments(given.at, [symbolic("error")]), scope)


def _finally(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    calls.apply(run, given.first(), Arguments(given.at, []), scope)
    return receiver


def _send(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    """``request.send(callback)``, ``eachPage(callback)`` of a version 2 request."""
    for function in given.positional[-1:]:
        if any(map(calls.callable_thing, function.things)):
            error = join(symbolic("error"), constant(None))
            calls.apply(run, function, Arguments(given.at, [error, receiver]), scope)
    return receiver


# ------------------------------------------------------------------------------ functions


def _bind(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    this = given.first()
    things = []
    for one in receiver.things:
        if isinstance(one, Closure) and one.receiver is None and this.things:
            things.append(Closure(one.definition, one.scope, this, one.owner))
        else:
            things.append(one)
    return Abstract(receiver.atoms, tuple(things), receiver.sources, receiver.open)


def _call(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    bound = _bind(run, receiver, given, scope)
    return calls.apply(run, bound, Arguments(given.at, given.positional[1:]), scope)


def _apply(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    bound = _bind(run, receiver, given, scope)
    item = fields.element(run, given.first(1))
    known = [t.fields for t in given.first(1).things if isinstance(t, Structure) and t.fields]
    every = list(known[0].values()) if known else [item] * 3
    return calls.apply(run, bound, Arguments(given.at, every), scope)


# ------------------------------------------------------------------------------ strings


def _format(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    """``"{} {name}".format(…)`` with a known pattern; else what flows in."""
    pattern = only_string(receiver)
    if pattern is None:
        flowing = sources_of(receiver).union(*(sources_of(v) for v in given.every()))
        return derived(flowing)
    parts: list[Abstract] = []
    end = position = 0
    for match in re.finditer(r"\{(\w*)([.\[][^}:!]*)?(?:![rsa])?(?::[^}]*)?\}", pattern):
        parts.append(constant(pattern[end : match.start()]))
        key = match[1] or str(position)
        position += not match[1]
        value = given.first(int(key)) if key.isdigit() else given.named.get(key, given.rest)
        deeper = match[2]
        parts.append(derived(sources_of(value)) if deeper else value)
        end = match.end()
    parts.append(constant(pattern[end:]))
    return concatenate(parts)


def _join(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``", ".join(items)`` and ``items.join(", ")``."""
    separator, items = (given.first(), receiver)
    if any(isinstance(t, Structure) for t in given.first().things) or receiver.atoms - {None}:
        separator, items = receiver, given.first()
    lists = [t for t in items.things if isinstance(t, Structure)]
    if len(lists) == 1 and lists[0].fields and not lists[0].element:
        parts: list[Abstract] = []
        for value in lists[0].fields.values():
            parts += [separator, value] if parts else [value]
        return concatenate(parts)
    return derived(sources_of(items) | sources_of(separator))


def _split(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    known, separator = only_string(receiver), only_string(given.first())
    if known is not None and separator:
        pieces = {str(i): constant(p) for i, p in enumerate(known.split(separator))}
        return run.built("list", pieces)
    made = derived(sources_of(receiver)) if receiver else UNKNOWN
    return run.built("list", None, made)


def _replace(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:
    _give(run, receiver, Arguments(given.at, given.positional[1:]), scope)
    old, new = only_string(given.first()), only_string(given.first(1))
    texts = [value for value in constants(receiver) if isinstance(value, str)]
    if old is not None and new is not None and len(texts) == len(receiver.atoms) and texts:
        return Abstract(frozenset(text.replace(old, new) for text in texts))
    flowing = sources_of(receiver).union(*(sources_of(v) for v in given.every()))
    return derived(flowing)


def _slice(run: Interpreter, receiver: Abstract, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    return fields.sliced(receiver)


METHODS: dict[str, Method] = {
    "get": _get,
    "pop": _pop,
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
    "forEach": _for_each,
    "map": _map,
    "flatMap": _flat_map,
    "filter": _filter,
    "find": _find,
    "findLast": _find,
    "reduce": _reduce,
    "then": _then,
    "catch": _catch,
    "finally": _finally,
    "send": _send,
    "eachPage": _send,
    "bind": _bind,
    "call": _call,
    "apply": _apply,
    "format": _format,
    "join": _join,
    "split": _split,
    "rsplit": _split,
    "replace": _replace,
    "replaceAll": _replace,
    "slice": _slice,
    "substring": _slice,
    "substr": _slice,
}
