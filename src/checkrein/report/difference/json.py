"""A difference for programs: one document, schema 1; docs/schema/diff.schema.json."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from checkrein import __version__
from checkrein.model import Changed, Kind
from checkrein.model import Line as Known
from checkrein.model.difference import Cells as Held
from checkrein.model.difference import Difference, Point, Version
from checkrein.model.difference import Known as Judged
from checkrein.report.difference.schema import (
    Cells,
    Diff,
    Finding,
    Findings,
    Line,
    Lines,
    Pair,
    Row,
    Side,
    Told,
    Unread,
)
from checkrein.report.json import place, told
from checkrein.report.schema import Tool


def document(found: Difference) -> bytes:
    """Return the document, indented; equal versions give equal bytes."""
    content = Diff(
        schema=1,
        tool=Tool("checkrein", __version__),
        before=_side(found.before),
        after=_side(found.after),
        text=found.text,
        points=[_point(point) for point in found.points],
        table=[
            Row(row.resource, row.service, row.type, _cells(row.before), _cells(row.after))
            for row in found.table
        ],
        access=_lines(found.of(Kind.RIGHT, Kind.DENIAL, Kind.GAIN)),
        flows=_lines(found.of(Kind.FLOW, Kind.CALL)),
        entries=_lines(found.of(Kind.ENTRY)),
        findings=Findings(
            *map(_findings, (found.new, found.worse, found.other, found.gone)),
        ),
        renamed=[Pair(each.before, each.after) for each in found.renamed],
        notes=found.notes,
        unread=[Unread(lost.path, lost.reason, lost.fatal) for lost in found.lost],
    )
    return msgspec.json.format(msgspec.json.encode(content), indent=2) + b"\n"


def _side(version: Version) -> Side:
    return Side(version.name, version.commit)


def _cells(cells: Held | None) -> Cells | None:
    if cells is None:
        return None
    return Cells(cells.intended, cells.coded, dict(sorted(cells.potential.items())), cells.risk)


def _point(point: Point) -> Told:
    return Told(
        mark=point.mark,
        part=point.part,
        widens=point.widens,
        weight=point.weight,
        subject=point.subject,
        text=f"{point.head}{point.joint}{point.text}" + (f" ({point.note})" if point.note else ""),
        data=point.data,
        also=point.also,
        because=told(point.cause),
    )


def _lines(changed: Iterable[Changed]) -> Lines:
    """Return what is new and what is gone; a line whose values differ is in both or either."""
    added, removed = [], []
    for each in changed:
        if each.after and (each.added or each.before is None):
            added.append(_line(each.after, each.added))
        if each.before and (each.removed or each.after is None):
            removed.append(_line(each.before, each.removed))
    return Lines(added, removed)


def _line(line: Known, values: tuple[str, ...]) -> Line:
    steps = line.how(values[0]) if values else line.evidence
    return Line(line.kind.value, line.owner, line.key, values, told(steps))


def _findings(known: Iterable[Judged]) -> list[Finding]:
    return [
        Finding(
            check=each.check,
            subject=each.subject,
            severity=each.severity,
            confidence=each.confidence,
            message=each.message,
            place=place(each.place),
            reason=each.reason,
            fingerprint=each.fingerprint,
        )
        for each in known
    ]
