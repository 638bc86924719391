"""The table, for the eye: services in rows, families of data in cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from checkrein.catalog.data_classes import FAMILIES, title
from checkrein.model import App, Data, Element, Row
from checkrein.report.cells import Cells, cells, families, observed
from checkrein.report.groups import Group, groups, names
from checkrein.report.terminal.ink import Column, Table, Text
from checkrein.report.wording import many

MOST_ROWS = 30
FEWEST = 4  # lines of a deployment that is shown at all
MOST_NAMED = 20  # deployments, of those that are not shown
MOST_CLASSES = 6
HEADINGS = ("Service", "Intended", "Seen in code", "Could also hold")
COLOURS = {3: "bold red", 2: "yellow", 1: "green", 0: "dim"}


def found_data(app: App) -> list[Text]:
    """Name the classes that were found, a line for each family, the ones certain or likely."""
    found = {e.data for e in app.every(Element) if e.confidence != "possible"}
    found |= {data for row in app.every(Row) for data in (*row.intended, *row.coded)}
    own = {data.id: data.title for data in app.every(Data)}
    lines = []
    for family, called in FAMILIES.items():
        ids = [data for data in sorted(found) if data.partition(".")[0] == family]
        titles = [own.get(id) or title(id) for id in ids]
        if titles and family not in {"public", "untrusted"}:
            shown = ", ".join(titles[:MOST_CLASSES])
            more = f" and {len(titles) - MOST_CLASSES} more" if len(titles) > MOST_CLASSES else ""
            lines.append(Text.assemble("  ", (f"{called}: ", "bold"), shown + more))
    return (
        [Text("Data found"), *lines] if lines else [Text("Data found: none that its names tell of")]
    )


def tables(app: App, most: int | None = MOST_ROWS) -> Iterator[Text | Table]:
    """Yield a table for each deployment, the one at greatest risk first.

    At most so many lines, all where it is None; what they leave out is told in a line for each
    deployment.
    """
    told = [(group, _lines(group)) for group in groups(app)]
    least = sum(min(len(lines), FEWEST) for _, lines in told[1:])
    left = sum(len(lines) for _, lines in told) if most is None else most
    room = max(left // 2, left - least)  # for one: others must be seen too
    rest: list[tuple[Group, int, int]] = []
    for group, lines in told:
        shown = lines[: min(room, left)]
        left -= len(shown)
        if shown:
            yield from _part(group, shown, len(lines), titled=len(told) > 1 or bool(group.copies))
        if len(shown) < len(lines):
            rest.append((group, len(shown), len(lines)))
    yield from _rest(rest)


def _part(
    group: Group, lines: list[list[Row]], every: int, *, titled: bool
) -> Iterator[Text | Table]:
    if titled:
        yield Text()
        yield Text.assemble((group.title, "bold"), (f"  {group.size}", "dim"))
    yield _table(
        lines, families(data for row in group.rows for data in row.coded), names(group.rows)
    )
    if titled and len(lines) < every:
        yield Text(f"  … {many(every - len(lines), 'more line')} of {group.title}", "dim")


def _rest(left: list[tuple[Group, int, int]]) -> Iterator[Text | Table]:
    """Tell of groups, how many of whose lines were shown: the unseen by name, not too many."""
    whole = [group for group, shown, _ in left if not shown]
    if whole:
        yield Text()
    for group in whole[:MOST_NAMED]:
        stars = ("★" * group.risk or "-").rjust(3), COLOURS[group.risk]
        yield Text.assemble(stars, f" {group.title}", (f"  {group.size}", "dim"))
    if left:
        unnamed = len(whole[MOST_NAMED:])
        others = f"{many(unnamed, 'more deployment')}; " if unnamed else ""
        number = sum(every - shown for _, shown, every in left)
        yield Text(f"… {others}{many(number, 'more line')} in all: --all shows them", "dim")


def _lines(group: Group) -> list[list[Row]]:
    """Put together the rows of one service that say the same; the riskiest service first."""
    everything = families(data for row in group.rows for data in row.coded)
    place = {row.service: at for at, row in reversed([*enumerate(group.rows)])}

    def order(row: Row) -> tuple[int, int, Cells, str]:
        return place[row.service], -row.risk, cells(row, everything), observed(row)

    return [list(same) for _, same in groupby(sorted(group.rows, key=order), key=order)]


def _table(lines: list[list[Row]], everything: frozenset[str], called: Mapping[str, str]) -> Table:
    seen = any(row.observed for rows in lines for row in rows)
    headings = (*HEADINGS, *(("Observed",) if seen else ()))
    table = Table((*map(Column, headings), Column("Risk", folds=False)))
    before = ""
    for rows in lines:
        risk, service = rows[0].risk, rows[0].service
        head = Text(service if service != before else "  ", "bold")
        before = service
        named = head.append(f" {_names([called[row.id] for row in rows])}", "not bold dim")
        told = [*cells(rows[0], everything), *([observed(rows[0])] if seen else [])]
        table.add((named, *told, Text("★" * risk or "-", COLOURS[risk])))
    return table


def _names(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
