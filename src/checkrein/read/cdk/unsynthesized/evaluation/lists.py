"""Methods of lists, which also stand for sets and tuples."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from checkrein.read.cdk.unsynthesized.evaluation import operators, values
from checkrein.read.cdk.unsynthesized.evaluation.things import MISSING, Given
from checkrein.read.cdk.unsynthesized.trace import Choice, Traced

if TYPE_CHECKING:
    from checkrein.read.cdk.unsynthesized.evaluation.running import Evaluation

MOST_ITEMS = 5_000
Items = list[Traced]
Called = Callable[[Traced, int], Traced]  # a callback on an item and its index
SAME = ("values", "copy", "sort", "toSorted", "tolist")


def method(run: Evaluation, items: Items, name: str, given: Given) -> Traced:
    """Return what a method of a list gives, MISSING where that is not known."""
    arguments = given.arguments
    run.spend(len(items) // 8)
    if name in CALLING and arguments:

        def call(item: Traced, index: int) -> Traced:
            return run.apply(arguments[0], given.instead(item, index, items))

        return CALLING[name](run, items, call)
    if name in ("reduce", "reduceRight") and arguments:
        return _reduced(run, items, given)
    if name in CHANGING:
        found = CHANGING[name](items, arguments)
        del items[MOST_ITEMS:]
        return found
    if name in PLAIN:
        try:
            return PLAIN[name](items, *arguments)
        except (TypeError, ValueError, IndexError):
            return MISSING
    return list(items) if name in SAME else MISSING


# --------------------------------------------------------------------------------------- callbacks


def _map(_run: Evaluation, items: Items, call: Called) -> Traced:
    return [call(item, index) for index, item in enumerate(items)]


def _each(_run: Evaluation, items: Items, call: Called) -> Traced:
    for index, item in enumerate(items):
        call(item, index)
    return None


def _filter(_run: Evaluation, items: Items, call: Called) -> Traced:
    tests = [values.truth(call(item, index)) for index, item in enumerate(items)]
    kept = [item for item, test in zip(items, tests, strict=True) if test is not False]
    if None not in tests:
        return kept
    return Choice([kept, [item for item, test in zip(items, tests, strict=True) if test]])


def _find(_run: Evaluation, items: Items, call: Called) -> Traced:
    among: Items = []
    for index, item in enumerate(items):
        test = values.truth(call(item, index))
        if test is not False:
            among.append(item)
        if test:
            return values.choice(among)
    return values.choice([*among, None])


def _find_index(_run: Evaluation, items: Items, call: Called) -> Traced:
    for index, item in enumerate(items):
        test = values.truth(call(item, index))
        if test is not False:
            return index if test else MISSING
    return -1


def _some(_run: Evaluation, items: Items, call: Called) -> Traced:
    tests = [values.truth(call(item, index)) for index, item in enumerate(items)]
    return True if True in tests else MISSING if None in tests else False


def _every(_run: Evaluation, items: Items, call: Called) -> Traced:
    tests = [values.truth(call(item, index)) for index, item in enumerate(items)]
    return False if False in tests else MISSING if None in tests else True


def _flat_map(run: Evaluation, items: Items, call: Called) -> Traced:
    return _flat(_map(run, items, call))


def _reduced(run: Evaluation, items: Items, given: Given) -> Traced:
    rest = list(items)
    function, *first = given.arguments
    if not first and not rest:
        return MISSING
    found = first[0] if first else rest.pop(0)
    for index, item in enumerate(rest):
        found = run.apply(function, given.instead(found, item, index, items))
    return found


CALLING: dict[str, Callable[[Evaluation, Items, Called], Traced]] = {
    "map": _map,
    "forEach": _each,
    "filter": _filter,
    "find": _find,
    "findIndex": _find_index,
    "some": _some,
    "every": _every,
    "flatMap": _flat_map,
}


# ------------------------------------------------------------------------------------------ changes


def _push(items: Items, arguments: Items) -> Traced:
    items.extend(arguments)
    return len(items)


def _append(items: Items, arguments: Items) -> Traced:
    items.extend(arguments)


def _add(items: Items, arguments: Items) -> Traced:
    items.extend([one for one in arguments if not _includes(items, one)])
    return items


def _extend(items: Items, arguments: Items) -> Traced:
    for added in arguments:
        items.extend(added if isinstance(added, list) else [added])


def _insert(items: Items, arguments: Items) -> Traced:
    if len(arguments) > 1 and isinstance(arguments[0], int):
        items.insert(arguments[0], arguments[1])


def _unshift(items: Items, arguments: Items) -> Traced:
    items[0:0] = arguments
    return len(items)


def _pop(items: Items, arguments: Items) -> Traced:
    index = arguments[0] if arguments and isinstance(arguments[0], int) else -1
    return items.pop(index) if -len(items) <= index < len(items) else None


def _shift(items: Items, _arguments: Items) -> Traced:
    return items.pop(0) if items else None


CHANGING: dict[str, Callable[[Items, Items], Traced]] = {
    "push": _push,
    "append": _append,
    "add": _add,
    "extend": _extend,
    "update": _extend,
    "insert": _insert,
    "unshift": _unshift,
    "pop": _pop,
    "shift": _shift,
}


# -------------------------------------------------------------------------------------------- plain


def _flat(items: Items, *_depth: Any) -> Items:
    found: Items = []
    for item in items:
        found += item if isinstance(item, list) else [item]
        if len(found) > MOST_ITEMS:
            break
    return found[:MOST_ITEMS]


def _concat(items: Items, *others: Traced) -> Items:
    return _flat([list(items), *others])


def _join(items: Items, separator: Any = ",") -> Traced:
    from checkrein.read.cdk.unsynthesized.evaluation.methods import (  # noqa: PLC0415 - both ways
        between,
    )

    return between(items, separator) if isinstance(separator, str) else MISSING


def _includes(items: Items, one: Traced) -> Traced:
    found = operators.compared("in", one, items)
    return MISSING if found is None else found


def _index(items: Items, one: Traced) -> Traced:
    for index, item in enumerate(items):
        equal = operators.compared("==", item, one)
        if equal is not False:
            return index if equal else MISSING
    return -1


def _slice(items: Items, start: int = 0, end: int | None = None) -> Items:
    return items[start:end]


PLAIN: dict[str, Any] = {
    "flat": _flat,
    "concat": _concat,
    "union": _concat,
    "join": _join,
    "includes": _includes,
    "has": _includes,
    "indexOf": _index,
    "index": _index,
    "slice": _slice,
    "reverse": lambda items: items[::-1],
    "at": lambda items, index: items[index],
    "entries": lambda items: [[index, item] for index, item in enumerate(items)],
    "keys": lambda items: list(range(len(items))),
    "fill": lambda items, value: [value for _ in items],
    "count": lambda items, one: items.count(one),
}
