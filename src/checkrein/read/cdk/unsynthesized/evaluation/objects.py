"""Functions on objects, texts and numbers; MISSING where nothing is known."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from checkrein.read.cdk.unsynthesized.evaluation import operators, values
from checkrein.read.cdk.unsynthesized.evaluation.asked import Asked, Handler, Items
from checkrein.read.cdk.unsynthesized.evaluation.things import (
    MISSING,
    Class,
    Map,
    Own,
    Space,
    Thrown,
)
from checkrein.read.cdk.unsynthesized.trace import Choice, New, Text, Traced, Unknown

MOST_ITEMS = 5_000


def _entries_of(value: Traced) -> dict[Any, Any]:
    if isinstance(value, dict):
        return value
    if isinstance(value, Own):
        return value.fields
    if isinstance(value, Space):
        return value.names
    if isinstance(value, list):
        return {str(index): item for index, item in enumerate(value)}
    if isinstance(value, Class):
        return value.kept
    if value is None:
        return {}
    raise TypeError


def _keys(_asked: Asked, value: Traced) -> Traced:
    return values.each(value, lambda one: list(_entries_of(one)))


def _values(_asked: Asked, value: Traced) -> Traced:
    return values.each(value, lambda one: list(_entries_of(one).values()))


def _entries(_asked: Asked, value: Traced) -> Traced:
    return values.each(value, lambda one: [[k, v] for k, v in _entries_of(one).items()])


def _assign(asked: Asked, first: Traced, *others: Traced) -> Traced:
    target = first.fields if isinstance(first, Own) else first
    for other in others:
        for key, value in _entries_of(other).items():
            asked.run.put(target, key, value)
    return first


def from_entries(asked: Asked, value: Traced = None) -> Traced:
    if isinstance(value, dict):
        return dict(value)
    items = asked.items(value)
    return MISSING if items is None else {pair[0]: pair[1] for pair in items}


def _map(asked: Asked, value: Traced = None) -> Traced:
    found = from_entries(asked, value)
    return Map(found) if isinstance(found, dict) else found


def _listed(asked: Asked, value: Traced = None, function: Traced = None) -> Traced:
    if isinstance(value, dict) and isinstance(value.get("length"), int):
        items: Items | None = [None] * min(value["length"], MOST_ITEMS)
    elif isinstance(value, int):
        items = [None] * min(value, MOST_ITEMS)
    else:
        items = asked.items(value)
    if items is None:
        return MISSING
    if function is None:
        return items
    return [asked.call(function, item, index) for index, item in enumerate(items)]


def _set(asked: Asked, value: Traced = None) -> Traced:
    items = asked.items(value)
    return MISSING if items is None else values.distinct(items)


def _same(_asked: Asked, value: Traced = None, *_others: Traced) -> Traced:
    return value


def nothing(_asked: Asked, *_arguments: Traced) -> Traced:
    return None


def _thrown(_asked: Asked, *_arguments: Traced) -> Traced:
    raise Thrown(None)


# ----------------------------------------------------------------------------------- texts, numbers


def _string(asked: Asked, value: Traced = "", *_others: Traced) -> Traced:
    if asked.scope.is_python and isinstance(value, (bool, type(None))):
        return str(value)
    return values.text([value]) if isinstance(value, (*values.SCALARS, Text)) else value


def _number(_asked: Asked, value: Traced = 0, *_others: Traced) -> Traced:
    def one(each: Traced) -> Traced:
        if isinstance(each, str):
            found = operators.number(each)
            return MISSING if found is MISSING else int(found) if found == int(found) else found
        return each

    found = values.each(value, one)
    return MISSING if isinstance(found, Choice) and MISSING in found.among else found


def _whole(asked: Asked, value: Traced = 0, *_others: Traced) -> Traced:
    found = _number(asked, value)
    return int(found) if isinstance(found, float) else found


def _truth(asked: Asked, value: Traced = None) -> Traced:
    found = asked.truth(value)
    return MISSING if found is None else found


def _stringify(asked: Asked, value: Traced, *_others: Traced) -> Traced:
    known = values.given(value, asked.place)
    return known if isinstance(known, Unknown) else values.text(_written(known))


def _written(value: Traced) -> Items:
    """Return JSON as parts of a text, of which those that are not plain stay."""
    if isinstance(value, values.SCALARS):
        return [json.dumps(value, ensure_ascii=False)]
    if isinstance(value, (dict, list)):
        pairs = value.items() if isinstance(value, dict) else [("", one) for one in value]
        inner: Items = []
        for key, one in pairs:
            name = f"{json.dumps(str(key))}:" if isinstance(value, dict) else ""
            inner += [f",{name}" if inner else name, *_written(one)]
        return ["{", *inner, "}"] if isinstance(value, dict) else ["[", *inner, "]"]
    return ['"', *(value.parts if isinstance(value, Text) else [value]), '"']


def _parse(_asked: Asked, value: Traced) -> Traced:
    return json.loads(value) if isinstance(value, str) else MISSING


def _yaml(_asked: Asked, value: Traced) -> Traced:
    from checkrein.notation import parse  # noqa: PLC0415 - seldom

    return parse(value, "").value if isinstance(value, str) else MISSING


def _extreme(best: Callable[..., Any]) -> Handler:
    def found(_asked: Asked, *arguments: Traced) -> Traced:
        listed = arguments[0] if len(arguments) == 1 and isinstance(arguments[0], list) else None
        plain = listed if listed is not None else list(arguments)
        return best(plain) if all(isinstance(one, (int, float, str)) for one in plain) else MISSING

    return found


def _is_list(_asked: Asked, value: Traced = None) -> Traced:
    known = operators.known(value) or isinstance(value, New)
    return isinstance(value, list) if known else MISSING


def _copied(_asked: Asked, value: Traced) -> Traced:
    if isinstance(value, dict):
        return {key: _copied(_asked, part) for key, part in value.items()}
    return [_copied(_asked, part) for part in value] if isinstance(value, list) else value


OBJECTS: dict[str, Handler] = {
    "Object.keys": _keys,
    "Object.values": _values,
    "Object.entries": _entries,
    "Object.assign": _assign,
    "Object.fromEntries": from_entries,
    "Object.freeze": _same,
    "Object.defineProperty": nothing,
    "Object": _same,
    "Map": _map,
    "WeakMap": _map,
    "Set": _set,
    "Array": _listed,
    "Array.from": _listed,
    "Array.of": lambda _asked, *items: list(items),
    "Array.isArray": _is_list,
    "Promise.all": _same,
    "Promise.resolve": _same,
    "structuredClone": _copied,
    "String": _string,
    "Number": _number,
    "parseInt": _whole,
    "parseFloat": _number,
    "Boolean": _truth,
    "Math.max": _extreme(max),
    "Math.min": _extreme(min),
    "JSON.stringify": _stringify,
    "JSON.parse": _parse,
    "yaml.load": _yaml,
    "yaml.parse": _yaml,
    "yaml.safe_load": _yaml,
    "process.exit": _thrown,
    "process.on": nothing,
    # Python
    "str": _string,
    "int": _whole,
    "float": _number,
    "bool": _truth,
    "list": _listed,
    "tuple": _listed,
    "set": _set,
    "frozenset": _set,
    "min": _extreme(min),
    "max": _extreme(max),
    "iter": _same,
    "print": nothing,
    "exit": _thrown,
    "quit": _thrown,
    "sys.exit": _thrown,
    "os.makedirs": nothing,
    "json.loads": _parse,
    "json.load": _parse,
    "json.dumps": _stringify,
    "copy.copy": _copied,
    "copy.deepcopy": _copied,
}
