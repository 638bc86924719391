"""Containers of both languages' libraries: dicts of pairs, maps, sets, queues, joined iterables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code import ir
from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Arguments, Class, Library, Structure
from checkrein.code.domain.values import (
    NOTHING,
    UNKNOWN,
    constant,
    derived,
    join,
    join_all,
    sources_of,
    strings,
)
from checkrein.code.running import calls, copying, fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

    Function = Callable[[Interpreter, Arguments, Scope], Abstract]

TYPED = Library("typing", "NamedTuple")


# ------------------------------------------------------------------------------ pairs


def of_pairs(
    run: Interpreter, given: Arguments, scope: Scope, kind: str = "dict"
) -> Abstract | None:
    """Return the dict that a list of pairs makes; None if the first argument is no such list."""
    value, at = given.first(), given.at
    lists = [t for t in value.things if isinstance(t, Structure) and t.kind != "dict"]
    if not lists or value.atoms or len(lists) < len(value.things):
        return None
    made = run.structure(kind)
    for one in lists:
        for pair in (*one.fields.values(), one.element):
            if pair:
                key = fields.item(run, pair, constant(0), at, scope)
                put(made, key, fields.item(run, pair, constant(1), at, scope))
    return Abstract(things=(made,), sources=value.sources)


def put(made: Structure, key: Abstract, value: Abstract) -> None:
    """Set a key of a new structure, or each of several that it may be."""
    names = strings(key)
    for name in names:
        made.fields[name] = join(made.fields.get(name, NOTHING), value)
    if len(names) < len(key.atoms) or key.open or key.things or not key:
        made.keys = join(made.keys, key)
        made.element = join(made.element, value)


def _dict(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``dict(pairs, a=1)``, ``dict(other)``."""
    first = given.first()
    found = copying.again(first) or of_pairs(run, given, scope)
    if found is None and not given.named and not given.rest and first:
        return copying.anew(run, first)
    made = run.structure("dict")
    sources = fields.spread(made, found or first)
    made.fields.update(given.named)
    made.rest = join(made.rest, given.rest)
    return Abstract(things=(made,), sources=sources)


def _from_entries(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    return copying.again(given.first()) or of_pairs(run, given, scope) or given.first()


def _map(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """Return what ``new Map(pairs)`` gives."""
    found = of_pairs(run, given, scope, "map")
    if found is None:
        found = run.built("map", None, fields.values(given.first()))
    return found


def _set(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """Return a list of its own, which may grow, for ``new Set(items)``."""
    return run.built("list", None, fields.element(run, given.first()))


def _default_dict(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``defaultdict(list)``: what has no key yet is what the factory makes."""
    factory = calls.apply(run, given.first(), Arguments(given.at, []), scope)
    own = tuple(one for one in factory.things if isinstance(one, Structure))
    made = run.structure("dict", None, Abstract(factory.atoms, own))
    sources = fields.spread(made, given.first(1))
    made.fields.update(given.named)
    return Abstract(things=(made,), sources=sources)


def _chain_map(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    made = run.structure("dict")
    sources = [fields.spread(made, value) for value in reversed(given.positional)]
    return Abstract(things=(made,), sources=frozenset().union(*sources))


def _list(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """Return an empty queue, or a list of what the first argument holds."""
    known = fields.element(run, given.first()) if given.first().things else NOTHING
    return run.built("list", None, known)


def _of_items(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``Array.of(…)``, ``asyncio.gather(…)``: a list of the arguments."""
    return run.built("list", {str(i): value for i, value in enumerate(given.positional)})


def _array_from(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``Array.from(items, function)``."""
    if not calls.callable_value(given.first(1)):
        one = given.first()
        mapped = any(isinstance(t, Structure) and t.kind != "list" for t in one.things)
        return run.built("list", None, fields.element(run, one)) if mapped else one
    every = Arguments(given.at, [fields.element(run, given.first()), UNKNOWN])
    return run.built("list", None, calls.apply(run, given.first(1), every, scope))


# ------------------------------------------------------------------------------ iterables


def _chained(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``itertools.chain(first, second)``."""
    items = join_all(fields.element(run, value) for value in given.positional)
    return run.built("list", None, items)


def _flattened(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    """``chain.from_iterable(lists)``."""
    return run.built("list", None, fields.element(run, fields.element(run, given.first())))


def _products(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    items = {str(i): fields.element(run, value) for i, value in enumerate(given.positional)}
    return run.built("list", None, run.built("list", items))


def _groups(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``itertools.groupby(items, key)``: pairs of the key and the items that have it."""
    key = _key_of(run, given.first(1, "key"), given, scope)
    pair = run.built("list", {"0": key, "1": given.first()})
    return run.built("list", None, pair)


def _grouped(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``Object.groupBy(items, function)``, lodash's ``groupBy``, ``keyBy`` too."""
    made = run.structure("dict", None, run.built("list", None, fields.element(run, given.first())))
    made.keys = _key_of(run, given.first(1), given, scope)
    return Abstract(things=(made,))


def _key_of(run: Interpreter, function: Abstract, given: Arguments, scope: Scope) -> Abstract:
    item = fields.element(run, given.first())
    if not calls.callable_value(function):
        return item if not function else derived(sources_of(item))
    return calls.apply(run, function, Arguments(given.at, [item]), scope)


def _star_mapped(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``itertools.starmap(function, tuples)``."""
    item = fields.element(run, given.first(1))
    rows = [t for t in item.things if isinstance(t, Structure) and t.fields]
    every = list(rows[0].fields.values()) if rows else [fields.element(run, item)] * 3
    made = calls.apply(run, given.first(), Arguments(given.at, every), scope)
    return run.built("list", None, made)


def _first(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    return given.first()


def _second(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:  # noqa: ARG001
    return given.first(1)


# ------------------------------------------------------------------------------ classes


def _named_tuple(run: Interpreter, given: Arguments, scope: Scope) -> Abstract:
    """``namedtuple("Ride", "user from")``: a class whose fields are named."""
    listed = given.first(1)
    names = [word for text in strings(listed) for word in text.replace(",", " ").split()]
    for one in listed.things:
        for part in one.fields.values() if isinstance(one, Structure) else ():
            found = fields.item(run, part, constant(0), given.at, scope) if part.things else part
            names += strings(found)[:1]
    declared = tuple((ir.Name(given.at, name), None) for name in names)
    definition = ir.ClassExpression(given.at, "", (), (), declared)
    return Abstract(things=(Class(definition, scope, (Abstract(things=(TYPED,)),)),))


FUNCTIONS: dict[str, Function] = {
    "dict": _dict,
    "collections.OrderedDict": _dict,
    "Object.fromEntries": _from_entries,
    "lodash.fromPairs": _from_entries,
    "Map": _map,
    "WeakMap": _map,
    "Set": _set,
    "WeakSet": _set,
    "collections.defaultdict": _default_dict,
    "collections.ChainMap": _chain_map,
    "collections.deque": _list,
    **dict.fromkeys(
        ("queue.Queue", "queue.LifoQueue", "queue.PriorityQueue", "queue.SimpleQueue"), _list
    ),
    **dict.fromkeys(("asyncio.Queue", "multiprocessing.Queue", "Queue.Queue"), _list),
    "Array.of": _of_items,
    "asyncio.gather": _of_items,
    "Array.from": _array_from,
    "itertools.chain": _chained,
    "itertools.chain.from_iterable": _flattened,
    "itertools.product": _products,
    "itertools.zip_longest": _products,
    "itertools.groupby": _groups,
    "itertools.starmap": _star_mapped,
    **dict.fromkeys((f"itertools.{name}" for name in ("islice", "cycle", "batched")), _first),
    **dict.fromkeys((f"itertools.{name}" for name in ("takewhile", "dropwhile")), _second),
    "Object.groupBy": _grouped,
    "Map.groupBy": _grouped,
    "lodash.groupBy": _grouped,
    "lodash.keyBy": _grouped,
    "collections.namedtuple": _named_tuple,
    "typing.NamedTuple": _named_tuple,
    "dataclasses.make_dataclass": _named_tuple,
}
