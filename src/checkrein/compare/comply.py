"""Eligibility: the services in use and the data they hold, against what a program covers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from msgspec import Struct

from checkrein.catalog.eligibility import (
    NOT_KNOWN,
    OUT,
    Program,
    Table,
    listed,
    note,
    program,
    programs,
    service_called,
    service_of,
    shipped,
    united,
)
from checkrein.catalog.services import service
from checkrein.model import App, Call, Resource, Row
from checkrein.model.eligibility import Compliance, Standing

OUTSIDE = "a third party, on no list of AWS: ask for its own attestation"
RECIPIENTS = "whoever gets the messages, on no list of AWS"
COMPUTED = "addresses that code computes: whoever answers there, on no list of AWS"
ADDRESS = "an address of AWS that code asks by itself"
UNNAMED = "on no list by its own name"
UNSAID = "on none of the lists that checkrein has"
UNMAPPED = "checkrein does not know on which list to look"
NO_SERVICE = frozenset({"internet", "browser", "users"})  # rows that no provider answers for
Held = Mapping[str, set[str]]  # a row's id -> what it holds
BADNESS = {OUT: 0, NOT_KNOWN: 1}


class Used(Struct):
    """One service in use: its resources, what they hold, and the functions that call it."""

    note: str
    resources: set[str]
    rows: list[Row]
    callers: set[str]


class Programs:
    """A question about programs, checked before anything is read.

    ``wanted`` are their ids; none asks for those that the data found suggests. ``table`` is a CSV
    whose statements come before the shipped ones. Raises UsageError or InputError.
    """

    def __init__(self, wanted: Iterable[str] = (), table: Path | None = None) -> None:
        self._wanted = tuple(program(id) for id in dict.fromkeys(wanted))
        self._table = united(table) if table else shipped()

    def ask(self, app: App) -> list[Compliance]:
        """Judge the services in use, the worst of each program first."""
        return self._judged(app, self._wanted or _suggested(app))

    def ask_all(self, app: App) -> list[Compliance]:
        """Judge the services in use by every program there is."""
        return self._judged(app, programs().values())

    def _judged(self, app: App, wanted: Iterable[Program]) -> list[Compliance]:
        used, held = _in_use(app), {row.id: _held(row) for row in app.every(Row)}
        return [_complied(app, one, used, self._table, held) for one in wanted]


def _suggested(app: App) -> list[Program]:
    """Return the programs that the data of an app asks for."""
    return [each for each in programs().values() if _asking(app, each)]


def _complied(
    app: App, wanted: Program, used: dict[str, Used], table: Table, held: Held
) -> Compliance:
    standings = [_standing(name, one, wanted, table, held) for name, one in used.items()]
    return Compliance(
        program=wanted.id,
        title=wanted.title,
        asked_by=_asking(app, wanted),
        standings=tuple(sorted(standings, key=_badness)),
    )


def _standing(name: str, one: Used, wanted: Program, table: Table, held: Held) -> Standing:
    said = table.says(name, wanted)
    holds = {row.id: _concerned(wanted, _held(row)) for row in one.rows}
    could = {row.id: _concerned(wanted, row.potential) for row in one.rows}
    if not one.rows:
        could = {id: _concerned(wanted, held.get(id, ())) for id in one.callers}
    known = set().union(*holds.values())
    more = set().union(*could.values()) - known
    return Standing(
        service=name,
        standing=said.standing,
        date=said.date,
        source=said.source,
        note=one.note or note(name) or (UNSAID if said.standing == NOT_KNOWN else ""),
        resources=tuple(sorted(one.resources)),
        callers=tuple(sorted(one.callers)),
        holds=tuple(sorted(known)),
        holding=tuple(sorted(id for id, data in holds.items() if data)),
        could=tuple(sorted(more)),
        able=tuple(sorted(id for id, data in could.items() if data & more)),
    )


def _concerned(wanted: Program, data: Iterable[str]) -> set[str]:
    return set(filter(wanted.concerns, data))


def _badness(one: Standing) -> tuple[int, int, str]:
    """Rank a service: out of scope with the data, then perhaps with it, then the unknown ones."""
    data = 0 if one.holds else 1 if one.could else 2
    standing = BADNESS.get(one.standing, 2)
    return (standing if data < 2 else 3 + standing, data, one.service)  # noqa: PLR2004


def _held(row: Row) -> set[str]:
    return {*row.intended, *row.coded, *row.observed}


def _in_use(app: App) -> dict[str, Used]:
    """Return the services in use by name: of resources, of rows that stand for more, of calls."""
    used: dict[str, Used] = {}
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for row in app.every(Row):
        rows[row.id].append(row)
    for resource in app.every(Resource):
        name = service_of(resource.type, resource.properties)
        _add(used, _named(name, resource.type), resource.id, rows.pop(resource.id, []))
    for id, some in rows.items():
        if some[0].type not in NO_SERVICE:
            _add(used, _row_named(some[0]), id, some)
    for call in app.every(Call):
        name = service_called(call.service)
        if name != "":
            one = used.setdefault(name or call.service, _unused("" if name else UNMAPPED))
            one.callers.add(call.function)
    return used


def _unused(note: str) -> Used:
    return Used(note, set(), [], set())


def _named(name: str | None, cfn_type: str) -> tuple[str, str]:
    """Return a service's name and what is to be said of it at once."""
    if name is not None:
        return name, ""
    return service(cfn_type), UNNAMED if listed(cfn_type) else UNMAPPED


def _row_named(row: Row) -> tuple[str, str]:
    if row.type.startswith("AWS::"):
        return _named(service_of(row.type), row.type)
    if row.id.startswith("host:"):
        host = row.id.removeprefix("host:")
        return host, ADDRESS if host.endswith(".amazonaws.com") else OUTSIDE
    return row.service, RECIPIENTS if row.type == "recipients" else COMPUTED


def _add(used: dict[str, Used], named: tuple[str, str], id: str, rows: list[Row]) -> None:
    name, said = named
    if name:
        one = used.setdefault(name, _unused(said))
        one.resources.add(id)
        one.rows += rows


def _asking(app: App, wanted: Program) -> tuple[str, ...]:
    """Return the classes of data, held or meant to be, that suggest a program."""
    held = {data for row in app.every(Row) for data in _held(row)}
    return tuple(sorted(filter(wanted.suggested_by, held)))
