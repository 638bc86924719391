"""What stands for the facts that an answer rests on, and which answers of before still stand."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct

from checkrein import files
from checkrein.cache import codec
from checkrein.cache.prints import UNFIT, printed
from checkrein.model import App, Fact
from checkrein.model.app import EVERYTHING, Door
from checkrein.model.asking import RESULT, beneath


class Prints:
    """What stands for the facts behind doors: equal only if they are; "" if nothing can stand."""

    def __init__(self, app: App) -> None:
        self.app = app
        self._made: dict[Door, str] = {}

    def of(self, door: Door) -> str:
        found = self._made.get(door)
        if found is None:
            found = self._made[door] = self._print(door)
        return found

    def _print(self, door: Door) -> str:
        kind, field, value = door
        try:
            if field == RESULT:
                return files.digest(codec.encode(_ordered(_function(kind)(self.app))))
            if door == EVERYTHING:
                kinds = sorted(set(self._types) - {kind})
                return "".join(self.of((each, "", "")) for each in kinds)
            return printed(self._facts(kind, field, value))
        except (KeyError, ImportError, AttributeError, *UNFIT):
            return ""

    def _facts(self, kind: str, field: str, value: str) -> list[Any]:
        type = self._types[kind]
        return self.app.grouped(type, field).get(value, []) if field else self.app.every(type)

    @cached_property
    def _types(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        rest: list[type[Fact]] = [Fact]
        while rest:
            kind = rest.pop()
            found[kind.__name__] = kind
            rest += kind.__subclasses__()
        return found


class Table(Struct, frozen=True, array_like=True):
    """Doors with what stood for the facts behind them, and the doors beneath settled results."""

    doors: list[Door]
    prints: list[str]
    beneath: dict[int, list[int]]


class Standing:
    """Tells which doors of a table show the same facts as then."""

    def __init__(self, table: Table, prints: Prints) -> None:
        self.table = table
        self._prints = prints
        self._numbers = {door: number for number, door in enumerate(table.doors)}
        self._known: dict[int, bool] = {}

    def all(self, doors: Iterable[int]) -> bool:
        return all(map(self.is_same, doors))

    def is_same(self, number: int) -> bool:
        known = self._known.get(number)
        if known is None:
            known = self._known[number] = self._is_same(number)
        return known

    def _is_same(self, number: int) -> bool:
        door = self.table.doors[number]
        kind, field, _ = door
        below = self.table.beneath.get(number) if field == RESULT else None
        if below and self.all(below):
            return True
        if field != RESULT and self._is_equal((kind, "", "")):
            return True
        return bool(field) and self._is_equal(door)

    def _is_equal(self, door: Door) -> bool:
        before = self.table.prints[self._numbers[door]] if door in self._numbers else ""
        return bool(before) and self._prints.of(door) == before

    def print(self, door: Door) -> str:
        """Return what stood for the facts behind a door, if it still does, else ""."""
        number = self._numbers.get(door)
        return self.table.prints[number] if number is not None and self.is_same(number) else ""

    def beneath(self, door: Door) -> list[Door]:
        """Return the doors beneath a settled result of then."""
        number = self._numbers.get(door, -1)
        return [self.table.doors[each] for each in self.table.beneath.get(number, ())]


def table(
    app: App, doors: Iterable[Door], prints: Prints, earlier: Standing
) -> tuple[Table, Mapping[Door, int]]:
    """Return the doors as a table, with the number of each in it."""
    below: dict[Door, Iterable[Door]] = {}
    every: set[Door] = set()
    rest = list(doors)
    while rest:
        door = rest.pop()
        if door in every:
            continue
        every.add(door)
        if door[1] == RESULT:
            below[door] = beneath(app, door) or earlier.beneath(door)
            rest += below[door]
        else:
            every.add((door[0], "", ""))
    ordered = sorted(every)
    numbers = {door: number for number, door in enumerate(ordered)}
    made = [earlier.print(door) or prints.of(door) for door in ordered]
    beneath_them = {numbers[door]: [numbers[b] for b in found] for door, found in below.items()}
    return Table(ordered, made, beneath_them), numbers


def _function(name: str) -> Any:
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)


def _ordered(value: Any) -> Any:
    """Return plain values with sets in an order that is the same in every process."""
    if isinstance(value, dict):
        return [[_ordered(key), _ordered(item)] for key, item in value.items()]
    if isinstance(value, (set, frozenset)):
        return sorted(map(_ordered, value), key=repr)
    if isinstance(value, (list, tuple)):
        return [_ordered(item) for item in value]
    return value
