"""The worst findings, for the eye: the code with the span marked, the path, the fix as a diff."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from pathlib import Path

from checkrein.model import Edit, Evidence, Finding, Place, Severity
from checkrein.model.result import Remedy, Result
from checkrein.report.choice import Shown, followed, named
from checkrein.report.details import acceptance
from checkrein.report.diff import diff
from checkrein.report.secrets import Secrets
from checkrein.report.terminal.frames import Look, frame
from checkrein.report.terminal.ink import Paper, Text

STEPS = 6
DIFF = 8  # lines
DEEP = 20  # columns that a changed line's further lines stand in at most
ALSO = 4
COLOURS = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan"}


def show(shown: Shown, result: Result, hidden: Secrets, paper: Paper) -> None:
    """Print one verdict with its findings' places, why it is true and what to do."""
    look = Look(result.root, hidden, COLOURS[shown.verdict.severity], paper.width)
    for line in _lines(shown, result, look):
        paper.hang(line)
    paper.print()


def _lines(shown: Shown, result: Result, look: Look) -> Iterator[Text]:
    verdict, first = shown.verdict, shown.verdict.findings[0]
    yield Text.assemble((f"{verdict.severity}[{verdict.check}]", look.colour), ": ", first.message)
    before: Finding | None = None
    for finding in verdict.findings[:ALSO]:
        label = finding.message if finding.message != first.message else ""
        told: frozenset[Evidence] = frozenset()
        if before is None or before.place != finding.place:
            framed, told = frame(finding, look, label)
            yield from framed
        elif label:
            yield Text.assemble(("  = ", "blue"), label)
        if before is None or not _told_already(before, finding):
            yield from _because(finding, told)
        before = finding
    yield from _remedy(first, result, look.hidden)
    sure = "" if verdict.confidence == "certain" else f" · {verdict.confidence}, not certain"
    tag = f" · {first.cwe}" if first.cwe else ""
    yield Text(f"  = {verdict.reason}{sure}{tag}", "dim")
    yield from _others(shown)


def _others(shown: Shown) -> Iterator[Text]:
    """Name, in a line each, what else stands here, where else it stands, and who else has it."""
    check = shown.verdict.check
    for verdict in shown.beside:
        yield Text.assemble(("  = ", "blue"), f"{verdict.check}: {verdict.findings[0].message}")
    same = [*shown.verdict.findings[ALSO:], *(v.findings[0] for v in shown.same)]
    if same:
        yield Text(f"  = also at {_some([str(finding.place) for finding in same])}", "dim")
    for line in followed(shown.caused):
        yield Text(f"  = {line}", "dim")
    worst = [named(v) for v in shown.more if v.severity is Severity.CRITICAL]
    if worst:
        yield Text(f"  = and {len(worst)} more critical {check}: {', '.join(worst)}", "dim")
    if len(worst) < len(shown.more):
        others = [named(v) for v in shown.more if v.severity is not Severity.CRITICAL]
        yield Text(f"  = and {len(others)} more {check}: {_some(others)}", "dim")


def _told_already(before: Finding, finding: Finding) -> bool:
    return (before.evidence, before.steps) == (finding.evidence, finding.steps)


def _because(finding: Finding, told: frozenset[Evidence]) -> Iterator[Text]:
    """Yield why it is true, less what labels in the code have said."""
    left = [each for each in (*finding.evidence, *finding.steps) if each not in told]
    for each in left[:STEPS]:
        yield _told(each, finding.place)
    if len(left) > STEPS:
        yield Text(f"  = … {len(left) - STEPS} more steps", "dim")


def _told(each: Evidence, near: Place) -> Text:
    place = each.place
    where = f" ({place})" if place.path and place != near else ""
    return Text.assemble(("  = ", "blue"), each.text, (where, "dim"))


def _remedy(finding: Finding, result: Result, hidden: Secrets) -> Iterator[Text]:
    if accept := acceptance(finding):
        yield Text.assemble(("  = if it is meant: ", "green"), accept)
    if not finding.fix:
        return
    remedy = result.remedies.get(finding.fingerprint, Remedy())
    unsafe = "" if finding.fix.safe else " (review it: this may change what works)"
    files = dict.fromkeys(edit.place.path for edit in remedy.edits)
    where = f" in {', '.join(files)}" if files and [*files] != [finding.place.path] else ""
    yield Text.assemble(("  = fix: ", "green"), finding.fix.title, where, (unsafe, "dim"))
    if remedy.why_not:
        yield Text(f"         not as an edit: {remedy.why_not}", "dim")
    for line in _changed(remedy.edits, result.root, hidden):
        margin = " " * min(len(line) - len(line[2:].lstrip()) + 8, DEEP)
        yield Text("      " + line, "green" if line.startswith("+") else "red", margin)


def _changed(edits: tuple[Edit, ...], root: Path, hidden: Secrets) -> Iterator[str]:
    """Yield the first lines of the diff, without the indentation that all of them have."""
    changed = list(diff(edits, root, hidden))
    bodies = textwrap.dedent("\n".join(line[1:] for line in changed)).split("\n")
    shown = [line[0] + " " + body for line, body in zip(changed, bodies, strict=False)]
    yield from shown[:DIFF]
    if len(shown) > DIFF:
        yield f"… {len(shown) - DIFF} more lines"


def _some(names: list[str]) -> str:
    known = list(dict.fromkeys(names))
    more = f" and {len(known) - ALSO} more" if len(known) > ALSO else ""
    return ", ".join(known[:ALSO]) + more
