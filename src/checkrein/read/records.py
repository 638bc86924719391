"""What ``scan --save`` wrote of an app: a version of it that needs no files.

Sentences stand in a list of their own, each once, since a thousand lines tell the same few.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from checkrein.errors import InputError
from checkrein.model import Evidence, Kind, Line
from checkrein.model.difference import Known, Lost, Node, Recorded

SCHEMA = 1
MARK = b'"checkrein-record"'
ADVICE = "make it anew with checkrein scan --save"
BEGINNING = 4096  # bytes, in which a record says that it is one


class Said(Struct, frozen=True):
    """A line; ``evidence`` and ``steps`` are places in the list of sentences."""

    kind: Kind
    owner: str
    key: str
    values: tuple[str, ...] = ()
    evidence: tuple[int, ...] = ()
    steps: tuple[tuple[int, ...], ...] = ()


class Record(Struct, frozen=True):
    """The file: what it is, what made it, what was read, and the app."""

    kind: Literal["checkrein-record"]
    schema: Literal[1]
    tool: str
    read: dict[str, int]
    nodes: dict[str, Node]
    values: dict[str, int]
    sentences: tuple[Evidence, ...]
    lines: tuple[Said, ...]
    findings: tuple[Known, ...]
    lost: tuple[Lost, ...]


def is_record(path: Path) -> bool:
    """Tell by a file's first bytes whether it is, or was meant to be, a record."""
    try:
        with path.open("rb") as file:
            return MARK in file.read(BEGINNING)
    except OSError:
        return False


def written(version: Recorded, read: dict[str, int]) -> bytes:
    """Return the file's content; ``read`` says in numbers what was read."""
    places: dict[Evidence, int] = {}

    def at(evidence: Iterable[Evidence]) -> tuple[int, ...]:
        return tuple(places.setdefault(each, len(places)) for each in evidence)

    lines = tuple(
        Said(
            line.kind, line.owner, line.key, line.values, at(line.evidence),
            tuple(at(steps) for steps in line.steps),
        )
        for line in version.lines
    )  # fmt: skip
    record = Record(
        "checkrein-record", 1, version.tool, read, version.nodes, version.values,
        tuple(places), lines, version.findings, version.lost,
    )  # fmt: skip
    return msgspec.json.encode(record) + b"\n"


def read_record(path: Path) -> Recorded:
    """Read a record; raise InputError, with what to do, where it is none that can be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror}", str(path)) from None
    try:
        record = msgspec.json.decode(data, type=Record)
        return _recorded(record)
    except (msgspec.DecodeError, RecursionError, IndexError) as error:
        raise InputError(f"{path}: {_reason(data, error)}; {ADVICE}", str(path)) from None


def _recorded(record: Record) -> Recorded:
    said = record.sentences

    def of(places: tuple[int, ...]) -> tuple[Evidence, ...]:
        return tuple(said[place] for place in places)

    lines = tuple(
        Line(
            id=" ".join(filter(None, (line.kind.value, line.owner, line.key))),
            evidence=of(line.evidence),
            kind=line.kind,
            owner=line.owner,
            key=line.key,
            values=line.values,
            steps=tuple(of(steps) for steps in line.steps),
        )
        for line in record.lines
    )
    return Recorded(record.tool, record.nodes, record.values, lines, record.findings, record.lost)


def _reason(data: bytes, error: Exception) -> str:
    try:
        content: Any = json.loads(data)
    except (ValueError, RecursionError) as broken:
        return f"this is no JSON ({broken})"
    found = content.get("schema") if isinstance(content, dict) else None
    if isinstance(found, int) and found != SCHEMA:
        return f"it has schema {found}, and this version reads {SCHEMA}"
    return f"this is no record of checkrein's ({error})"
