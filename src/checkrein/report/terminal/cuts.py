"""Cuts for the eye: what to take away, where it stands, what breaks, and the change as a diff."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checkrein.model import Evidence
from checkrein.model.cuts import Cut, Cuts, Kept
from checkrein.model.result import Result
from checkrein.report.diff import diff
from checkrein.report.secrets import Secrets
from checkrein.report.terminal.answers import print_lines, unread
from checkrein.report.terminal.console import Draw
from checkrein.report.terminal.ink import Paper, Text
from checkrein.report.wording import classes, listed, many

ROOM = 160  # columns for the names of classes
REMOVED = 6  # things that are told
BROKEN = 4  # lines about what breaks
LINES = 12  # of a diff
STEPS = 3
ROWS = 4


def shown(result: Result, found: Cuts) -> Draw:
    """Return how the cuts of a row are drawn."""

    def draw(paper: Paper) -> None:
        print_lines(paper, (*_head(found), *_body(result, found), *unread(result)))

    return draw


def _head(found: Cuts) -> Iterator[Text]:
    yield Text(found.text, "bold")
    meant = classes(found.intended, ROOM) if found.intended else "no data"
    yield Text(f"{found.service} · meant to hold {meant}", "dim")
    if found.coded:
        said = f"code puts {classes(found.coded, ROOM)} there: change the code, or declare it"
        yield Text.assemble(("  beyond its intent: ", "dim"), said)


def _body(result: Result, found: Cuts) -> Iterator[Text]:
    for kept in found.kept:
        yield Text("")
        yield from _goal(result, kept)
    for number, stays in enumerate(found.stays):
        if not number:
            named = classes([each.data for each in found.stays], ROOM)
            yield Text("")
            yield Text(f"Stays whatever is taken away: {named}", "bold")
            yield Text("  code and wiring that are needed may bring it:", "dim")
            yield from _steps(stays.steps)
    for note in found.notes:
        yield Text("")
        yield Text(note, "dim")


def _goal(result: Result, kept: Kept) -> Iterator[Text]:
    named = classes(kept.data, ROOM)
    only = ", for which triggers have to go" if kept.switching else ""
    yield Text(f"To keep out {named}{only}", "bold")
    for number, cut in enumerate(kept.cuts, 1):
        yield from _cut(result, cut, f"  {number}. ")
    if kept.stopped:
        yield Text(f"  stopped when time was up, after {many(kept.looked, 'set')}", "yellow")
    if kept.least:
        yield Text(f"  no four do: at least {kept.least} things have to go", "yellow")
    if kept.enough:
        verb = f"  together these {len(kept.enough.removed)} do; "
        yield from _cut(result, kept.enough, verb)


def _cut(result: Result, cut: Cut, start: str) -> Iterator[Text]:
    number = len(cut.breaks)
    breaks = f"breaks {many(number, 'thing')}" if number else "breaks nothing"
    if cut.doubts:
        breaks += " that was seen" if not number else ""
    unproved = "" if cut.proved else " (not proved: deriving again still brings it)"
    yield Text.assemble(start, (breaks + unproved, "yellow" if number else "green"))
    for each in cut.removed[:REMOVED]:
        where = f" ({each.place})" if each.place.path else ""
        verb = "put in" if each.kind == "guard" else "take away"
        yield Text.assemble(f"     {verb}: {each.text}", (where, "dim"))
    if len(cut.removed) > REMOVED:
        yield Text(f"     … and {len(cut.removed) - REMOVED} more: --format json", "dim")
    for broken in cut.breaks[:BROKEN]:
        yield _said("     breaks: ", broken)
    if number > BROKEN:
        yield Text(f"     … and {number - BROKEN} more", "dim")
    for doubt in cut.doubts:
        yield Text(f"     not sure: {doubt}", "dim")
    if cut.rows:
        names = listed([id.rpartition("/")[2] for id in cut.rows], ROWS)
        yield Text(f"     then could hold less as well: {names}", "dim")
    yield from _change(result, cut)


def _change(result: Result, cut: Cut) -> Iterator[Text]:
    lines = list(diff(cut.edits, result.root, Secrets()))
    for line in lines[:LINES]:
        yield Text(f"       {line}", "red" if line.startswith("-") else "green")
    if len(lines) > LINES:
        yield Text(f"       … {many(len(lines) - LINES, 'more line')}", "dim")
    if cut.why_not:
        yield Text(f"     by hand: {cut.why_not}", "dim")


def _steps(steps: Iterable[Evidence]) -> Iterator[Text]:
    known = list(steps)
    for step in known[-STEPS:]:
        yield _said("    ", step)


def _said(start: str, evidence: Evidence) -> Text:
    where = f" ({evidence.place})" if evidence.place.path else ""
    return Text.assemble(f"{start}{evidence.text}", (where, "dim"))
