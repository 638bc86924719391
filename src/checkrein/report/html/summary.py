"""What a reader sees first: the result in two sentences, and the worst findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from checkrein.catalog.data_classes import classes, data_class
from checkrein.model import Outcome, Row, Severity, Unread
from checkrein.model.result import Result
from checkrein.report.cells import UNTRUSTED
from checkrein.report.choice import Shown
from checkrein.report.counts import counts, crashed
from checkrein.report.html.markup import Markup, element
from checkrein.report.order import worst_first
from checkrein.report.wording import many

WORST = 3  # findings named before the picture
UNREAD = 8
UNDECIDED = 8  # reasons


def headline(result: Result) -> str:
    """Return the result in a few words: ``1 critical and 10 high findings``."""
    levels = Counter(verdict.severity for verdict, _ in worst_first(result))
    worst = [s for s in reversed(Severity) if levels[s]]
    if not worst:
        return "Nothing found" + (" in what could be read" if _incomplete(result) else "")
    shown = worst[:2]
    said = " and ".join(f"{levels[s]:,} {s}" for s in shown)
    last = levels[shown[-1]]
    rest = sum(levels.values()) - sum(levels[s] for s in shown)
    more = f", {rest:,} less severe" if rest else ""
    return f"{said} finding{'' if last == 1 else 's'}{more}"


def excess(rows: Sequence[Row]) -> str:
    """Return a sentence on what services could hold beyond their intent; input is no data yet."""
    known = [row for row in rows if row.risk]
    beyond = [(row, {*row.potential} - {*row.intended, UNTRUSTED}) for row in known]
    beyond = [(row, data) for row, data in beyond if data]
    if not known:
        return "No service is known to hold data of value."
    if not beyond:
        return f"None of {many(len(known), 'service')} could hold data that it is not meant to."
    values = {data.id: data.value for data in classes()}
    most = max((data for _, held in beyond for data in held), key=lambda d: (values.get(d, 0), d))
    number = sum(most in held for _, held in beyond)
    told = data_class(most)
    title = told.title if told else most
    return (
        f"{len(beyond):,} of {many(len(known), 'service')} could hold data that they are not meant "
        f"to; {number:,} of them {title}, the most valuable."
    )


def worst(shown: Sequence[Shown]) -> Markup | None:
    """Return the worst findings, a line each, that lead to where they are told in full."""
    items = [
        element(
            "li",
            element("span", group.verdict.severity, class_="severity"),
            " ",
            element("a", group.verdict.findings[0].message, href=f"#f{number}"),
            class_=group.verdict.severity,
        )
        for number, group in enumerate(shown[:WORST])
    ]
    return element("ol", items, class_="worst") if items else None


def read(result: Result) -> str:
    """Say in one line what was read."""
    number = counts(result)
    parts = (
        many(number.templates, "template"),
        many(number.deployments, "deployment"),
        many(number.functions, "function"),
        many(number.resources, "resource"),
        f"{number.calls_bound:,} of {many(number.calls, 'call')} bound" if number.calls else "",
    )
    return " · ".join(filter(None, parts))


def left_open(result: Result) -> Iterator[Markup]:
    """Yield what a reader must know of what is not told above: unread, undecided, accepted."""
    unread = sorted(result.app.every(Unread), key=lambda each: (not each.fatal, each.path))
    lines = [f"{each.path}: {each.reason} ({each.effect})" for each in unread]
    yield from _list("Could not be read", lines, UNREAD)
    undecided: Counter[str] = Counter(
        f"{verdict.check}: {verdict.reason}"
        for verdict in result.verdicts
        if verdict.outcome is Outcome.UNDECIDED
    )
    told = [f"{text} ({number})" if number > 1 else text for text, number in undecided.items()]
    yield from _list("Crashed", crashed(result), UNREAD)
    yield from _list("Undecided", sorted(told), UNDECIDED)
    yield from _list("Notes", result.notes, len(result.notes))
    yield element("p", _accepted(result))


def _list(title: str, lines: Sequence[str], most: int) -> Iterator[Markup]:
    if lines:
        items = [element("li", line) for line in lines[:most]]
        if len(lines) > most:
            items.append(element("li", f"{len(lines) - most} more"))
        yield element("h3", f"{title} ({len(lines)})")
        yield element("ul", items)


def _accepted(result: Result) -> str:
    number = counts(result).verdicts
    held = sum(verdict.outcome is Outcome.FAIL for verdict in result.held)
    parts = (
        f"{number['pass']:,} passed",
        f"{number['undecided']} undecided" if number["undecided"] else "",
        f"{number['crashed']} crashed" if number["crashed"] else "",
        f"{number['ignored']} ignored" if number["ignored"] else "",
        f"{number['known']} in the baseline" if number["known"] else "",
        f"{held} for auditors (--persona auditor)" if held else "",
    )
    return "Questions asked of each resource: " + " · ".join(filter(None, parts)) + "."


def _incomplete(result: Result) -> bool:
    return any(unread.fatal for unread in result.app.every(Unread))
