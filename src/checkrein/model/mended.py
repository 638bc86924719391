"""What ``fix`` gives back: what was mended, what was left and why, and the files' new texts."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from checkrein.model.result import Result
from checkrein.model.verdicts import Finding, Fix, Severity


class Why(StrEnum):
    """Why a finding was left."""

    DECISION = "decision"  # there is a remedy, and no text that only one answer fits
    UNSAFE = "unsafe"  # it may change what works, and nobody asked for such
    CANNOT = "cannot"  # the file leaves no place for it
    REFUSED = "refused"  # it was tried: it did not help, or something else broke


class Mend(Struct, frozen=True):
    """A finding with its fix: one that was mended or, with a reason, left."""

    check: str
    subject: str
    severity: Severity
    finding: Finding
    fix: Fix
    files: tuple[str, ...] = ()  # that it changed
    why: Why | None = None
    reason: str = ""


class Mended(Struct, frozen=True):
    """The app before and after, by what was mended in it.

    ``files`` holds, by path below the root, the bytes that were read and the text that is to be
    written in their place.
    """

    before: Result
    after: Result
    done: tuple[Mend, ...] = ()
    left: tuple[Mend, ...] = ()
    files: dict[str, tuple[bytes, str]] = {}

    @property
    def root(self) -> Path:
        return self.before.root
