"""Files of records, read piece by piece: JSON values and lines of text, each with its place.

A log may be larger than memory, so nothing holds more than one piece and a block of what follows
it. A document that lists records is taken apart at the list; each record comes with what stands
beside the list before it, as ``{"logGroup": …, "logEvents": [record]}``.
"""

from __future__ import annotations

import codecs
import gzip
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple, cast

import msgspec

from checkrein import files

HEAD = 1 << 16  # bytes, by which the form of a file is told
BLOCK = 1 << 20
LONGEST = 16 << 20  # bytes of a line or letters of a value: what is longer is no record
GZIP = b"\x1f\x8b"
LITERAL = 8  # letters, of which the last may be cut off: `false`
LISTS = frozenset({  # members of documents that list records
    *("Records", "records", "Events", "events", "logEvents", "results", "Traces", "Segments"),
    *("TraceSegmentDocuments", "resourceSpans", "Items"),
})  # fmt: skip
BROKEN = (OSError, EOFError, zlib.error)
DECODE = json.JSONDecoder(strict=False).raw_decode


class Piece(NamedTuple):
    """A JSON value, or a line of text; None for one that is cut off, too long or no JSON."""

    value: Any
    line: int
    column: int = 1


class NoText(Exception):
    """Raised for a file that holds no text: an image, an archive of another kind."""


def pieces(path: Path) -> Iterator[Piece]:
    """Yield what a file holds, gzip or not; raise OSError or NoText where it cannot be read.

    What comes after a damage in the middle of a JSON document is lost, and that is one piece.
    """
    with _unpacked(path) as file:
        head = file.read(HEAD)
    if b"\0" in head:
        raise NoText
    with _unpacked(path) as file:
        if _is_document(head):
            yield from _documents(file)
        else:
            yield from _lines(file, each_is_json=_begins_with_value(head))


@contextmanager
def _unpacked(path: Path) -> Iterator[IO[bytes]]:
    with files.opened(path) as file:
        packed = file.read(2) == GZIP
    with files.opened(path) as file:
        if packed:
            with gzip.GzipFile(fileobj=file) as inside:
                yield cast("IO[bytes]", inside)
        else:
            yield file


def _is_document(head: bytes) -> bool:
    """Tell whether a file holds JSON that is not one value a line."""
    text = head.decode("utf-8-sig", "replace").lstrip()
    if text[:1] not in {"{", "["}:
        return False
    if _begins_with_value(head):
        return False
    try:
        DECODE(text)
    except json.JSONDecodeError as error:
        return error.msg.startswith("Unterminated") or error.pos + LITERAL > len(text.rstrip())
    except RecursionError:
        return False
    return True


def _begins_with_value(head: bytes) -> bool:
    """Tell whether the first line is a JSON value, and others follow."""
    first, newline, _ = head.removeprefix(codecs.BOM_UTF8).lstrip().partition(b"\n")
    return first[:1] in {b"{", b"["} and bool(newline) and _decoded(first) is not None


def _decoded(line: bytes) -> Any:
    try:
        return msgspec.json.decode(line)
    except (msgspec.DecodeError, RecursionError):
        return None


# ------------------------------------------------------------------------------ lines


def _lines(file: IO[bytes], *, each_is_json: bool) -> Iterator[Piece]:
    number = 0
    while line := file.readline(LONGEST):
        number += 1
        if len(line) == LONGEST and not line.endswith(b"\n"):
            yield Piece(None, number)
            _skip_line(file)
            continue
        yield from _of_line(line, number, each_is_json=each_is_json)


def _skip_line(file: IO[bytes]) -> None:
    while (rest := file.readline(BLOCK)) and not rest.endswith(b"\n"):
        pass


def _of_line(line: bytes, number: int, *, each_is_json: bool) -> Iterator[Piece]:
    if line[:1] == b"{":
        value = _decoded(line)
        if value is None and each_is_json:
            yield Piece(None, number)
            return
        if isinstance(value, dict):
            for each in taken_apart(value):
                yield Piece(each, number)
            return
    text = line.decode("utf-8-sig" if number == 1 else "utf-8", "replace").rstrip("\r\n")
    if text.strip():
        yield Piece(text, number)


def taken_apart(value: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a document once for each record that it lists."""
    known = value.keys() & LISTS
    listing = next((name for name in sorted(known) if isinstance(value[name], list)), None)
    if listing is None:
        yield value
        return
    for each in value[listing]:
        yield {**value, listing: [each]}


# ------------------------------------------------------------------------------ documents


class _Cut(Exception):
    """Raised where a document ends, or is no JSON, before its end."""


class _Text:
    """A stretch of a file's text, with the number of the line where it begins."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._text, self._at = "", 0
        self._line, self._column = 1, 1
        self._ended = False

    def next(self) -> str:
        """Pass what separates values; return the letter after it, "" at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in " \t\r\n,":
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def skip(self) -> None:
        """Pass a letter."""
        self._at += 1

    def place(self) -> tuple[int, int]:
        """Return the line and column of what comes next."""
        passed = self._text[: self._at]
        lines = passed.count("\n")
        if lines:
            self._line += lines
            self._column = self._at - passed.rindex("\n")
        else:
            self._column += self._at
        self._text, self._at = self._text[self._at :], 0
        return self._line, self._column

    def value(self) -> Any:
        """Return the value that comes next; raise _Cut where it does not end."""
        while True:
            start = self._at
            try:
                found, end = DECODE(self._text, start)
            except json.JSONDecodeError:
                if len(self._text) - self._at > LONGEST or not self._more():
                    raise _Cut from None
                continue
            except RecursionError:
                raise _Cut from None
            if end < len(self._text) or not isinstance(found, (int, float)) or not self._more():
                self._at += end - start
                return found

    def _more(self) -> bool:
        """Read on, as much again as is not yet read; tell whether there was more."""
        if self._ended:
            return False
        block = self._file.read(max(BLOCK, len(self._text) - self._at))
        self._ended = not block
        self.place()
        self._text += self._decoder.decode(block, final=self._ended)
        return not self._ended


def _documents(file: IO[bytes]) -> Iterator[Piece]:
    text = _Text(file)
    try:
        while letter := text.next():
            if letter == "{":
                yield from _object(text)
            elif letter == "[":
                text.skip()
                yield from _listed(text)
            else:
                yield Piece(text.value(), *text.place())
    except _Cut:
        yield Piece(None, *text.place())


def _object(text: _Text) -> Iterator[Piece]:
    """Yield an object: whole, or once for each record that it lists."""
    at = text.place()
    text.skip()
    beside: dict[str, Any] = {}
    taken = False
    while (letter := text.next()) != "}":
        if letter != '"':
            raise _Cut
        name = text.value()
        if text.next() != ":":
            raise _Cut
        text.skip()
        if text.next() == "[" and name in LISTS:
            taken = True
            text.skip()
            for each in _listed(text):
                yield each._replace(value={**beside, name: [each.value]})
        else:
            beside[name] = text.value()
    text.skip()
    if not taken:
        yield Piece(beside, *at)


def _listed(text: _Text) -> Iterator[Piece]:
    while (letter := text.next()) != "]":
        if not letter:
            raise _Cut
        at = text.place()
        yield Piece(text.value(), *at)
    text.skip()
