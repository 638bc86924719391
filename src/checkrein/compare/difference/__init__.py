"""Two versions of an app compared: what the change lets whom reach, most valuable first."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from checkrein.compare.difference import access, entrances, found, movements, table
from checkrein.compare.difference.recording import recorded as recorded
from checkrein.compare.difference.renaming import with_new_names
from checkrein.compare.difference.side import FEW, Side, titles
from checkrein.compare.words import count, listed
from checkrein.model import Kind
from checkrein.model.difference import Difference, Lost, Part, Point, Recorded, Version
from checkrein.model.result import Result
from checkrein.model.surface import changes

BEFORE, AFTER = Version("before"), Version("after")
NOTHING = "Nothing changes: who can do what with which data is as it was, and so is what is found."
UNSURE = " What could not be read may differ."
ORDER = tuple(Part)
GRADING = frozenset({Kind.POTENTIAL, Kind.ENTRY})  # lines that make findings more severe
NEARLY = 0.5  # of the weight of a finding, from which on a deed is told before it


def difference(before: Result, after: Result) -> Difference:
    """Compare two scans."""
    return between(recorded(before), recorded(after))


def between(
    before: Recorded, after: Recorded, versions: tuple[Version, Version] = (BEFORE, AFTER)
) -> Difference:
    """Compare what is recorded of two versions; ``versions`` say what they are called."""
    old, renamed = with_new_names(before, after)
    sides = Side(old), Side(after)
    changed = changes(old.lines, after.lines)
    narrower = not any(each.widens for each in changed)
    settled = not any(each.widens and each.kind in GRADING for each in changed)
    judged = found.findings(old.findings, after.findings, narrower=narrower, settled=settled)
    rows = table.rows(*sides)
    for side in sides:
        side.tell_apart({*(row.resource for row in rows), *(each.owner for each in changed)})
    made = chain(
        table.points(rows, *sides),
        entrances.points(changed, *sides),
        access.points(changed, *sides),
        movements.points(changed, *sides),
        found.points(judged),
    )
    points = tuple(sorted(made, key=_order))
    lost = _lost(chain(before.lost, after.lost))
    known = any(side.cells for side in sides)
    sure = not (any(each.fatal for each in lost) or (lost and not known))
    return Difference(
        before=versions[0],
        after=versions[1],
        text=_unread(before, after)
        + _headline(points, *sides)
        + ("" if points or sure else UNSURE),
        points=points,
        table=tuple(rows),
        changed=tuple(changed),
        new=judged.new,
        worse=judged.worse,
        other=judged.other,
        gone=judged.gone,
        renamed=renamed,
        notes=tuple(_notes(before, after, judged)),
        lost=tuple(lost),
        sure=sure,
    )


def _order(point: Point) -> tuple[bool, float, int, str, str]:
    return not point.widens, -point.weight, ORDER.index(point.part), point.head, point.text


def _unread(before: Recorded, after: Recorded) -> str:
    """Say first what one version alone could read: all of that is told as new, or as gone."""
    old, new = ({each.path for each in side.lost if each.fatal} for side in (before, after))
    for path in sorted(new - old):
        return f"{path} can no longer be read, and what it holds is told as gone. "
    for path in sorted(old - new):
        return f"{path} could not be read before, and what it holds is told as new. "
    return ""


def _headline(points: tuple[Point, ...], before: Side, after: Side) -> str:
    """Return the most important sentence."""
    if not before.cells and after.cells:
        return f"Everything is new: {_all(after)}."
    if before.cells and not after.cells:
        return f"Everything is gone: {_all(before)}."
    worst, gone = _worst(points), _gone(points)
    if worst and gone and worst.part is Part.FINDING and worst.weight < gone.weight * NEARLY:
        return f"This change takes away: {_told(gone)}; and it {worst.clause}."
    if worst:
        return f"This change {worst.clause}."
    if gone:
        return f"This change only takes away: {_whole(before, after) or _told(gone)}."
    return f"{NOTHING} Some findings are told in other words." if points else NOTHING


def _whole(before: Side, after: Side) -> str:
    """Name the stacks of which nothing is left, "" if there are none."""
    gone = sorted(_stacks(before) - _stacks(after))
    return f"all of {listed(gone, FEW)}" if gone else ""


def _stacks(side: Side) -> set[str]:
    """Return the stacks that the resources of a version belong to."""
    return {id.rpartition("/")[0] for id, node in side.nodes.items() if node.alike} - {""}


def _worst(points: tuple[Point, ...]) -> Point | None:
    """Return the point that matters most; what anybody can do says more than a finding of it."""
    said = [point for point in points if point.widens and point.clause]
    deeds = [point for point in said if point.part is not Part.FINDING]
    worst = next((point for point in said if not (deeds and found.repeats(point))), None)
    if worst and deeds and deeds[0].weight >= worst.weight * NEARLY:
        return deeds[0]
    return worst


def _gone(points: tuple[Point, ...]) -> Point | None:
    """Return what is taken away and matters most; a deed says more than that a finding ended."""
    gone = [point for point in points if not point.widens]
    deeds = [point for point in gone if point.part is not Part.FINDING]
    return next(iter(deeds or gone), None)


def _told(gone: Point) -> str:
    return f"{gone.head}{gone.joint}{gone.text}"


def _all(side: Side) -> str:
    held = {data for cells in side.cells.values() for data in cells.coded}
    about = f", with {titles(held, side)}" if held else ""
    return f"{count(len(side.cells), 'service')}{about}"


def _notes(before: Recorded, after: Recorded, judged: found.Findings) -> Iterable[str]:
    if before.tool != after.tool:
        yield (
            f"read by versions {before.tool} and {after.tool} of checkrein: "
            "what the newer one knows better differs too"
        )
    if judged.accepted:
        yield f"{count(judged.accepted, 'finding')} of before stands and has been accepted since"
    if any(each.check in found.LEFT for each in judged.new):
        yield "checkrein.lock still accepts what is gone; `checkrein accept` takes it out"


def _lost(lost: Iterable[Lost]) -> list[Lost]:
    return sorted(set(lost), key=lambda each: (not each.fatal, each.path, each.reason))
