"""Which classes of data sit at a slot, and which of them a flow carries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable
from typing import NamedTuple

from checkrein.derive.content.contents import UNTRUSTED, What
from checkrein.derive.content.elements import CARRIERS
from checkrein.derive.content.paths import Tokens, below, tokens
from checkrein.model import Basis, Element, Flow
from checkrein.model.items import Items, meet

NAMELESS = CARRIERS | {"url", "query", "files", "auth"}  # say nothing of what is put there


class Holding:
    """The classes of data at each slot."""

    def __init__(self, elements: Iterable[Element]) -> None:
        self._known: defaultdict[str, dict[Tokens, set[What]]] = defaultdict(dict)
        self._coded: defaultdict[str, dict[Tokens, set[What]]] = defaultdict(dict)
        for each in elements:
            path, what = tokens(each.slot.path), (each.data, each.slot.items)
            self._known[each.slot.node].setdefault(path, set()).add(what)
            if each.basis is Basis.CODED:
                self._coded[each.slot.node].setdefault(path, set()).add(what)
        self._found: dict[tuple[str, Tokens, Items, bool], frozenset[str]] = {}

    def at(
        self, node: str, wanted: Tokens, items: Items = (), *, coded: bool = False
    ) -> frozenset[str]:
        """Return the classes at a slot, below it, and of what it is a part; all, or the coded."""
        key = node, wanted, items, coded
        if key not in self._found:
            known = (self._coded if coded else self._known).get(node, {})
            inside = (found for path, found in known.items() if _touch(wanted, path))
            self._found[key] = _of(items, frozenset().union(*inside))
        return self._found[key]

    def named(self, node: str, wanted: Tokens, items: Items = ()) -> frozenset[str]:
        """Return the classes that code is seen to put at exactly a slot."""
        return _of(items, self._coded.get(node, {}).get(wanted, ()))

    def slots(self, classes: frozenset[str]) -> list[tuple[str, Tokens, Items]]:
        """Return where any of some classes is held, exactly."""
        return [
            (node, path, items)
            for node, held in self._known.items()
            for path, found in held.items()
            for items in {items: None for data, items in sorted(found) if data in classes}
        ]


def _of(items: Items, found: Iterable[What]) -> frozenset[str]:
    return frozenset(data for data, others in found if meet(items, others))


def _touch(wanted: Tokens, path: Tokens) -> bool:
    """Tell whether a path lies below the wanted one, or it is a part of the path's content."""
    if below(wanted, path) is not None:
        return True
    return bool(path) and below(path, wanted) is not None


class Carried(NamedTuple):
    """The classes that a flow carries, surely and perhaps."""

    data: frozenset[str]
    perhaps: frozenset[str]


def carried(flow: Flow, holding: Holding, functions: Container[str]) -> Carried:
    """Return the classes that a flow carries: known of its source, and told by its target's name.

    What code (``functions`` are their ids) computes of content need not be what the target's name
    says.
    """
    source, target = tokens(flow.source.path), tokens(flow.target.path)
    read, put = flow.source.items, flow.target.items
    moved = holding.at(flow.source.node, source, read) & holding.at(flow.target.node, target, put)
    says = flow.certain and target and target[-1] not in NAMELESS
    told = holding.named(flow.target.node, target, put) if says else frozenset()
    moved = (moved or told) - {UNTRUSTED}
    if flow.via not in functions:
        return Carried(moved, frozenset())
    sure = moved & holding.at(flow.target.node, target, put, coded=True)
    return Carried(sure, moved - sure)
