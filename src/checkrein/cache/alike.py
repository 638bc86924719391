"""Two values side by side, of then and of now: whether they say the same but for places.

Where they do, each place in the one has one in the other, which is learnt.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct, field
from msgspec.structs import replace

from checkrein.cache import codec
from checkrein.model import Code, Place, Symbol

CALL = "call:"  # begins the name of what a call gives, before its number
POSITION = re.compile(r":\d+")
# the fields in which no place stands: values as a template has them, and what is made of them
PLACELESS = {kind: frozenset((*names, "origins")) for kind, names in codec.VALUES.items()}
Point = tuple[int, int]  # line and column
Numbers = Mapping[int, int]  # of calls, then and now


class Differs(Exception):
    """What was read says something else now, or of a place nobody knows where it is."""


class Learnt(Struct):
    """What two values have told: points of files, then and now, and texts that may name such."""

    points: list[tuple[str, Point, Point]] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)


def fields(value: Struct) -> list[str]:
    """Return the names of the fields in which places may stand."""
    placeless = PLACELESS.get(type(value))
    names = value.__struct_fields__
    return [name for name in names if name not in placeless] if placeless else [*names]


def alike(old: Any, new: Any, numbers: Numbers | None, learnt: Learnt) -> None:
    """Learn the places in two values; raise Differs where something else is not the same.

    ``numbers`` say which call is which, None where any may be any.
    """
    if type(old) is not type(new):
        raise Differs
    compare = COMPARED.get(type(old)) or (_structs if isinstance(old, Struct) else None)
    if compare:
        compare(old, new, numbers, learnt)
    elif old != new:
        raise Differs


def _structs(old: Struct, new: Struct, numbers: Numbers | None, learnt: Learnt) -> None:
    for name in old.__struct_fields__:
        alike(getattr(old, name), getattr(new, name), numbers, learnt)


def _sequences(
    old: Sequence[Any], new: Sequence[Any], numbers: Numbers | None, learnt: Learnt
) -> None:
    if len(old) != len(new):
        raise Differs
    for one, other in zip(old, new, strict=True):
        alike(one, other, numbers, learnt)


def _mappings(
    old: dict[Any, Any], new: dict[Any, Any], numbers: Numbers | None, learnt: Learnt
) -> None:
    if [*old] != [*new]:
        raise Differs
    for key, value in old.items():
        if type(key) is str and ":" in key:
            _texts(key, key, numbers, learnt)
        alike(value, new[key], numbers, learnt)


def _places(old: Place, new: Place, _: Numbers | None, learnt: Learnt) -> None:
    if old.path != new.path or bool(old.end_line) != bool(new.end_line):
        raise Differs
    learnt.points.append((old.path, (old.line, old.column), (new.line, new.column)))
    if old.end_line:
        ends = (old.end_line, old.end_column), (new.end_line, new.end_column)
        learnt.points.append((old.path, *ends))


def _codes(old: Code, new: Code, numbers: Numbers | None, learnt: Learnt) -> None:
    """Learn from where the text of a function stands in a template: it counts no lines there."""
    bare = replace(old, lines=(), segments=()), replace(new, lines=(), segments=())
    if len(old.lines) != len(new.lines) or len(old.segments) != len(new.segments):
        raise Differs
    for name in old.__struct_fields__:
        alike(getattr(bare[0], name), getattr(bare[1], name), numbers, learnt)
    learnt.points += [
        (old.file, one, other) for one, other in zip(old.lines, new.lines, strict=True)
    ]
    for (*at, x, y), (*to, column, line) in zip(old.segments, new.segments, strict=True):
        if at != to:
            raise Differs
        learnt.points.append((old.file, (x, y), (column, line)))


def _texts(old: str, new: str, _: Numbers | None, learnt: Learnt) -> None:
    """Learn from texts, which may name places."""
    if old != new and POSITION.sub(":", old) != POSITION.sub(":", new):
        raise Differs
    if ":" in old:
        learnt.texts.append((old, new))


def _symbols(old: Symbol, new: Symbol, numbers: Numbers | None, learnt: Learnt) -> None:
    if old.attribute != new.attribute:
        raise Differs
    if not old.owner.startswith(CALL):
        _texts(old.owner, new.owner, numbers, learnt)
    elif numbers is None:
        if not new.owner.startswith(CALL):
            raise Differs
    elif renamed(old, numbers) != new:
        raise Differs


def renamed(symbol: Symbol, numbers: Numbers) -> Symbol:
    """Return what a call gives, by the number that the call has now."""
    if not symbol.owner.startswith(CALL):
        return symbol
    return replace(symbol, owner=f"{CALL}{number(numbers, symbol.owner.removeprefix(CALL))}")


def number(numbers: Numbers, said: str) -> int:
    number = numbers.get(int(said))
    if number is None:
        raise Differs
    return number


def aligned(olds: Sequence[Any], news: Sequence[Any]) -> Iterator[tuple[int, int]]:
    """Yield which items of two tuples belong together, where some in the middle are others."""
    most, start = min(len(olds), len(news)), 0
    while start < most and _resemble(olds[start], news[start]):
        yield start, start
        start += 1
    end = 1
    while end <= most - start and _resemble(olds[-end], news[-end]):
        end += 1
    for back in range(end - 1, 0, -1):
        yield len(olds) - back, len(news) - back


def _resemble(old: Any, new: Any) -> bool:
    """Tell whether two values are the same but for places and numbers of calls."""
    try:
        alike(old, new, None, Learnt())
    except Differs:
        return False
    return True


COMPARED: Mapping[type, Callable[[Any, Any, Numbers | None, Learnt], None]] = {
    Place: _places,
    Symbol: _symbols,
    str: _texts,
    Code: _codes,
    tuple: _sequences,
    list: _sequences,
    dict: _mappings,
}
