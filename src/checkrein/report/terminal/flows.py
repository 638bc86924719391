"""Where data goes, for the eye: function by function, or as trees from where content enters."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.model.movement import Group, Movements
from checkrein.model.result import Result
from checkrein.report.terminal.answers import print_lines, unread
from checkrein.report.terminal.console import Draw
from checkrein.report.terminal.flow_blocks import Block, blocks, goes_without_saying
from checkrein.report.terminal.flow_trails import trails
from checkrein.report.terminal.ink import Paper, Text
from checkrein.report.wording import listed, many

GROUPS = 12  # functions that a screen or two hold
BLOCKS = 6  # of a function
LINES = 8  # of a block
WAYS = 3  # into a function
NAMED = 6  # functions that are left out
WIDEST = 64  # a line, before its data


def flows(result: Result, found: Movements, *, everything: bool) -> Draw:
    """Return how flows are drawn: the most valuable first, about two screens of them, or all."""

    def draw(paper: Paper) -> None:
        print_lines(paper, (*_lines(found, everything=everything), *unread(result)))

    return draw


def _lines(found: Movements, *, everything: bool) -> Iterator[Text]:
    if not found.hops:
        about = f" of {found.subject}" if found.subject else ""
        yield Text(f"no data flow{about} was seen in code or wiring")
    elif found.trails:
        yield from trails(found, everything=everything)
    else:
        yield from _app(found, everything=everything)


def _app(found: Movements, *, everything: bool) -> Iterator[Text]:
    functions = sum(1 for group in found.groups if group.owner)
    yield Text(f"{many(len(found.hops), 'flow')} of data, {many(functions, 'function')}", "bold")
    shown = sum(goes_without_saying(hop) for hop in found.hops)
    for position, group in enumerate(found.groups):
        if position < GROUPS or everything:
            told = blocks(hop for hop in group.hops if not goes_without_saying(hop))
            kept = told if everything else told[:BLOCKS]
            lines = [block.lines(group)[: None if everything else LINES] for block in kept]
            shown += sum(line.number for told_lines in lines for line in told_lines)
            yield from _group(group, kept, len(told), everything=everything)
    if shown < len(found.hops):
        yield Text("")
        left = [group.name for group in found.groups[GROUPS:]]
        if left:
            yield Text(f"… and of {listed(left, NAMED)}", "dim")
        rest = f"{len(found.hops) - shown} of {many(len(found.hops), 'flow')} not shown"
        yield Text(f"{rest}, the least valuable: checkrein flows --all, or name a function", "dim")


def _group(group: Group, told: list[Block], number: int, *, everything: bool) -> Iterator[Text]:
    if not told:
        return
    yield Text("")
    ways = [str(way) for way in group.ways]
    if len(ways) > WAYS + 1 and not everything:
        ways = [*ways[:WAYS], f"{len(ways) - WAYS} more ways in"]
    started = "; ".join(ways)
    about = "".join(f"  {said}" for said in (started, group.file) if said)
    yield Text.assemble((group.name, "bold"), (about, "dim"))
    for block in told:
        yield from _block(block, group, everything=everything)
    if len(told) < number:
        yield Text(f"  … {number - len(told)} more receivers", "dim")


def _block(block: Block, group: Group, *, everything: bool) -> Iterator[Text]:
    how = block.how(group.file)
    yield Text.assemble("  to ", block.name, (f" ({how})" if how else "", "dim"))
    lines = block.lines(group)
    shown = lines if everything else lines[:LINES]
    width = min(max(len(line.text) for line in shown), WIDEST)
    for line in shown:
        told = Text(f"      {line.text}")
        if line.data:
            told.append(" " * max(width - len(line.text), 0) + "  ")
            told.append(line.data, "cyan")
        yield told.append(f"  {line.place}" if line.place else "", "dim")
    if len(shown) < len(lines):
        yield Text(f"      … {len(lines) - len(shown)} more", "dim")
