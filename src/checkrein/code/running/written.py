"""The items of short lists that the program writes out, one by one.

``for name in ("orders", "users"): tables[name] = Table(os.environ[name])``: what is made of one
item is kept under its own name, and not under that of another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from checkrein.code.domain.abstract import EMPTY, Abstract
from checkrein.code.domain.things import Structure
from checkrein.code.domain.values import NOTHING, constant, only_string
from checkrein.code.running import binding, fields
from checkrein.code.running.copying import Pairs

if TYPE_CHECKING:
    from checkrein.code import ir
    from checkrein.code.domain.abstract import Sources
    from checkrein.code.domain.scopes import Scope
    from checkrein.code.running.interpreter import Interpreter

MOST: Final = 8  # items; each runs what the loop holds
ROUNDS: Final = 64  # of loops within loops: of more, nobody could wait for the end
KINDS: Final = frozenset(("list", "set"))


class Repeating:
    """While it lasts, a loop runs what it holds for each of some items."""

    __slots__ = ("_before", "_run", "_times")

    def __init__(self, run: Interpreter, every: list[Abstract]) -> None:
        self._run, self._times = run, len(every) or 1
        self._before = run.rounds

    def __enter__(self) -> None:
        self._run.rounds = self._before * self._times

    def __exit__(self, *error: object) -> None:
        self._run.rounds = self._before


def items(run: Interpreter, value: Abstract) -> list[Abstract]:
    """Return each item of a list of names, or of pairs of a name and something; else none."""
    every = _items(run, value)
    return every if run.rounds * len(every) <= ROUNDS else []


def _items(run: Interpreter, value: Abstract) -> list[Abstract]:
    if len(value.things) != 1 or value.atoms or value.open or value.sources:
        return []
    (one,) = value.things
    if isinstance(one, Pairs):
        return _pairs(run, one) if one.is_whole else []
    if not isinstance(one, Structure) or one.kind not in KINDS or not _is_written(one):
        return []
    every = [*one.fields.values()]
    return every if all(map(_is_named, every)) else []


def entries(run: Interpreter, node: ir.Comprehension, scope: Scope) -> Abstract:
    """Return the object of which each item makes an entry of its own, nothing if not so."""
    if len(node.clauses) != 1 or node.clauses[0][2]:
        return NOTHING
    target, iterable, _ = node.clauses[0]
    every = items(run, run.evaluate(iterable, scope))
    made = run.structure("dict")
    sources: Sources = EMPTY
    with Repeating(run, every):
        for item in every:
            binding.bind(run, target, item, scope)
            sources |= fields.spread(made, run.evaluate(node.body, scope))
    return Abstract(things=(made,), sources=sources) if every else NOTHING


def _is_written(one: Structure) -> bool:
    """Tell whether all that a structure holds is known by its place."""
    return 1 < len(one.fields) <= MOST and not (one.element or one.keys or one.rest)


def _is_named(item: Abstract) -> bool:
    """Tell whether an item is a known text, or a list that begins with one."""
    if only_string(item) is not None:
        return not item.sources
    if len(item.things) != 1 or item.atoms or item.open:
        return False
    (one,) = item.things
    first = one.fields.get("0") if isinstance(one, Structure) and one.kind == "list" else None
    return first is not None and only_string(first) is not None


def _pairs(run: Interpreter, pairs: Pairs) -> list[Abstract]:
    of = pairs.of
    one = of.things[0] if len(of.things) == 1 and not (of.atoms or of.open) else None
    if not isinstance(one, Structure) or one.kind not in ("dict", "map") or not _is_written(one):
        return []
    return [run.built("list", {"0": constant(k), "1": part}) for k, part in one.fields.items()]
