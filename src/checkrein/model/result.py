"""What a scan gives back: the app, the verdicts on it, and the edits that would mend it."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from checkrein.model.app import App
from checkrein.model.verdicts import Edit, Finding, Verdict


class Remedy(Struct, frozen=True):
    """A fix in the user's own notation, or the sentence why there is none."""

    edits: tuple[Edit, ...] = ()
    why_not: str = ""


class Ignored(Struct, frozen=True):
    """A finding that the user accepted, and the reason given."""

    check: str
    subject: str
    fingerprint: str
    reason: str


class Result(Struct, frozen=True):
    """The outcome of one scan.

    ``verdicts`` are none where nobody judged; ``held`` are those for another persona than the one
    that was asked for: hygiene, counted and not shown. ``remedies`` are by the fingerprint of the
    finding they mend, where somebody asked for them.
    """

    root: Path
    app: App
    verdicts: tuple[Verdict, ...] = ()
    remedies: dict[str, Remedy] = {}
    ignored: tuple[Ignored, ...] = ()
    held: tuple[Verdict, ...] = ()

    @property
    def findings(self) -> list[Finding]:
        """Every finding of every verdict."""
        return [finding for verdict in self.verdicts for finding in verdict.findings]
