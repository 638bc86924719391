"""The worst findings, for the eye: the code with the span marked, the path, the fix as a diff."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from rich.console import Console
from rich.text import Text

from checkrein.model import Edit, Evidence, Finding, Outcome, Place, Severity, Verdict
from checkrein.model.result import Remedy, Result
from checkrein.notation import splice

MOST = 10  # findings shown
OF_ONE_CHECK = 2  # shown in full; the others of the check are named below them
STEPS = 6
DIFF = 8  # lines
ALSO = 4
ORDER = tuple(Severity)
SURE = ("possible", "likely", "certain")
SECRET = frozenset({"CWE-798"})  # findings whose span must not be repeated in a CI log
COLOURS = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "cyan"}


class Shown(Struct, frozen=True):
    """A verdict shown in full, and the places of others of its check that are not."""

    verdict: Verdict
    also: tuple[Finding, ...] = ()


def choose(result: Result) -> list[Shown]:
    """Return the worst verdicts, at most ten; of one check two, the second naming the rest."""
    failing = [verdict for verdict in result.verdicts if verdict.outcome is Outcome.FAIL]
    of_check: defaultdict[str, list[Verdict]] = defaultdict(list)
    told: set[tuple[str, Place, str]] = set()
    for verdict in sorted(failing, key=_rank):
        first = verdict.findings[0]
        if (verdict.check, first.place, first.message) not in told:  # Globals speak for many
            of_check[verdict.check].append(verdict)
        told.add((verdict.check, first.place, first.message))
    shown = [shown for same in of_check.values() for shown in _of_one(same)]
    return sorted(shown, key=lambda each: _rank(each.verdict))[:MOST]


def _of_one(same: list[Verdict]) -> list[Shown]:
    full, rest = same[:OF_ONE_CHECK], same[OF_ONE_CHECK:]
    others = tuple(finding for verdict in rest for finding in verdict.findings[:1])
    return [*map(Shown, full[:-1]), Shown(full[-1], others)]


def _rank(verdict: Verdict) -> tuple[int, int, float, str, str]:
    severity, sure = ORDER.index(verdict.severity), SURE.index(verdict.confidence)
    return -severity, -sure, -verdict.score, verdict.check, verdict.subject


def show(shown: Shown, result: Result, console: Console) -> None:
    """Print one verdict with its findings' places, why it is true and what to do."""
    verdict, first = shown.verdict, shown.verdict.findings[0]
    colour = COLOURS[verdict.severity]
    head = Text.assemble((f"{verdict.severity}[{verdict.check}]", colour), ": ", first.message)
    console.print(head)
    for finding in verdict.findings[:ALSO]:
        for line in _frame(finding, result.root, colour):
            console.print(line)
        if finding.message != first.message:
            console.print(Text.assemble(("  = ", "blue"), finding.message))
        for line in _because(finding):
            console.print(line)
    for line in _remedy(first, result):
        console.print(line)
    sure = "" if verdict.confidence == "certain" else f" · {verdict.confidence}, not certain"
    tag = f" · {first.cwe}" if first.cwe else ""
    console.print(Text(f"  = {verdict.reason}{sure}{tag}", "dim"))
    hidden = [*verdict.findings[ALSO:], *shown.also]
    if hidden:
        console.print(Text(f"  = also at {_places(hidden)}", "dim"))
    console.print()


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
    if finding.cwe in SECRET:
        line = line[:start] + "*" * (end - start) + line[end:]
    yield Text.assemble((f"{number:>5} | ", "blue"), line[cut:].rstrip().expandtabs(1))
    mark = "^" * max(1, end - start)
    yield Text.assemble(("      | ", "blue"), " " * (start - cut), (mark, colour))


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


def _places(findings: list[Finding]) -> str:
    names = list(dict.fromkeys(str(finding.place) for finding in findings))
    more = f" and {len(names) - ALSO} more" if len(names) > ALSO else ""
    return ", ".join(names[:ALSO]) + more


def _lines(root: Path, path: str) -> list[str]:
    try:
        return (root / path).read_text("utf-8-sig", errors="replace").splitlines()
    except OSError:
        return []
