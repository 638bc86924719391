"""What stands for the facts that an answer rests on, and which answers of before still stand."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import repeat
from typing import Any, NamedTuple

from msgspec import Struct

from checkrein import files
from checkrein.cache import codec
from checkrein.cache.alike import POSITION, Differs
from checkrein.cache.prints import SLOW, UNFIT, packed
from checkrein.cache.shift import NUMBERED, Shift
from checkrein.model import App, Fact
from checkrein.model.app import EVERYTHING, Door
from checkrein.model.asking import KEY, RESULT, beneath

PLACED = "@"  # ends what stands for a result in which there may be places
OPAQUE = SLOW | {*NUMBERED}  # of which bytes do not say whether anything in them has moved


class Print(NamedTuple):
    """What stands for the facts behind a door, and what would where all stood as it did then."""

    now: str
    then: str


class Prints:
    """What stands for the facts behind doors: equal only if they are; "" if nothing can stand."""

    def __init__(self, app: App, shift: Shift | None = None) -> None:
        """Begin for an app of which much stood elsewhere then, as a shift tells."""
        self.app = app
        self._back = shift.inverse() if shift else None
        self._made: dict[Door, Print] = {}
        self._then: dict[int, Fact | None] = {}  # by the identity of the app's fact

    @property
    def stays(self) -> bool:
        """Tell whether nothing that is known to be the same stands elsewhere."""
        return self._back is None

    def of(self, door: Door) -> Print:
        found = self._made.get(door)
        if found is None:
            found = self._made[door] = self._print(door)
        return found

    def take(self, door: Door, print: Print) -> None:
        """Take what a copy of this process found to stand for the facts behind a door."""
        self._made.setdefault(door, print)

    def _print(self, door: Door) -> Print:
        kind, field, value = door
        try:
            if field == RESULT:
                key = (value.removeprefix(KEY),) if value else ()
                return self._result(_function(kind)(self.app, *key))
            if door == EVERYTHING:
                kinds = [self.of((kind, "", "")) for kind in sorted(set(self._types) - {kind})]
                return Print(*(_joined(every) for every in zip(*kinds, strict=True)))
            return self._both(self._facts(kind, field, value))
        except (KeyError, ImportError, AttributeError, *UNFIT):
            return Print("", "")

    def _result(self, value: Any) -> Print:
        """Return what stands for a result, which says whether places may be in it."""
        sign = PLACED if _has_facts(value) else ""
        now = files.digest(codec.encode(_ordered(value))) + sign
        if self._back is None or not sign:
            return Print(now, now)
        try:
            before = self._back.of(value)
        except Differs:
            return Print(now, "")
        return Print(now, files.digest(codec.encode(_ordered(before))) + sign)

    def _both(self, found: Sequence[Fact]) -> Print:
        raw = packed(found)
        now = files.digest(raw)
        back = self._back
        if back is None or not (back.concerns(raw) or any(type(one) in OPAQUE for one in found)):
            return Print(now, now)
        before = [one for fact in found if (one := self._before(fact, back))]
        if len(before) < len(found):
            return Print(now, "")
        same = all(one is other for one, other in zip(before, found, strict=True))
        return Print(now, now if same else files.digest(packed(before)))

    def _before(self, fact: Fact, back: Shift) -> Fact | None:
        """Return a fact as it was then, None where that is not known."""
        if id(fact) not in self._then:  # it stands behind several doors
            try:
                self._then[id(fact)] = back.of_fact(fact) if back.touches(fact) else fact
            except Differs:
                self._then[id(fact)] = None
        return self._then[id(fact)]

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
    settled: dict[Door, tuple[Print, frozenset[Door]]]  # what stands for it, and what is beneath it


class Standing:
    """Tells which doors of a table show the same facts as then; others get numbers behind them.

    All doors are those of now: ids in them say where facts stand.
    """

    def __init__(self, table: Table, prints: Prints, shift: Shift | None = None) -> None:
        self._table = table
        self._prints = prints
        self._gone: set[int] = set()  # doors of which nobody knows what they are now
        self.doors = [*map(self._moved, enumerate(table.doors), repeat(shift))]
        self._numbers = {
            door: number for number, door in enumerate(self.doors) if number not in self._gone
        }
        self._same: set[int] = set()
        self._changed = {*self._gone}
        self._settled: dict[int, list[int]] = {}

    def _moved(self, numbered: tuple[int, Door], shift: Shift | None) -> Door:
        number, (kind, field, value) = numbered
        if shift is None or not value:
            return kind, field, value
        try:
            return kind, field, shift.id(kind if field == "id" else "", value)
        except Differs:
            self._gone.add(number)
            return kind, field, value

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
        return bool(before) and self._prints.of(door).then == before

    def _print(self, number: int) -> str:
        return self._table.prints[number] if number < len(self._table.prints) else ""

    def print(self, number: int) -> str:
        """Return what stands for the facts behind a door, "" if nothing can."""
        known = self._print(number) if self.is_same(number) else ""
        if known and self._stays(number, known):
            return known
        return self._prints.of(self.doors[number]).now

    def _stays(self, number: int, print: str) -> bool:
        """Tell whether nothing behind a door that shows the same stands elsewhere now."""
        kind, field, _ = self.doors[number]
        if self._prints.stays:
            return True
        if field == RESULT:
            return not print.endswith(PLACED)
        whole = self._prints.of((kind, "", ""))
        return bool(whole.then) and whole.now == whole.then

    def beneath(self, number: int) -> list[int]:
        """Return the doors beneath a settled result, of then or of a copy."""
        return self._settled.get(number) or self._table.beneath.get(number, [])

    def learnt(self, app: App, known: int) -> Heard:
        """Return what is known here beyond the first doors, for ``learn`` of another copy."""
        settled: dict[Door, tuple[Print, frozenset[Door]]] = {}
        rest = [door for door in self.doors if door[1] == RESULT]
        while rest:
            door = rest.pop()
            below = beneath(app, door)
            if below and door not in settled:
                settled[door] = self._prints.of(door), below
                rest += [each for each in below if each[1] == RESULT]
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
    ordered = sorted(every)
    numbers = {number: place for place, number in enumerate(ordered)}
    made = [standing.print(number) for number in ordered]
    beneath_them = {numbers[each]: [numbers[b] for b in found] for each, found in below.items()}
    return Table([standing.doors[each] for each in ordered], made, beneath_them), numbers


def _joined(prints: Sequence[str]) -> str:
    """Return what stands for all that several stand for, "" if one stands for nothing."""
    return "".join(prints) if all(prints) else ""


def _has_facts(value: Any) -> bool:
    """Tell whether a result has anything in it that could have a place."""
    if isinstance(value, dict):
        return any(map(_has_facts, (*value.keys(), *value.values())))
    if isinstance(value, (list, tuple, set, frozenset)):
        return any(map(_has_facts, value))
    return isinstance(value, Struct) or (
        isinstance(value, str) and POSITION.search(value) is not None
    )


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
