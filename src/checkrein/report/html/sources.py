"""Lines of the scanned files, as a report may show them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from checkrein.model import Place
from checkrein.report.html.markup import Markup, element
from checkrein.report.secrets import Secrets, lines

MOST = 5  # lines of a span that are shown all; of a longer one, the first says what it is
ROOM = 120  # characters of a line
BEFORE = 24  # of them that a long line keeps before its span
CUT = "…"


class Line(NamedTuple):
    """A line in three parts: before the span, the span, after it."""

    before: str
    span: str
    after: str


class Sources:
    """The scanned files; what is secret in them is starred."""

    def __init__(self, root: Path, hidden: Secrets) -> None:
        self.hidden = hidden
        self._lines = cache(lambda path: lines(root, path))

    def text(self, place: Place) -> str:
        """Return the lines of a place, "" where there are none."""
        return "\n".join("".join(line) for line in self._shown(place))

    def marked(self, place: Place) -> Markup | None:
        """Return the lines with the number of the first, the span marked; None where none are."""
        shown = list(self._shown(place))
        if not shown:
            return None
        number = element("span", str(place.line), class_="number")
        told = [[line.before, element("mark", line.span), line.after, "\n"] for line in shown]
        told[-1].pop()
        return element("code", number, told)

    def _shown(self, place: Place) -> Iterator[Line]:
        known = self._lines(place.path) if place.path else []
        if not 0 < place.line <= len(known):
            return
        last = min(place.end_line, len(known))
        shown = range(
            place.line, last + 1 if place.line <= last < place.line + MOST else place.line + 1
        )
        texts = [self.hidden.line(place.path, n, known[n - 1]).rstrip() for n in shown]
        indent = min((_indent(text) for text in texts if text), default=0)
        for number, text in zip(shown, texts, strict=True):
            yield _parted(text, number, place, indent)


def _indent(text: str) -> int:
    return len(text) - len(text.lstrip())


def _parted(text: str, number: int, place: Place, indent: int) -> Line:
    """Return a line without the indentation of all, and not longer than there is room for."""
    start = place.column - 1 if number == place.line else _indent(text)
    end = place.end_column - 1 if number == place.end_line else len(text)
    first = min(max(start, indent), len(text))
    last = min(max(end, first), len(text))
    if last - indent > ROOM and first - indent > BEFORE:
        indent = first - BEFORE
        return Line(CUT + text[indent:first], text[first:last][:ROOM], text[last : indent + ROOM])
    return Line(text[indent:first], text[first:last][:ROOM], text[last : indent + ROOM])
