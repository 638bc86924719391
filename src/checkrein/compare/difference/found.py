"""Findings that are new, worse or gone; those that only moved are neither."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from msgspec.structs import replace

from checkrein.compare.words import listed
from checkrein.derive.content.words import short
from checkrein.model import Evidence, Severity
from checkrein.model.difference import Known, Mark, Part, Point
from checkrein.model.verdicts import POSSIBLE

LEVELS = tuple(Severity)
OTHER = "found before too, in other words"
NAMED = 3  # subjects of which a sentence says the same
LITTLE = 0.1  # times the weight, for what was found before
KNOWN = 0.75  # times the weight, for what has only become more severe
LEFT = frozenset({"gone-from-app", "intended-but-not-coded"})  # what a lock accepts for nothing
IN_NO_LOCK = "-not-in-lock]"
Name = tuple[str, str, tuple[str, ...], int]


class Findings(NamedTuple):
    """What became of findings; ``accepted`` are those that only somebody's word has ended.

    ``other`` say something else of the same check and subject than one that is gone, and are no
    more severe: a takeover of 25 functions that was one of 24.
    """

    new: tuple[Known, ...]
    worse: tuple[Known, ...]
    other: tuple[Known, ...]
    gone: tuple[Known, ...]
    accepted: int


def _is_possible(known: Known) -> bool:
    """Tell whether a severity is by data that nothing shows there."""
    return f"; {POSSIBLE}" in known.reason


def findings(
    before: Iterable[Known],
    after: Iterable[Known],
    *,
    narrower: bool = False,
    settled: bool = False,
) -> Findings:
    """Compare findings, the worst first.

    ``narrower`` where nobody can do more than before: a new finding is what is left of one that
    is gone of the same check, whatever it is about now. ``settled`` where nothing could come to
    more nodes and no way in is wider: what was graded by data that is gone, and is graded by what
    could be there instead, has not become worse by that.
    """
    old, new = _named(before), _named(after)
    standing = {name: each for name, each in old.items() if not each.accepted}
    failing = {name: each for name, each in new.items() if not each.accepted}
    come = [each for name, each in failing.items() if name not in standing]
    gone = [each for name, each in standing.items() if name not in new]
    heavier = {
        name: each
        for name, each in failing.items()
        if name in standing and _level(each) > _level(standing[name])
    }
    regraded = [
        each
        for name, each in heavier.items()
        if settled and _is_possible(each) and not _is_possible(standing[name])
    ]
    worse = [each for each in heavier.values() if each not in regraded]
    accepted = sum(name in new and name not in failing for name in standing)
    other = regraded + _paired(come, gone, heavier=False)
    worse += _paired(come, gone, heavier=True)
    if narrower:
        other += _paired(come, gone, heavier=False, anywhere=True)
    return Findings(_sorted(come), _sorted(worse), _sorted(other), _sorted(gone), accepted)


def _paired(
    come: list[Known], gone: list[Known], *, heavier: bool, anywhere: bool = False
) -> list[Known]:
    """Take out of both lists what is one finding told in another way; return it as it is now.

    ``heavier`` are those that have become more severe with it, ``anywhere`` those of any subject.
    """
    pairs = [
        (-SequenceMatcher(None, old.message, new.message).quick_ratio(), place, other)
        for place, new in enumerate(come)
        for other, old in enumerate(gone)
        if old.check == new.check and (anywhere or old.subject == new.subject)
        if heavier == (_level(new) > _level(old))
    ]
    found: dict[int, int] = {}
    for _, place, other in sorted(pairs):
        if place not in found and other not in found.values():
            found[place] = other
    paired = [come[place] for place in sorted(found)]
    come[:] = [each for place, each in enumerate(come) if place not in found]
    gone[:] = [each for place, each in enumerate(gone) if place not in found.values()]
    return paired


def points(found: Findings) -> list[Point]:
    """Tell the findings; of those that say the same of several subjects, all as one point."""
    same: dict[tuple[object, ...], list[Point]] = {}
    for point in _points(found):
        name = (point.mark, point.widens, point.head, point.text, point.note, bool(point.clause))
        same.setdefault(name, []).append(point)
    return [_joined(points) for points in same.values()]


def _joined(same: list[Point]) -> Point:
    """Return several findings as that of the heaviest one, with the subjects of all."""
    first = max(same, key=lambda point: point.weight)
    told = dict.fromkeys((first.subject, *(point.subject for point in same)))
    others = tuple(told)[1:]  # one subject may have it at several places
    if not others:
        return first
    said = f": {listed(map(short, (first.subject, *others)), NAMED)}"
    clause = f"{first.clause}{said}" if first.clause else ""
    return replace(first, text=f"{first.text}{said}", also=others, clause=clause)


def _points(found: Findings) -> Iterator[Point]:
    for each in found.new:
        point = _point(each, "+", "")
        left = replace(point, widens=False, weight=0, clause="")
        yield left if each.check in LEFT else point
    for each in found.worse:
        clause = f"makes a finding {each.severity}: {each.message}"
        point = _point(each, "~", "more severe than before")
        yield replace(point, weight=each.score * KNOWN, clause=clause)
    for each in found.other:
        yield replace(_point(each, "~", OTHER), weight=each.score * LITTLE, clause="")
    for each in found.gone:
        yield replace(_point(each, "-", ""), widens=False, clause="")


def repeats(point: Point) -> bool:
    """Tell whether a finding says of the lock what a point about rights, ways in or flows says."""
    return point.part is Part.FINDING and point.head.endswith(IN_NO_LOCK)


def _point(known: Known, mark: Mark, note: str) -> Point:
    return Point(
        mark=mark,
        part=Part.FINDING,
        widens=True,
        weight=known.score,
        subject=known.subject,
        head=f"{known.severity}[{known.check}]",
        text=known.message,
        note=note,
        cause=(Evidence("", known.place),) if known.place.path else (),
        clause=f"brings a {known.severity} finding: {known.message}",
    )


def _named(known: Iterable[Known]) -> dict[Name, Known]:
    """Return findings by what makes them the same; equal ones are counted."""
    seen: Counter[tuple[str, str, tuple[str, ...]]] = Counter()
    found = {}
    for each in known:
        name = each.check, each.subject, each.key
        seen[name] += 1
        found[*name, seen[name]] = each
    return found


def _level(known: Known) -> int:
    return LEVELS.index(known.severity)


def _sorted(known: Iterable[Known]) -> tuple[Known, ...]:
    return tuple(sorted(known, key=lambda k: (-_level(k), -k.score, k.check, k.subject, k.message)))
