"""The parts of the document that a program reads, as types: its published schema comes from them.

Within schema 1 keys may be added; none goes away or changes its meaning.
"""

from __future__ import annotations

from inspect import cleandoc
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from checkrein.model import Basis, Outcome, Persona, Place, Severity
from checkrein.report.counts import Counts

Class = Annotated[str, Meta(description="A data class, such as pii.email.")]
Id = Annotated[str, Meta(description="A template's path without suffix, and a logical id.")]
Sure = Annotated[str, Meta(pattern="^(possible|likely|certain)$")]


class Tool(Struct, frozen=True):
    """What made the document."""

    name: Literal["checkrein"]
    version: str


class Sentence(Struct, frozen=True):
    """A sentence that can be checked by eye, and where to look."""

    text: str
    place: Place | None


class Reason(Struct, frozen=True, rename={"data": "class"}):
    """Why a row holds a class, and the way there."""

    data: Class
    basis: Basis
    level: Annotated[str, Meta(description="direct, takeover or influence.")]
    steps: list[Sentence]


class Line(Struct, frozen=True):
    """A row of the table: a resource, and the data that it is meant to hold, holds, could hold."""

    resource: Id
    type: Annotated[str, Meta(description="CloudFormation's type, or @ and a kind of place.")]
    service: str
    deployment: str
    intended: tuple[Class, ...]
    coded: tuple[Class, ...]
    potential: tuple[Class, ...]
    observed: tuple[Class, ...]
    risk: Annotated[int, Meta(ge=0, le=3, description="Stars.")]
    reasons: list[Reason]


class Change(Struct, frozen=True):
    """Replace the span at a place with the text; an empty span inserts."""

    place: Place | None
    text: str


class Mend(Struct, frozen=True):
    """A fix: edits of the user's own files, or why there are none."""

    title: str
    safe: Annotated[bool, Meta(description="It keeps what works working.")]
    edits: list[Change]
    why_not: str


class Found(Struct, frozen=True):
    """One thing wrong with one subject."""

    message: str
    place: Place | None
    evidence: list[Sentence]
    steps: Annotated[list[Sentence], Meta(description="The way of the data, in order.")]
    cwe: str
    endangers: Annotated[tuple[Id, ...], Meta(description="Rows of the table.")]
    data: tuple[Class, ...]
    by: Annotated[tuple[Id, ...], Meta(description="Through whom somebody gets at the data.")]
    fix: Mend | None
    fingerprint: Annotated[str, Meta(description="The same as long as the fault is the same.")]
    cause: Annotated[Place | None, Meta(description="Of the fault that this one follows from.")]


class Judged(Struct, frozen=True):
    """What one check says of one subject; passes are told too, as they are evidence."""

    check: str
    subject: Id
    outcome: Outcome
    persona: Persona
    severity: Severity
    confidence: Sure
    reason: Annotated[str, Meta(description="Of the severity, or of the outcome.")]
    findings: list[Found]


class Unread(Struct, frozen=True):
    """Something that could not be read, and what that costs."""

    path: str
    reason: str
    effect: str


class Deployed(Struct, frozen=True):
    """Stacks that make one application, and how much of the table is theirs."""

    id: Annotated[str, Meta(description="The deployment that rows of the table name.")]
    stacks: tuple[str, ...]
    files: Annotated[int, Meta(description="Templates that it is read from.")]
    rows: Annotated[int, Meta(description="Rows of the table that tell of data.")]
    risk: Annotated[int, Meta(ge=0, le=3, description="Stars of the riskiest row.")]
    same_as: Annotated[str, Meta(description="The deployment that it is a copy of, or empty.")]


class Scan(Struct, frozen=True):
    """All that a scan tells. Paths are relative to the scanned folder, lines count from 1."""

    schema: Literal[1]
    tool: Tool
    read: Counts
    deployments: Annotated[list[Deployed], Meta(description="The most endangered first.")]
    table: list[Line]
    verdicts: list[Judged]
    held_back: Annotated[
        dict[str, int], Meta(description="Findings for auditors by check, where nobody asked.")
    ]
    notes: tuple[str, ...]
    unread: list[Unread]
    facts: Annotated[
        dict[str, list[dict[str, Any]]] | UnsetType,
        Meta(description="With --facts: everything that is known, by kind; docs/model.md."),
    ] = UNSET


def schema() -> bytes:
    """Return the JSON Schema (2020-12) of the document."""
    return published("checkrein scan --format json, schema 1", Scan)


def published(title: str, document: type[Struct]) -> bytes:
    """Return the JSON Schema (2020-12) of a document's type, the same under every Python.

    From 3.13 on Python takes the indentation out of what a class says of itself.
    """
    content = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **_flush(msgspec.json.schema(document)),
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _flush(value: Any) -> Any:
    """Return a schema with descriptions that stand at the margin."""
    if isinstance(value, list):
        return [_flush(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        key: cleandoc(item) if key == "description" and isinstance(item, str) else _flush(item)
        for key, item in value.items()
    }
