"""Lines of the scanned files, as a report may show them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from checkrein.model import Place
from checkrein.report.html.markup import Markup, element, joined
from checkrein.report.secrets import Secrets, lines

ROOM = 120  # characters of a line
BEFORE = 24  # of them that a long line keeps before its span
CUT = "…"


class Sources:
    """The scanned files; what is secret in them is starred."""

    def __init__(self, root: Path, hidden: Secrets) -> None:
        self.hidden = hidden
        self._lines = cache(lambda path: lines(root, path))

    def line(self, place: Place) -> str:
        """Return the line that a place begins on, without indentation; "" where there is none."""
        return "".join(self.parts(place))

    def parts(self, place: Place) -> tuple[str, str, str]:
        """Return that line in three parts: before the span, the span, after it."""
        known = self._lines(place.path) if place.path else []
        if not 0 < place.line <= len(known):
            return "", "", ""
        text = self.hidden.line(place.path, place.line, known[place.line - 1]).rstrip()
        start = len(text) - len(text.lstrip())
        first = min(max(place.column - 1, start), len(text))
        last = place.end_column - 1 if place.end_line == place.line else len(text)
        last = min(max(last, first), len(text))
        if last - start > ROOM and first - start > BEFORE:
            start = first - BEFORE
            return CUT + text[start:first], text[first:last][:ROOM], text[last : start + ROOM]
        return text[start:first], text[first:last][:ROOM], text[last : start + ROOM]

    def marked(self, place: Place) -> Markup | None:
        """Return the line with its number and the span marked; None where there is none."""
        before, span, after = self.parts(place)
        if not before + span + after:
            return None
        number = element("span", str(place.line), class_="number")
        return element("code", joined([number, before, element("mark", span), after]))
