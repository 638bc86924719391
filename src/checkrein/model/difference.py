"""Two versions of an app compared: what is written down of each, and what ``diff`` answers.

``Recorded`` is one version with all that a comparison needs and nothing more: ``scan --save``
writes it. ``compare/`` makes both, ``report/`` shows them.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from typing import Literal

from msgspec import Struct

from checkrein.model.places import NOWHERE, Evidence, Place
from checkrein.model.surface import Changed, Kind, Line
from checkrein.model.verdicts import Severity

Mark = Literal["+", "-", "~"]


class Reach(IntEnum):
    """Who outside can make something happen to a node."""

    INSIDE = 1
    HOLDING = 2  # a secret that the code asks for
    SIGNED_IN = 3
    ANYONE = 4


class Node(Struct, frozen=True):
    """What a reader is told of a resource, a role or another node.

    ``service`` is "" for what is no row of the table. ``people`` says whom outside the app an
    identity stands for ("anyone"). ``alike`` is the same for resources of one type and equal
    properties, whatever those that they name are called; ``bones`` too where they themselves are
    called otherwise by their names, descriptions and handlers.
    """

    service: str = ""
    type: str = ""
    risk: int = 0
    reach: Reach = Reach.INSIDE
    people: str = ""
    place: Place = NOWHERE
    alike: str = ""
    bones: str = ""


class Known(Struct, frozen=True):
    """A finding, by what makes it the same one in another version: check, subject and key."""

    check: str
    subject: str
    key: tuple[str, ...]
    severity: Severity
    message: str
    place: Place = NOWHERE
    reason: str = ""
    confidence: str = "certain"
    score: float = 0
    fingerprint: str = ""
    accepted: bool = False


class Lost(Struct, frozen=True):
    """Something that could not be read; ``fatal`` if it leaves the answer incomplete."""

    path: str
    reason: str
    fatal: bool = True


class Recorded(Struct, frozen=True):
    """One version of an app, as a comparison sees it.

    ``tool`` is the version that read it, ``values`` says what its classes of data are worth.
    """

    tool: str
    nodes: dict[str, Node] = {}
    values: dict[str, int] = {}
    lines: tuple[Line, ...] = ()
    findings: tuple[Known, ...] = ()
    lost: tuple[Lost, ...] = ()


class Version(Struct, frozen=True):
    """A side of a comparison: what people call it, and the commit's id, "" where it is none."""

    name: str
    commit: str = ""


class Part(StrEnum):
    """What a point is about, in the order in which points of equal weight are told."""

    TABLE = "table"
    ENTRY = "entry"
    ACCESS = "access"
    FLOW = "flow"
    FINDING = "finding"
    INTENT = "intent"


class Point(Struct, frozen=True):
    """One thing to tell of a change, and where it comes from.

    ``mark`` is ``+`` for what is new, ``-`` for what is gone, ``~`` for what is another.
    ``widens`` is False where something is taken away. ``weight`` is 0 to 20: the value of the data
    times who can get at it. ``cause`` are the sentences that only one version can say;
    ``also`` are the nodes of which the same is true.
    """

    mark: Mark
    part: Part
    widens: bool
    weight: float
    subject: str  # id of a node
    head: str  # what is told of: "S3 WebsiteBucket"
    text: str  # and what: "could also hold: - -> credentials"
    note: str = ""  # who gets at it
    data: tuple[str, ...] = ()
    cause: tuple[Evidence, ...] = ()
    also: tuple[str, ...] = ()
    clause: str = ""  # what the change does, for a sentence: "lets anyone read …"

    @property
    def joint(self) -> str:
        """What stands between head and text where these are no sentence together."""
        who = self.part is Part.ENTRY and " may " in self.text
        return ": " if who or self.part is Part.FINDING else " "


class Cells(Struct, frozen=True):
    """A row of the table in one version; ``potential`` by level, beyond the coded."""

    intended: tuple[str, ...] = ()
    coded: tuple[str, ...] = ()
    potential: dict[str, tuple[str, ...]] = {}
    risk: int = 0


class RowChange(Struct, frozen=True):
    """A row that differs; ``before`` or ``after`` is None where there is no such row."""

    resource: str
    service: str
    type: str
    before: Cells | None
    after: Cells | None


class Renamed(Struct, frozen=True):
    """A resource or a template that is the same under another name."""

    before: str
    after: str


class Difference(Struct, frozen=True):
    """All that differs between two versions. ``text`` is the most important sentence.

    ``points`` are everything in words, the most valuable first, what is taken away last.
    ``worse`` are findings of both versions that have become more severe, as they are now; ``other``
    say it in other words than before.
    ``notes`` are sentences about the comparison itself, ``lost`` is what could not be read on
    either side; ``sure`` is False where that could change the answer.
    """

    before: Version
    after: Version
    text: str
    points: tuple[Point, ...] = ()
    table: tuple[RowChange, ...] = ()
    changed: tuple[Changed, ...] = ()
    new: tuple[Known, ...] = ()
    worse: tuple[Known, ...] = ()
    other: tuple[Known, ...] = ()
    gone: tuple[Known, ...] = ()
    renamed: tuple[Renamed, ...] = ()
    notes: tuple[str, ...] = ()
    lost: tuple[Lost, ...] = ()
    sure: bool = True

    def of(self, *kinds: Kind) -> list[Changed]:
        """Return the lines of some kinds that differ."""
        return [each for each in self.changed if each.kind in kinds]
