"""Methods of texts and arrays, on known values; None where the result is not known."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from checkrein.late import regex
from checkrein.model import Place
from checkrein.model.values import text
from checkrein.read.serverless.program.operators import (
    MOST_ITEMS,
    MOST_LETTERS,
    by_default,
    is_known,
    is_short,
    number_text,
    shown,
    truth,
)
from checkrein.read.serverless.program.things import Library
from checkrein.read.serverless.written import Written, of_plain

# regular expressions without repetition, which take no time
SIMPLE = regex(r"/((?:\\.|[^\\/+*{(\[|])+)/([gi]*)\Z")
Call = Callable[[Written, list[Written]], Written]
Iteration = Callable[[list[Written], list[Written], Place, Call], Written | None]


def method(
    whole: Written, name: str, arguments: list[Written], place: Place, call: Call
) -> Written | None:
    """Return what a method of a text or an array gives; ``call`` runs a callback."""
    if name in ASKING and not arguments:
        name = ""
    if isinstance(whole.value, list) and name in LISTS:
        return LISTS[name](whole.value, arguments, place, call)
    values = [by_default(argument.value) for argument in arguments]
    if isinstance(whole.value, list) and name in PLAIN_LISTS:
        return _result(PLAIN_LISTS[name](whole.value, values), place)
    own = by_default(whole.value)
    if isinstance(own, str) and name in TEXTS and len(own) < MOST_LETTERS:
        try:
            return _result(TEXTS[name](own, *values), place)
        except (TypeError, ValueError, AttributeError, re.error):
            return None
    if name == "toString" and isinstance(whole.value, (int, float)):
        return Written(number_text(whole.value), place)
    return None


def _result(value: Any, place: Place) -> Written | None:
    return None if value is None else of_plain(value, place)


def _map(
    items: list[Written], arguments: list[Written], place: Place, call: Call
) -> Written | None:
    found = [call(arguments[0], [item, Written(i, item.place)]) for i, item in enumerate(items)]
    return Written(found, place)


def _flat_map(
    items: list[Written], arguments: list[Written], place: Place, call: Call
) -> Written | None:
    mapped = _map(items, arguments, place, call)
    return None if mapped is None else _flat(mapped.value, [], place, call)


def _flat(
    items: list[Written], _arguments: list[Written], place: Place, _call: Call
) -> Written | None:
    found: list[Written] = []
    for item in items:
        found += item.value if isinstance(item.value, list) else [item]
        if len(found) > MOST_ITEMS:
            return None
    return Written(found, place)


def _filter(
    items: list[Written], arguments: list[Written], place: Place, call: Call
) -> Written | None:
    tests = [_test(item, arguments, call) for item in items]
    if None in tests:
        return None
    return Written([item for item, test in zip(items, tests, strict=True) if test], place)


def _test(item: Written, arguments: list[Written], call: Call) -> bool | None:
    function = arguments[0]
    if isinstance(function.value, Library) and function.value.name == "Boolean":
        return truth(item)
    return truth(call(function, [item]))


def _reduce(
    items: list[Written], arguments: list[Written], place: Place, call: Call
) -> Written | None:
    if len(arguments) < 2:  # noqa: PLR2004 - a callback and where to begin
        return None
    found = arguments[1]
    for index, item in enumerate(items):
        found = call(arguments[0], [found, item, Written(index, place)])
    return found


def _each(
    items: list[Written], arguments: list[Written], place: Place, call: Call
) -> Written | None:
    _map(items, arguments, place, call)
    return Written(None, place)


def _concat(
    items: list[Written], arguments: list[Written], place: Place, call: Call
) -> Written | None:
    return _flat([Written(items, place), *arguments], [], place, call)


def _push(
    items: list[Written], arguments: list[Written], place: Place, _call: Call
) -> Written | None:
    if len(items) + len(arguments) > MOST_ITEMS:
        return None
    items.extend(arguments)
    return Written(len(items), place)


def _join(
    items: list[Written], arguments: list[Written], place: Place, _call: Call
) -> Written | None:
    between = arguments[0].value if arguments else ","
    pieces: list[Any] = []
    for item in items:
        pieces += [*([between] if pieces else []), shown(item.value)]
    return Written(text(pieces), place) if is_short(pieces) else None


def _sliced(
    items: list[Written], arguments: list[Written], place: Place, _call: Call
) -> Written | None:
    bounds = [argument.value for argument in arguments]
    if not bounds or not all(isinstance(value, int) for value in bounds):
        return None
    end = bounds[1] if len(bounds) > 1 else None
    return Written(items[bounds[0] : end], place)


def _found(
    items: list[Written], arguments: list[Written], place: Place, call: Call
) -> Written | None:
    for item in items:
        test = _test(item, arguments, call)
        if test is None:
            return None
        if test:
            return item
    return Written(None, place)


def _some(
    items: list[Written], arguments: list[Written], place: Place, call: Call
) -> Written | None:
    tests = [_test(item, arguments, call) for item in items]
    if None in tests and True not in tests:
        return None
    return Written(True in tests, place)


def _every(
    items: list[Written], arguments: list[Written], place: Place, call: Call
) -> Written | None:
    tests = [_test(item, arguments, call) for item in items]
    if None in tests and False not in tests:
        return None
    return Written(False not in tests, place)


def _first_put(
    items: list[Written], arguments: list[Written], place: Place, _call: Call
) -> Written | None:
    if len(items) + len(arguments) > MOST_ITEMS:
        return None
    items[:0] = arguments
    return Written(len(items), place)


def _index(items: list[Written], values: list[Any]) -> int | None:
    plain = [by_default(item.value) for item in items]
    if not all(is_known(value) for value in [*plain, *values]):
        return None
    return plain.index(values[0]) if values[0] in plain else -1


def _includes(items: list[Written], values: list[Any]) -> bool | None:
    plain = [item.value for item in items]
    return values[0] in plain if all(is_known(value) for value in [*plain, *values]) else None


LISTS: dict[str, Iteration] = {
    "map": _map,
    "flatMap": _flat_map,
    "flat": _flat,
    "filter": _filter,
    "reduce": _reduce,
    "forEach": _each,
    "concat": _concat,
    "push": _push,
    "unshift": _first_put,
    "find": _found,
    "some": _some,
    "every": _every,
    "join": _join,
    "slice": _sliced,
}
PLAIN_LISTS: dict[str, Any] = {"includes": _includes, "indexOf": _index}
# methods that nothing can be asked of without an argument
ASKING = frozenset(
    (*PLAIN_LISTS, "map", "flatMap", "filter", "reduce", "forEach", "find", "some", "every")
)


def _replaced(value: str, pattern: str, replacement: str) -> str | None:
    found = SIMPLE.match(pattern)
    if len(value) * len(replacement) > MOST_LETTERS * 10:
        return None
    if found is None:
        return value.replace(pattern, replacement, 1)
    flags = re.IGNORECASE if "i" in found[2] else 0
    count = 0 if "g" in found[2] else 1
    return re.sub(found[1], lambda _: replacement, value, count=count, flags=flags)


def _all_replaced(value: str, pattern: str, replacement: str) -> str | None:
    if SIMPLE.match(pattern) or len(value) * len(replacement) > MOST_LETTERS * 10:
        return _replaced(value, pattern, replacement)
    return value.replace(pattern, replacement)


def _from(value: str, start: int, end: int | None = None) -> str:
    return value[max(start, 0) : end]


TEXTS: dict[str, Any] = {
    "split": lambda value, at: value.split(at) if at else list(value),
    "substring": _from,
    "substr": lambda value, start, length=None: value[start:][:length],
    "slice": lambda value, start, end=None: value[start:end],
    "replace": _replaced,
    "replaceAll": _all_replaced,
    "indexOf": lambda value, other: value.find(other),
    "toLowerCase": lambda value: value.lower(),
    "toUpperCase": lambda value: value.upper(),
    "trim": lambda value: value.strip(),
    "concat": lambda value, *others: "".join((value, *others)),
    "startsWith": lambda value, other: value.startswith(other),
    "endsWith": lambda value, other: value.endswith(other),
    "includes": lambda value, other: other in value,
    "toString": lambda value: value,
    "charAt": lambda value, at: value[at : at + 1],
    "repeat": lambda value, times: value * times if times * len(value) < MOST_LETTERS else None,
}
METHODS = frozenset((*LISTS, *PLAIN_LISTS, *TEXTS))
