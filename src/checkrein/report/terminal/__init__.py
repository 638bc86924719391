"""The report a person reads: what was read, the data, the table, the worst findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import partial

from rich.console import Console
from rich.text import Text

from checkrein.model import Finding, Outcome, Severity, Unread
from checkrein.model.result import Result
from checkrein.report.counts import counts
from checkrein.report.terminal import console
from checkrein.report.terminal.choice import Shown, choose, distinct, untold
from checkrein.report.terminal.findings import show
from checkrein.report.terminal.table import found_data, tables

UNREAD = 5
UNDECIDED = 3  # reasons


def worst(result: Result) -> list[Finding]:
    """Return the findings that the report shows in full: whose fixes it needs."""
    return [finding for shown in choose(result) for finding in shown.verdict.findings]


def render(result: Result) -> None:
    """Print the report; colour and width follow the terminal, NO_COLOR and pipes."""
    console.show(partial(_print, result))


def plain(result: Result, width: int = console.PIPED) -> str:
    """Return the report as text without colour."""
    return console.plain(partial(_print, result), width)


def _print(result: Result, paper: Console) -> None:
    paper.print(_read(result))
    paper.print(found_data(result.app))
    paper.print()
    for table in tables(result.app):
        paper.print(table)
    paper.print()
    shown = choose(result)
    for each in shown:
        show(each, result, paper)
    for line in [*_untold(result, shown), *_unread(result), *_undecided(result), *_notes(result)]:
        paper.print(line)
    paper.print(_summary(result))


def _read(result: Result) -> Text:
    """Say in one line what was read."""
    read = counts(result)
    languages = ", ".join(f"{number} {name}" for name, number in read.languages.items())
    parts = [
        _many(read.templates, "template"),
        _many(read.deployments, "deployment"),
        _many(read.functions, "function") + (f" ({languages})" if languages else ""),
        _many(read.resources, "resource"),
        _many(read.grants, "grant") if read.grants else "",
        f"{read.calls_bound} of {_many(read.calls, 'call')} bound" if read.calls else "",
    ]
    text = Text.assemble(("checkrein", "bold"), f" read {', '.join(filter(None, parts))}")
    if read.unread:
        text.append(f"; {_many(read.unread, 'thing')} could not be read", "yellow")
    return text


def _many(number: int, noun: str) -> str:
    return f"{number:,} {noun}" + ("" if number == 1 else "s")


def _unread(result: Result) -> Iterator[Text]:
    """Say what could not be read, the fatal first."""
    unread = sorted(result.app.every(Unread), key=lambda each: (not each.fatal, each.path))
    for each in unread[:UNREAD]:
        head = ("unread", "bold yellow" if each.fatal else "dim")
        yield Text.assemble(head, f" {each.path}: {each.reason} ", (f"({each.effect})", "dim"))
    if len(unread) > UNREAD:
        rest = len(unread) - UNREAD
        yield Text(f"unread {rest} more: checkrein scan --format json", "dim")


def _untold(result: Result, shown: list[Shown]) -> Iterator[Text]:
    """Count, check by check, what is not shown in full."""
    left = untold(result, shown)
    if left:
        named = ", ".join(f"{number} {check}" for check, number in left.most_common())
        yield Text.assemble(f"{left.total()} not shown in full: {named}", "\n")


def _undecided(result: Result) -> Iterator[Text]:
    """Say what nobody could decide and why; what says the same of several subjects once."""
    found: dict[str, Counter[str]] = {}
    for verdict in result.verdicts:
        if verdict.outcome is Outcome.UNDECIDED:
            found.setdefault(verdict.reason, Counter())[verdict.check] += 1
    ordered = sorted(found.items(), key=lambda item: (-item[1].total(), item[0]))
    for reason, number in ordered[:UNDECIDED]:
        checks = ", ".join(f"{count} {check}" for check, count in sorted(number.items()))
        yield Text.assemble(("undecided", "yellow"), f" {checks}: {reason}")
    rest = sum(number.total() for _, number in ordered[UNDECIDED:])
    if rest:
        yield Text(f"undecided {rest} more: checkrein scan --format json", "dim")


def _notes(result: Result) -> Iterator[Text]:
    for note in result.notes:
        yield Text.assemble(("note", "yellow"), f" {note}")


def _summary(result: Result) -> Text:
    """Say in one line how many findings there are, each counted once, and what else came out."""
    failing = distinct(result)
    levels = Counter(verdict.severity for verdict in failing)
    ranked = ", ".join(f"{levels[s]} {s}" for s in reversed(Severity) if levels[s])
    numbers = counts(result).verdicts
    text = Text(_many(len(failing), "finding"), "bold")
    text.append(f": {ranked}" if ranked else "", "default")
    held = [verdict for verdict in result.held if verdict.outcome is Outcome.FAIL]
    others = [
        f"{numbers['undecided']} undecided" if numbers["undecided"] else "",
        f"{numbers['crashed']} crashed" if numbers["crashed"] else "",
        f"{len(held)} for auditors (--persona auditor)" if held else "",
        f"{numbers['ignored']} ignored" if numbers["ignored"] else "",
        f"{numbers['known']} in the baseline" if numbers["known"] else "",
        f"{numbers['pass']} passed" if numbers["pass"] else "",
    ]
    beside = " · ".join(filter(None, others))
    return text.append(f" · {beside}" if beside else "").append(
        " · all: checkrein scan --format json" if beside else "", "dim"
    )
