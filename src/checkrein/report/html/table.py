"""The table of the method: each service, what it is meant to hold, holds, and could hold."""

from __future__ import annotations

from collections.abc import Mapping

from checkrein.model import App, Row
from checkrein.report.cells import Cells, cells, families, observed
from checkrein.report.groups import Group, every_group, names
from checkrein.report.html.markup import Markup, breaking, element
from checkrein.report.wording import many

BASES = ("intended", "coded", "potential", "observed")
HEADS = ("Intended", "Seen in code", "Could also hold", "Observed")


def table(app: App, number: Mapping[str, int]) -> Markup:
    """Return the table, a part for each deployment; ``number`` gives each row's node."""
    parts = [part for part in every_group(app) if part.rows]
    shown = [row for part in parts for row in part.rows]
    heads = HEADS if any(row.observed for row in shown) else HEADS[:3]
    bodies = [_body(part, number, len(heads), titled=len(parts) > 1) for part in parts]
    titles = [element("th", title, scope="col") for title in ("Service", *heads, "Risk")]
    head = element("thead", element("tr", titles))
    caption = element("caption", f"Data of {many(len(shown), 'service')}", class_="unseen")
    return element("table", caption, head, bodies, id="table")


def _body(part: Group, number: Mapping[str, int], columns: int, *, titled: bool) -> Markup:
    everything = families(data for row in part.rows for data in row.coded)
    called = names(part.rows)
    size = element("small", part.size)
    head = element("th", part.title, " ", size, scope="rowgroup", colspan=columns + 2)
    lines = [
        _line(row, called[row.id], cells(row, everything), number[row.id], columns)
        for row in part.rows
    ]
    return element("tbody", element("tr", head, class_="deployment") if titled else None, lines)


def _line(row: Row, called: str, told: Cells, node: int, columns: int) -> Markup:
    service = element("th", element("b", row.service), " ", breaking(called))
    said = [*told, observed(row)][:columns]
    held = [element("td", text if text != "-" else None) for text in said]
    return element("tr", service, held, stars("td", row.risk), id=f"n{node}")


def stars(name: str, risk: int) -> Markup:
    """Return an element with a risk as stars."""
    return element(name, "★" * risk or "-", class_=f"r{risk}")
