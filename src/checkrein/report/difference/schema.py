"""The document that a program reads of a difference, as types: its schema comes from them.

Within schema 1 keys may be added; none goes away or changes its meaning.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from checkrein.model import Place, Severity
from checkrein.model.difference import Part
from checkrein.report.schema import Class, Id, Sentence, Sure, Tool, published


class Side(Struct, frozen=True):
    """A version: what it is called, and the commit's id, empty for what is no commit."""

    name: str
    commit: str


class Cells(Struct, frozen=True):
    """A row of the table in one version."""

    intended: tuple[Class, ...]
    coded: tuple[Class, ...]
    potential: Annotated[
        dict[str, tuple[Class, ...]],
        Meta(description="Beyond the coded, by level: direct, takeover, influence."),
    ]
    risk: Annotated[int, Meta(ge=0, le=3, description="Stars.")]


class Row(Struct, frozen=True):
    """A row that differs; before or after is null where there is no such row."""

    resource: Id
    service: str
    type: str
    before: Cells | None
    after: Cells | None


class Line(Struct, frozen=True):
    """A statement about one version: who, about what, and which values are new or gone."""

    kind: str
    owner: Id
    key: str
    values: tuple[str, ...]
    because: list[Sentence]


class Lines(Struct, frozen=True):
    """Lines that are there only after the change, or only before it."""

    added: list[Line]
    removed: list[Line]


class Finding(Struct, frozen=True):
    """A finding of one version."""

    check: str
    subject: Id
    severity: Severity
    confidence: Sure
    message: str
    place: Place | None
    reason: str
    fingerprint: str


class Findings(Struct, frozen=True):
    """What became of findings; those that only moved are none of these."""

    new: list[Finding]
    worse: Annotated[list[Finding], Meta(description="In both, more severe now.")]
    other: Annotated[list[Finding], Meta(description="In both, in other words now.")]
    gone: list[Finding]


class Told(Struct, frozen=True):
    """One thing that the change does, in words, with what brings it."""

    mark: Literal["+", "-", "~"]
    part: Part
    widens: Annotated[bool, Meta(description="False where something is taken away.")]
    weight: Annotated[float, Meta(description="0 to 20: the data's value times who gets at it.")]
    subject: Id
    text: str
    data: tuple[Class, ...]
    also: Annotated[tuple[Id, ...], Meta(description="Other nodes that it is about.")]
    because: list[Sentence]


class Pair(Struct, frozen=True):
    """A resource or template that is the same under another name."""

    before: Id
    after: Id


class Unread(Struct, frozen=True):
    """Something that could not be read in one of the versions."""

    path: str
    reason: str
    fatal: Annotated[bool, Meta(description="The answer may lack what it holds.")]


class Diff(Struct, frozen=True):
    """All that differs between two versions. Paths are relative to the compared folder."""

    schema: Literal[1]
    tool: Tool
    before: Side
    after: Side
    text: Annotated[str, Meta(description="The most important sentence.")]
    points: Annotated[list[Told], Meta(description="The most valuable first.")]
    table: list[Row]
    access: Lines
    flows: Lines
    entries: Lines
    findings: Findings
    renamed: list[Pair]
    notes: tuple[str, ...]
    unread: list[Unread]


def schema() -> bytes:
    """Return the JSON Schema (2020-12) of the document."""
    return published("checkrein diff --format json, schema 1", Diff)
