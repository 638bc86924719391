"""What was read of templates of which only the layout is another now: the same at other places.

Beside what was read of them is kept what templates held then. Where they hold something else now,
and nothing else that was asked of the disk is answered otherwise, both texts are compared
(``notation.likeness``): a remark, a blank line or other spaces say nothing, so that what was read
of the one follows from the other, and no template is opened and none translated for it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checkrein import files
from checkrein.cache import Cache, Memory
from checkrein.cache.alike import Differs
from checkrein.cache.walking import Walk
from checkrein.errors import InputError
from checkrein.late import regex
from checkrein.model import Place
from checkrein.read.notations import notation

if TYPE_CHECKING:
    from checkrein.notation.likeness import Points

LARGEST = 1_000_000  # bytes; CloudFormation takes as many
LINE = regex(r"\blines? \d")  # words that may count from the top of a file
WHOLE = (1, 1, 0)  # line, column and end of a place that stands for all of a file


class Relaid(Memory):
    """A folder's memory that also knows templates which were only laid out anew."""

    def __init__(self, root: Path, paths: Collection[str], kept: Memory) -> None:
        super().__init__(kept.known)
        self._kept = kept
        own = [path for path in paths if not notation(path)] if _is_kept(kept) else []
        self._paths = {os.path.join(root, path): path for path in own}  # noqa: PTH118 - speed
        self._known: dict[tuple[str, str], tuple[Points, Points] | None] = {}

    def find(self, name: tuple[str, ...], kind: Any) -> Any:
        """Return what is kept of the template that a name says after its sort, else None.

        What only stands elsewhere now is kept as it is now.
        """
        found = self._kept.find(name, kind)
        if found is not None or name[1] not in self._paths.values():
            return found
        then = self._kept.outdated(name, kind)
        points = self._points(then[1]) if then else None
        if then is None or not points:
            return None
        try:
            moved = _Elsewhere(points).of(then[0])
        except Differs:
            return None
        asked = {question: files.answer(question) for question in then[1]}
        files.note(asked)
        self._kept.keep(name, moved, asked)
        return moved

    def keep(self, name: tuple[str, ...], made: Any, asked: files.Asked) -> None:
        """Keep a result with what was asked for it."""
        self._kept.keep(name, made, asked)

    def hold(self) -> None:
        """Keep what the templates hold, for the scan that finds it laid out anew."""
        for path in self._paths:
            digest = files.answer(("content", path))
            name = "text", digest
            if self._kept.find(name, bytes) is None:
                try:
                    text = files.content(path)
                except (OSError, ValueError):
                    continue
                # it may have changed since it was read
                if len(text) <= LARGEST and files.digest(text) == digest:
                    self._kept.keep(name, text, {})

    def _points(self, asked: files.Asked) -> dict[str, tuple[Points, Points]]:
        """Return by file where things stand now, nothing where more than layout has changed."""
        found = {}
        for question, then in asked.items():
            if files.answer(question) != then:
                kind, path = question
                points = self._counterparts(path, then) if kind == "content" else None
                if points is None:
                    return {}
                found[self._paths[path]] = points
        return found

    def _counterparts(self, path: str, then: str) -> tuple[Points, Points] | None:
        """Return where the parts of a template stand now, None where it says something else."""
        if path not in self._paths:
            return None
        if (path, then) not in self._known:
            self._known[path, then] = self._compared(path, then)
        return self._known[path, then]

    def _compared(self, path: str, then: str) -> tuple[Points, Points] | None:
        from checkrein.notation.likeness import counterparts  # noqa: PLC0415 - it loads YAML
        from checkrein.notation.texts import decode  # noqa: PLC0415 - as above

        before = self._kept.find(("text", then), bytes)
        if before is None:
            return None
        try:
            texts = (decode(before), decode(files.content(path)))
        except (InputError, OSError, ValueError):
            return None
        return counterparts(*(text.removeprefix("\ufeff") for text in texts))


def _is_kept(memory: Memory) -> bool:
    return isinstance(memory, Cache) and memory.wanted


class _Elsewhere(Walk):
    """Facts of templates where these stand now, by where parts of them begin and end."""

    def __init__(self, points: Mapping[str, tuple[Points, Points]]) -> None:
        self._points = points
        self._named = [re.compile(rf"{re.escape(path)}:\d") for path in points]

    def place(self, place: Place) -> Place:
        points = self._points.get(place.path)
        if points is None or (place.line, place.column, place.end_line) == WHOLE:
            return place
        start = points[0].get((place.line, place.column))
        end = points[1].get((place.end_line, place.end_column))
        if start is None or end is None:
            raise Differs
        return Place(place.path, *start, *end)

    def text(self, text: str) -> str:
        if LINE.search(text) or any(each.search(text) for each in self._named):
            raise Differs
        return text
