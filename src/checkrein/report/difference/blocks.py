"""The points of a difference as a reader wants them: by cause, and cut to a screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from checkrein.model import Evidence
from checkrein.model.difference import Difference, Part, Point, Renamed, Version
from checkrein.report.wording import many

MOST_BLOCKS = 6  # causes
MOST_POINTS = 4  # below one cause
MOST_FINDINGS = 4
MOST_GONE = 4  # of what is taken away
MOST_RENAMED = 4
NOTED = 0.5  # weight, below which a point is a detail
NOUNS = {
    Part.TABLE: "cell",
    Part.ENTRY: "entry point",
    Part.ACCESS: "permission",
    Part.FLOW: "flow",
    Part.FINDING: "finding",
    Part.INTENT: "intent",
}


class Block(NamedTuple):
    """Points that come from the same line of a template or of code; ``more`` are not shown."""

    cause: tuple[Evidence, ...]
    points: list[Point]
    more: int = 0


class Screen(NamedTuple):
    """What is shown of a difference: what widens, findings, what is taken away; and what is not."""

    blocks: list[Block]
    findings: list[Point]
    gone: list[Point]
    renamed: Sequence[Renamed]
    held_back: str


def screen(found: Difference, *, everything: bool) -> Screen:
    """Choose what a screen holds, the most valuable first; everything if asked for."""
    findings = [p for p in found.points if p.part is Part.FINDING and p.widens]
    gone = [point for point in found.points if not point.widens]
    others = [p for p in found.points if p.part is not Part.FINDING and p.widens]
    blocks = together(others)
    if everything:
        return Screen(blocks, findings, gone, found.renamed, "")
    findings = [point for point in findings if point.clause]
    kept = [block for block in blocks if block.points[0].weight >= NOTED] or blocks[:1]
    shown = [_cut(block) for block in kept[:MOST_BLOCKS]]
    seen = [point for block in shown for point in block.points]
    seen += findings[:MOST_FINDINGS] + gone[:MOST_GONE]
    names = found.renamed[:MOST_RENAMED]
    held_back = _rest(found.points, seen, len(found.renamed) - len(names))
    return Screen(shown, findings[:MOST_FINDINGS], gone[:MOST_GONE], names, held_back)


def together(points: Iterable[Point]) -> list[Block]:
    """Put points of one cause together; they come the most valuable first, and stay so."""
    found: dict[tuple[str, ...], list[Point]] = {}
    for point in points:
        found.setdefault(_name(point), []).append(point)
    return [Block(same[0].cause, same) for same in found.values()]


def _name(point: Point) -> tuple[str, ...]:
    if not point.cause:
        return (point.subject, point.text)
    return tuple(str(each.place) for each in point.cause)


def _cut(block: Block) -> Block:
    kept = block.points[:MOST_POINTS]
    return Block(block.cause, kept, len(block.points) - len(kept))


def _rest(points: Sequence[Point], seen: Sequence[Point], renamed: int) -> str:
    """Say in numbers what is not shown: ``3 more permissions, 2 more findings``."""
    shown = {id(point) for point in seen}
    hidden = [point for point in points if id(point) not in shown]
    said = []
    for part, noun in NOUNS.items():
        number = sum(told(point) for point in hidden if point.part is part)
        if number:
            said.append(many(number, f"more {noun}"))
    if renamed:
        said.append(many(renamed, "more new name"))
    return ", ".join(said)


def told(point: Point) -> int:
    """Return how many things a point tells: of a finding, one for each subject."""
    return 1 + len(point.also) if point.part is Part.FINDING else 1


def versions(found: Difference) -> str:
    """Say which versions were compared."""
    return f"{_version(found.before)} -> {_version(found.after)}"


def _version(version: Version) -> str:
    return version.name


def because(block: Block) -> str:
    """Return the sentence, and the place, that a block comes from."""
    return "; ".join(_said(each) for each in block.cause)


def _said(evidence: Evidence) -> str:
    where = str(evidence.place) if evidence.place.path else ""
    return f"{evidence.text} ({where})" if evidence.text and where else evidence.text or where


def unread(found: Difference) -> list[str]:
    """Return sentences about what could not be read and could change the answer."""
    all_of_it = not (found.sure or found.points)
    lost = [each for each in found.lost if each.fatal or all_of_it]
    return [f"{each.path}: {each.reason}" for each in lost]
