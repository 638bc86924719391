"""A difference for the eye: the most important sentence, then a screen, then what is not shown."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.model.difference import Difference, Part, Point
from checkrein.report.difference.blocks import (
    Block,
    Screen,
    because,
    screen,
    told,
    unread,
    versions,
)
from checkrein.report.terminal.answers import print_lines
from checkrein.report.terminal.console import Draw
from checkrein.report.terminal.ink import Paper, Text
from checkrein.report.wording import many

COLOURS = {"+": "green", "-": "red", "~": "yellow"}
LEVELS = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "dim"}
MOST_UNREAD = 3


def drawn(found: Difference, *, everything: bool) -> Draw:
    """Return how a difference is drawn: about a screen of it, or all."""

    def draw(paper: Paper) -> None:
        print_lines(paper, _lines(found, screen(found, everything=everything)))

    return draw


def _lines(found: Difference, shown: Screen) -> Iterator[Text]:
    yield Text(found.text, "bold")
    yield Text(versions(found), "dim")
    for block in shown.blocks:
        yield Text("")
        yield from _block(block)
    if shown.findings:
        yield Text("")
        number = sum(told(p) for p in found.points if p.part is Part.FINDING and p.clause)
        yield Text(f"{many(number, 'finding')} new or worse", "bold")
        yield from map(_finding, shown.findings)
    if shown.gone:
        yield Text("")
        yield Text("Taken away", "bold green")
        yield from (_finding(p) if p.part is Part.FINDING else _point(p) for p in shown.gone)
    yield from _end(found, shown)


def _block(block: Block) -> Iterator[Text]:
    yield from map(_point, block.points)
    if block.more:
        yield Text(f"  … and {many(block.more, 'more consequence')}", "dim")
    if block.cause:
        why = "because " if block.cause[0].text else ""
        yield Text(f"    {why}{because(block)}", "dim")


def _point(point: Point) -> Text:
    note = f"  ({point.note})" if point.note else ""
    return Text.assemble(
        (f"{point.mark} ", COLOURS[point.mark]),
        (point.head, "bold"),
        f"{point.joint}{point.text}",
        note,
    )


def _finding(point: Point) -> Text:
    level = point.head.partition("[")[0]
    where = f" ({point.cause[0].place})" if point.cause else ""
    note = f", {point.note}" if point.note else ""
    return Text.assemble(
        (f"{point.mark} ", COLOURS[point.mark]),
        (point.head, LEVELS.get(level, "bold")),
        f"{point.joint}{point.text}{note}",
        (where, "dim"),
    )


def _end(found: Difference, shown: Screen) -> Iterator[Text]:
    yield Text("")
    for each in shown.renamed:
        yield Text(f"renamed: {each.before} -> {each.after}", "dim")
    for note in found.notes:
        yield Text(f"note: {note}", "dim")
    lost = unread(found)
    for said in lost[:MOST_UNREAD]:
        yield Text(f"could not read {said}", "yellow")
    if len(lost) > MOST_UNREAD:
        yield Text(f"nor {len(lost) - MOST_UNREAD} more", "yellow")
    if shown.held_back:
        yield Text(f"Not shown: {shown.held_back} (--all)", "dim")
