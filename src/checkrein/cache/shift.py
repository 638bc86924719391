"""Where what an earlier scan read stands now, if files have changed in their lines, or little more.

Facts that were read of the same things before and after are gone through side by side. Where they
say the same but for places, each place of then has one of now; what follows from the facts is then
what it was, at these places, since whoever derives and judges asks of places no more than which are
the same, which comes first, and which are on one line or near it. Where they say something else in
part, the places of the rest have their counterparts still, and what rests on these alone is as it
was; a place that is new has none, and nothing that has it is the same.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any, NamedTuple

from msgspec.structs import replace

from checkrein.cache import codec
from checkrein.cache.alike import (
    PLACELESS,
    Differs,
    Learnt,
    Numbers,
    Point,
    aligned,
    alike,
    fields,
    number,
    renamed,
)
from checkrein.cache.walking import Walk
from checkrein.model import (
    Accepted,
    Call,
    CallSite,
    Claim,
    Code,
    Decision,
    Fact,
    Place,
    Resource,
    Stack,
    Summary,
    Taint,
)
from checkrein.model.values import Path, at_path

NEAR = 10  # lines; who asks how near two places are asks of fewer
MOST_LINES, MOST_CALLS = 9_999, 999  # up to which ids are in the order of these numbers
SAID = (Accepted, Claim, Decision)  # of which findings say the line, without the file
NUMBERED = (Call, Taint)  # facts about one call of a function, whose ids begin with its number
NUMBERED_KINDS = frozenset(kind.__name__ for kind in NUMBERED)
SITE = re.compile(r"(.*?)#(\d{3})(?=[.>])")
GIVEN = re.compile(r"(?<=<\$\{call:)\d+")


class Moved(NamedTuple):
    """What stands for all that was read then and now, and where it stands, as far as is known."""

    then: str
    now: str
    shift: Shift | None


class Shift(Walk):
    """Where each place of some files is now, and which number each function's call has."""

    def __init__(self) -> None:
        self._points: defaultdict[str, dict[Point, Point]] = defaultdict(dict)
        self._close: defaultdict[str, dict[int, int]] = defaultdict(dict)
        self._texts: list[tuple[str, str]] = []
        self._placeless: list[bytes] = []
        self._lines: dict[str, tuple[re.Pattern[str], dict[int, int]]] = {}
        self._raw: list[bytes] = []
        self.numbers: dict[str, Numbers] = {}  # of calls, by the function

    def learn(self, old: Fact, new: Fact, raw: bytes, counts: Callable[[CallSite], bool]) -> None:
        """Learn from what was read of one thing; raise Differs where it is not the same.

        ``raw`` is the old fact as bytes. Calls that do not count may come and go.
        """
        if isinstance(old, SAID):
            raise Differs
        learnt = Learnt()
        numbers = self._same_calls(old, new, counts, learnt)
        for name in old.__struct_fields__:
            one, other = getattr(old, name), getattr(new, name)
            if name in PLACELESS.get(type(old), ()):
                if one != other:
                    raise Differs
            elif name != "calls":
                alike(one, other, numbers, learnt)
        self._take(learnt)
        self._look(old, new, raw)

    def _same_calls(
        self, old: Fact, new: Fact, counts: Callable[[CallSite], bool], learnt: Learnt
    ) -> Numbers:
        """Learn from the calls of a function that count, if it is one; return their numbers."""
        if not (isinstance(old, Summary) and isinstance(new, Summary)):
            return {}
        olds, news = ([n for n, one in enumerate(of.calls) if counts(one)] for of in (old, new))
        if len(olds) != len(news) or len(new.calls) > MOST_CALLS:
            raise Differs
        numbers = self.numbers[old.function] = dict(zip(olds, news, strict=True))
        for here, there in numbers.items():
            alike(old.calls[here], new.calls[there], numbers, learnt)
        return numbers

    def learn_part(self, old: Fact, new: Fact, raw: bytes) -> None:
        """Learn from what was read of one thing, as far as it says the same."""
        if isinstance(old, SAID):
            return
        numbers: Numbers = {}
        if isinstance(old, Summary) and isinstance(new, Summary):
            if len(new.calls) <= MOST_CALLS:
                numbers = dict(aligned(old.calls, new.calls))
            self.numbers[old.function] = numbers
            for here, there in numbers.items():
                self._try(old.calls[here], new.calls[there], numbers)
        for name in fields(old):
            if name != "calls":
                for one, other in _counterparts(getattr(old, name), getattr(new, name)):
                    self._try(one, other, numbers)
        self._look(old, new, raw)

    def _try(self, old: Any, new: Any, numbers: Numbers) -> None:
        learnt = Learnt()
        with suppress(Differs):
            alike(old, new, numbers, learnt)
            self._take(learnt)

    def _take(self, learnt: Learnt) -> None:
        for path, old, new in learnt.points:
            if self._points[path].setdefault(old, new) != new:
                raise Differs
        self._texts += learnt.texts

    def _look(self, old: Fact, new: Fact, raw: bytes) -> None:
        """Note what would say that more has changed than places, once these are known."""
        if type(old) in PLACELESS:
            self._placeless.append(raw)
        if isinstance(old, (Resource, Stack)) and isinstance(new, (Resource, Stack)):
            _keep_lines(old, new)
        if isinstance(old, Summary) and isinstance(new, Summary) and old.literals:
            # a key's id is told unless the key stands near it
            known = dict(aligned(old.literals, new.literals))
            self._keep_near(old.literals, new.literals, known)
            same = dict(enumerate(range(len(old.calls))))
            self._keep_near(old.calls, new.calls, self.numbers.get(old.function, same))

    def _keep_near(self, olds: Sequence[Any], news: Sequence[Any], numbers: Numbers) -> None:
        for here, there in numbers.items():
            old, new = olds[here].place, news[there].place
            self._close[old.path][old.line] = new.line

    def stay(self, facts: Iterable[tuple[Fact, bytes]]) -> None:
        """Learn from facts that are the same, and name files in which others have moved."""
        moved = [path.encode() for path, points in self._points.items() if _has_moved(points)]
        for fact, raw in facts:
            if any(path in raw for path in moved):
                learnt = Learnt()
                same = dict(enumerate(range(len(fact.calls)))) if isinstance(fact, Summary) else {}
                for name in fields(fact):
                    value = getattr(fact, name)
                    alike(value, value, same, learnt)
                self._take(learnt)
                self._look(fact, fact, raw)

    def settle(self, files: Iterable[str]) -> None:
        """Begin to tell where places are; raise Differs where they did not keep their order.

        ``files`` are all that were read: the name of one may end another's.
        """
        for path, points in self._points.items():
            _in_order(points)
            if _has_moved(points):
                lines = {old[0]: new[0] for old, new in points.items()}
                if max(*lines, *lines.values()) > MOST_LINES:
                    raise Differs
                said = re.compile(rf"(?<![\w/.-]){re.escape(path)}:(\d+)(?::(\d+))?")
                self._lines[path] = said, lines
                self._raw.append(path.encode())
        self._tell_apart([f"{file}:1" for file in files])
        named = [re.compile(re.escape(path) + rb":\d") for path in self._raw]
        if any(each.search(raw) for each in named for raw in self._placeless):
            raise Differs
        for near in self._close.values():
            _as_near(near)
        if any(self.of(old) != new for old, new in self._texts):
            raise Differs

    def _tell_apart(self, firsts: Iterable[str]) -> None:
        """Raise Differs where the first line of a file reads as that of another that moved."""
        for path, (said, _) in self._lines.items():
            if any(said.search(first) for first in firsts if first != f"{path}:1"):
                raise Differs

    def concerns(self, raw: bytes) -> bool:
        """Tell whether a fact or a verdict has anything that moved, by what it is kept as."""
        return any(path in raw for path in self._raw)

    def inverse(self) -> Shift:
        """Return where what stands in the files of now stood then."""
        found = Shift()
        for path, (said, lines) in self._lines.items():
            found._lines[path] = said, {new: old for old, new in lines.items()}
            points = {new: old for old, new in self._points[path].items()}
            found._points[path] = points
        found._raw = self._raw
        for function, numbers in self.numbers.items():
            found.numbers[function] = {new: old for old, new in numbers.items()}
        return found

    def touches(self, fact: Fact) -> bool:
        """Tell whether a fact may have anything that moved."""
        if isinstance(fact, NUMBERED) and fact.function in self.numbers:
            return True
        if isinstance(fact, Summary):
            return fact.function in self.numbers or not self._lines.keys().isdisjoint(fact.files)
        if type(fact) not in PLACELESS:
            return self.concerns(codec.packed(fact))
        places = getattr(fact, "places", {}).values()
        return self.concerns(codec.packed(fact.evidence)) or any(
            place.path in self._lines for place in places
        )

    def of_fact(self, fact: Fact) -> Fact:
        """Return a fact as it is now; raise Differs where that is not known."""
        moved: Fact = self.of(fact)
        numbers = self.numbers.get(getattr(fact, "function", ""))
        if numbers is None or all(here == there for here, there in numbers.items()):
            return moved
        if isinstance(moved, Summary):
            raise Differs  # has calls that others have not
        if not isinstance(moved, NUMBERED):
            return moved
        id, site = self.id(type(fact).__name__, fact.id), numbers.get(moved.site)
        if site is None:
            raise Differs
        if isinstance(moved, Taint):
            return replace(moved, id=id, site=site, source=renamed(moved.source, numbers))
        return replace(moved, id=id, site=site)

    def id(self, kind: str, id: str) -> str:
        """Return the id of a fact of some type as it is now; raise Differs as above."""
        moved = self.text(id)
        found = SITE.match(moved) if kind in NUMBERED_KINDS else None
        numbers = self.numbers.get(found[1]) if found else None
        if not found or numbers is None:
            return moved
        rest = GIVEN.sub(lambda one: f"{number(numbers, one[0])}", moved[found.end() :])
        return f"{found[1]}#{number(numbers, found[2]):03}{rest}"

    def code(self, code: Code) -> Code:
        """Return where the text of a function stands in a template now."""
        if code.file not in self._lines:
            return super().code(code)
        lines = tuple(self._known(code.file, point) for point in code.lines)
        segments = tuple((*at, *self._known(code.file, (x, y))) for *at, x, y in code.segments)
        return replace(code, lines=lines, segments=segments)

    def place(self, place: Place) -> Place:
        if place.path not in self._lines:
            return place
        line, column = self._known(place.path, (place.line, place.column))
        end = (place.end_line, place.end_column)
        return Place(place.path, line, column, *(self._known(place.path, end) if end[0] else end))

    def _known(self, path: str, point: Point) -> Point:
        found = self._points[path].get(point)
        if found is None:
            raise Differs
        return found

    def text(self, text: str) -> str:
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


def _counterparts(old: Any, new: Any) -> list[tuple[Any, Any]]:
    """Return what belongs together in two values."""
    if type(old) is dict and type(new) is dict:
        return [(old[key], new[key]) for key in old if key in new]
    if type(old) is tuple and type(new) is tuple:
        return [(old[here], new[there]) for here, there in aligned(old, new)]
    return [(old, new)]


def _keep_lines(old: Resource | Stack, new: Resource | Stack) -> None:
    """Raise Differs where what a text stands in has more lines now, or fewer.

    Whoever tells the line of a script counts from the first.
    """
    for path, place in old.places.items():
        there = new.places.get(path)
        if there and there.end_line - there.line != place.end_line - place.line:
            values = old.properties if isinstance(old, Resource) else old.parameters
            at = path if isinstance(old, Resource) else path[1:]  # ("Parameters", name, …)
            if _has_lines(at_path(values, at), path, old.places):
                raise Differs


def _has_lines(value: Any, at: Path, places: Container[Path]) -> bool:
    """Tell whether texts of several lines are in a value that have no place of their own."""
    parts = dict(enumerate(value)) if isinstance(value, list) else value
    if isinstance(parts, dict):
        below = [((*at, key), item) for key, item in parts.items()]
        return any(path not in places and _has_lines(item, path, places) for path, item in below)
    return value is not None and "\n" in str(value)


def _has_moved(points: Mapping[Point, Point]) -> bool:
    return any(old != new for old, new in points.items())


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
