"""Functions on lists, sets and objects."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

from checkrein.model.values import Open, Symbol, Value, plain_text
from checkrein.read.terraform.access import indexed
from checkrein.read.terraform.containers import (
    Items,
    Object,
    SetItems,
    Unsure,
    as_set,
    distinct,
    joined,
)
from checkrein.read.terraform.operators import equal, negated, number, truth, whole
from checkrein.read.terraform.scopes import LARGEST, Scope
from checkrein.read.terraform.unknowns import (
    UNKNOWN,
    Failed,
    is_known,
    lifted,
    opened,
    shown,
)

Function = Callable[[list[Value], Scope], Value]


def _unknown(values: list[Value], kind: type | tuple[type, ...]) -> Value:
    """Return what makes a call unknown, None if all arguments are of a kind; raise Failed."""
    for value in values:
        if isinstance(value, kind):
            continue
        if isinstance(value, UNKNOWN):
            return opened("the content", value)
        raise Failed(f"{shown(value)[:40]} is no collection of the kind that is asked for")
    return None


def merge(given: list[Value], scope: Scope) -> Value:
    maps = [value for value in given if value is not None]
    unknown = _unknown(maps, dict)
    if unknown is not None:
        return unknown
    whole = next((one.whole for one in maps if getattr(one, "whole", None)), None)
    found = Object(whole=whole)
    for one in maps:
        found.update(one)
        for key in one:
            found.places.pop(key, None)
        found.places.update(getattr(one, "places", {}))
    return found


def concat(given: list[Value], scope: Scope) -> Value:
    unknown = _unknown(given, list)
    return joined(given) if unknown is None else unknown


def flatten(given: list[Value], scope: Scope) -> Value:
    unknown = _unknown(given[:1], list)
    return joined(_flat(given[0])) if unknown is None else unknown


def _flat(value: list[Any]) -> list[list[Any]]:
    found: list[list[Any]] = []
    for position, item in enumerate(value):
        if isinstance(item, list):
            found += _flat(item)
        else:
            places = getattr(value, "places", [])
            kind = Unsure if isinstance(item, Open) else Items  # it may be a list, of any length
            found.append(kind([item], places[position : position + 1]))
    return found


def lookup(given: list[Value], scope: Scope) -> Value:
    try:
        return indexed(given[0], given[1], scope)
    except Failed:
        if len(given) > 2:  # noqa: PLR2004 - with a default
            return given[2]
        raise


def element(given: list[Value], scope: Scope) -> Value:
    listed, position = given[0], scope.module.settled(given[1])
    if isinstance(listed, list) and not isinstance(listed, Unsure) and is_known(position):
        if not listed:
            raise Failed("an empty list has no element")
        return listed[int(number(position)) % len(listed)]
    return indexed(listed, position, scope)


def keys(given: list[Value], scope: Scope) -> Value:
    unknown = _unknown(given[:1], dict)
    return Items(sorted(given[0])) if unknown is None else unknown


def values(given: list[Value], scope: Scope) -> Value:
    unknown = _unknown(given[:1], dict)
    return Items(given[0][key] for key in sorted(given[0])) if unknown is None else unknown


def zipmap(given: list[Value], scope: Scope) -> Value:
    unknown = _unknown(given, list)
    if unknown is not None:
        return unknown
    if not all(isinstance(key, str) for key in given[0]):
        return opened("a key", given[0])
    return Object(zip(given[0], given[1], strict=True))


def length(given: list[Value], scope: Scope) -> Value:
    if isinstance(given[0], Unsure):
        return Open("how many there are is only known when Terraform runs")
    value = scope.module.settled(given[0])
    if isinstance(value, (str, list, dict)):
        return len(value)
    if isinstance(value, UNKNOWN):
        return opened("length()", value)
    raise Failed("only texts and collections have a length")


def coalesce(given: list[Value], scope: Scope) -> Value:
    for position, value in enumerate(given):
        filled = negated(_is_empty(value, scope))
        if filled is True:
            return value
        if filled is not False:
            rest = given[position + 1 :]
            return _either(filled, value, rest, scope)
    raise Failed("coalesce() finds nothing but null and empty texts")


def _either(filled: Value, value: Value, rest: list[Value], scope: Scope) -> Value:
    def one(holds: bool) -> Value:  # noqa: FBT001 - one option of a choice
        return value if holds else coalesce(rest, scope)

    return lifted(one, filled)


def _is_empty(value: Value, scope: Scope) -> Value:
    if value is None or value == "":
        return True
    if isinstance(value, Symbol):
        return False  # a variable that is asked for, or something that a resource has
    return isinstance(value, Open) and equal(value, "", scope)


def coalescelist(given: list[Value], scope: Scope) -> Value:
    found = next((value for value in given if value), None)
    if found is None:
        raise Failed("coalescelist() finds nothing but empty lists")
    return found


def compact(given: list[Value], scope: Scope) -> Value:
    unknown = _unknown(given[:1], list)
    if unknown is not None:
        return unknown
    return lifted(
        lambda *items: Items(item for item in items if item is not None and item != ""), *given[0]
    )


def contains(given: list[Value], scope: Scope) -> Value:
    unknown = _unknown(given[:1], list)
    if unknown is not None:
        return scope.module.work.condition(f"contains({shown(given[1])})", unknown)
    scope.module.work.step(len(given[0]))
    found = [equal(item, given[1], scope) for item in given[0]]
    if any(one is True for one in found):
        return True
    if all(one is False for one in found):
        return False
    return lifted(lambda *decided: any(decided), *found)


def unique(given: list[Value], scope: Scope) -> Value:
    unknown = _unknown(given[:1], list)
    return Items(distinct(given[0])) if unknown is None else unknown


def to_set(given: list[Value], scope: Scope) -> Value:
    if isinstance(given[0], UNKNOWN) or given[0] is None:
        return given[0]
    unknown = _unknown(given[:1], list)
    return as_set(given[0]) if unknown is None else unknown


def ordered(given: list[Value], scope: Scope) -> Value:
    unknown = _unknown(given[:1], list)
    if unknown is not None or not is_known(given):
        return opened("sort()", given)
    return Items(sorted(map(plain_text, given[0])))


def to_list(given: list[Value], scope: Scope) -> Value:
    value = given[0]
    return Items(value, value.places) if isinstance(value, SetItems) else value


def same_value(given: list[Value], scope: Scope) -> Value:
    return given[0]


def listed(given: list[Value], scope: Scope) -> Value:
    return Items(given)


def mapped(given: list[Value], scope: Scope) -> Value:
    return Object(zip(given[::2], given[1::2], strict=True))


def reverse(given: list[Value], scope: Scope) -> Value:
    unknown = _unknown(given[:1], list)
    return Items(given[0][::-1]) if unknown is None else unknown


def cut(given: list[Value], scope: Scope) -> Value:
    unknown = _unknown(given[:1], list)
    if unknown is not None or not is_known(given[1:]):
        return opened("slice()", given)
    first, last = int(number(given[1])), int(number(given[2]))
    if not 0 <= first <= last <= len(given[0]):
        raise Failed("slice() reaches beyond the list")
    return Items(given[0][first:last])


def chunklist(given: list[Value], scope: Scope) -> Value:
    unknown = _unknown(given[:1], list)
    if unknown is not None or not is_known(given[1:]):
        return opened("chunklist()", given)
    size = int(number(given[1])) or max(len(given[0]), 1)
    return Items(Items(given[0][i : i + size]) for i in range(0, len(given[0]), size))


def one(given: list[Value], scope: Scope) -> Value:
    value = given[0]
    if value is None or isinstance(value, UNKNOWN):
        return value
    if not isinstance(value, list) or len(value) > 1:
        raise Failed("one() is given more than one")
    return value[0] if value else None


def set_union(given: list[Value], scope: Scope) -> Value:
    unknown = _unknown(given, list)
    return as_set(item for part in given for item in part) if unknown is None else unknown


def set_intersection(given: list[Value], scope: Scope) -> Value:
    if _unknown(given, list) is not None or not is_known(given):
        return opened("setintersection()", given)
    first, *rest = given
    return as_set(item for item in first if all(item in part for part in rest))


def set_subtract(given: list[Value], scope: Scope) -> Value:
    if _unknown(given, list) is not None or not is_known(given):
        return opened("setsubtract()", given)
    return as_set(item for item in given[0] if item not in given[1])


def set_product(given: list[Value], scope: Scope) -> Value:
    unknown = _unknown(given, list)
    if unknown is not None:
        return unknown
    total = 1
    for part in given:
        total *= len(part)
    if total > LARGEST:
        return Open(f"a collection of more than {LARGEST:,} items")
    return Items(Items(combination) for combination in product(*given))


def all_true(given: list[Value], scope: Scope) -> Value:
    unknown = _unknown(given[:1], list)
    if unknown is not None:
        return unknown
    return lifted(lambda *found: all(found), *(truth(item, None, scope) for item in given[0]))


def any_true(given: list[Value], scope: Scope) -> Value:
    unknown = _unknown(given[:1], list)
    if unknown is not None:
        return unknown
    return lifted(lambda *found: any(found), *(truth(item, None, scope) for item in given[0]))


def total(given: list[Value], scope: Scope) -> Value:
    if _unknown(given[:1], list) is not None or not is_known(given):
        return opened("sum()", given)
    return whole(sum(map(number, given[0])))


def matchkeys(given: list[Value], scope: Scope) -> Value:
    if _unknown(given, list) is not None or not is_known(given[1:]):
        return opened("matchkeys()", given)
    pairs = zip(given[0], given[1], strict=True)
    return Items(value for value, key in pairs if key in given[2])


def transpose(given: list[Value], scope: Scope) -> Value:
    if _unknown(given, dict) is not None or not is_known(given):
        return opened("transpose()", given)
    found: dict[str, list[str]] = {}
    for key, items in sorted(given[0].items()):
        for item in items:
            found.setdefault(item, Items()).append(key)
    return Object(found)


def index(given: list[Value], scope: Scope) -> Value:
    if _unknown(given[:1], list) is not None or not is_known(given):
        return opened("index()", given)
    if given[1] not in given[0]:
        raise Failed("index() does not find the value")
    return given[0].index(given[1])


COLLECTING: dict[str, Function] = {
    "merge": merge,
    "concat": concat,
    "flatten": flatten,
    "lookup": lookup,
    "element": element,
    "keys": keys,
    "values": values,
    "zipmap": zipmap,
    "length": length,
    "coalesce": coalesce,
    "coalescelist": coalescelist,
    "compact": compact,
    "contains": contains,
    "distinct": unique,
    "toset": to_set,
    "tolist": to_list,
    "tomap": same_value,
    "list": listed,
    "map": mapped,
    "reverse": reverse,
    "slice": cut,
    "chunklist": chunklist,
    "one": one,
    "setunion": set_union,
    "setintersection": set_intersection,
    "setsubtract": set_subtract,
    "setproduct": set_product,
    "alltrue": all_true,
    "anytrue": any_true,
    "sort": ordered,
    "sum": total,
    "matchkeys": matchkeys,
    "transpose": transpose,
    "index": index,
}
