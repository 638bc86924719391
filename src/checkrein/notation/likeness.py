"""Two texts of one document: whether they say the same but for layout, and what stands where.

Remarks, blank lines and spaces between the parts are layout. What libyaml makes of both texts is
compared, event by event: whoever reads nothing else of a document finds the same in both.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

import yaml

from checkrein.errors import InputError
from checkrein.notation.nodes import BLOCK, block_end, refuse_deep
from checkrein.notation.texts import lines_of

Point = tuple[int, int]  # line and column, from 1
Points = dict[Point, Point]  # of then and of now


def counterparts(old: str, new: str) -> tuple[Points, Points] | None:
    """Return where the parts of a YAML document begin and end in another, by where they do in one.

    None where the other says something else, or one is not valid YAML. What stands in two places
    of the other has none.
    """
    starts = _Pairs()
    ends = _Pairs()
    try:
        for one, other in zip_longest(_parts(old), _parts(new), fillvalue=NOTHING):
            if one.said != other.said:
                return None
            starts.add(one.start, other.start)
            for end, there in zip(one.ends, other.ends, strict=True):
                ends.add(end, there)
    except (yaml.YAMLError, InputError, UnicodeError):
        return None
    return starts.sure(), ends.sure()


class _Part:
    """What libyaml says at one point of a text, where that begins, and where it may end."""

    __slots__ = ("ends", "said", "start")

    def __init__(self, said: Any, start: Point, ends: list[Point]) -> None:
        self.said, self.start, self.ends = said, start, ends


NOTHING = _Part(None, (0, 0), [])


def _parts(text: str) -> Iterator[_Part]:
    """Yield all that libyaml says of a text; raise InputError or a YAMLError where it refuses."""
    refuse_deep(text, "")
    lines = lines_of(text)
    for event in yaml.parse(text, yaml.CSafeLoader):
        said = vars(event)
        ends = [_point(event.end_mark)]
        if said.get("style") in BLOCK:
            ends.append(block_end(event, lines))
        start = _point(said.pop("start_mark"))
        del said["end_mark"]
        yield _Part((type(event), said), start, ends)


def _point(mark: Any) -> Point:
    return mark.line + 1, mark.column + 1


class _Pairs:
    """Points of then, and those of now that belong to them."""

    def __init__(self) -> None:
        self._found: Points = {}
        self._doubtful: set[Point] = set()

    def add(self, old: Point, new: Point) -> None:
        if self._found.setdefault(old, new) != new:
            self._doubtful.add(old)

    def sure(self) -> Points:
        return {old: new for old, new in self._found.items() if old not in self._doubtful}
