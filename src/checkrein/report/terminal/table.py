"""The table, for the eye: services in rows, families of data in cells."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from checkrein.catalog.data_classes import FAMILIES, title
from checkrein.model import App, Data, Element, Row
from checkrein.report.cells import Cells, cells, families, name, says_something

MOST_ROWS = 30
MOST_CLASSES = 6
COLOURS = {3: "bold red", 2: "yellow", 1: "green", 0: "dim"}


def found_data(app: App) -> Text:
    """Name the classes that were found, family by family, the ones certain or likely."""
    found = {e.data for e in app.every(Element) if e.confidence != "possible"}
    found |= {data for row in app.every(Row) for data in (*row.intended, *row.coded)}
    own = {data.id: data.title for data in app.every(Data)}
    text = Text("Data found")
    for family, called in FAMILIES.items():
        ids = [data for data in sorted(found) if data.partition(".")[0] == family]
        titles = [own.get(id) or title(id) for id in ids]
        if titles and family not in {"public", "untrusted"}:
            shown = ", ".join(titles[:MOST_CLASSES])
            more = f" and {len(titles) - MOST_CLASSES} more" if len(titles) > MOST_CLASSES else ""
            text.append("\n  ").append(f"{called}: ", "bold").append(shown + more)
    return text if "\n" in text.plain else Text("Data found: none that its names tell of")


def tables(app: App) -> Iterator[RenderableType]:
    """Yield a table for each deployment, the one at greatest risk first."""
    rows = [row for row in app.every(Row) if says_something(row)]
    by_deployment = {
        deployment: list(same)
        for deployment, same in groupby(
            sorted(rows, key=lambda row: row.deployment), key=lambda row: row.deployment
        )
    }
    left = MOST_ROWS
    ordered = sorted(by_deployment.items(), key=lambda item: (*_weight(item[1]), item[0]))
    for deployment, same in ordered:
        groups = _groups(same)
        if left <= 0:
            break
        everything = families(data for row in same for data in row.coded)
        yield _table(deployment, groups[:left], everything, titled=len(ordered) > 1)
        left -= len(groups)
    shown = sum(len(_groups(same)) for _, same in ordered)
    if shown > MOST_ROWS:
        yield Text(f"  … {shown - MOST_ROWS} more rows: checkrein scan --format json", "dim")


def _weight(rows: list[Row]) -> tuple[int, int]:
    return -max(row.risk for row in rows), -len(rows)


def _groups(rows: list[Row]) -> list[list[Row]]:
    """Put together the rows of one service that say the same; the riskiest service first."""
    worst: dict[str, int] = {}
    for row in rows:
        worst[row.service] = max(worst.get(row.service, 0), row.risk)

    everything = families(data for row in rows for data in row.coded)

    def order(row: Row) -> tuple[int, str, int, Cells]:
        return -worst[row.service], row.service, -row.risk, cells(row, everything)

    return [list(same) for _, same in groupby(sorted(rows, key=order), key=order)]


def _table(
    deployment: str, groups: list[list[Row]], everything: frozenset[str], *, titled: bool
) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, title_justify="left")
    if titled:
        table.title = Text(deployment or "outside", "bold")
    for heading in ("Service", "Intended", "Seen in code", "Could also hold"):
        table.add_column(heading, overflow="fold")
    table.add_column("Risk", no_wrap=True)
    before = ""
    for rows in groups:
        risk, service = rows[0].risk, rows[0].service
        head = Text(service if service != before else "  ", "bold")
        before = service
        named = head.append(f" {_names(rows)}", "not bold dim")
        table.add_row(named, *cells(rows[0], everything), Text("★" * risk or "-", COLOURS[risk]))
    return table


def _names(rows: list[Row]) -> str:
    names = [name(row) for row in rows]
    return names[0] if len(names) == 1 else f"{names[0]} and {len(names) - 1} more"
