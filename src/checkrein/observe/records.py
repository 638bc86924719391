"""One file of records, of whatever kind: recognised record by record, by content.

What is no known record is content of whatever the file is of: of the resource that it was given
for, or of the one that its path names (``aws/lambda/orders.log``).
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from checkrein.detect.contents import Contents, Found, is_name
from checkrein.observe import access_logs, cloudtrail, logs, stored, traces
from checkrein.observe.shapes import mapping, parsed
from checkrein.observe.sightings import Named, Sighting, Tally
from checkrein.observe.streams import NoText, pieces, taken_apart

PATH = "path"  # a type of name: where a file lies
GIVEN = "given"  # the same: what somebody says a file is of
CUT = "is cut off, or no JSON"
BINARY = "holds no text"
STRANGE = "has a form that nobody expected"
CONTENT = "text"  # the source of what is no known record
FEWEST = 2  # columns of a table
IDLE = frozenset({stored.MANIFEST, "manifest-files.json", "_started"})  # an export's own
Targets = tuple[Named, ...]


class File:
    """Reads one file; ``shown`` is what to call it, ``named`` the resource it was given for."""

    def __init__(self, path: Path, shown: str, named: str, contents: Contents) -> None:
        self._path, self._shown, self._contents = path, shown, contents
        self._holder = (
            (Named(named, GIVEN),) if named else (*stored.table_of(path), Named(shown, PATH))
        )
        self._front: access_logs.CloudFront | None = None
        self._heads: list[str] | None = None  # of a table
        self._tally = Tally()

    def read(self) -> Tally:
        """Return what the file tells; what cannot be read is counted in it."""
        if self._path.name in IDLE:
            return self._tally
        try:
            self._read()
        except NoText:
            self._tally.lose(self._shown, BINARY)
        except (OSError, EOFError) as error:
            why = getattr(error, "strerror", None) or "it is damaged"
            self._tally.lose(self._shown, f"cannot be read: {why}")
        return self._tally

    def _read(self) -> None:
        for piece in pieces(self._path):
            at = self._shown, piece.line, piece.column
            if piece.value is None:
                self._tally.lose(self._shown, CUT)
                continue
            try:
                for sighting in self._told(piece.value, piece.line):
                    self._tally.add(sighting, at)
            except Exception:  # noqa: BLE001 - one record never ends a scan
                self._tally.lose(self._shown, STRANGE)

    def _told(self, value: Any, line: int) -> Iterable[Sighting]:
        if isinstance(value, dict):
            return self._of_json(value, self._holder)
        if isinstance(value, str):
            return self._of_line(value, line)
        return self._content(CONTENT, self._holder, self._contents.of_value(value))

    # -------------------------------------------------------------------------- JSON

    def _of_json(self, value: dict[str, Any], holder: Targets) -> Iterator[Sighting]:
        record = cloudtrail.record_in(value)
        if record is not None:
            self._tally.records[cloudtrail.SOURCE] += 1
            yield from cloudtrail.sightings(record)
            return
        told = [*self._traced(value)]
        if told:
            for each in told:
                yield from each
            return
        messages = logs.messages_in(value)
        if messages is not None:
            for text, groups in messages:
                self._tally.records[logs.SOURCE] += 1
                yield from self._of_message(text, groups or holder)
            return
        yield from self._of_item(value, holder)

    def _traced(self, value: dict[str, Any]) -> Iterator[Iterable[Sighting]]:
        for segment in traces.segments_in(value):
            self._tally.records[traces.XRAY] += 1
            if segment is None:
                self._tally.lose(self._shown, CUT)
            yield traces.of_segment(segment) if segment else ()
        for span, around in traces.spans_in(value):
            self._tally.records[traces.OTEL] += 1
            yield traces.of_span(span, around)

    def _of_item(self, value: dict[str, Any], holder: Targets) -> Iterator[Sighting]:
        items = [*stored.items_in(value)]
        source = stored.SOURCE if items else CONTENT
        self._tally.records[source] += 1
        for item in items or [value]:
            found = self._contents.of_value(item)
            yield from self._content(source, (*logs.running(item), *holder), found)

    def _of_message(self, text: str, holder: Targets) -> Iterator[Sighting]:
        """Yield what a log event tells: a record itself, as services log them, or its content."""
        if text[:1] == "{":
            value = parsed(text)
            if isinstance(value, dict):
                for each in taken_apart(value):
                    yield from self._of_json(each, holder)
                return
        if not logs.PLATFORM.match(text):
            yield from self._content(logs.SOURCE, holder, self._contents.of_text(text))

    # -------------------------------------------------------------------------- text

    def _of_line(self, line: str, number: int) -> Iterable[Sighting]:
        if line.startswith(access_logs.FIELDS):
            self._front = access_logs.CloudFront(line)
        if self._front is not None:
            return self._of_front(line, self._front)
        known = access_logs.s3(line, self._contents) or access_logs.balancer(line, self._contents)
        if known:
            self._tally.records[known[0].source] += 1
            return known
        if number == 1:
            self._heads = _heads(line, self._contents)
            if self._heads:
                return ()
        self._tally.records[CONTENT] += 1
        if self._heads:
            return self._of_row(line, self._heads)
        start = line.find("{")
        return () if logs.PLATFORM.match(line) else self._of_words(line, start)

    def _of_words(self, line: str, start: int) -> Iterator[Sighting]:
        """Yield what a line of a log tells; a message in JSON may say whose it is."""
        holder = self._holder
        if start >= 0 and '"function_' in line:
            holder = (*logs.running(mapping(parsed(line[start:]))), *holder)
        yield from self._content(CONTENT, holder, self._contents.of_text(line))

    def _of_front(self, line: str, front: access_logs.CloudFront) -> Iterable[Sighting]:
        if line.startswith("#"):
            return ()
        self._tally.records[front.SOURCE] += 1
        try:
            return front.read(line, self._holder, self._contents)
        except ValueError:
            self._tally.lose(self._shown, CUT)
            return ()

    def _of_row(self, line: str, heads: list[str]) -> Iterator[Sighting]:
        cells = _cells(line)
        if len(cells) == len(heads):
            found = self._contents.of_value(dict(zip(heads, cells, strict=True)))
            yield from self._content(CONTENT, self._holder, found)
        else:
            self._tally.lose(self._shown, CUT)

    def _content(self, source: str, holder: Targets, found: Iterable[Found]) -> Iterator[Sighting]:
        self._tally.hold(holder, self._shown)
        for path, data in sorted(found):
            yield Sighting("content", source, holder, data=data, path=path)


def _cells(line: str) -> list[str]:
    """Return the cells of a line, none for one that no table has."""
    try:
        return next(csv.reader([line]), [])
    except csv.Error:  # a cell longer than 131,072 letters, a carriage return in the middle
        return []


def _heads(line: str, contents: Contents) -> list[str] | None:
    """Return the columns' names that a table of comma-separated values begins with, or None.

    One of them has to be known: the first of some rows without heads looks like names too.
    """
    cells = [cell.strip() for cell in _cells(line)]
    are_names = len(cells) >= FEWEST and " " not in line and all(map(is_name, cells))
    return cells if are_names and contents.knows_one(cells) else None
