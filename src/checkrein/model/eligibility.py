"""Eligibility: which services in use a compliance program covers, and what data they hold."""

from __future__ import annotations

from msgspec import Struct


class Standing(Struct, frozen=True):
    """One service in use, and what is said of it.

    ``standing`` is ``in scope``, ``not in scope`` or ``unknown``; ``date`` and ``source`` are those
    of the statement, ``note`` what must be said beside it. ``holds`` are the program's classes of
    data that its ``resources`` are meant to hold or hold by what code does, ``could`` those that
    they could hold besides; ``holding`` and ``able`` are the resources of which that is true.
    ``callers`` are functions that call the service; where it has no resource, what they hold is
    what it could.
    """

    service: str
    standing: str
    date: str = ""
    source: str = ""
    note: str = ""
    resources: tuple[str, ...] = ()
    callers: tuple[str, ...] = ()
    holds: tuple[str, ...] = ()
    holding: tuple[str, ...] = ()
    could: tuple[str, ...] = ()
    able: tuple[str, ...] = ()


class Compliance(Struct, frozen=True):
    """One program, asked of an app; ``asked_by`` are the classes found that suggest it.

    ``standings`` come worst first.
    """

    program: str
    title: str
    asked_by: tuple[str, ...]
    standings: tuple[Standing, ...]

    @property
    def breaches(self) -> tuple[Standing, ...]:
        """The services that hold the program's data and are not in scope."""
        return tuple(s for s in self.standings if s.standing == "not in scope" and s.holds)
