"""Where what an earlier scan read stands now, if code has changed in its lines only.

Facts that were read of the same functions before and after are gone through side by side. Where
they say the same but for places, each place of then has one of now; what follows from the facts is
then what it was, at these places, since whoever derives and judges asks of places no more than
which are the same, which comes first, and which are on one line or near it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from checkrein.model import Call, CallSite, Fact, Place, Summary, Symbol

CALL = "call:"  # begins the name of what a call gives, before its number
NEAR = 10  # lines; who asks how near two places are asks of fewer
MOST_LINES, MOST_CALLS = 9_999, 999  # up to which ids are in the order of these numbers
Point = tuple[int, int]  # line and column


class Differs(Exception):
    """What was read says something else now, or of a place nobody knows where it is."""


class Shift:
    """Where each place of some files is now, and which number each function's call has."""

    def __init__(self) -> None:
        self._points: defaultdict[str, dict[Point, Point]] = defaultdict(dict)
        self._close: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self._texts: list[tuple[str, str]] = []
        self._lines: dict[str, tuple[re.Pattern[str], dict[int, int]]] = {}
        self._raw: list[bytes] = []
        self.numbers: dict[str, dict[int, int]] = {}  # of calls, by the function

    def learn(self, old: Summary, new: Summary, counts: Callable[[CallSite], bool]) -> None:
        """Learn from what was read of a function; raise Differs where it is not the same.

        Calls that do not count may come and go.
        """
        olds, news = ([n for n, one in enumerate(of.calls) if counts(one)] for of in (old, new))
        if len(olds) != len(news) or len(new.calls) > MOST_CALLS:
            raise Differs
        numbers = self.numbers[old.function] = dict(zip(olds, news, strict=True))
        for here, there in numbers.items():
            self._alike(old.calls[here], new.calls[there], numbers)
        for name in old.__struct_fields__:
            if name != "calls":
                self._alike(getattr(old, name), getattr(new, name), numbers)
        if old.literals:  # a key's id is told unless the key stands near it
            self._keep_near(old.literals, new.literals)
            self._keep_near([old.calls[n] for n in olds], [new.calls[n] for n in news])

    def _keep_near(self, olds: Iterable[Any], news: Iterable[Any]) -> None:
        for one, other in zip(olds, news, strict=True):
            self._close[one.place.path][one.place.line] = other.place.line

    def _alike(self, old: Any, new: Any, numbers: dict[int, int]) -> None:
        """Learn the places in two values; raise Differs where something else is not the same."""
        if type(old) is not type(new):
            raise Differs
        match old:
            case Place():
                self._place(old, new)
            case Symbol():
                self._symbol(old, new, numbers)
            case str():
                self._text_of(old, new)
            case Struct() | tuple() | list() | dict():
                self._all_alike(_parts(old), _parts(new), numbers)
            case _ if old != new:
                raise Differs

    def _all_alike(self, olds: list[Any], news: list[Any], numbers: dict[int, int]) -> None:
        if len(olds) != len(news):
            raise Differs
        for old, new in zip(olds, news, strict=True):
            self._alike(old, new, numbers)

    def _text_of(self, old: str, new: str) -> None:
        if old != new or ":" in old:  # it may name a place
            self._texts.append((old, new))

    def _place(self, old: Place, new: Place) -> None:
        if old.path != new.path or bool(old.end_line) != bool(new.end_line):
            raise Differs
        self._point(old.path, (old.line, old.column), (new.line, new.column))
        if old.end_line:
            ends = (old.end_line, old.end_column), (new.end_line, new.end_column)
            self._point(old.path, *ends)

    def _point(self, path: str, old: Point, new: Point) -> None:
        if self._points[path].setdefault(old, new) != new:
            raise Differs

    def _symbol(self, old: Symbol, new: Symbol, numbers: dict[int, int]) -> None:
        if old.attribute != new.attribute:
            raise Differs
        if old.owner.startswith(CALL):
            number = int(old.owner.removeprefix(CALL))
            if new.owner != f"{CALL}{numbers.get(number, -1)}":
                raise Differs
        else:
            self._text_of(old.owner, new.owner)

    def settle(self, files: Iterable[str]) -> None:
        """Begin to tell where places are; raise Differs where they did not keep their order.

        ``files`` are all that were read: the name of one may end another's.
        """
        for path, points in self._points.items():
            _in_order(points)
            if any(old != new for old, new in points.items()):
                lines = {old[0]: new[0] for old, new in points.items()}
                if max(*lines, *lines.values()) > MOST_LINES:
                    raise Differs
                said = re.compile(rf"(?<![\w/.-]){re.escape(path)}:(\d+)(?::(\d+))?")
                self._lines[path] = said, lines
                self._raw.append(path.encode())
        if any(path != file and file.endswith(path) for path in self._lines for file in files):
            raise Differs
        for near in self._close.values():
            _as_near(near)
        if any(self.of(old) != new for old, new in self._texts):
            raise Differs

    def concerns(self, raw: bytes) -> bool:
        """Tell whether a fact or a verdict has anything that moved, by what it is kept as."""
        return any(path in raw for path in self._raw)

    def of_fact(self, fact: Fact) -> Fact:
        """Return a derived fact as it is now; raise Differs where that is not known."""
        moved: Fact = self.of(fact)
        if not isinstance(moved, Call):
            return moved
        numbers = self.numbers.get(moved.function)
        if numbers is None:
            return moved
        number = numbers.get(moved.site)
        start = f"{moved.function}#{moved.site:03}>"
        if number is None or not moved.id.startswith(start):
            raise Differs
        id = f"{moved.function}#{number:03}>{moved.id.removeprefix(start)}"
        return replace(moved, id=id, site=number)

    def of(self, value: Any) -> Any:
        """Return a value with the places of now; raise Differs where one is not known."""
        match value:
            case Place():
                return self._moved(value) if value.path in self._lines else value
            case str():
                return self._text(value)
            case Struct():
                found = {n: self.of(getattr(value, n)) for n in value.__struct_fields__}
                changed = {n: new for n, new in found.items() if new is not getattr(value, n)}
                return replace(value, **changed) if changed else value
            case tuple() | list() | frozenset():
                items = [self.of(each) for each in value]
                same = all(new is old for new, old in zip(items, value, strict=True))
                return value if same else type(value)(items)
            case dict():
                return {self.of(key): self.of(item) for key, item in value.items()}
        return value

    def _moved(self, place: Place) -> Place:
        line, column = self._known(place.path, (place.line, place.column))
        end = (place.end_line, place.end_column)
        return Place(place.path, line, column, *(self._known(place.path, end) if end[0] else end))

    def _known(self, path: str, point: Point) -> Point:
        found = self._points[path].get(point)
        if found is None:
            raise Differs
        return found

    def _text(self, text: str) -> str:
        for path, (said, lines) in self._lines.items():
            if path in text:

                def moved(found: re.Match[str], path: str = path, lines: Any = lines) -> str:
                    if found[2]:
                        point = self._known(path, (int(found[1]), int(found[2])))
                        return f"{path}:{point[0]}:{point[1]}"
                    line = lines.get(int(found[1]))
                    if line is None:
                        raise Differs
                    return f"{path}:{line:05}" if found[1][0] == "0" else f"{path}:{line}"

                text = said.sub(moved, text)
        return text


def _parts(value: Any) -> list[Any]:
    if isinstance(value, Struct):
        return [getattr(value, name) for name in value.__struct_fields__]
    return [*value.items()] if isinstance(value, dict) else [*value]


def _in_order(points: dict[Point, Point]) -> None:
    """Raise Differs where points have changed their order, or which of them share a line."""
    pairs = sorted(points.items())
    for (old, new), (next_old, next_new) in pairwise(pairs):
        if new >= next_new or (old[0] == next_old[0]) != (new[0] == next_new[0]):
            raise Differs


def _as_near(lines: dict[int, int]) -> None:
    """Raise Differs where lines are nearer to each other now, or further, where that counts."""
    for (old, new), (next_old, next_new) in pairwise(sorted(lines.items())):
        if min(next_old - old, NEAR) != min(next_new - new, NEAR):
            raise Differs
