"""The data inventory: which class of data is where, on which basis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from checkrein.catalog.data_classes import FAMILIES
from checkrein.catalog.data_classes import data_class as known_class
from checkrein.catalog.data_classes import title as class_title
from checkrein.model import App, Data, Row
from checkrein.report.evidence.markdown import code, csv_of, escaped, page, table
from checkrein.report.wording import listed

BASES = ("intended", "coded", "potential", "observed")
BESIDES = "could hold besides"
MOST = 8  # rows that a cell lists


class Held(Struct, frozen=True):
    """A class of data, and the rows that hold it on each basis; ``value`` is from 0 to 10."""

    id: str
    title: str
    family: str
    value: int
    where: dict[str, list[str]]


def inventory(app: App) -> list[Held]:
    """Return the classes that are somewhere, the most valuable first."""
    where: dict[str, dict[str, list[str]]] = {}
    for row in app.every(Row):
        for basis in BASES:
            for data in getattr(row, basis):
                where.setdefault(data, {name: [] for name in BASES})[basis].append(row.id)
    own = {data.id: data for data in app.every(Data)}
    found = [_held(id, own.get(id) or known_class(id), places) for id, places in where.items()]
    return sorted(found, key=lambda held: (-held.value, held.id))


def _held(id: str, known: Data | None, where: dict[str, list[str]]) -> Held:
    family = id.partition(".")[0]
    title, value = (known.title, known.value) if known else (id, 0)
    return Held(id, title or id, FAMILIES.get(family, family), value, where)


def data_page(app: App) -> bytes:
    """Return the inventory for people, and the table of services behind it."""
    return page(_lines(app))


def _lines(app: App) -> Iterator[str]:
    yield from ("# Data inventory", "")
    yield (
        "*Intended* is what the team accepted, or what code plainly does within what a service is "
        "for; *coded* is what functions and wiring do; *could hold besides* is what rights, "
        "triggers and the network permit more."
    )
    yield from ("", "## By class", "")
    heading = ("class", "about", "value", "intended", "coded", BESIDES)
    yield from table(heading, map(_row, inventory(app)))
    yield from ("", "## By resource", "")
    rows = sorted(app.every(Row), key=lambda row: (-row.risk, row.id))
    yield from table(
        ("resource", "service", "risk", "intended", "coded", BESIDES),
        (
            (
                code(row.id),
                escaped(row.service),
                "★" * row.risk or "-",
                _titles(row.intended),
                _titles(row.coded),
                _titles([d for d in row.potential if d not in {*row.intended, *row.coded}]),
            )
            for row in rows
        ),
    )


def _titles(data: Sequence[str]) -> str:
    return escaped(", ".join(map(class_title, data))) or "-"


def _row(held: Held) -> tuple[object, ...]:
    known = {*held.where["intended"], *held.where["coded"]}
    besides = [id for id in held.where["potential"] if id not in known]
    cells = (held.where["intended"], held.where["coded"], besides)
    shown = [listed([code(id) for id in ids], MOST) or "-" for ids in cells]
    return code(held.id), escaped(f"{held.title} ({held.family})"), held.value, *shown


def data_table(app: App) -> bytes:
    """Return a line for each class, resource and basis."""
    heading = ("class", "title", "family", "value", "basis", "resource")
    return csv_of(
        heading,
        (
            (held.id, held.title, held.family, held.value, basis, id)
            for held in inventory(app)
            for basis in BASES
            for id in held.where[basis]
        ),
    )
