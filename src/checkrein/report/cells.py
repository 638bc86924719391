"""What a cell of the table says: families of data, by how they come there."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from checkrein.catalog.data_classes import FAMILIES
from checkrein.model import Row
from checkrein.model.addresses import untyped

SEVERAL = 3  # families, from which "all" says more than their names
UNTRUSTED = "untrusted.any"
DIRECT, TAKEOVER, INFLUENCE = "direct", "takeover", "influence"
NAMELESS = {"internet", "browser", "recipients", "users"}  # a deployment's only ones


class Cells(NamedTuple):
    """The words of a row's cells; ``-`` where there is nothing to say."""

    intended: str
    coded: str
    beyond: str


def says_something(row: Row) -> bool:
    """Tell whether a row has anything in any of its cells."""
    return bool(row.risk or row.intended or row.coded or row.potential or row.observed)


def name(row: Row) -> str:
    """Return what tells a row from others of its service; nothing for a deployment's only one."""
    owner, _, kind = row.id.rpartition("/")[2].partition("@")
    return "" if kind in NAMELESS else untyped(owner.removeprefix("host:"))


def cells(row: Row, everything: frozenset[str]) -> Cells:
    """Name a row's data; ``everything`` are the families that the deployment's code handles."""
    known = {*row.intended, *row.coded}
    return Cells(_say(row.intended), _coded(row), _beyond(row, known, everything))


def observed(row: Row) -> str:
    """Name what was seen in a row, where any records were read."""
    return _say(row.observed)


def families(classes: Iterable[str]) -> frozenset[str]:
    """Return the families of some classes of data."""
    return frozenset(map(_family, classes))


@cache
def _family(data: str) -> str:
    return data.partition(".")[0]


def _beyond(row: Row, known: set[str], everything: frozenset[str]) -> str:
    """Name what a row could also hold: first by rights as they are, then through which level."""
    level = {reason.data: reason.level for reason in row.reasons if reason.data not in known}
    direct = {data for data in row.potential if level.get(data, DIRECT) == DIRECT} - known
    said = [_all_or_named(direct, known, everything)] if direct else []
    for further in (TAKEOVER, INFLUENCE):
        more = {data for data, through in level.items() if through == further}
        if more:
            said.append(f"by {further}: {_all_or_named(more, known | direct, everything)}")
    return "; ".join(said) or "-"


def _all_or_named(classes: set[str], known: set[str], everything: frozenset[str]) -> str:
    found = families(classes)
    if len(found) >= SEVERAL and everything <= found | families(known):
        more = [FAMILIES["untrusted"]] if UNTRUSTED in classes else []
        return ", ".join(["all kinds of the app's data", *more])
    return _say(classes, known)


def _coded(row: Row) -> str:
    """Name what code shows; of a row with an intent, only what goes beyond it."""
    beyond = set(row.coded) - set(row.intended)
    if not row.coded or not row.intended:
        return _say(row.coded)
    return f"intended, and {_say(beyond, row.intended)}" if beyond else "as intended"


def _say(classes: Iterable[str], known: Iterable[str] = ()) -> str:
    """Name the families of some classes; one that is partly known already says "more"."""
    return _named(families(classes), families(known))


@cache  # few combinations, which most rows repeat
def _named(found: frozenset[str], before: frozenset[str]) -> str:
    names = [
        f"more {name}" if family in before else name
        for family, name in FAMILIES.items()
        if family in found
    ]
    names += sorted(found - set(FAMILIES))
    return ", ".join(names) or "-"
