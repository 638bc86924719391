"""What a check says: a verdict on every subject it judged, with findings where it fails."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from msgspec import Struct

from checkrein.model.places import Evidence, Place
from checkrein.model.surface import Changed
from checkrein.model.values import Path

POSSIBLE = "could hold "  # how a reason begins to say what data rights alone permit


class Outcome(StrEnum):
    """How a check ends for one subject; accepted and known ones are never a pass."""

    PASS = "pass"  # noqa: S105 - not a password
    FAIL = "fail"
    UNDECIDED = "undecided"
    CRASHED = "crashed"
    IGNORED = "ignored"  # fails, and somebody accepted it with a reason
    KNOWN = "known"  # fails, and did so when the baseline was made


class Severity(StrEnum):
    """The fault times the value it endangers times who can reach it; never fixed, never empty."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Persona(StrEnum):
    """Who a verdict is for: everybody, or those who ask for plain hygiene too."""

    REGULAR = "regular"
    AUDITOR = "auditor"


class Change(Struct, frozen=True):
    """What to change: set, remove or append at a path of a source resource, or add a resource.

    ``resource`` is a source resource's id (through ``Resource.origin``), ``path`` starts below
    its ``Properties``, or is ``DeletionPolicy``, ``UpdateReplacePolicy`` or ``DependsOn``, which
    stand beside them. Parents that are not there are made, a list by its index 0. ``operation`` is
    ``set``, ``remove`` or ``append`` (to a list). For ``add`` ``resource`` is the id of one that
    is not there yet, ``value`` its Type and Properties: it gets a free name and its condition.
    """

    resource: str
    path: Path
    operation: str
    value: Any = None


class Edit(Struct, frozen=True):
    """Replace the span at a place with text; an empty span inserts."""

    place: Place
    text: str


class Fix(Struct, frozen=True):
    """A remedy. A safe one keeps what works working, and may be applied unasked."""

    title: str
    safe: bool = False
    changes: tuple[Change, ...] = ()


class Finding(Struct, frozen=True):
    """One thing wrong with one subject: where, what, how we know, what it endangers.

    ``key`` are the facts that make it true, for the fingerprint; never line numbers. ``data`` are
    the classes it is about and ``by`` the nodes through which somebody gets at them (functions,
    ``@anyone``): its severity counts these, and where it names none the rows that it endangers.
    ``lines`` are what is not as ``checkrein.lock`` says: accepting the finding writes them there.
    """

    place: Place
    message: str
    evidence: tuple[Evidence, ...] = ()
    steps: tuple[Evidence, ...] = ()
    cwe: str = ""
    endangers: tuple[str, ...] = ()  # ids of rows
    fix: Fix | None = None
    key: tuple[str, ...] = ()
    confidence: str = "certain"
    fingerprint: str = ""  # filled by the runner
    data: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    fault: int = 0  # 1 to 3 where this finding is worse or better than its check says
    usable: bool = False  # whoever reads it there can use it: a credential in a log
    secret: bool = False  # the span at ``place`` must not be repeated in a log
    lines: tuple[Changed, ...] = ()
    idle: bool = False  # about rights that nothing uses, which nobody outside is known to steer
    over: bool = False  # gives power over whatever lies there: everything, or what a statement says
    hygiene: bool = False  # good practice that nothing here known depends on: for auditors
    cause: Place | None = None  # where the fault stands that this one only follows from
    accepted: str = ""  # by which line of checkrein.lock: it fails, and is no news


class Verdict(Struct, frozen=True):
    """The outcome of one check on one subject; ``reason`` explains severity or outcome."""

    check: str
    subject: str
    outcome: Outcome
    severity: Severity = Severity.LOW
    confidence: str = "certain"
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    score: float = 0.0  # ranks verdicts of one severity; the greater the worse
    persona: Persona = Persona.REGULAR
