"""What differs in the table: rows, and the points that tell of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from checkrein.catalog.data_classes import FAMILIES
from checkrein.compare.difference.side import (
    COMPUTED,
    FEW,
    Side,
    fresh,
    is_outside,
    only,
    reach_of,
    titles,
)
from checkrein.model import LEVELS, Evidence, Kind, Line
from checkrein.model.difference import Cells, Part, Point, RowChange
from checkrein.model.workloads import runs_code

HOW = {
    "direct": "",
    "takeover": " if one thing takes over another",
    "influence": " if one thing makes another act",
}
WEIGHTS = {"coded": 1.0, "direct": 0.8, "takeover": 0.5, "influence": 0.4, "intended": 0.1}
PASSING = 0.6  # a function or an API that gets data has not lost it yet, nor who could log it
LOGS = "CloudWatch Logs"
PUBLIC, GONE_OUT, SIGNED_IN = 2.0, 1.6, 1.5  # times the value: who gets at it
NO_ROW = Cells()
LONGEST = 70  # characters for the names of rows
PEOPLE = "@recipients"
PLURAL = {"holds": "hold", "gets": "get", "handles": "handle", "is meant to hold": "are to hold"}


class Column(NamedTuple):
    """One cell of a row in both versions; ``level`` is that of a potential one."""

    kind: Kind
    level: str
    before: frozenset[str]
    after: frozenset[str]
    added: frozenset[str]
    removed: frozenset[str]


def rows(before: Side, after: Side) -> list[RowChange]:
    """Return the rows of the table that differ."""
    found = []
    for id in sorted({*before.cells, *after.cells}):
        old, new = before.cells.get(id), after.cells.get(id)
        if old != new:
            node = after.node(id) if new else before.node(id)
            found.append(RowChange(id, node.service, node.type, old, new))
    return found


def points(changed: list[RowChange], before: Side, after: Side) -> list[Point]:
    """Tell what data a row gets or could get that it did not, and what it no longer does.

    Rows of which the same is true, for the same reason, are told as one.
    """
    found: dict[tuple[object, ...], list[Point]] = {}
    for point in _points(changed, before, after):
        name = (point.mark, point.widens, point.text, point.note, point.cause)
        found.setdefault(name, []).append(point)
    return [_joined(same, after if same[0].widens else before) for same in found.values()]


def _joined(same: list[Point], side: Side) -> Point:
    """Return several rows' points as the one of the most valuable row."""
    first = max(same, key=lambda point: point.weight)
    others = tuple(point.subject for point in same if point is not first)
    if not others:
        return first
    data = side.valuable(data for point in same for data in point.data)
    head = f"{first.head}, {side.named(others, FEW)}"
    if len(head) > LONGEST:
        head = f"{first.head} and {len(others)} more"
    verb, _, rest = first.text.partition(": ")
    text = f"{PLURAL.get(verb, verb)}: {rest}"
    return replace(first, head=head, text=text, data=tuple(data), also=others)


def _points(changed: list[RowChange], before: Side, after: Side) -> Iterator[Point]:
    old = {line.id: line for line in before.version.lines}
    new = {line.id: line for line in after.version.lines}
    for row in changed:
        if row.resource.endswith(tuple(COMPUTED)):
            continue
        told = list(_of_row(row, (old, new), before, after))
        yield from told or _bare(row, after if row.after else before)


def _of_row(
    row: RowChange, lines: tuple[Mapping[str, Line], Mapping[str, Line]], before: Side, after: Side
) -> Iterator[Point]:
    for column in _columns(row.before or NO_ROW, row.after or NO_ROW):
        if column.added:
            yield _point(row, column, lines[1], (after, before), widens=True)
        if column.removed:
            yield _point(row, column, lines[0], (before, after), widens=False)


def _bare(row: RowChange, side: Side) -> Iterator[Point]:
    """Tell of a row that is new or gone and has no data to tell of."""
    if row.before and row.after:
        return
    head, come = side.titled(row.resource), row.before is None
    place = side.node(row.resource).place
    yield Point(
        mark="+" if come else "-",
        part=Part.TABLE,
        widens=come,
        weight=0.1,
        subject=row.resource,
        head=head,
        text=f"is {'new' if come else 'gone'}",
        cause=(Evidence("", place),) if place.path else (),
        clause=f"adds {head}" if come else "",
    )


def _columns(before: Cells, after: Cells) -> Iterator[Column]:
    """Yield the cells of a row, the known data first; what is known is not told as possible."""
    old, new = frozenset(before.coded), frozenset(after.coded)
    yield Column(Kind.CODED, "", old, new, new - old, old - new)
    for place, level in enumerate(LEVELS):
        nearer = LEVELS[: place + 1]
        was, now = (frozenset(each.potential.get(level, ())) for each in (before, after))
        added = now - old - _of(before, nearer)
        removed = was - new - _of(after, nearer)
        yield Column(Kind.POTENTIAL, level, was, now, added, removed)
    old, new = frozenset(before.intended), frozenset(after.intended)
    if before is not NO_ROW and after is not NO_ROW:
        yield Column(Kind.INTENDED, "", old, new, new - old, old - new)


def _of(cells: Cells, levels: tuple[str, ...]) -> frozenset[str]:
    return frozenset(data for level in levels for data in cells.potential.get(level, ()))


def _point(
    row: RowChange,
    column: Column,
    lines: Mapping[str, Line],
    sides: tuple[Side, Side],
    *,
    widens: bool,
) -> Point:
    """Make the point of a cell; of ``sides`` the first is the one that has the data."""
    side, other = sides
    classes = column.added if widens else column.removed
    new, gone = row.before is None, row.after is None
    return Point(
        mark="+" if new else "-" if gone else "~",
        part=Part.INTENT if column.kind is Kind.INTENDED else Part.TABLE,
        widens=widens,
        weight=_weight(row.resource, column, side, classes),
        subject=row.resource,
        head=side.titled(row.resource),
        text=f"{_verb(row, column)}: {_words(column, classes, side, widens=widens)}",
        note=_note(row, side),
        data=tuple(side.valuable(classes)),
        cause=_cause(row.resource, column, lines, (side.valuable(classes), other)),
        clause=_clause(row, column, titles(classes, side), side) if widens else "",
    )


def _cause(
    id: str, column: Column, lines: Mapping[str, Line], of: tuple[list[str], Side]
) -> tuple[Evidence, ...]:
    classes, other = of
    key = " ".join(filter(None, (column.kind.value, id, column.level)))
    line = lines.get(key)
    if line is None or not classes:
        return ()
    new = (found for data in classes for found in only(line.how(data), other))
    first = next(new, None)
    return (first,) if first else fresh(line.how(classes[0]), other)


def _weight(id: str, column: Column, side: Side, classes: frozenset[str]) -> float:
    kind = column.level or column.kind.value
    node = side.node(id)
    passing = runs_code(node.type) or node.service == "API Gateway" or id.endswith("@browser")
    passing = passing or (node.service == LOGS and column.kind is Kind.POTENTIAL)
    open_to = side.readers.get(id, set())
    who = reach_of(side, id)
    if any("anyone" in each for each in open_to):
        who = PUBLIC
    elif is_outside(id) and not id.endswith("@browser"):
        who = PUBLIC if column.kind is Kind.CODED else GONE_OUT
    elif open_to:
        who = SIGNED_IN
    return round(side.worth(classes) * WEIGHTS[kind] * who * (PASSING if passing else 1.0), 2)


def _verb(row: RowChange, column: Column) -> str:
    if column.kind is Kind.INTENDED:
        return "is meant to hold"
    gets = is_outside(row.resource)
    if column.kind is Kind.CODED:
        if gets:
            return "get" if row.resource.endswith(PEOPLE) else "gets"
        return "handles" if runs_code(row.type) else "holds"
    verb = "get" if gets else "handle" if runs_code(row.type) else "hold"
    return f"could also {verb}{HOW[column.level]}"


def _words(column: Column, classes: frozenset[str], side: Side, *, widens: bool) -> str:
    """Name families where they differ, else the classes: ``nothing -> credentials``, ``+ code``."""
    old, new = (_families(each) for each in (column.before, column.after))
    if column.before and old == new:
        return f"{'+' if widens else '-'} {titles(classes, side)}"
    return f"{', '.join(old) or 'nothing'} -> {', '.join(new) or 'nothing'}"


def _families(classes: frozenset[str]) -> list[str]:
    """Name the families of classes; what is public is no news beside others."""
    known = {data.partition(".")[0] for data in classes}
    known = known - {"public"} or known
    return [name for family, name in FAMILIES.items() if family in known] + sorted(
        known - set(FAMILIES)
    )


def _note(row: RowChange, side: Side) -> str:
    readers = sorted(side.readers.get(row.resource, ()))
    said = []
    if any("anyone" in each for each in readers):
        said.append("public: anyone reads")
    elif readers:
        said.append(f"{readers[0]} reads")
    old, new = (each.risk if each else 0 for each in (row.before, row.after))
    if row.before and row.after and old != new:
        said.append(f"{'★' * old or 'none'} -> {'★' * new or 'none'}")
    return ", ".join(said)


def _clause(row: RowChange, column: Column, named: str, side: Side) -> str:
    """Say what the change does, after "this change"."""
    where = side.titled(row.resource)
    readers = side.readers.get(row.resource, ())
    public = ", which anyone may read" if any("anyone" in each for each in readers) else ""
    if column.kind is Kind.INTENDED:
        return f"means {where} to hold {named}"
    if column.kind is Kind.POTENTIAL:
        return f"lets {named} get {'out to' if is_outside(row.resource) else 'into'} {where}" + (
            HOW[column.level] or public
        )
    if is_outside(row.resource):
        return f"sends {named} to {where}"
    verb = "writes" if row.service == LOGS else "brings"
    into = f"to {where}" if row.service == LOGS else f"into {where}"
    return f"{verb} {named} {into}{public}"
