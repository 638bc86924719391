"""A difference for a pull request: a heading sentence, a small table, the details folded."""

from __future__ import annotations

import re
from collections.abc import Iterable

from checkrein.model.addresses import untyped
from checkrein.model.difference import Difference, Point
from checkrein.report.difference.blocks import (
    Block,
    because,
    screen,
    together,
    unread,
    versions,
)
from checkrein.report.markdown import escaped
from checkrein.report.wording import many

MOST = 60_000  # bytes; a comment on GitHub holds 65,536 characters
MOST_ROWS = 8  # of the table that is not folded
MOST_NOTES = 10
# An address of Terraform, not the name and line of a file: aws_sqs_queue.tf:12
ADDRESS = re.compile(
    r"(?<![\w./-])(?:module\.[\w-]+(?:\[[^\]]*\])?\.)*aws_[a-z0-9_]+\.[\w-]++(?!:\d)"
)
SIGNS = {"+": "`+`", "-": "`-`", "~": "`~`"}


def document(found: Difference, *, everything: bool) -> bytes:
    """Return the comment; what it has no room for is counted, not shown."""
    shown = screen(found, everything=False)
    parts = [f"## checkrein: {_short(found.text)}\n\n<sub>{escaped(versions(found))}</sub>\n"]
    parts += _table(shown.blocks)
    parts += _list("New or worse findings", shown.findings)
    parts += _list("Taken away", shown.gone)
    tail = "".join(_tail(found))
    room = MOST - sum(len(part.encode()) for part in parts) - len(tail.encode())
    if shown.held_back or everything:
        parts.append(_details(found, room))
    return "".join([*parts, tail]).encode()


def _table(blocks: list[Block]) -> Iterable[str]:
    rows = [(point, block) for block in blocks for point in block.points]
    if not rows:
        return
    yield "\n| | What | Because |\n|---|---|---|\n"
    before = None
    noted = set()
    for point, block in rows[:MOST_ROWS]:
        cause = "″" if block is before else _short(because(block))
        note = f" ({escaped(point.note)})" if point.note and point.head not in noted else ""
        said = f"**{_short(point.head)}**{point.joint}{_short(point.text)}{note}"
        yield f"| {SIGNS[point.mark]} | {said} | {cause} |\n"
        before = block
        noted.add(point.head)


def _short(text: str) -> str:
    """Return a text with Terraform's addresses as tables show them: they fill lines."""
    return escaped(ADDRESS.sub(lambda found: untyped(found[0]), text))


def _list(title: str, points: list[Point]) -> Iterable[str]:
    if points:
        yield f"\n**{title}**\n\n"
    for point in points:
        yield f"- {_item(point)}\n"


def _item(point: Point) -> str:
    where = f" ({escaped(str(point.cause[0].place))})" if point.cause else ""
    note = f" ({escaped(point.note)})" if point.note else ""
    return f"**{_short(point.head)}**{point.joint}{_short(point.text)}{note}{where}"


def _details(found: Difference, room: int) -> str:
    """Fold everything, as much as there is room for."""
    lines = []
    for block in together(found.points):
        listed = "".join(f"- {SIGNS[p.mark]} {_item(p)}\n" for p in block.points)
        room -= len(listed.encode())
        if room < 0:
            break
        lines.append(listed)
    shown = "".join(lines)
    rest = len(found.points) - shown.count("\n")
    more = f"\n{many(rest, 'change')} more: `checkrein diff --all`\n" if rest > 0 else ""
    title = many(len(found.points), "change")
    return f"\n<details><summary>All of it: {title}</summary>\n\n{shown}{more}\n</details>\n"


def _tail(found: Difference) -> Iterable[str]:
    said = [f"renamed: {each.before} -> {each.after}" for each in found.renamed]
    said += [f"note: {note}" for note in found.notes]
    said += [f"could not read {each}" for each in unread(found)]
    if said:
        yield "\n"
    for each in said[:MOST_NOTES]:
        yield f"- {escaped(each)}\n"
    if len(said) > MOST_NOTES:
        yield f"- {len(said) - MOST_NOTES} more\n"
