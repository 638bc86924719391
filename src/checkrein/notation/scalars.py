"""Where each piece of a scalar's decoded text stands in the source.

A scalar may fold lines, drop indentation and hold escapes, so its text has other lines and
columns than the source. A *segment* is a run of decoded characters that stand side by side in the
source.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from msgspec import Struct

from checkrein.late import regex
from checkrein.model.places import Place
from checkrein.notation.texts import BREAK, BYTE_ORDER_MARK

ESCAPE = regex(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", re.DOTALL)
NAMED = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f",
    "r": "\r", "e": "\x1b", " ": " ", '"': '"', "/": "/", "\\": "\\", "N": "\x85",
    "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip
HEADER = regex(r"[|>]([-+]?)([1-9]?)([-+]?)")
HIGH, LOW = range(0xD800, 0xDC00), range(0xDC00, 0xE000)


class Segment(Struct, frozen=True, order=True):
    """Decoded text from ``offset`` on begins at a source line and column (from 1)."""

    offset: int
    line: int
    column: int
    text: str


def segments(source: str, place: Place) -> tuple[Segment, ...]:
    """Return the segments of the scalar at a place (its span, from ``Tree.places``), in order.

    Joined, their texts are the scalar's value. ``source`` is the whole file's text. A tag or
    anchor before the scalar may belong to the span.
    """
    lines = BREAK.split(source.removeprefix(BYTE_ORDER_MARK))
    scalar = _Scalar(lines, place)
    scalar.read()
    return tuple(scalar.found)


def line_map(source: str, place: Place) -> tuple[tuple[int, int], ...]:
    """Return, for each line of the decoded scalar, the source (line, column) it starts at."""
    found = segments(source, place)
    value = "".join(segment.text for segment in found)
    starts = [0, *(index + 1 for index, letter in enumerate(value) if letter == "\n")]
    if value.endswith("\n"):
        starts.pop()
    return tuple(locate(found, start) for start in starts)


def segment_map(source: str, place: Place) -> tuple[tuple[int, int, int, int], ...]:
    """Return (line, column, source line, source column) where a piece begins, all from 1.

    Only pieces within decoded lines that several pieces make: ``line_map`` says the rest. The
    result is what ``Code.segments`` holds.
    """
    pieces: list[tuple[int, int, int, int]] = []
    line, column = 1, 1
    for segment in segments(source, place):
        if segment.text.strip("\n"):
            pieces.append((line, column, segment.line, segment.column))
        breaks = segment.text.count("\n")
        line += breaks
        column = len(segment.text) - segment.text.rfind("\n") if breaks else column
        column += 0 if breaks else len(segment.text)
    shared = {piece[0] for piece in pieces if piece[1] > 1}
    return tuple(piece for piece in pieces if piece[0] in shared)


def position(source: str, place: Place, line: int, column: int = 1) -> tuple[int, int]:
    """Return the source (line, column) of a (line, column) in the decoded text, all from 1."""
    found = segments(source, place)
    value = "".join(segment.text for segment in found)
    offset = 0
    for _ in range(line - 1):
        offset = value.find("\n", offset) + 1
    return locate(found, offset + column - 1)


def locate(found: tuple[Segment, ...], offset: int) -> tuple[int, int]:
    """Return the source (line, column) of an offset in the decoded text."""
    if not found:
        return 0, 0
    index = bisect_right(found, offset, key=lambda segment: segment.offset) - 1
    segment = found[max(index, 0)]
    inside = min(offset - segment.offset, len(segment.text))
    return segment.line, segment.column + max(inside, 0)


class _Scalar:
    """Decodes one scalar, noting where each piece stands."""

    def __init__(self, lines: list[str], place: Place) -> None:
        self.lines, self.place = lines, place
        self.found: list[Segment] = []
        self.length = 0
        self.indent = 0

    def read(self) -> None:
        row, column = self._skip_properties(self.place.line - 1, self.place.column - 1)
        first = self.lines[row][column : column + 1]
        if first in ("|", ">"):
            self._block(row, column, folded=first == ">")
        else:
            self._flow(row, column, quote=first if first in ("'", '"') else "")

    def _skip_properties(self, row: int, column: int) -> tuple[int, int]:
        """Step over a tag, an anchor and the white space around them."""
        last = max(self.place.end_line, self.place.line) - 1
        while row <= last:
            found = re.compile(r"\s*(?:[!&]\S*\s*)*(?:#.*)?").match(self.lines[row], column)
            column = found.end() if found else column
            if column < len(self.lines[row]):
                return row, column
            row, column = row + 1, 0
        return self.place.line - 1, self.place.column - 1

    def add(self, text: str, row: int, column: int) -> None:
        """Note a piece; ``row`` and ``column`` count from 0."""
        if text:
            self.found.append(Segment(self.length, row + 1, column + 1, text))
            self.length += len(text)

    # ------------------------------------------------------------------ plain and quoted

    def _flow(self, row: int, column: int, quote: str) -> None:
        """Fold: lines are stripped and joined by a space, or by a break for each blank line."""
        first, last = row, self.place.end_line - 1
        blank, joined, end = 0, False, (row, column)
        for current in range(first, last + 1):
            start = column + len(quote) if current == first else 0
            stop = self.place.end_column - 1 - len(quote) if current == last else None
            line = self.lines[current][:stop]
            if current > first:
                start = len(line) - len(line.lstrip(" \t"))
            text, escaped = line[start:], False
            if current < last:
                text, escaped = _line_end(text, quote)
            if not text and not escaped and first < current < last:
                blank += 1
                continue
            if current > first:
                self._join(end, blank, "" if joined else " ")
            self._content(text, current, start, quote)
            blank, joined, end = 0, escaped, (current, start + len(text))

    def _join(self, end: tuple[int, int], blank: int, otherwise: str) -> None:
        row, column = end
        if not blank:
            self.add(otherwise, row, column)
        for index in range(blank):
            self.add("\n", row + index, 0 if index else column)

    def _content(self, text: str, row: int, column: int, quote: str) -> None:
        if quote == '"':
            self._escapes(text, row, column)
            return
        done = 0
        while quote and (at := text.find("''", done)) >= 0:
            self.add(text[done : at + 1], row, column + done)
            done = at + 2
        self.add(text[done:], row, column + done)

    def _escapes(self, text: str, row: int, column: int) -> None:
        done = 0
        for found in ESCAPE.finditer(text):
            if found.start() < done:
                continue
            self.add(text[done : found.start()], row, column + done)
            letter, done = _unescape(text, found)
            self.add(letter, row, column + found.start())
        self.add(text[done:], row, column + done)

    # ------------------------------------------------------------------ literal and folded

    def _block(self, row: int, column: int, *, folded: bool) -> None:
        header = HEADER.match(self.lines[row], column)
        assert header is not None
        chomping = header[1] or header[3]
        rows = self._rows(row, int(header[2] or 0))
        texts = [(at, self.lines[at][self.indent :]) for at in rows]
        content = [index for index, (_, text) in enumerate(texts) if text]
        last = content[-1] if content else -1
        for index, (at, text) in enumerate(texts[: last + 1]):
            self.add(text, at, self.indent)
            if index < last:
                self._break(texts, index, folded=folded)
        if last >= 0 and chomping != "-":
            self._newline(*texts[last])
        for at, text in texts[last + 1 :] if chomping == "+" else []:
            self._newline(at, text)

    def _break(self, texts: list[tuple[int, str]], index: int, *, folded: bool) -> None:
        """Add what stands between a line and the next: a break, or in folded text perhaps less."""
        at, text = texts[index]
        following = next(later for _, later in texts[index + 1 :] if later)
        before = next((known for _, known in reversed(texts[: index + 1]) if known), " ")
        kept = not folded or before[0] in " \t" or following[0] in " \t"
        if kept or not text:
            self._newline(at, text)
        elif texts[index + 1][1]:
            self.add(" ", at, self.indent + len(text))

    def _newline(self, row: int, text: str) -> None:
        if row + 1 == len(self.lines):
            return  # the file ends without a line break
        self.add("\n", row, self.indent + len(text) if text else len(self.lines[row]))

    def _rows(self, header: int, explicit: int) -> list[int]:
        self.indent = self._parent(header) + explicit if explicit else self._detected(header)
        row = header + 1
        while row < len(self.lines) and self._belongs(self.lines[row]):
            row += 1
        # what follows the last line break of the file is no line
        end = row - 1 if row == len(self.lines) and not self.lines[-1] else row
        return list(range(header + 1, end))

    def _belongs(self, line: str) -> bool:
        return not line[: self.indent].strip(" ") and (len(line) >= self.indent or not line.strip())

    def _detected(self, header: int) -> int:
        deepest = self._parent(header) + 1
        for line in self.lines[header + 1 :]:
            indent = len(line) - len(line.lstrip(" "))
            deepest = max(deepest, indent)
            if line.strip(" "):
                return deepest
        return deepest

    def _parent(self, header: int) -> int:
        """Return the indentation of the node that holds a block scalar."""
        line = self.lines[header]
        dashes = re.compile(r" *(?:[-?] +)*").match(line)
        column = dashes.end() if dashes else 0
        if line[column : column + 1] in ("|", ">", "!", "&"):
            return line.rfind("-", 0, column)
        return column


def _line_end(text: str, quote: str) -> tuple[str, bool]:
    """Return a line without the white space before its break, and whether the break is escaped."""
    slashes = len(text) - len(text.rstrip("\\"))
    if quote == '"' and slashes % 2:
        return text[:-1], True
    bare = text.rstrip(" \t")
    slashes = len(bare) - len(bare.rstrip("\\"))
    if quote == '"' and slashes % 2:
        bare = text[: len(bare) + 1]
    return bare, False


def _unescape(text: str, found: re.Match[str]) -> tuple[str, int]:
    """Return the character of an escape (or of a surrogate pair) and where it ends."""
    name = found[1]
    if name[0] not in "xuU" or len(name) == 1:
        return NAMED.get(name, name), found.end()
    code, end = int(name[1:], 16), found.end()
    if code in HIGH and (pair := ESCAPE.match(text, end)) and pair[1].startswith("u"):
        low = int(pair[1][1:], 16)
        if low in LOW:
            code, end = 0x10000 + ((code - 0xD800) << 10) + low - 0xDC00, pair.end()
    return chr(code), end
