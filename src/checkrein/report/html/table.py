"""The table of the method: each service, what it is meant to hold, holds, and could hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from checkrein.model import Row
from checkrein.report.cells import Cells, cells, families, name, says_something
from checkrein.report.html.markup import Markup, element
from checkrein.report.wording import many

BASES = ("intended", "coded", "potential", "observed")
HEADS = ("Intended", "Seen in code", "Could also hold", "Observed")


def table(rows: Sequence[Row], number: Mapping[str, int]) -> Markup:
    """Return the table, a part for each deployment; ``number`` gives each row's node."""
    shown = [row for row in rows if says_something(row)]
    heads = HEADS if any(row.observed for row in shown) else HEADS[:3]
    parts = _by_deployment(shown)
    bodies = [
        _body(deployment if len(parts) > 1 else "", same, number, len(heads))
        for deployment, same in parts
    ]
    titles = [element("th", title, scope="col") for title in ("Service", *heads, "Risk")]
    head = element("thead", element("tr", titles))
    caption = element("caption", f"Data of {many(len(shown), 'service')}", class_="unseen")
    return element("table", caption, head, bodies, id="table")


def _by_deployment(rows: Sequence[Row]) -> list[tuple[str, list[Row]]]:
    """Put together the rows of one deployment, the one at greatest risk first."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.deployment].append(row)
    return sorted(
        found.items(), key=lambda item: (-max(r.risk for r in item[1]), -len(item[1]), item[0])
    )


def _body(title: str, rows: list[Row], number: Mapping[str, int], columns: int) -> Markup:
    everything = families(data for row in rows for data in row.coded)
    head = element("th", title, scope="rowgroup", colspan=columns + 2) if title else None
    lines = [_line(row, cells(row, everything), number[row.id], columns) for row in _ordered(rows)]
    return element("tbody", element("tr", head, class_="deployment") if head else None, lines)


def _ordered(rows: list[Row]) -> list[Row]:
    """Return rows by service, the riskiest service first."""
    worst: defaultdict[str, int] = defaultdict(int)
    for row in rows:
        worst[row.service] = max(worst[row.service], row.risk)
    return sorted(rows, key=lambda r: (-worst[r.service], r.service, -r.risk, r.id))


def _line(row: Row, told: Cells, node: int, columns: int) -> Markup:
    service = element("th", element("b", row.service), " ", name(row))
    said = [*told, cells(row, frozenset()).intended if row.observed else "-"][:columns]
    held = [element("td", text if text != "-" else None) for text in said]
    return element("tr", service, held, stars("td", row.risk), id=f"n{node}")


def stars(name: str, risk: int) -> Markup:
    """Return an element with a risk as stars."""
    return element(name, "★" * risk or "-", class_=f"r{risk}")
