"""Severity: how bad the fault is × how valuable the data × who can reach it. Never a constant.

What is only possible is held at medium, and nothing is critical that is only likely: of such
findings, read on applications unknown to us (``docs/truth.md``) fewer than half were
true, and an alarm that is mostly false is none.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from checkrein.catalog.data_classes import title
from checkrein.checks.exposure import Exposure, anonymous, exposure
from checkrein.checks.worth import held, worst
from checkrein.model import App, Finding, Resource, Row, Severity
from checkrein.model.verdicts import POSSIBLE

CONFIDENCE = {"possible": 0, "likely": 1, "certain": 2}
STARS = ((7, 3), (4, 2), (0, 1))  # the bands of a row's risk: value from, stars
REACH = {
    Exposure.INSIDE: 1.0,
    Exposure.HOLDING: 1.25,
    Exposure.RANKED: 1.25,
    Exposure.AUTHENTICATED: 1.5,
    Exposure.ANYONE: 2.0,
}
LEVELS = ((13, Severity.CRITICAL), (8, Severity.HIGH), (4, Severity.MEDIUM), (0, Severity.LOW))
MOST = {"possible": 7.5, "likely": 12.5}  # scores: the worst of medium, and of high
FAULT = {1: "a small fault", 2: "a fault", 3: "a serious fault"}
SPOKEN = {
    Exposure.INSIDE: "no open way in from outside",
    Exposure.HOLDING: "whoever holds its secret can reach it",
    Exposure.RANKED: "whoever has a role that its code asks for can reach it",
    Exposure.AUTHENTICATED: "signed-in callers can reach it",
    Exposure.ANYONE: "anyone can reach it",
}
UNKNOWN = 4  # the value below which a class says nothing of what lies there
BLIND = 2  # stars, at least, of what somebody gets power over without anybody knowing its data
OVER = "power over data that nobody here knows"
TOLD = "whoever reads it can use it"
DOUBTED = "no more, for it is only"
IDLE = "more than its code is known to do, and nobody outside is known to steer it"


class Grade(Struct, frozen=True):
    """The factors of one finding's severity, from 1 to 18 when multiplied."""

    fault: int
    value: int
    what: str  # the class that gives the value, "" for none
    reach: Exposure
    known: bool = True  # False where nothing shows the data there, and rights alone permit it
    idle: bool = False  # rights that nothing uses: who reaches the code has not reached them
    over: bool = False  # gives power over whatever lies there, whether known or not
    told: bool = False  # a secret that is no secret to who reads it
    sure: str = ""  # how little sure, where that holds it below its score

    @property
    def score(self) -> float:
        return MOST.get(self.sure, self._full)

    @property
    def _full(self) -> float:
        stars = next(stars for least, stars in STARS if self.value >= least)
        return self.fault * max(stars, BLIND if self.over else 0) * REACH[self.reach]

    @property
    def spoken(self) -> tuple[Severity, str]:
        """Return the severity and the one line that explains it."""
        level = next(level for least, level in LEVELS if self.score >= least)
        held = f"; {DOUBTED} {self.sure}" if self.sure in MOST else ""
        return level, f"{level}: {FAULT[self.fault]}; {self._worth}; {self._reached}{held}"

    @property
    def _reached(self) -> str:
        if self.told:
            return TOLD
        return IDLE if self.idle else SPOKEN[self.reach]

    @property
    def _worth(self) -> str:
        if self.over and self.value < UNKNOWN:
            return OVER
        if not self.what:
            return "no valuable data known"
        return f"{'' if self.known else POSSIBLE}{title(self.what)} (value {self.value})"


def severity(fault: int, finding: Finding, app: App) -> Grade:
    """Grade a finding by its own data and the ways to it, else by the rows it endangers.

    The most valuable and the most reachable count.
    """
    rows = [row for id in finding.endangers if (row := app.get(Row, id))]
    value, what = worst(app, finding.data or {data for row in rows for data in _held(app, row)})
    certain = {*finding.data, *(d for r in rows for d in (*r.intended, *r.coded, *r.observed))}
    through = () if finding.idle else finding.by or finding.endangers
    reach = max((_reach(app, id) for id in through), default=Exposure.INSIDE)
    # by no way but the text itself; what some callers show is read by others than who calls
    told = finding.secret and reach is Exposure.INSIDE
    told = told or (finding.usable and Exposure.INSIDE < reach < Exposure.AUTHENTICATED)
    grade = Grade(
        finding.fault or fault,
        value,
        what if value else "",
        Exposure.AUTHENTICATED if told else reach,
        what in certain,
        finding.idle,
        finding.over,
        told,
    )
    most = MOST.get(finding.confidence)
    return grade if most is None or grade.score <= most else replace(grade, sure=finding.confidence)


def _held(app: App, row: Row) -> set[str]:
    """Return what a row counts for: of what nobody declares not what could come to be there."""
    resource = app.get(Resource, row.id)
    if resource is not None and resource.is_undeclared:
        return {*row.intended, *row.coded, *row.observed}
    return held(row)


def _reach(app: App, id: str) -> Exposure:
    return Exposure.ANYONE if anonymous(id) else exposure(app, id)
