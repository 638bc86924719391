"""What is known of the requests that get to a place, and fields that only other requests have."""

from __future__ import annotations

from functools import lru_cache, reduce
from typing import TYPE_CHECKING

from checkrein.code.domain.arms import BREADTH
from checkrein.code.domain.requested import FIELD, FORM, METHOD, OWN, PATH, RESOURCE, ROUTE

if TYPE_CHECKING:
    from checkrein.model import Symbol

Ways = frozenset[str]  # what is known of the requests that get somewhere, as facts say it
Requests = frozenset[Ways]  # each a whole one: all that is known of it
NOTHING: Ways = frozenset()
FIELDS = frozenset((METHOD, PATH, RESOURCE, ROUTE, OWN, FIELD))  # a request has one each
BETWEEN = " = "  # what of a request is compared, and the text that it is
WANTED = 24  # texts that requests are told apart by: what they call is run for each of them
SEPARATE = 32  # ways that are told apart at which a field is read


def is_other(here: Ways, there: Ways) -> bool:
    """Tell whether no request is both."""
    ours, theirs = _by_subject(here), _by_subject(there)
    return any(ours[subject] != theirs[subject] for subject in ours.keys() & theirs.keys())


@lru_cache(maxsize=4096)
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


def either(known: Requests, one: Ways) -> Requests:
    """Return what requests may be, with one more.

    Of too many, which they are, and not what they ask for; else what they have in common.
    """
    found = _least(known, one)
    if len(found) > BREADTH:
        nothing: Requests = frozenset()
        found = reduce(_least, map(_which, found), nothing)
    return found if len(found) <= BREADTH else frozenset((frozenset.intersection(*found),))


def _least(known: Requests, one: Ways) -> Requests:
    """Return the least that is known of requests, with one more."""
    if any(each <= one for each in known):
        return known
    return frozenset((one, *(each for each in known if not one <= each)))


def _which(ways: Ways) -> Ways:
    """Return what is known of which request it is, without what it asks for."""
    return frozenset(said for said in ways if BETWEEN not in said)


def told(requests: Requests) -> tuple[tuple[str, ...], ...]:
    """Return of what requests may be what ``CallSite.request`` says."""
    every = {tuple(sorted(_which(ways))) for ways in requests}
    tells = all(any(not said.startswith(f"{FORM} ") for said in one) for one in every)
    return tuple(sorted(every)) if tells else ()


class Reads:
    """At which requests each field of the event was read."""

    __slots__ = ("_missing", "ways")

    def __init__(self) -> None:
        self.ways: dict[Symbol, set[Ways]] = {}
        self._missing: dict[tuple[Symbol, Ways], frozenset[str]] = {}  # asked since the last read

    def read(self, symbol: Symbol, ways: Ways) -> bool:
        """Note that a field is read; tell whether that was not known."""
        found = self.ways.setdefault(symbol, set())
        if NOTHING in found or ways in found:
            return False
        if not ways or len(found) >= SEPARATE:
            found.clear()
            ways = NOTHING
        found.add(ways)
        self._missing.clear()
        return True

    def requests(self, symbol: Symbol) -> tuple[tuple[str, ...], ...]:
        """Return at which requests a field is read, as ``EventRead.request`` says it."""
        return told(frozenset(self.ways.get(symbol, ())))

    def missing(self, whole: Symbol, here: Ways) -> frozenset[str]:
        """Return the fields of a symbol that are read, but never where the request is ``here``."""
        asked = whole, here
        if asked not in self._missing:
            self._missing[asked] = self._never(whole, here)
        return self._missing[asked]

    def _never(self, whole: Symbol, here: Ways) -> frozenset[str]:
        below = f"{whole.attribute}." if whole.attribute else ""
        others: dict[str, bool] = {}
        for symbol, every in self.ways.items():
            if symbol.owner == whole.owner and symbol.attribute.startswith(below):
                name = symbol.attribute[len(below) :].partition(".")[0].removesuffix("[]")
                if name:
                    other = all(is_other(here, there) for there in every)
                    others[name] = other and others.get(name, True)
        return frozenset(name for name, other in others.items() if other)
