"""What records tell, before anybody knows which resource they mean: counted, never kept one by one.

A ``Tally`` holds each different sighting once, with how often it was seen and the first places, so
that memory grows with what an application does and not with how long its logs are. Tallies unite
in any order to the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from heapq import nsmallest

from msgspec import Struct

FIRST = 3  # places that are kept of a sighting
MOST = 50_000  # different sightings: more is no application's record
TOO_MANY = f"more than {MOST} different things happened"
LONGEST = 10_000  # letters of all names in a sighting: ARNs have 2,048 at most
TOO_LONG = "names what is too long to be a name"
SHOWN = 200  # letters of a name that are told
ADDRESS = re.compile(r"[^/@]+@")
At = tuple[str, int, int]  # file, line and column


class Named(Struct, frozen=True, order=True):
    """A resource as a record names it: an ARN, a URL, a physical name, or an id of the app.

    ``type`` is a CloudFormation type where the record tells it, or ``LOG_GROUP``, ``PATH``,
    ``GIVEN``.
    """

    text: str
    type: str = ""


class Actor(Struct, frozen=True, order=True):
    """Who did something, as a record names it: the first that the app knows counts.

    ``shown`` is what to call somebody that it does not know; "" where that is nobody's business.
    """

    names: tuple[Named, ...] = ()
    shown: str = ""
    service: bool = False  # a service of AWS, in its own name


class Sighting(Struct, frozen=True, order=True):
    """One thing that happened; ``kind``, ``operation``, ``data`` and ``path`` as an Observation's.

    ``targets`` are names for the resource, the first that the app knows counts. ``service`` and
    ``operation`` are those of the SDK.
    """

    kind: str
    source: str
    targets: tuple[Named, ...]
    actor: Actor = Actor()
    service: str = ""
    operation: str = ""
    data: str = ""
    path: str = ""


def visible(text: str) -> str:
    """Return a text of a record or path as reports may print it: with no letter that is unseen.

    One that moves a cursor, turns the direction of writing or is half a character could lie, or
    end a report.
    """
    return text if text.isprintable() else "".join(c if c.isprintable() else "\ufffd" for c in text)


def told(name: str) -> str:
    """Return what to call an identity: no address that a person has as one, and no page of text."""
    short = name if len(name) <= SHOWN else f"{name[:SHOWN]}…"
    return ADDRESS.sub("…@", visible(short))


class Tally:
    """How often each sighting was seen, and where first; what was passed over, and why."""

    def __init__(self) -> None:
        self.counts: Counter[Sighting] = Counter()
        self.places: dict[Sighting, tuple[At, ...]] = {}
        self.records: Counter[str] = Counter()  # by their kind
        self.contents: Counter[tuple[Named, ...]] = Counter()  # by what they are of
        self.files: dict[tuple[Named, ...], str] = {}  # the first with such content
        self.lost: Counter[tuple[str, str]] = Counter()  # by file and reason

    def add(self, sighting: Sighting, at: At) -> None:
        """Count a sighting; of one file they come in order."""
        lost = "" if sighting in self.counts else self._refused(sighting)
        if lost:
            self.lose(at[0], lost)
            return
        self.counts[sighting] += 1
        known = self.places.get(sighting, ())
        if len(known) < FIRST:
            self.places[sighting] = (*known, at)

    def hold(self, holder: tuple[Named, ...], file: str, number: int = 1) -> None:
        """Count content by what it is of, and keep the first file by name that has some."""
        self.contents[holder] += number
        self.files[holder] = min(file, self.files.get(holder, file))

    def _refused(self, new: Sighting) -> str:
        names = (*new.targets, *new.actor.names)
        letters = sum(len(name.text) for name in names) + len(new.actor.shown) + len(new.path)
        full = len(self.counts) >= MOST
        return TOO_LONG if letters > LONGEST else TOO_MANY if full else ""

    def lose(self, file: str, reason: str) -> None:
        """Count a record that could not be read."""
        self.lost[file, reason] += 1


def united(tallies: Iterable[Tally]) -> Tally:
    """Put tallies of different files together, in whatever order they come."""
    whole = Tally()
    for each in tallies:
        whole.counts.update(each.counts)
        whole.records.update(each.records)
        for holder, number in each.contents.items():
            whole.hold(holder, each.files[holder], number)
        whole.lost.update(each.lost)
        for sighting, places in each.places.items():
            both = (*whole.places.get(sighting, ()), *places)
            whole.places[sighting] = tuple(nsmallest(FIRST, both))
    return whole
