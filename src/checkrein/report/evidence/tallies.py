"""What the checks found, counted by check and by control."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from checkrein.catalog.frameworks import Framework
from checkrein.model import Outcome, Persona, Verdict
from checkrein.model.result import Result

COLUMNS = ("passed", "failed", "undecided", "accepted", "held back")
NOT_COVERED = "not covered"
NOTHING = "nothing to judge"
STANDINGS = {  # of a control, by what counts most
    "failed": "with findings",
    "undecided": "undecided",
    "held back": "with findings held back",
    "accepted": "with accepted findings",
    "passed": "with passes only",
}


class Question(Struct, frozen=True):
    """A check as evidence needs it: its name, what is wrong where it fails, its controls' ids."""

    id: str
    title: str
    controls: tuple[str, ...]


class Tally(Struct, frozen=True):
    """The verdicts of one check. ``accepted`` fail and somebody gave a reason.

    ``held`` fail as plain hygiene, on which nothing known of the app depends; an undecided one is
    one that could not be judged, a crash of the check too.
    """

    check: Question
    verdicts: tuple[Verdict, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Numbers by :data:`COLUMNS`; each verdict is in one of them."""
        counted = Counter(column(verdict) for verdict in self.verdicts)
        return {name: counted[name] for name in COLUMNS}


class Control(Struct, frozen=True):
    """One control of the framework, and the checks that speak to it."""

    number: str
    words: str
    tallies: tuple[Tally, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Numbers by :data:`COLUMNS` over its checks."""
        return {name: sum(tally.counts[name] for tally in self.tallies) for name in COLUMNS}

    @property
    def standing(self) -> str:
        """What counts most: findings before doubts, doubts before what was held back or accepted.

        ``nothing to judge`` where its checks found no subject, ``not covered`` where it has none.
        """
        if not self.tallies:
            return NOT_COVERED
        counts = self.counts
        return next((said for name, said in STANDINGS.items() if counts[name]), NOTHING)


def column(verdict: Verdict) -> str:
    """Return in which column a verdict is counted."""
    if verdict.outcome in {Outcome.FAIL, Outcome.KNOWN}:
        return "held back" if verdict.persona is Persona.AUDITOR else "failed"
    named = {Outcome.PASS: "passed", Outcome.IGNORED: "accepted"}
    return named.get(verdict.outcome, "undecided")


def all_verdicts(result: Result) -> list[Verdict]:
    """Return every verdict, those for auditors too, by check and subject."""
    both = [*result.verdicts, *result.held]
    return sorted(both, key=lambda verdict: (verdict.check, verdict.subject, verdict.reason))


def tallied(framework: Framework, checks: Sequence[Question], result: Result) -> list[Control]:
    """Return the framework's controls in its order, without the headings of sections."""
    by_check: dict[str, list[Verdict]] = {check.id: [] for check in checks}
    for verdict in all_verdicts(result):
        by_check.setdefault(verdict.check, []).append(verdict)
    tallies = {check.id: Tally(check, tuple(by_check[check.id])) for check in checks}
    speaking: dict[str, list[Tally]] = {}
    for check in checks:
        for id in check.controls:
            speaking.setdefault(id, []).append(tallies[check.id])
    return [
        Control(number, _words(framework, number), tuple(speaking.get(id, ())))
        for number in framework.controls
        if (id := f"{framework.prefix}{number}") in speaking or not _is_heading(framework, number)
    ]


def _is_heading(framework: Framework, number: str) -> bool:
    """Tell a section (``7.2``) from what it holds, though ``7.2.5`` holds something too."""
    within = f"{number}."
    return number.count(".") == 1 and any(other.startswith(within) for other in framework.controls)


def _words(framework: Framework, number: str) -> str:
    """Return a control's words, or those of the nearest section above that has some."""
    while number and not framework.controls.get(number):
        number = number.rpartition(".")[0]
    return framework.controls.get(number, "")
