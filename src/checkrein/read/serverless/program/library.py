"""Functions of the platform that configurations are written with, on known values.

Each gives None where its result is not known.
"""

from __future__ import annotations

import json
import posixpath
from collections.abc import Callable

from checkrein.errors import InputError
from checkrein.model import Place
from checkrein.read.serverless.program.operators import by_default, shown, truth
from checkrein.read.serverless.written import Written, is_small, is_special, of_plain, of_text
from checkrein.read.service_files import is_program

MODULES = {
    **{name: name for name in ("path", "process", "fs")},
    **{f"node:{name}": name for name in ("path", "process", "fs")},
    **dict.fromkeys(("yaml", "js-yaml", "yamljs"), "yaml"),
}
GLOBALS = (
    *("Object", "Array", "JSON", "String", "Number", "Boolean", "process", "parseInt", "Math"),
    "Promise",
)
PAIR = 2  # arguments
MOST_PARTS = 10_000  # of a structure that is made text


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


def _is_list(arguments: list[Written], place: Place) -> Written | None:
    value = arguments[0].value
    return None if is_special(value) else Written(isinstance(value, list), place)


def _string(arguments: list[Written], place: Place) -> Written:
    return Written(shown(arguments[0].value), place)


def _number(arguments: list[Written], place: Place) -> Written | None:
    try:
        return Written(int(str(by_default(arguments[0].value))), place)
    except ValueError:
        return None


def _boolean(arguments: list[Written], place: Place) -> Written | None:
    found = truth(arguments[0])
    return None if found is None else Written(found, place)


def _stringify(arguments: list[Written], place: Place) -> Written | None:
    space = arguments[2].value if len(arguments) > PAIR else None
    indent = space if isinstance(space, int) else None
    separators = (",", ": ") if indent else (",", ":")
    if not is_small(arguments[0], MOST_PARTS):
        return None
    value = arguments[0].plain()
    try:
        found = json.dumps(value, indent=indent, separators=separators, ensure_ascii=False)
    except (TypeError, ValueError):
        return None
    return Written(found, place)


def _parse(arguments: list[Written], place: Place) -> Written | None:
    source = arguments[0]
    if not isinstance(source.value, str):
        return None
    try:
        if not is_program(source.place.path):  # what a file says stands in that file
            return of_text(source.value, source.place.path)
        return of_plain(json.loads(by_default(source.value)), place)
    except (TypeError, ValueError, RecursionError, InputError):
        return None


def _yaml(arguments: list[Written], _place: Place) -> Written | None:
    source = arguments[0]
    try:
        return of_text(source.value, source.place.path) if isinstance(source.value, str) else None
    except (RecursionError, InputError):
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


def _ending(arguments: list[Written], place: Place) -> Written | None:
    value = arguments[0].value
    return Written(posixpath.splitext(value)[1], place) if isinstance(value, str) else None


def _relative(arguments: list[Written], place: Place) -> Written | None:
    values = [argument.value for argument in arguments]
    if len(values) != PAIR or not all(isinstance(v, str) and v.startswith("/") for v in values):
        return None
    return Written(posixpath.relpath(values[1], values[0]), place)


FUNCTIONS: dict[str, Callable[[list[Written], Place], Written | None]] = {
    "Object.assign": _assign,
    "Object.keys": _keys,
    "Object.values": _values,
    "Object.entries": _entries,
    "Object.fromEntries": _from_entries,
    "Object.freeze": _same,
    "Promise.resolve": _same,
    "Promise.all": _same,
    "Array.isArray": _is_list,
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
    "path.extname": _ending,
    "yaml.load": _yaml,
    "yaml.safeLoad": _yaml,
    "yaml.parse": _yaml,
}


# --------------------------------------------------- what TypeScript's compiler calls itself


def _export_star(arguments: list[Written], place: Place) -> Written:
    for argument in arguments[1:]:
        if isinstance(argument.value, dict):
            inner = arguments[0].items()
            argument.value.update({key: part for key, part in inner if key != "default"})
    return Written(None, place)


def _import_default(arguments: list[Written], place: Place) -> Written:
    whole = arguments[0]
    return whole if whole.get("default") else Written({"default": whole}, place)


def _spread_array(arguments: list[Written], place: Place) -> Written | None:
    lists = [argument.value for argument in arguments[:PAIR]]
    if not all(isinstance(value, list) and len(value) < MOST_PARTS for value in lists):
        return None
    return Written([item for value in lists for item in value], place)


COMPILED: dict[str, Callable[[list[Written], Place], Written | None]] = {
    "__exportStar": _export_star,
    "__importDefault": _import_default,
    "__importStar": _same,
    "__assign": _assign,
    "__spreadArray": _spread_array,
    "__spreadArrays": _spread_array,
}
