"""Comments at the ends of lines, kept below each other where edits move what stands before them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from checkrein.model import Edit, Place
from checkrein.write.terraform.scene import Lookup

STARTS = ("#", "//")


class _Line(NamedTuple):
    """A line that ends with a comment: where its code ends and its comment begins, from 0."""

    number: int
    code: int
    comment: int


def realigned(edits: list[Edit], text_of: Lookup) -> Iterator[Edit]:
    """Yield the edits of spaces before comments that other edits make necessary.

    Comments of neighbouring lines move only where they stand as ``terraform fmt`` has them.
    """
    by_file: defaultdict[str, list[Edit]] = defaultdict(list)
    for edit in edits:
        by_file[edit.place.path].append(edit)
    for path, some in by_file.items():
        yield from _in_file(path, text_of(path).split("\n"), some)


def _in_file(path: str, lines: list[str], edits: list[Edit]) -> Iterator[Edit]:
    grown, gone = _grown(lines, edits)
    done: set[int] = set()
    for number in sorted(grown.keys() | gone):
        run = _run(lines, number) if number not in done else []
        done |= {each.number for each in run}
        left = [each for each in run if each.number not in gone]
        if not left or not _is_aligned(run):
            continue
        column = max(each.code + grown.get(each.number, 0) for each in left) + 1
        for line in left:
            wider = column - line.comment - grown.get(line.number, 0)
            if wider:
                yield _spaced(path, line, wider)


def _grown(lines: list[str], edits: Iterable[Edit]) -> tuple[dict[int, int], set[int]]:
    """Return by how much lines become longer before their comments, and which go whole."""
    grown: defaultdict[int, int] = defaultdict(int)
    gone: set[int] = set()
    for edit in edits:
        place = edit.place
        if place.line == place.end_line and "\n" not in edit.text:
            grown[place.line] += len(edit.text) - (place.end_column - place.column)
        elif not edit.text and place.column == place.end_column == 1:
            gone.update(range(place.line, place.end_line))
    return {n: more for n, more in grown.items() if more and _line(lines, n)}, gone


def _run(lines: list[str], number: int) -> list[_Line]:
    """Return the neighbouring lines that end with comments, this one among them."""
    found = [own] if (own := _line(lines, number)) else []
    for step in (-1, 1):
        at = number + step
        while found and (near := _line(lines, at)):
            found.append(near)
            at += step
    return found


def _line(lines: list[str], number: int) -> _Line | None:
    text = lines[number - 1] if 0 < number <= len(lines) else ""
    quoted, at = False, 0
    while at < len(text):
        if text[at] == '"':
            quoted = not quoted
        elif quoted and text[at] == "\\":
            at += 1
        elif not quoted and text.startswith(STARTS, at):
            code = len(text[:at].rstrip())
            return _Line(number, code, at) if code else None
        at += 1
    return None


def _is_aligned(run: list[_Line]) -> bool:
    column = max(each.code for each in run) + 1
    return all(each.comment == column for each in run)


def _spaced(path: str, line: _Line, wider: int) -> Edit:
    """Return the edit right before a comment that moves it."""
    start = line.comment + min(wider, 0)
    place = Place(path, line.number, start + 1, line.number, line.comment + 1)
    return Edit(place, " " * max(wider, 0))
