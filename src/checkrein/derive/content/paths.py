"""Paths of content: ``Items[].profile.email`` as tokens, and what lies below what."""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise
from typing import Generic, TypeVar

from checkrein.late import regex

Tokens = tuple[str, ...]
Item = TypeVar("Item")
ANY = "{}"  # a key that is not known
ELEMENT = "[]"
TYPE_TAGS = frozenset({"S", "N", "B", "SS", "NS", "BS", "BOOL", "M", "L", "NULL"})
# braces with a name in them belong to a route: ``GET /rides/{id} body.x``
STEP = regex(r"\[[^\]]*\]|\{\}|(?:[^.\[\]{}]|\{[^{}]+\})+")


@lru_cache(maxsize=65536)
def tokens(path: str) -> Tokens:
    """Split a dotted path; every index becomes ``[]``."""
    return tuple("[]" if step[0] == "[" else step for step in STEP.findall(path))


def joined(path: Tokens) -> str:
    """Render tokens as a dotted path."""
    shown = ""
    for step in path:
        shown += step if step == "[]" or not shown else f".{step}"
    return shown


def below(wanted: Tokens, path: Tokens) -> Tokens | None:
    """Return what of ``path`` lies below ``wanted`` (``{}`` is any key), None where it does not.

    ``[]`` on either side may be missing: a list and its elements hold the same content.
    """
    position = 0
    for step in wanted:
        if position < len(path) and path[position] == "[]" != step:
            position += 1
        if position < len(path) and step in {path[position], "{}"}:
            position += 1
        elif step != "[]":
            return None
    rest = path[position:]
    return rest[1:] if rest[:1] == ("[]",) else rest


def above(wanted: Tokens, path: Tokens) -> bool:
    """Tell whether ``path`` holds all of ``wanted``: it is a prefix of it."""
    return below(path, wanted) is not None


def attribute(path: Tokens) -> Tokens:
    """Drop DynamoDB's type tags behind attribute names: ``User.S`` is ``User``."""
    return tuple(token for index, token in enumerate(path) if index == 0 or token not in TYPE_TAGS)


class ByPath(Generic[Item]):
    """Items by path, for whoever asks which may hold a path, or lie below it.

    ``near`` gives them in the order in which they were added, and a few that ``below`` refuses.
    """

    def __init__(self) -> None:
        self._items: list[Item] = []
        self._top = _Knot()
        self._known: dict[Tokens, list[Item]] = {}

    def add(self, path: Tokens, item: Item) -> None:
        """Add an item that stands at a path."""
        knot = self._top
        for step in _keys(path):
            knot = knot.below.setdefault(step, _Knot())
        knot.here.append(len(self._items))
        self._items.append(item)
        self._known.clear()

    def near(self, path: Tokens) -> list[Item]:
        """Return the items whose path is a beginning of a path, or begins with it."""
        found = self._known.get(path)
        if found is None:
            found = [self._items[number] for number in sorted(self._near(_keys(path)))]
            self._known[path] = found
        return found

    def _near(self, path: Tokens) -> list[int]:
        found: list[int] = []
        level = [self._top]
        for step in path:
            found += [number for knot in level for number in knot.here]
            level = [inner for knot in level for inner in knot.at(step)]
        while level:
            knot = level.pop()
            found += knot.here
            level += knot.below.values()
        return found


class _Knot:
    """Where paths part: the numbers of the items that stand here, and what lies below by key."""

    __slots__ = ("below", "here")

    def __init__(self) -> None:
        self.here: list[int] = []
        self.below: dict[str, _Knot] = {}

    def at(self, step: str) -> list[_Knot]:
        """Return what may lie below under a key."""
        if step == ANY:
            return list(self.below.values())
        return [self.below[key] for key in (step, ANY) if key in self.below]


def _keys(path: Tokens) -> Tokens:
    """Leave out the elements of lists: ``below`` takes a list and its elements for the same.

    A path through a list of lists counts as near to all: ``{}`` may stand for the inner one.
    """
    if (ELEMENT, ELEMENT) in pairwise(path):
        return ()
    return tuple(step for step in path if step != ELEMENT)
