"""What stands for the facts that an answer rests on, and which answers of before still stand."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping, Sequence
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

    def take(self, door: Door, print: str) -> None:
        """Take what a copy of this process found to stand for the facts behind a door."""
        self._made.setdefault(door, print)

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


class Heard(Struct, frozen=True, array_like=True):
    """What a copy of this process learnt of doors: those it has new numbers for, and of results."""

    doors: list[Door]
    settled: dict[Door, tuple[str, frozenset[Door]]]  # what stands for it, and what is beneath it


class Standing:
    """Tells which doors of a table show the same facts as then; others get numbers behind them."""

    def __init__(self, table: Table, prints: Prints) -> None:
        self.doors = list(table.doors)
        self._table = table
        self._prints = prints
        self._numbers = {door: number for number, door in enumerate(table.doors)}
        self._same: set[int] = set()
        self._changed: set[int] = set()
        self._settled: dict[int, list[int]] = {}

    def numbers(self, doors: Iterable[Door]) -> list[int]:
        """Return the numbers of doors, new ones for those that have none."""
        return [self.number(door) for door in doors]

    def number(self, door: Door) -> int:
        found = self._numbers.setdefault(door, len(self.doors))
        if found == len(self.doors):
            self.doors.append(door)
        return found

    def all(self, doors: Iterable[int]) -> bool:
        return self._same.issuperset(doors) or all(map(self.is_same, doors))

    def is_same(self, number: int) -> bool:
        if number in self._same:
            return True
        same = number not in self._changed and self._is_same(number)
        (self._same if same else self._changed).add(number)
        return same

    def _is_same(self, number: int) -> bool:
        door = self.doors[number]
        kind, field, _ = door
        below = self.beneath(number) if field == RESULT else None
        if below and self.all(below):
            return True
        if field != RESULT and self._is_equal((kind, "", "")):
            return True
        return bool(field) and self._is_equal(door)

    def _is_equal(self, door: Door) -> bool:
        number = self._numbers.get(door)
        before = self._print(number) if number is not None else ""
        return bool(before) and self._prints.of(door) == before

    def _print(self, number: int) -> str:
        return self._table.prints[number] if number < len(self._table.prints) else ""

    def print(self, number: int) -> str:
        """Return what stands for the facts behind a door, "" if nothing can."""
        known = self._print(number) if self.is_same(number) else ""
        return known or self._prints.of(self.doors[number])

    def beneath(self, number: int) -> list[int]:
        """Return the doors beneath a settled result, of then or of a copy."""
        return self._settled.get(number) or self._table.beneath.get(number, [])

    def learnt(self, app: App, known: int) -> Heard:
        """Return what is known here beyond the first doors, for ``learn`` of another copy."""
        results = {door: beneath(app, door) for door in self.doors if door[1] == RESULT}
        settled = {door: (self._prints.of(door), below) for door, below in results.items() if below}
        return Heard(self.doors[known:], settled)

    def learn(self, heard: Heard, known: int) -> Sequence[int]:
        """Take over what a copy learnt since both knew so many doors; return our numbers by its."""
        for door, (print, below) in heard.settled.items():
            self._prints.take(door, print)
            self._settled[self.number(door)] = self.numbers(below)
        return [*range(known), *self.numbers(heard.doors)]


def table(app: App, used: Iterable[int], standing: Standing) -> tuple[Table, Mapping[int, int]]:
    """Return the doors that are used as a table, with the new number of each in it."""
    below: dict[int, list[int]] = {}
    every: set[int] = set()
    rest = list(used)
    while rest:
        number = rest.pop()
        if number in every:
            continue
        every.add(number)
        door = standing.doors[number]
        if door[1] == RESULT:
            below[number] = standing.numbers(beneath(app, door)) or standing.beneath(number)
            rest += below[number]
        else:
            every.add(standing.number((door[0], "", "")))
    ordered = sorted(every, key=standing.doors.__getitem__)
    numbers = {number: place for place, number in enumerate(ordered)}
    made = [standing.print(number) for number in ordered]
    beneath_them = {numbers[each]: [numbers[b] for b in found] for each, found in below.items()}
    return Table([standing.doors[each] for each in ordered], made, beneath_them), numbers


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
