"""The report a person reads: what was read, the data, the table, the worst findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial

from checkrein.model import Finding, Outcome, Severity, Stack, Unread
from checkrein.model.result import Result
from checkrein.report.choice import MOST as MOST
from checkrein.report.choice import Shown, choose, held_back, unnamed
from checkrein.report.counts import counts, crashed
from checkrein.report.order import Told, worst_first
from checkrein.report.secrets import secrets
from checkrein.report.terminal import console
from checkrein.report.terminal.findings import show
from checkrein.report.terminal.ink import Paper, Table, Text
from checkrein.report.terminal.table import MOST_ROWS, found_data, tables
from checkrein.report.wording import listed, many

TERRAFORM = "Terraform"  # the notation of what is no template
UNREAD = 3  # reasons
PATHS = 2  # named of one reason
UNDECIDED = 3  # reasons


def worst(result: Result, most: int | None = MOST) -> list[Finding]:
    """Return the findings that the report shows in full: whose fixes it needs."""
    return [finding for shown in choose(result, most) for finding in shown.verdict.findings]


def rendered(result: Result, most: int | None = MOST) -> str:
    """Return the report to print; colour and width follow the terminal, NO_COLOR and pipes.

    ``most`` findings are shown in full, all where it is None.
    """
    return console.shown(_drawing(result, most))


def plain(result: Result, width: int = console.PIPED, most: int | None = MOST) -> str:
    """Return the report as text without colour."""
    return console.plain(_drawing(result, most), width)


def _drawing(result: Result, most: int | None) -> console.Draw:
    """Return what draws the report, on another paper too where one does not do."""
    found = [*tables(result.app, None if most is None else MOST_ROWS)]
    return partial(_print, result, most, found, choose(result, most))


def _print(
    result: Result, most: int | None, found: list[Text | Table], shown: list[Shown], paper: Paper
) -> None:
    for line in [_read(result), *found_data(result.app)]:
        paper.hang(line)
    paper.print()
    for table in found:
        paper.print(table)
    paper.print()
    hidden = secrets(result)
    for each in shown:
        show(each, result, hidden, paper)
    for told in () if most is None else unnamed(result, shown):
        paper.hang(_named(told))
    for line in _rest(result, shown, everything=most is None):
        paper.hang(line)


def _named(told: Told) -> Text:
    """Say in a line what is critical and not shown."""
    verdict, finding = told
    head = (f"{verdict.severity}[{verdict.check}]", "bold red")
    return Text.assemble(head, f": {finding.message} ", (f"({finding.place})", "dim"))


def _rest(result: Result, shown: list[Shown], *, everything: bool) -> Iterator[Text]:
    yield from _unread(result, everything=everything)
    yield from _undecided(result, everything=everything)
    yield from _crashed(result)
    yield from _notes(result)
    yield from _held_back(result, shown, everything=everything)
    yield _summary(result)


def _read(result: Result) -> Text:
    """Say in one line what was read."""
    read = counts(result)
    languages = ", ".join(f"{number} {name}" for name, number in read.languages.items())
    of_terraform = len({s.source for s in result.app.every(Stack) if s.notation == TERRAFORM})
    others = read.templates - of_terraform
    parts = [
        many(others, "template") if others or not of_terraform else "",
        many(of_terraform, "Terraform configuration") if of_terraform else "",
        many(read.deployments, "deployment"),
        many(read.functions, "function") + (f" ({languages})" if languages else ""),
        many(read.resources, "resource"),
        many(read.grants, "grant") if read.grants else "",
        f"{read.calls_bound} of {many(read.calls, 'call')} bound" if read.calls else "",
    ]
    text = Text.assemble(("checkrein", "bold"), f" read {', '.join(filter(None, parts))}")
    if read.unread:
        text.append(f"; {many(read.unread, 'thing')} could not be read", "yellow")
    return text


def _unread(result: Result, *, everything: bool) -> Iterator[Text]:
    """Say what could not be read, the fatal first; what says the same of several files once."""
    found: dict[tuple[bool, str, str], list[str]] = {}
    for each in result.app.every(Unread):
        found.setdefault((not each.fatal, each.reason, each.effect), []).append(each.path)
    ordered = sorted(found.items(), key=lambda item: (item[0][0], item[1]))
    shown = ordered if everything else ordered[:UNREAD]
    for (harmless, reason, effect), paths in shown:
        head = ("unread", "dim" if harmless else "bold yellow")
        named = listed(paths, len(paths) if everything else PATHS)
        yield Text.assemble(head, f" {named}: {reason} ", (f"({effect})", "dim"))
    rest = sum(len(paths) for _, paths in ordered[len(shown) :])
    if rest:
        yield Text(f"unread {rest} more: --all", "dim")


def _undecided(result: Result, *, everything: bool) -> Iterator[Text]:
    """Say what nobody could decide and why; what says the same of several subjects once."""
    found: dict[str, Counter[str]] = {}
    for verdict in result.verdicts:
        if verdict.outcome is Outcome.UNDECIDED:
            found.setdefault(verdict.reason, Counter())[verdict.check] += 1
    ordered = sorted(found.items(), key=lambda item: (-item[1].total(), item[0]))
    shown = ordered if everything else ordered[:UNDECIDED]
    for reason, number in shown:
        checks = ", ".join(f"{count} {check}" for check, count in sorted(number.items()))
        yield Text.assemble(("undecided", "yellow"), f" {checks}: {reason}")
    rest = sum(number.total() for _, number in ordered[len(shown) :])
    if rest:
        yield Text(f"undecided {rest} more: --all", "dim")


def _crashed(result: Result) -> Iterator[Text]:
    """Name each check that crashed, with its error, once."""
    for told in crashed(result):
        yield Text.assemble(("crashed", "bold red"), f" {told}")


def _notes(result: Result) -> Iterator[Text]:
    for note in result.notes:
        yield Text.assemble(("note", "yellow"), f" {note}")


def _held_back(result: Result, shown: list[Shown], *, everything: bool) -> Iterator[Text]:
    """Say in one line what was judged and is not shown, and how to see it."""
    numbers = counts(result).verdicts
    hygiene = sum(verdict.outcome is Outcome.FAIL for verdict in result.held)
    parts = [
        "" if everything else _ranked(held_back(result, shown), " (--all)"),
        f"{hygiene} for auditors (--persona auditor)" if hygiene else "",
        f"{numbers['known']} in the baseline (--no-baseline)" if numbers["known"] else "",
        f"{numbers['ignored']} ignored (--format csv)" if numbers["ignored"] else "",
    ]
    if any(parts):
        yield Text.assemble(("held back", "bold"), ": ", " · ".join(filter(None, parts)))


def _ranked(levels: Mapping[str, int], how: str = "") -> str:
    """Return numbers by severity, the worst first: ``1 critical, 3 high``."""
    ranked = ", ".join(f"{levels[s]} {s}" for s in reversed(Severity) if levels.get(s))
    return ranked and ranked + how


def _summary(result: Result) -> Text:
    """Say in one line how many findings there are, each counted once, and what else came out."""
    told = worst_first(result)
    ranked = _ranked(Counter(verdict.severity for verdict, _ in told))
    numbers = counts(result).verdicts
    others = [
        f"{numbers['undecided']} undecided" if numbers["undecided"] else "",
        f"{numbers['crashed']} crashed" if numbers["crashed"] else "",
        f"{numbers['pass']:,} passed" if numbers["pass"] else "",
    ]
    head = many(len(told), "finding")
    if not told and any(unread.fatal for unread in result.app.every(Unread)):
        head += " in what could be read"
    said = " · ".join(filter(None, [f": {ranked}" if ranked else "", *others]))
    if not ranked:
        said = f" · {said}" if said else ""
    return Text.assemble((head, "bold"), said)
