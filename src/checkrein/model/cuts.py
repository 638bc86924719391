"""What to take away so that a row holds no more than it is meant to: ``compare/cuts`` finds it."""

from __future__ import annotations

from msgspec import Struct

from checkrein.model.places import NOWHERE, Evidence, Place
from checkrein.model.verdicts import Edit


class Removed(Struct, frozen=True):
    """One thing to take away: a statement or a part, a trigger, a setting; or a guard to put in."""

    kind: str
    text: str
    place: Place = NOWHERE


class Cut(Struct, frozen=True):
    """A set of things whose removal keeps classes out of a row, and no smaller set of them does.

    ``proved``: the app was derived again without them. ``breaks`` is what then no longer works,
    nothing if no code uses it; ``doubts`` say where that cannot be told. ``rows`` are the others
    that could hold less as well. ``edits`` make the change, else ``why_not`` says why none do.
    """

    removed: tuple[Removed, ...]
    proved: bool
    breaks: tuple[Evidence, ...] = ()
    doubts: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    why_not: str = ""


class Kept(Struct, frozen=True):
    """Classes that can be kept out of a row, and the cheapest cuts that keep all of them out.

    ``switching`` where only cuts with a trigger or a setting do. Where there are none,
    ``least`` is how many things have to go at least, and ``enough`` a set of any size that does.
    ``stopped`` where time was
    up before all sets were looked at, ``looked`` is how many were.
    """

    data: tuple[str, ...]
    cuts: tuple[Cut, ...] = ()
    switching: bool = False
    least: int = 0
    enough: Cut | None = None
    stopped: bool = False
    looked: int = 0


class Stays(Struct, frozen=True):
    """A class that nothing here keeps out: how code itself may bring it."""

    data: str
    steps: tuple[Evidence, ...]


class Cuts(Struct, frozen=True):
    """All that can be taken away against what one row could hold beyond its intent.

    ``excess`` are the classes beyond what it is meant to hold and what code puts there; ``coded``
    are those that code puts there without being meant to, which no cut changes.
    """

    subject: str
    service: str
    text: str
    intended: tuple[str, ...]
    excess: tuple[str, ...]
    coded: tuple[str, ...] = ()
    kept: tuple[Kept, ...] = ()
    stays: tuple[Stays, ...] = ()
    notes: tuple[str, ...] = ()
