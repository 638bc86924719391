"""What a scan gives back: the app, the verdicts on it, and the edits that would mend it."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from checkrein.model.app import App
from checkrein.model.verdicts import Edit, Finding, Outcome, Verdict


class Remedy(Struct, frozen=True):
    """A fix in the user's own notation, or the sentence why there is none."""

    edits: tuple[Edit, ...] = ()
    why_not: str = ""


class Result(Struct, frozen=True):
    """The outcome of one scan.

    ``verdicts`` are none where nobody judged; ``held`` are those for another persona than the one
    that was asked for: hygiene, counted and not shown. ``remedies`` are by the fingerprint of the
    finding they mend, where somebody asked for them. ``notes`` are sentences about what the scan
    was told: an ignore that nothing answers to, a baseline that has become too long.
    """

    root: Path
    app: App
    verdicts: tuple[Verdict, ...] = ()
    remedies: dict[str, Remedy] = {}
    held: tuple[Verdict, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def findings(self) -> list[Finding]:
        """Every finding that nobody accepted."""
        failing = [verdict for verdict in self.verdicts if verdict.outcome is Outcome.FAIL]
        return [finding for verdict in failing for finding in verdict.findings]
