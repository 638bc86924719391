"""What is known of the requests that get to a place, and fields that only other requests have."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from checkrein.model import Symbol

Ways = frozenset[str]  # what is known of the requests that get somewhere, as facts say it
NOTHING: Ways = frozenset()
FIELDS = frozenset(("method", "path", "resource", "route", "own"))  # a request has one each
BETWEEN = " = "  # what of a request is compared, and the text that it is
SEPARATE = 12  # ways that are told apart at which a field is read


def is_other(here: Ways, there: Ways) -> bool:
    """Tell whether no request is both."""
    ours, theirs = _by_subject(here), _by_subject(there)
    return any(ours[subject] != theirs[subject] for subject in ours.keys() & theirs.keys())


def _by_subject(ways: Ways) -> dict[str, str]:
    found: dict[str, str] = {}
    several: set[str] = set()
    for said in ways:
        subject, between, text = said.rpartition(BETWEEN)
        if not between:
            subject, _, text = said.partition(" ")
            if subject not in FIELDS:
                continue
        if subject in found:
            several.add(subject)
        found[subject] = text
    return {subject: text for subject, text in found.items() if subject not in several}


def told(ways: Ways) -> Iterable[str]:
    """Return of what is known what ``CallSite.request`` says."""
    return (said for said in ways if BETWEEN not in said)


class Reads:
    """At which requests each field of the event was read."""

    __slots__ = ("ways",)

    def __init__(self) -> None:
        self.ways: dict[Symbol, set[Ways]] = {}

    def read(self, symbol: Symbol, ways: Ways) -> bool:
        """Note that a field is read; tell whether that was not known."""
        found = self.ways.setdefault(symbol, set())
        if NOTHING in found or ways in found:
            return False
        if not ways or len(found) >= SEPARATE:
            found.clear()
            ways = NOTHING
        found.add(ways)
        return True

    def missing(self, whole: Symbol, here: Ways) -> frozenset[str]:
        """Return the fields of a symbol that are read, but never where the request is ``here``."""
        below = f"{whole.attribute}." if whole.attribute else ""
        others: dict[str, bool] = {}
        for symbol, every in self.ways.items():
            if symbol.owner == whole.owner and symbol.attribute.startswith(below):
                name = symbol.attribute[len(below) :].partition(".")[0].removesuffix("[]")
                if name:
                    other = all(is_other(here, there) for there in every)
                    others[name] = other and others.get(name, True)
        return frozenset(name for name, other in others.items() if other)
