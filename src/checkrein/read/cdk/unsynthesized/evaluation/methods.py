"""Methods of the languages on known values; MISSING where the result is not known."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from checkrein.model import Place
from checkrein.read.cdk.unsynthesized.evaluation import lists, values
from checkrein.read.cdk.unsynthesized.evaluation.things import (
    MISSING,
    REST,
    Builtin,
    Function,
    Method,
    Own,
    Scope,
)
from checkrein.read.cdk.unsynthesized.trace import Text, Traced, Unknown
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


def method(
    run: Evaluation, function: Method, arguments: list[Traced], named: dict[str, Traced],
    place: Place, scope: Scope,
) -> Traced:  # fmt: skip
    """Return what a method of the language gives."""
    whole, name = function.of, function.name
    if name in LATER:
        return _later(run, function, arguments, place, scope)
    if isinstance(whole, list):
        return lists.method(run, whole, name, arguments, place, scope)
    if isinstance(whole, dict):
        return _of_dict(run, whole, name, arguments, named, place, scope)
    if isinstance(whole, (str, Text)):
        return _of_text(run, whole, name, arguments, named, scope)
    if isinstance(whole, Function):
        return _of_function(run, whole, name, arguments, place, scope)
    if isinstance(whole, Builtin) and name == "get" and arguments:  # os.environ
        return _variable(arguments, place)
    if isinstance(whole, Own) and name in ("toString", "__str__"):
        return MISSING
    if name in ("toString", "toFixed", "toLocaleString") and isinstance(whole, (int, float)):
        return values.text([whole])
    return MISSING


def _variable(arguments: list[Traced], place: Place) -> Traced:
    found = Unknown(f"the environment variable {arguments[0]}", place)
    return values.choice([found, arguments[1]]) if len(arguments) > 1 else found


def _later(
    run: Evaluation, function: Method, arguments: list[Traced], place: Place, scope: Scope
) -> Traced:
    """Call what waits for a promise: what it gives is there already."""
    if function.name == "then" and arguments:
        return run.apply(arguments[0], [function.of], {}, place, scope)
    if function.name == "finally" and arguments:
        run.apply(arguments[0], [], {}, place, scope)
    return function.of


def _of_function(
    run: Evaluation, whole: Function, name: str, arguments: list[Traced], place: Place, scope: Scope
) -> Traced:
    if name == "bind":
        return Function(whole.node, whole.scope, whole.home, arguments[0] if arguments else None)
    if name in ("call", "apply"):
        bound = Function(whole.node, whole.scope, whole.home, arguments[0] if arguments else None)
        rest = arguments[1:]
        if name == "apply":
            rest = rest[0] if rest and isinstance(rest[0], list) else []
        return run.apply(bound, rest, {}, place, scope)
    return MISSING


# ------------------------------------------------------------------------------------------- dicts


def _of_dict(
    run: Evaluation, whole: dict[Any, Any], name: str, arguments: list[Traced],
    named: dict[str, Traced], place: Place, scope: Scope,
) -> Traced:  # fmt: skip
    python = scope.is_python
    if name in ("keys", "values"):
        return list(whole if name == "keys" else whole.values())
    if name in ("items", "entries"):
        return [[key, value] for key, value in whole.items()]
    if name in ("update", "clear", "set", "delete", "setdefault", "pop"):
        return _changed(run, whole, name, arguments, named)
    if name == "copy":
        return dict(whole)
    if name == "forEach" and arguments:
        for key, value in list(whole.items()):
            run.apply(arguments[0], [value, key], {}, place, scope)
        return None
    if name in ("get", "has", "hasOwnProperty") and arguments:
        return _looked_up(whole, name, arguments, place, python=python)
    return MISSING


def _looked_up(
    whole: dict[Any, Any], name: str, arguments: list[Traced], place: Place, *, python: bool
) -> Traced:
    key = arguments[0]
    default = arguments[1] if python and len(arguments) > 1 else None
    if not isinstance(key, values.HASHABLE):
        among = [*whole.values(), default]
        return values.choice(among) if name == "get" else values.unknown(key, "a look", place)
    if name != "get":
        return key in whole
    return whole.get(key, whole.get(REST, default))


def _changed(
    run: Evaluation, whole: dict[Any, Any], name: str, arguments: list[Traced],
    named: dict[str, Traced],
) -> Traced:  # fmt: skip
    key = arguments[0] if arguments else None
    if name == "update":
        for added in (key, named):
            for inner, value in added.items() if isinstance(added, dict) else ():
                run.put(whole, inner, value)
        return None
    if name == "clear":
        for inner in list(whole):
            run.put(whole, inner, MISSING)
        return None
    if not isinstance(key, values.HASHABLE):
        return MISSING
    value = arguments[1] if len(arguments) > 1 else None
    if name == "set":
        run.put(whole, key, value)
        return whole
    if name == "setdefault":
        if key not in whole:
            run.put(whole, key, value)
        return whole[key]
    found = whole.get(key, value)
    run.put(whole, key, MISSING)
    return found


# ------------------------------------------------------------------------------------------- texts


def _of_text(
    run: Evaluation, whole: str | Text, name: str, arguments: list[Traced],
    named: dict[str, Traced], scope: Scope,
) -> Traced:  # fmt: skip
    if name in ("join", "format") and scope.is_python and isinstance(whole, str):
        return _joined(whole, arguments) if name == "join" else _formatted(whole, arguments, named)
    if name in ("read", "resolve", "absolute", "as_posix", "read_text", "exists", "is_file"):
        return _of_path(run, whole, name)
    if name == "joinpath" and all(isinstance(one, str) for one in arguments):
        return posixpath.join(whole, *arguments) if isinstance(whole, str) else MISSING
    table = PYTHON_TEXTS if scope.is_python else SCRIPT_TEXTS
    handler = table.get(name) or MORE_TEXTS.get(name)
    if handler is None or not all(_is_plain(one) for one in arguments):
        return MISSING
    try:
        if isinstance(whole, Text):
            return _of_parts(whole, name, handler, arguments)
        if len(whole) > MOST_LETTERS:
            return MISSING
        found = handler(whole, *arguments)
    except (TypeError, ValueError, AttributeError, IndexError, re.error):
        return MISSING
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


def _of_path(run: Evaluation, whole: str | Text, name: str) -> Traced:
    if name in ("read", "resolve", "absolute", "as_posix") or not isinstance(whole, str):
        return whole
    if name == "read_text":
        return run.file(whole)
    return run.exists(whole)


def _joined(whole: str, arguments: list[Traced]) -> Traced:
    if not arguments or not isinstance(arguments[0], list):
        return MISSING
    return between(arguments[0], whole)


def between(items: list[Traced], separator: str) -> Traced:
    """Return texts joined by one."""
    parts: list[Traced] = []
    for item in items:
        parts += [separator, item] if parts else ["", item]
    return values.text(["" if part is None else part for part in parts])


def _formatted(whole: str, arguments: list[Traced], named: dict[str, Traced]) -> Traced:
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
