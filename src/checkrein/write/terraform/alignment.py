"""What stands below each other in neighbouring lines, kept so where edits change some of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from checkrein.model import Edit, Place
from checkrein.write.terraform.scene import Lookup

STARTS = ("#", "//")
ASSIGNED = re.compile(r"( *[\w-]+) +(?==(?!=).*\S)")


class _Line(NamedTuple):
    """What stands in a line below its neighbours': where it begins, and what is before ends."""

    number: int
    before: int
    at: int


Found = Callable[[list[str], int], _Line | None]


def realigned(edits: list[Edit], text_of: Lookup) -> Iterator[Edit]:
    """Yield the edits of spaces, before ``=`` and comments, that other edits make necessary.

    Only what stands as ``terraform fmt`` has it is moved.
    """
    by_file: defaultdict[str, list[Edit]] = defaultdict(list)
    for edit in edits:
        by_file[edit.place.path].append(edit)
    for path, some in by_file.items():
        lines = text_of(path).split("\n")
        tighter = list(_tightened(path, lines, some))
        yield from tighter
        yield from _commented(path, lines, [*some, *tighter])


def _tightened(path: str, lines: list[str], edits: list[Edit]) -> Iterator[Edit]:
    """Yield the edits of lines that stay, where the longest argument of their run goes."""
    _, gone = _grown(lines, edits)
    fresh = {edit.place.line for edit in edits if edit.text and edit.place.line not in gone}
    for run in _runs(lines, sorted(gone), _assigned):
        if not {each.number for each in run} & fresh:
            yield from _moved(path, [each for each in run if each.number not in gone], {})


def _commented(path: str, lines: list[str], edits: list[Edit]) -> Iterator[Edit]:
    grown, gone = _grown(lines, edits)
    for run in _runs(lines, sorted(grown.keys() | gone), _comment):
        yield from _moved(path, [each for each in run if each.number not in gone], grown)


def _moved(path: str, left: list[_Line], grown: dict[int, int]) -> Iterator[Edit]:
    column = max((each.before + grown.get(each.number, 0) for each in left), default=0) + 1
    for line in left:
        wider = column - line.at - grown.get(line.number, 0)
        if wider:
            start = line.at + min(wider, 0)
            place = Place(path, line.number, start + 1, line.number, line.at + 1)
            yield Edit(place, " " * max(wider, 0))


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
    return {n: more for n, more in grown.items() if more and _comment(lines, n)}, gone


# --------------------------------------------------------------------------------------- runs


def _runs(lines: list[str], numbers: Iterable[int], found: Found) -> Iterator[list[_Line]]:
    """Yield the runs of neighbouring lines in which some lines are, where they are aligned."""
    done: set[int] = set()
    for number in numbers:
        run = _run(lines, number, found) if number not in done else []
        done |= {each.number for each in run}
        column = max((each.before for each in run), default=0) + 1
        if run and all(each.at == column for each in run):
            yield run


def _run(lines: list[str], number: int, found: Found) -> list[_Line]:
    run = [own] if (own := found(lines, number)) else []
    for step in (-1, 1):
        at = number + step
        while run and (near := found(lines, at)):
            run.append(near)
            at += step
    return run


def _assigned(lines: list[str], number: int) -> _Line | None:
    """Return where the ``=`` of an argument on one line is."""
    text = lines[number - 1] if 0 < number <= len(lines) else ""
    known = ASSIGNED.match(text)
    if not known or text.rstrip().endswith(("{", "[", "(")):
        return None
    return _Line(number, known.end(1), known.end())


def _comment(lines: list[str], number: int) -> _Line | None:
    """Return where the comment behind something is."""
    text = lines[number - 1] if 0 < number <= len(lines) else ""
    quoted, at = False, 0
    while at < len(text):
        if text[at] == '"':
            quoted = not quoted
        elif quoted and text[at] == "\\":
            at += 1
        elif not quoted and text.startswith(STARTS, at):
            before = len(text[:at].rstrip())
            return _Line(number, before, at) if before else None
        at += 1
    return None
