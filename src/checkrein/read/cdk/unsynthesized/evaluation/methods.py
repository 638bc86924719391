"""Methods of the languages on known values; MISSING where the result is not known."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from checkrein.read.cdk.unsynthesized.evaluation import lists, values
from checkrein.read.cdk.unsynthesized.evaluation.things import (
    MISSING,
    REST,
    Function,
    Given,
    Map,
    Method,
)
from checkrein.read.cdk.unsynthesized.trace import Text, Traced
from checkrein.read.serverless.program.methods import TEXTS as SCRIPT_TEXTS

if TYPE_CHECKING:
    from checkrein.read.cdk.unsynthesized.evaluation.running import Evaluation

MOST_LETTERS = 100_000
LATER = ("then", "catch", "finally")
METHODS = frozenset(
    (
        "hasOwnProperty", "get", "set", "has", "keys", "values", "entries", "forEach", "delete",
        "toString",
    )
)  # fmt: skip
PATHS: dict[str, Callable[[str], Traced]] = {  # attributes of pathlib's paths
    "parent": posixpath.dirname,
    "parents": lambda path: [str(one) for one in _above(path)],
    "stem": lambda path: posixpath.splitext(posixpath.basename(path))[0],
    "suffix": lambda path: posixpath.splitext(path)[1],
}


def _above(path: str) -> list[str]:
    found = []
    while path not in ("", "/"):
        path = posixpath.dirname(path)
        found.append(path)
    return found


def method(run: Evaluation, function: Method, given: Given) -> Traced:
    """Return what a method of the language gives."""
    whole, name = function.of, function.name
    if name in LATER:
        return _later(run, function, given)
    handler = HANDLERS.get(type(whole))
    return MISSING if handler is None else handler(run, whole, name, given)


def _of_number(_run: Evaluation, whole: float, name: str, _given: Given) -> Traced:
    return values.text([whole]) if name in ("toString", "toFixed", "toLocaleString") else MISSING


def _later(run: Evaluation, function: Method, given: Given) -> Traced:
    """Call what waits for a promise: what it gives is there already."""
    if function.name == "then" and given.arguments:
        return run.apply(given.arguments[0], given.instead(function.of))
    if function.name == "finally" and given.arguments:
        run.apply(given.arguments[0], given.instead())
    return function.of


def _of_function(run: Evaluation, whole: Function, name: str, given: Given) -> Traced:
    if name not in ("bind", "call", "apply"):
        return MISSING
    this, *rest = given.arguments or [None]
    bound = Function(whole.node, whole.scope, whole.home, this)
    if name == "bind":
        return bound
    if name == "apply":
        rest = rest[0] if rest and isinstance(rest[0], list) else []
    return run.apply(bound, given.instead(*rest))


# ------------------------------------------------------------------------------------------- dicts


def _of_dict(run: Evaluation, whole: dict[Any, Any], name: str, given: Given) -> Traced:
    if name in CHANGES:
        key = given.arguments[0] if given.arguments else None
        if name not in ("update", "clear") and not isinstance(key, values.HASHABLE):
            return MISSING
        return CHANGES[name](run, whole, key, given)
    if name in WHOLE:
        return WHOLE[name](whole)
    if name == "forEach" and given.arguments:
        for key, value in list(whole.items()):
            run.apply(given.arguments[0], given.instead(value, key))
        return None
    if name in ("get", "has", "hasOwnProperty") and given.arguments:
        return _looked_up(whole, name, given)
    return MISSING


def _looked_up(whole: dict[Any, Any], name: str, given: Given) -> Traced:
    key, *rest = given.arguments
    default = rest[0] if rest and given.scope.is_python else None
    if not isinstance(key, values.HASHABLE):
        among = [*whole.values(), default]
        return values.choice(among) if name == "get" else values.unknown(key, "a look", given.place)
    if name != "get":
        return key in whole
    return whole.get(key, whole.get(REST, default))


def _update(run: Evaluation, whole: dict[Any, Any], added: Traced, given: Given) -> None:
    for one in (added, given.named):
        for key, value in one.items() if isinstance(one, dict) else ():
            run.put(whole, key, value)


def _clear(run: Evaluation, whole: dict[Any, Any], _key: Traced, _given: Given) -> None:
    for key in list(whole):
        run.put(whole, key, MISSING)


def _second(given: Given) -> Traced:
    return given.arguments[1] if len(given.arguments) > 1 else None


def _set(run: Evaluation, whole: dict[Any, Any], key: Any, given: Given) -> Traced:
    run.put(whole, key, _second(given))
    return whole


def _set_default(run: Evaluation, whole: dict[Any, Any], key: Any, given: Given) -> Traced:
    if key not in whole:
        run.put(whole, key, _second(given))
    return whole[key]


def _pop(run: Evaluation, whole: dict[Any, Any], key: Any, given: Given) -> Traced:
    found = whole.get(key, _second(given))
    run.put(whole, key, MISSING)
    return found


WHOLE: dict[str, Callable[[dict[Any, Any]], Traced]] = {
    "keys": list,
    "values": lambda whole: list(whole.values()),
    "items": lambda whole: [[key, value] for key, value in whole.items()],
    "entries": lambda whole: [[key, value] for key, value in whole.items()],
    "copy": dict,
}
CHANGES: dict[str, Callable[[Evaluation, dict[Any, Any], Any, Given], Traced]] = {
    "update": _update,
    "clear": _clear,
    "set": _set,
    "setdefault": _set_default,
    "pop": _pop,
    "delete": _pop,
}


# ------------------------------------------------------------------------------------------- texts


def _of_text(run: Evaluation, whole: str | Text, name: str, given: Given) -> Traced:
    if name in ("join", "format") and given.scope.is_python and isinstance(whole, str):
        return _joined(whole, given) if name == "join" else _formatted(whole, given)
    if name in PATH_METHODS:
        return _of_path(run, whole, name, given)
    table = PYTHON_TEXTS if given.scope.is_python else SCRIPT_TEXTS
    handler = table.get(name) or MORE_TEXTS.get(name)
    if handler is None or not all(_is_plain(one) for one in given.arguments):
        return MISSING
    try:
        return _letters(whole, name, handler, given.arguments)
    except (TypeError, ValueError, AttributeError, IndexError, re.error):
        return MISSING


def _letters(whole: str | Text, name: str, handler: Any, arguments: list[Traced]) -> Traced:
    if isinstance(whole, Text):
        return _of_parts(whole, name, handler, arguments)
    grown = [len(one) if isinstance(one, str) else one for one in arguments]
    most = max((one for one in grown if isinstance(one, int)), default=0)
    if (len(whole) + 1) * (most + 1) > MOST_LETTERS * 10:
        return MISSING
    found = handler(whole, *arguments)
    return MISSING if found is None else found


def _is_plain(value: Traced) -> bool:
    return isinstance(value, values.SCALARS) or (
        isinstance(value, list) and all(isinstance(one, values.SCALARS) for one in value)
    )


def _of_parts(whole: Text, name: str, handler: Any, arguments: list[Traced]) -> Traced:
    """Apply what changes each letter for itself to the known parts of a text."""
    if name not in LETTERWISE:
        return MISSING
    return values.text(
        [handler(part, *arguments) if isinstance(part, str) else part for part in whole.parts]
    )


def _of_path(run: Evaluation, whole: str | Text, name: str, given: Given) -> Traced:
    """Return what pathlib's methods give, and ``read`` of a file, which its text stands for."""
    if name == "joinpath":
        parts = [whole, *given.arguments]
        plain = [part for part in parts if isinstance(part, str)]
        return posixpath.join(*plain) if len(plain) == len(parts) else MISSING
    if name in ("read", "resolve", "absolute", "as_posix") or not isinstance(whole, str):
        return whole
    return run.file(whole) if name == "read_text" else run.is_there(whole)


def _joined(whole: str, given: Given) -> Traced:
    items = given.arguments[0] if given.arguments else None
    return between(items, whole) if isinstance(items, list) else MISSING


def between(items: list[Traced], separator: str) -> Traced:
    """Return texts joined by one."""
    parts: list[Traced] = []
    for item in items:
        parts += [separator, item] if parts else ["", item]
    return values.text(["" if part is None else part for part in parts])


def _formatted(whole: str, given: Given) -> Traced:
    arguments, named = given.arguments, given.named
    parts: list[Traced] = []
    index = 0
    for piece in re.split(r"(\{\w*\})", whole):
        if not piece.startswith("{"):
            parts.append(piece)
            continue
        key = piece[1:-1]
        if key in named:
            parts.append(named[key])
            continue
        at = int(key) if key.isdecimal() else index
        index += 1
        if at >= len(arguments) or (key and not key.isdecimal()):
            return MISSING
        parts.append(arguments[at])
    return values.text(parts)


PATH_METHODS = (
    "read", "resolve", "absolute", "as_posix", "read_text", "exists", "is_file", "is_dir",
    "joinpath",
)  # fmt: skip
LETTERWISE = (
    "toLowerCase", "toUpperCase", "lower", "upper", "replace", "replaceAll", "toString", "trim",
    "strip",
)  # fmt: skip
MORE_TEXTS: dict[str, Any] = {
    "padStart": lambda value, count, by=" ": value.rjust(count, by),
    "padEnd": lambda value, count, by=" ": value.ljust(count, by),
    "indexOf": lambda value, other: value.find(other),
    "lastIndexOf": lambda value, other: value.rfind(other),
    "trimEnd": lambda value: value.rstrip(),
    "trimStart": lambda value: value.lstrip(),
    "at": lambda value, index: value[index],
    "localeCompare": lambda value, other: (value > other) - (value < other),
    "toUTCString": lambda value: value,
    "valueOf": lambda value: value,
}
PYTHON_TEXTS: dict[str, Any] = {
    name: getattr(str, name)
    for name in (
        "lower", "upper", "strip", "lstrip", "rstrip", "split", "rsplit", "replace", "startswith",
        "endswith", "capitalize", "title", "splitlines", "removeprefix", "removesuffix", "zfill",
        "isdigit", "isalnum", "find", "index", "count", "isupper", "islower", "swapcase",
    )
}  # fmt: skip
PYTHON_TEXTS |= {
    "encode": lambda value, *_: value,
    "decode": lambda value, *_: value,
    "partition": lambda value, at: list(value.partition(at)),
    "rpartition": lambda value, at: list(value.rpartition(at)),
    "with_suffix": lambda value, end: posixpath.splitext(value)[0] + end,
}
HANDLERS: dict[type, Callable[[Evaluation, Any, str, Given], Traced]] = {
    list: lists.method,
    dict: _of_dict,
    Map: _of_dict,
    str: _of_text,
    Text: _of_text,
    Function: _of_function,
    int: _of_number,
    float: _of_number,
}
