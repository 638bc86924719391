"""Findings that are new, worse or gone; those that only moved are neither."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from checkrein.model import Evidence, Severity
from checkrein.model.difference import Known, Mark, Part, Point

LEVELS = tuple(Severity)
Name = tuple[str, str, tuple[str, ...], int]


class Findings(NamedTuple):
    """What became of findings; ``accepted`` are those that only somebody's word has ended."""

    new: tuple[Known, ...]
    worse: tuple[Known, ...]
    gone: tuple[Known, ...]
    accepted: int


def findings(before: Iterable[Known], after: Iterable[Known]) -> Findings:
    """Compare findings, the worst first."""
    old, new = _named(before), _named(after)
    standing = {name: each for name, each in old.items() if not each.accepted}
    failing = {name: each for name, each in new.items() if not each.accepted}
    come = [each for name, each in failing.items() if name not in standing]
    gone = [each for name, each in standing.items() if name not in new]
    worse = [
        each
        for name, each in failing.items()
        if name in standing and _level(each) > _level(standing[name])
    ]
    accepted = sum(name in new and name not in failing for name in standing)
    return Findings(_sorted(come), _sorted(worse), _sorted(gone), accepted)


def points(found: Findings) -> Iterator[Point]:
    """Tell the findings, each as one point."""
    lists: tuple[tuple[Mark, tuple[Known, ...]], ...] = (
        ("+", found.new),
        ("~", found.worse),
        ("-", found.gone),
    )
    for mark, listed in lists:
        widens = mark != "-"
        for each in listed:
            yield Point(
                mark=mark,
                part=Part.FINDING,
                widens=widens,
                weight=each.score,
                subject=each.subject,
                head=f"{each.severity}[{each.check}]",
                text=each.message,
                note="more severe than before" if mark == "~" else "",
                cause=(Evidence("", each.place),) if each.place.path else (),
                clause=f"brings a {each.severity} finding: {each.message}" if widens else "",
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
