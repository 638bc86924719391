"""The worst findings, for the eye: the code with the span marked, the path, the fix as a diff."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.text import Text

from checkrein.model import Edit, Evidence, Finding, Place, Verdict
from checkrein.model.result import Remedy, Result
from checkrein.notation import splice
from checkrein.report.terminal.choice import Shown, subject_of

STEPS = 6
DIFF = 8  # lines
ALSO = 4
COLOURS = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan"}


def show(shown: Shown, result: Result, console: Console) -> None:
    """Print one verdict with its findings' places, why it is true and what to do."""
    verdict, first = shown.verdict, shown.verdict.findings[0]
    colour = COLOURS[verdict.severity]
    head = Text.assemble((f"{verdict.severity}[{verdict.check}]", colour), ": ", first.message)
    console.print(head)
    before: Finding | None = None
    for finding in verdict.findings[:ALSO]:
        near = before is not None and before.place == finding.place
        for line in () if near else _frame(finding, result.root, colour):
            console.print(line)
        if finding.message != first.message:
            console.print(Text.assemble(("  = ", "blue"), finding.message))
        for line in () if before and near and _told_already(before, finding) else _because(finding):
            console.print(line)
        before = finding
    for line in _remedy(first, result):
        console.print(line)
    sure = "" if verdict.confidence == "certain" else f" · {verdict.confidence}, not certain"
    tag = f" · {first.cwe}" if first.cwe else ""
    console.print(Text(f"  = {verdict.reason}{sure}{tag}", "dim"))
    for line in _others(shown):
        console.print(line)
    console.print()


def _others(shown: Shown) -> Iterator[Text]:
    """Name, in a line each, what else stands here, where else it stands, and who else has it."""
    check = shown.verdict.check
    for verdict in shown.beside:
        yield Text.assemble(("  = ", "blue"), f"{verdict.check}: {verdict.findings[0].message}")
    same = [*shown.verdict.findings[ALSO:], *(v.findings[0] for v in shown.same)]
    if same:
        yield Text(f"  = also at {_some([str(finding.place) for finding in same])}", "dim")
    if shown.more:
        named = [_named(verdict) for verdict in shown.more]
        yield Text(f"  = and {len(named)} more {check}: {_some(named)}", "dim")


def _named(verdict: Verdict) -> str:
    first = verdict.findings[0]
    return f"{subject_of(verdict, first)} {first.place}"


def _frame(finding: Finding, root: Path, colour: str) -> Iterator[Text]:
    """Show the line of code with its span underlined, as compilers do."""
    place = finding.place
    yield Text.assemble(("  --> ", "blue"), f"{place.path}:{place.line}:{place.column}")
    lines = _lines(root, place.path)
    if not 0 < place.line <= len(lines):
        return
    line = lines[place.line - 1]
    start = place.column - 1
    end = place.end_column - 1 if place.end_line == place.line else len(line.rstrip())
    cut = len(line) - len(line.lstrip()) if start >= len(line) - len(line.lstrip()) else 0
    number = str(place.line)
    if finding.secret:
        line = line[:start] + "*" * (end - start) + line[end:]
    yield Text.assemble((f"{number:>5} | ", "blue"), line[cut:].rstrip().expandtabs(1))
    mark = "^" * max(1, end - start)
    yield Text.assemble(("      | ", "blue"), " " * (start - cut), (mark, colour))


def _told_already(before: Finding, finding: Finding) -> bool:
    return (before.evidence, before.steps) == (finding.evidence, finding.steps)


def _because(finding: Finding) -> Iterator[Text]:
    told = [*finding.evidence, *finding.steps]
    for each in told[:STEPS]:
        yield _told(each, finding.place)
    if len(told) > STEPS:
        yield Text(f"  = … {len(told) - STEPS} more steps", "dim")


def _told(each: Evidence, near: Place) -> Text:
    place = each.place
    where = f" ({place})" if place.path and place != near else ""
    return Text.assemble(("  = ", "blue"), each.text, (where, "dim"))


def _remedy(finding: Finding, result: Result) -> Iterator[Text]:
    if not finding.fix:
        return
    remedy = result.remedies.get(finding.fingerprint, Remedy())
    unsafe = "" if finding.fix.safe else " (review it: this may change what works)"
    yield Text.assemble(("  = fix: ", "green"), finding.fix.title, (unsafe, "dim"))
    if remedy.why_not:
        yield Text(f"         not as an edit: {remedy.why_not}", "dim")
    for line in _diff(remedy.edits, result.root):
        yield Text("      " + line, "green" if line.startswith("+") else "red")


def _diff(edits: tuple[Edit, ...], root: Path) -> Iterator[str]:
    by_file: defaultdict[str, list[Edit]] = defaultdict(list)
    for edit in edits:
        by_file[edit.place.path].append(edit)
    for path, same in by_file.items():
        before = "\n".join(_lines(root, path)) + "\n"
        after = splice(before, same).splitlines()
        changed = list(difflib.unified_diff(before.splitlines(), after, n=0, lineterm=""))[2:]
        lines = [line for line in changed if not line.startswith("@@")]
        yield from lines[:DIFF]
        if len(lines) > DIFF:
            yield f"… {len(lines) - DIFF} more lines"


def _some(names: list[str]) -> str:
    known = list(dict.fromkeys(names))
    more = f" and {len(known) - ALSO} more" if len(known) > ALSO else ""
    return ", ".join(known[:ALSO]) + more


def _lines(root: Path, path: str) -> list[str]:
    try:
        return (root / path).read_text("utf-8-sig", errors="replace").splitlines()
    except OSError:
        return []
