"""Severity: how bad the fault is × how valuable the data × who can reach it. Never a constant."""

from __future__ import annotations

from msgspec import Struct

from checkrein.checks.exposure import Exposure, exposure
from checkrein.checks.worth import held, worst
from checkrein.model import App, Finding, Row, Severity

CONFIDENCE = {"possible": 0, "likely": 1, "certain": 2}
STARS = ((7, 3), (4, 2), (0, 1))  # the bands of a row's risk: value from, stars
REACH = {Exposure.INSIDE: 1.0, Exposure.AUTHENTICATED: 1.5, Exposure.ANYONE: 2.0}
LEVELS = ((13, Severity.CRITICAL), (8, Severity.HIGH), (4, Severity.MEDIUM), (0, Severity.LOW))
FAULT = {1: "untidy", 2: "a weakness", 3: "a hole"}
SPOKEN = {
    Exposure.INSIDE: "no way in from outside",
    Exposure.AUTHENTICATED: "signed-in callers reach it",
    Exposure.ANYONE: "anyone reaches it",
}


class Grade(Struct, frozen=True):
    """The factors of one finding's severity, from 1 to 18 when multiplied."""

    fault: int
    value: int
    what: str  # the class that gives the value, "" for none
    reach: Exposure

    @property
    def score(self) -> float:
        stars = next(stars for least, stars in STARS if self.value >= least)
        return self.fault * stars * REACH[self.reach]

    @property
    def spoken(self) -> tuple[Severity, str]:
        """Return the severity and the one line that explains it."""
        level = next(level for least, level in LEVELS if self.score >= least)
        worth = f"{self.what} (value {self.value})" if self.what else "no valuable data known"
        return level, f"{level}: {FAULT[self.fault]} × {worth} × {SPOKEN[self.reach]}"


def severity(fault: int, finding: Finding, app: App) -> Grade:
    """Grade a finding by the rows it endangers; the most valuable and the most reachable count."""
    rows = [row for id in finding.endangers if (row := app.get(Row, id))]
    value, what = worst(app, {data for row in rows for data in held(row)})
    reach = max((exposure(app, id) for id in finding.endangers), default=Exposure.INSIDE)
    return Grade(fault, value, what if value else "", reach)
