"""Structures over symbols of which some fields are not there, or are something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from checkrein.code.domain.abstract import Abstract
from checkrein.code.domain.things import Structure
from checkrein.code.domain.values import NOTHING, extend, join
from checkrein.model import Symbol

if TYPE_CHECKING:
    from collections.abc import Iterable

    from checkrein.code.running.interpreter import Interpreter


def overriding(made: Structure, names: Iterable[str], rest: Abstract) -> None:
    """Let fields that stood before be what a symbolic value that is spread has instead."""
    symbols = [atom for atom in rest.atoms if isinstance(atom, Symbol)]
    for name in names if symbols else ():
        found = frozenset(extend(symbol, name) for symbol in symbols)
        made.fields[name] = join(made.fields[name], Abstract(found))


def remaining(run: Interpreter, value: Abstract, names: Iterable[str]) -> Abstract:
    """Return a value without some fields: ``const { password, ...rest } = body``."""
    gone = dict.fromkeys(names, NOTHING)
    if not gone:
        return value
    things: list[Any] = []
    for one in value.things:
        if not isinstance(one, Structure) or one.kind == "list":
            things.append(one)
            continue
        kept = {name: item for name, item in one.fields.items() if name not in gone}
        made = run.structure(one.kind, {**kept, **gone} if one.rest else kept, one.element)
        made.keys, made.rest = one.keys, one.rest
        things.append(made)
    symbols = frozenset(atom for atom in value.atoms if isinstance(atom, Symbol))
    if symbols:
        made = run.structure("dict", dict(gone))
        made.rest = Abstract(symbols, (), value.sources, value.open)
        things.append(made)
    return Abstract(value.atoms - symbols, tuple(things), value.sources, value.open)
