"""Files of records, read piece by piece: JSON values and lines of text, each with its place.

A log may be larger than memory, so nothing holds more than one piece and a block of what follows
it. A document that lists records is taken apart at the list; each record comes with what stands
beside the list before it, as ``{"logGroup": …, "logEvents": [record]}``.

Records may be hostile: whoever calls an app has a say in its logs. So time grows with the size of
a file and no faster, and what is packed may not unpack to any size.
"""

from __future__ import annotations

import codecs
import errno
import gzip
import io
import json
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, NamedTuple

from checkrein import archives, files
from checkrein.observe.shapes import parsed

HEAD = 1 << 16  # bytes, by which the form of a file is told
BLOCK = 1 << 20
LONGEST = 16 << 20  # bytes of a line or letters of a value: what is longer is no record
GZIP = b"\x1f\x8b"
ANSWERS = frozenset({"searchedLogStreams", "statistics", "ConsumedCapacity"})  # of an API
MEMBERS = 200  # of a document that lists records, or is read member by member
NAME = 2_000  # letters; what is longer names nothing
SPAN = frozenset({"traceId", "trace_id", "context"})  # one's events are no records
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
                yield io.BufferedReader(_Bounded(inside, file), BLOCK)
        else:
            yield file


class _Bounded(io.RawIOBase):
    """What comes out of a packed file; raises OSError where that is no honest amount."""

    def __init__(self, inside: gzip.GzipFile, packed: IO[bytes]) -> None:
        self._inside, self._packed, self._given = inside, packed, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        found = self._inside.read(len(buffer))
        self._given += len(found)
        if archives.is_bomb(self._given, self._packed.tell()):
            raise OSError(errno.EFBIG, archives.BOMB)
        buffer[: len(found)] = found
        return len(found)


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
    except (ValueError, RecursionError):  # a number of thousands of digits
        return False
    return True


def _begins_with_value(head: bytes) -> bool:
    """Tell whether the first line is a JSON value, and others follow."""
    first, newline, _ = head.removeprefix(codecs.BOM_UTF8).lstrip().partition(b"\n")
    return first[:1] in {b"{", b"["} and bool(newline) and parsed(first) is not None


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
        value = parsed(line)
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
    lists = {n for n, each in value.items() if isinstance(each, list) and _lists(n, value.keys())}
    if not lists:
        yield value
        return
    beside = _Beside()
    for name, each in value.items():
        if name not in lists:
            beside.add(name, each)
    for name in sorted(lists):
        for each in value[name]:
            yield beside.record(name, each)
    yield from beside.rest()


def _lists(name: str, beside: Collection[str]) -> bool:
    """Tell whether a member lists records, by the names beside it."""
    return name in LISTS and (name != "events" or SPAN.isdisjoint(beside))


class _Beside:
    """What stands beside lists of records: texts and numbers go with each, all else with one."""

    def __init__(self) -> None:
        self._plain: dict[str, Any] = {}
        self._nested: dict[str, Any] = {}

    def add(self, name: str, value: Any) -> None:
        """Add a member; those beyond the first are left out."""
        if name not in ANSWERS and len(self._plain) + len(self._nested) < MEMBERS:
            is_plain = not isinstance(value, (dict, list)) and len(str(value)) <= NAME
            (self._plain if is_plain else self._nested)[name] = value

    def names(self) -> set[str]:
        return {*self._plain, *self._nested}

    def whole(self) -> dict[str, Any]:
        return {**self._plain, **self._nested}

    def record(self, name: str, value: Any) -> dict[str, Any]:
        """Return a document of one record."""
        found = {**self.whole(), name: [value]}
        self._nested.clear()
        return found

    def rest(self) -> Iterator[dict[str, Any]]:
        """Yield what went with no record."""
        if self._nested:
            yield self.whole()


# ------------------------------------------------------------------------------ documents


class _Cut(Exception):
    """Raised where a document ends, or is no JSON, before its end."""


class _Text:
    """A stretch of a file's text, with the number of the line where it begins."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._text, self._at = "", 0
        self._line, self._column, self._placed = 1, 1, 0
        self._before = 0
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

    @property
    def passed(self) -> int:
        """The number of letters before what comes next."""
        return self._before + self._at

    def skip(self) -> None:
        """Pass a letter."""
        self._at += 1

    def place(self) -> tuple[int, int]:
        """Return the line and column of what comes next."""
        lines = self._text.count("\n", self._placed, self._at)
        if lines:
            self._line += lines
            self._column = self._at - self._text.rindex("\n", self._placed, self._at)
        else:
            self._column += self._at - self._placed
        self._placed = self._at
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
            except (ValueError, RecursionError):
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
        rest = self._text[self._at :]
        self._before += self._at
        self._text, self._at = rest + self._decoder.decode(block, final=self._ended), 0
        self._placed = 0
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
    at, start = text.place(), text.passed
    text.skip()
    beside, taken = _Beside(), False
    while (letter := text.next()) != "}":
        if letter != '"':
            raise _Cut
        name = text.value()
        if text.next() != ":":
            raise _Cut
        text.skip()
        if text.next() == "[" and _lists(name, beside.names()):
            taken = True
            text.skip()
            for each in _listed(text):
                yield each._replace(value=beside.record(name, each.value))
            continue
        value = text.value()
        if text.passed - start <= LONGEST:
            beside.add(name, value)
    text.skip()
    for whole in beside.rest() if taken else [beside.whole()]:
        yield Piece(whole, *at)


def _listed(text: _Text) -> Iterator[Piece]:
    while (letter := text.next()) != "]":
        if not letter:
            raise _Cut
        at = text.place()
        yield Piece(text.value(), *at)
    text.skip()
