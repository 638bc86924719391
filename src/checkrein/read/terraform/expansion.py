"""``count`` and ``for_each``: which instances a block has, and under which conditions."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from checkrein.model.values import Choice, Open, Value, When
from checkrein.notation.hcl_nodes import Block
from checkrein.read.terraform.containers import Items, Object, Unsure
from checkrein.read.terraform.evaluation import evaluated, key_text
from checkrein.read.terraform.operators import number
from checkrein.read.terraform.scopes import Scope
from checkrein.read.terraform.unknowns import Failed, bounded, is_known, shown

MOST = 500  # instances of one block
META = ("count", "for_each")


@dataclass
class Item:
    """One instance: what follows the address, what ``each`` and ``count`` are, and when it is."""

    suffix: str
    names: dict[str, Value]
    whens: list[When] = field(default_factory=list)

    @property
    def is_certain(self) -> bool:
        return () in self.whens


@dataclass
class Expansion:
    """All instances of a block.

    ``unknown`` says why one stands for all, ``cut`` how many there were, if not all are kept.
    """

    items: dict[str, Item] = field(default_factory=dict)
    shapes: list[tuple[When, Any]] = field(default_factory=list)  # keys: None, a list or a dict
    unknown: Value = None
    cut: int = 0

    def whole(self, make: Callable[[Item], Value]) -> Value:
        """Return what the block's name stands for: an instance, a list or an object of them."""
        if self.unknown is not None:
            return Unsure([make(self.items[""])])
        return bounded([(when, self._shaped(keys, make)) for when, keys in self.shapes])

    def _shaped(self, keys: Any, make: Callable[[Item], Value]) -> Value:
        if keys is None:
            return make(self.items[""])
        if isinstance(keys, dict):
            return Object({key: make(self.items[suffix]) for key, suffix in keys.items()})
        return Items(make(self.items[suffix]) for suffix in keys)

    def add(self, suffix: str, names: dict[str, Value], when: When) -> str:
        item = self.items.setdefault(suffix, Item(suffix, names))
        item.whens.append(when)
        return suffix


def expansion(block: Block, scope: Scope) -> Expansion:
    """Return a block's instances."""
    found = Expansion()
    count, each = (block.body.value(name) for name in META)
    if count is None and each is None:
        found.shapes.append(((), None))
        found.add("", {}, ())
        return found
    value = evaluated(count if count is not None else each, scope)
    options = value.options if isinstance(value, Choice) else (((), value),)
    spread = _counted if count is not None else _for_each
    try:
        for when, option in options:
            spread(found, scope.module.settled(option) if count else option, when)
    except Failed as error:
        return _unknown(Open(str(error)), each is not None)
    return found


def _unknown(reason: Open, is_each: bool) -> Expansion:  # noqa: FBT001 - one of two words
    found = Expansion(unknown=reason)
    why = Open(f"which instances there are: {reason.reason}")
    names = (
        {"each": Object({"key": why, "value": why})}
        if is_each
        else {"count": Object({"index": why})}
    )
    found.add("", names, ())
    return found


def _counted(found: Expansion, value: Value, when: When) -> None:
    if not is_known(value):
        raise Failed(f"count is {shown(value)}")
    wanted = int(number(value))
    if wanted > MOST:
        found.cut = max(found.cut, wanted)
    kept = range(min(max(wanted, 0), MOST))
    suffixes = [found.add(f"[{i}]", {"count": Object({"index": i})}, when) for i in kept]
    found.shapes.append((when, suffixes))


def _for_each(found: Expansion, value: Value, when: When) -> None:
    if isinstance(value, dict):
        pairs: list[tuple[Any, Any]] = list(value.items())
    elif isinstance(value, list) and not isinstance(value, Unsure):
        pairs = [(item, item) for item in value]
    else:
        raise Failed(f"for_each is {shown(value)[:80]}")
    if len(pairs) > MOST:
        found.cut = max(found.cut, len(pairs))
    keys = {}
    for key, one in pairs[:MOST]:
        text = key_text(key)
        names = {"each": Object({"key": key, "value": one})}
        keys[text] = found.add(f"[{json.dumps(text, ensure_ascii=False)}]", names, when)
    found.shapes.append((when, keys))
