"""The part of JavaScript's standard library that configurations are written with, on known values.

Each function gives None where its result is not known.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable
from typing import Any

from checkrein.model import Place
from checkrein.model.values import Open, Text, Undecided, plain_text
from checkrein.read.serverless.written import Written, is_special, of_plain

MODULES = {"path": "path", "node:path": "path", "process": "process", "node:process": "process"}
GLOBALS = ("Object", "Array", "JSON", "String", "Number", "Boolean", "process", "parseInt", "Math")
SIMPLE = re.compile(r"/((?:\\.|[^\\/+*{(\[|])+)/([gi]*)\Z")  # regular expressions without repetition
MOST_LETTERS = 100_000
Call = Callable[[Written, list[Written]], Written]


def is_known(value: Any) -> bool:
    """Tell whether a value is plain JSON on its face."""
    return value is None or isinstance(value, (str, int, float, bool, dict, list))


def truth(part: Written) -> bool | None:
    """Return whether a value counts as true, None where that is not known."""
    value = part.value
    if isinstance(value, (dict, list)):
        return True
    return bool(value) if is_known(value) else None


def ends(operator: str, part: Written) -> bool | None:
    """Tell whether ``||``, ``&&`` or ``??`` stops at a value."""
    test = truth(part)
    if operator == "??":
        return part.value is not None if is_known(part.value) else None
    return test if test is None or operator == "or" else not test


def shown(value: Any) -> Any:
    """Return a value as it stands in a text; symbols and what is open stay."""
    if isinstance(value, str) or is_special(value):
        return value
    if hasattr(value, "variable"):
        return value.variable()
    if value is None:
        return "undefined"
    if isinstance(value, (bool, int, float)):
        return number_text(value)
    return Open("a structure inside a text")


def number_text(value: bool | float) -> str:  # noqa: FBT001 - what JavaScript calls a primitive
    """Return a number or truth as JavaScript writes it."""
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e21  # noqa: PLR2004 - JavaScript's
    return str(int(value)) if whole else plain_text(value)


def operated(operator: str, values: list[Any]) -> Any:
    """Return the result of an operator."""
    if operator == "+" and any(isinstance(value, (str, Text)) for value in values):
        from checkrein.model.values import text

        return text([shown(value) for value in values])
    if not all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in values):
        return None
    if len(values) == 1:
        return {"-": -values[0], "+": values[0]}.get(operator)
    result = values[0]
    for value in values[1:]:
        result = _calculated(operator, result, value)
        if result is None:
            return None
    return result


def _calculated(operator: str, a: float, b: float) -> float | None:
    if operator in ("/", "%") and not b:
        return None
    if operator == "/":
        quotient = a / b
        return int(quotient) if quotient.is_integer() else quotient
    return {"+": a + b, "-": a - b, "*": a * b}.get(operator)


def compared(operator: str, left: Any, right: Any) -> bool | None:
    """Return the result of a comparison of scalars."""
    scalars = (str, int, float, bool, type(None))
    if not isinstance(left, scalars) or not isinstance(right, scalars):
        return None
    if operator in ("==", "is"):
        return left == right
    if operator in ("!=", "is-not"):
        return left != right
    if isinstance(left, str) != isinstance(right, str) or left is None or right is None:
        return None
    pair: Any = (left, right)
    return {"<": pair[0] < pair[1], "<=": pair[0] <= pair[1], ">": pair[0] > pair[1], ">=": pair[0] >= pair[1]}.get(operator)


# ------------------------------------------------------------------------------ functions


def library(name: str, arguments: list[Written], place: Place) -> Written | None:
    """Return what a function of the platform gives."""
    handler = FUNCTIONS.get(name)
    if handler is None or not arguments:
        return None
    return handler(arguments, place)


def _assign(arguments: list[Written], place: Place) -> Written | None:
    found: dict[str, Written] = {}
    for argument in arguments:
        if not isinstance(argument.value, dict):
            return None
        found.update(argument.value)
    if isinstance(arguments[0].value, dict):
        arguments[0].value.update(found)
        return arguments[0]
    return Written(found, place)


def _keys(arguments: list[Written], place: Place) -> Written | None:
    if not isinstance(arguments[0].value, dict):
        return None
    return Written([Written(key, part.place) for key, part in arguments[0].items()], place)


def _values(arguments: list[Written], place: Place) -> Written | None:
    if not isinstance(arguments[0].value, dict):
        return None
    return Written(list(arguments[0].value.values()), place)


def _entries(arguments: list[Written], place: Place) -> Written | None:
    if not isinstance(arguments[0].value, dict):
        return None
    pairs = [[Written(key, part.place), part] for key, part in arguments[0].items()]
    return Written([Written(pair, pair[1].place) for pair in pairs], place)


def _from_entries(arguments: list[Written], place: Place) -> Written | None:
    found: dict[str, Written] = {}
    for pair in arguments[0].value if isinstance(arguments[0].value, list) else [None]:
        key = pair.get("0") if pair else None
        part = pair.get("1") if pair else None
        if key is None or part is None or not isinstance(key.value, str):
            return None
        found[key.value] = part
    return Written(found, place)


def _same(arguments: list[Written], _place: Place) -> Written:
    return arguments[0]


def _string(arguments: list[Written], place: Place) -> Written:
    return Written(shown(arguments[0].value), place)


def _number(arguments: list[Written], place: Place) -> Written | None:
    try:
        return Written(int(str(arguments[0].value)), place)
    except ValueError:
        return None


def _boolean(arguments: list[Written], place: Place) -> Written | None:
    found = truth(arguments[0])
    return None if found is None else Written(found, place)


def _stringify(arguments: list[Written], place: Place) -> Written | None:
    value = _plain(arguments[0])
    indent = arguments[2].value if len(arguments) > 2 and isinstance(arguments[2].value, int) else None  # noqa: PLR2004 - value, replacer, space
    separators = (",", ": ") if indent else (",", ":")
    try:
        return Written(json.dumps(value, indent=indent, separators=separators, ensure_ascii=False), place)
    except (TypeError, ValueError):
        return None


def _plain(part: Written) -> Any:
    return part.plain()


def _parse(arguments: list[Written], place: Place) -> Written | None:
    try:
        return of_plain(json.loads(arguments[0].value), place)
    except (TypeError, ValueError, RecursionError):
        return None


def _joined_path(arguments: list[Written], place: Place) -> Written | None:
    parts = [argument.value for argument in arguments]
    if not all(isinstance(part, str) for part in parts):
        return None
    return Written(posixpath.normpath(posixpath.join(*parts)), place)


def _dirname(arguments: list[Written], place: Place) -> Written | None:
    value = arguments[0].value
    return Written(posixpath.dirname(value), place) if isinstance(value, str) else None


def _basename(arguments: list[Written], place: Place) -> Written | None:
    value = arguments[0].value
    return Written(posixpath.basename(value), place) if isinstance(value, str) else None


def _relative(arguments: list[Written], place: Place) -> Written | None:
    values = [argument.value for argument in arguments]
    if len(values) != 2 or not all(isinstance(v, str) and v.startswith("/") for v in values):  # noqa: PLR2004 - from, to
        return None
    return Written(posixpath.relpath(values[1], values[0]), place)


FUNCTIONS: dict[str, Callable[[list[Written], Place], Written | None]] = {
    "Object.assign": _assign,
    "Object.keys": _keys,
    "Object.values": _values,
    "Object.entries": _entries,
    "Object.fromEntries": _from_entries,
    "Object.freeze": _same,
    "JSON.stringify": _stringify,
    "JSON.parse": _parse,
    "String": _string,
    "Number": _number,
    "parseInt": _number,
    "Boolean": _boolean,
    "path.join": _joined_path,
    "path.posix.join": _joined_path,
    "path.resolve": _joined_path,
    "path.normalize": _joined_path,
    "path.dirname": _dirname,
    "path.basename": _basename,
    "path.relative": _relative,
}


# -------------------------------------------------------------------------------- methods


def method(
    whole: Written, name: str, arguments: list[Written], place: Place, call: Call
) -> Written | None:
    """Return what a method of a text or an array gives; ``call`` runs a callback."""
    if isinstance(whole.value, list) and name in LISTS:
        return LISTS[name](whole.value, arguments, place, call)
    values = [argument.value for argument in arguments]
    if isinstance(whole.value, list) and name in PLAIN_LISTS:
        return _result(PLAIN_LISTS[name](whole.value, values), place)
    if isinstance(whole.value, str) and name in TEXTS and len(whole.value) < MOST_LETTERS:
        try:
            return _result(TEXTS[name](whole.value, *values), place)
        except (TypeError, ValueError, AttributeError, re.error):
            return None
    if name == "toString" and isinstance(whole.value, (int, float)):
        return Written(number_text(whole.value), place)
    return None


def _result(value: Any, place: Place) -> Written | None:
    return None if value is None else of_plain(value, place)


def _map(items: list[Written], arguments: list[Written], place: Place, call: Call) -> Written | None:
    found = [call(arguments[0], [item, Written(i, item.place)]) for i, item in enumerate(items)]
    return Written(found, place)


def _flat_map(items: list[Written], arguments: list[Written], place: Place, call: Call) -> Written | None:
    mapped = _map(items, arguments, place, call)
    return None if mapped is None else _flat(mapped.value, [], place, call)


def _flat(items: list[Written], _arguments: list[Written], place: Place, _call: Call) -> Written | None:
    found: list[Written] = []
    for item in items:
        found += item.value if isinstance(item.value, list) else [item]
    return Written(found, place)


def _filter(items: list[Written], arguments: list[Written], place: Place, call: Call) -> Written | None:
    tests = [_test(item, arguments, call) for item in items]
    if None in tests:
        return None
    return Written([item for item, test in zip(items, tests, strict=True) if test], place)


def _test(item: Written, arguments: list[Written], call: Call) -> bool | None:
    from checkrein.read.serverless.evaluation import Library

    function = arguments[0]
    if isinstance(function.value, Library) and function.value.name == "Boolean":
        return truth(item)
    return truth(call(function, [item]))


def _reduce(items: list[Written], arguments: list[Written], place: Place, call: Call) -> Written | None:
    if len(arguments) < 2:  # noqa: PLR2004 - a callback and where to begin
        return None
    found = arguments[1]
    for index, item in enumerate(items):
        found = call(arguments[0], [found, item, Written(index, place)])
    return found


def _each(items: list[Written], arguments: list[Written], place: Place, call: Call) -> Written | None:
    _map(items, arguments, place, call)
    return Written(None, place)


def _concat(items: list[Written], arguments: list[Written], place: Place, call: Call) -> Written | None:
    return _flat([Written(items, place), *arguments], [], place, call)


def _push(items: list[Written], arguments: list[Written], place: Place, _call: Call) -> Written | None:
    items.extend(arguments)
    return Written(len(items), place)


def _join(items: list[Written], arguments: list[Written], place: Place, _call: Call) -> Written | None:
    from checkrein.model.values import text

    between = arguments[0].value if arguments else ","
    pieces: list[Any] = []
    for item in items:
        pieces += [*([between] if pieces else []), shown(item.value)]
    return Written(text(pieces), place)


def _sliced(items: list[Written], arguments: list[Written], place: Place, _call: Call) -> Written | None:
    ends_at = [argument.value for argument in arguments]
    if not all(isinstance(value, int) for value in ends_at):
        return None
    return Written(items[slice(*ends_at) if len(ends_at) > 1 else slice(*ends_at, None)], place)


def _includes(items: list[Written], values: list[Any]) -> bool | None:
    plain = [item.value for item in items]
    return values[0] in plain if all(is_known(value) for value in [*plain, *values]) else None


LISTS: dict[str, Any] = {
    "map": _map,
    "flatMap": _flat_map,
    "flat": _flat,
    "filter": _filter,
    "reduce": _reduce,
    "forEach": _each,
    "concat": _concat,
    "push": _push,
    "join": _join,
    "slice": _sliced,
}
PLAIN_LISTS: dict[str, Any] = {"includes": _includes}


def _replaced(value: str, pattern: str, replacement: str) -> str | None:
    found = SIMPLE.match(pattern)
    if found is None:
        return value.replace(pattern, replacement, 1)
    flags = re.IGNORECASE if "i" in found[2] else 0
    count = 0 if "g" in found[2] else 1
    return re.sub(found[1], lambda _: replacement, value, count=count, flags=flags)


def _from(value: str, start: int, end: int | None = None) -> str:
    return value[max(start, 0) : end]


TEXTS: dict[str, Any] = {
    "split": lambda value, at: value.split(at) if at else list(value),
    "substring": _from,
    "substr": lambda value, start, length=None: value[start:][:length],
    "slice": lambda value, start, end=None: value[start:end],
    "replace": _replaced,
    "replaceAll": lambda value, old, new: value.replace(old, new) if not old.startswith("/") else _replaced(value, old, new),
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
