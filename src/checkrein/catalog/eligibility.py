"""Which AWS services a compliance program covers, with the date and source of each statement.

Sources: ``data/eligibility.csv`` (the statements) and ``data/eligibility.yaml`` (programs, the
service of a CloudFormation type, notes), which says where they come from. A user's own newer
table has the same form as the CSV, with as many rows and columns as they like.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct

from checkrein.catalog.by_type import ByType
from checkrein.catalog.packed import FOLDER
from checkrein.catalog.tables import table
from checkrein.errors import InputError, UsageError
from checkrein.late import regex

FILE = "eligibility.yaml"
CELL = regex(r"(?i)(y|n|unknown)(?:@(\d{4}-(?:0[1-9]|1[0-2])(?:-\d{2})?))?")
IN, OUT, NOT_KNOWN = "in scope", "not in scope", "unknown"
STANDINGS = {"y": IN, "n": OUT, "unknown": NOT_KNOWN}
PLAIN = frozenset({"public", "infra", "untrusted"})  # families that no program is about


class Program(Struct, frozen=True):
    """A compliance program. ``data`` are the classes or families it is about, () for most.

    ``asks`` are those that suggest the program where they are found.
    """

    id: str
    title: str
    column: str
    data: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()

    def concerns(self, data: str) -> bool:
        """Tell whether the program is about a class of data (``pay.pan``)."""
        if self.data:
            return _among(data, self.data)
        return data.partition(".")[0] not in PLAIN

    def suggested_by(self, data: str) -> bool:
        """Tell whether a class of data, where it is found, suggests the program."""
        return _among(data, self.asks)


class Statement(Struct, frozen=True):
    """What a source says of a service in a program: in scope, not in scope or unknown.

    ``date`` is the source's month or day ("" where undated), ``source`` its name.
    """

    standing: str
    date: str = ""
    source: str = ""


UNKNOWN = Statement(NOT_KNOWN)


class Table(Struct, frozen=True):
    """Statements by service and by the program's column."""

    rows: Mapping[str, Mapping[str, Statement]]

    def says(self, service: str, program: Program) -> Statement:
        """Return what is known of a service in a program."""
        return self.rows.get(service, {}).get(program.column, UNKNOWN)


def _among(data: str, listed: tuple[str, ...]) -> bool:
    return data in listed or data.partition(".")[0] in listed


@cache
def programs() -> dict[str, Program]:
    """Return every program by its id (``pci``)."""
    return {
        id: Program(
            id,
            told["title"],
            told["column"],
            tuple(told.get("data", ())),
            tuple(told.get("asks", ())),
        )
        for id, told in table(FILE)["programs"].items()
    }


def program(id: str) -> Program:
    """Return a program; raise UsageError with what there is."""
    found = programs().get(id)
    if found is None:
        raise UsageError(f"no program is called {id!r}; there are {', '.join(programs())}")
    return found


def service_of(cfn_type: str, properties: Mapping[str, Any] | None = None) -> str | None:
    """Return the service of a type, as the table names it; "" for none of its own.

    None where nobody has said which it is, or where it stands on no list by its own name.
    """
    return _services().get(cfn_type, properties)


def service_called(client: str) -> str | None:
    """Return the service of an SDK's client (``bedrock-runtime``), "" for none, None if unknown."""
    told = table(FILE)
    found: str | None = "" if client in told["nothing"] else told["clients"].get(client)
    return found


def listed(cfn_type: str) -> bool:
    """Tell whether a type's service is one that the tool knows of, on a list or not."""
    unlisted = table(FILE)["unlisted"]
    return service_of(cfn_type) is not None or cfn_type.rpartition("::")[0] in unlisted


def note(service: str) -> str:
    """Return what is to be said of a service beside its statement, "" for nothing."""
    return str(table(FILE)["notes"].get(service, ""))


@cache
def _services() -> ByType[str]:
    told = table(FILE)
    return ByType({**told["services"], **dict.fromkeys(told["nothing"], "")})


@cache
def shipped() -> Table:
    """Return the table that comes with the tool."""
    return _read(FOLDER / "eligibility.csv", "", frozenset())


def united(path: Path) -> Table:
    """Return the shipped table with a user's statements in place of its own.

    Raises UsageError where the file cannot be read, InputError with its line where it is wrong.
    """
    shipped_rows = shipped().rows
    newer = _read(path, path.name, frozenset(shipped_rows))
    rows = {name: {**shipped_rows.get(name, {}), **cells} for name, cells in newer.rows.items()}
    return Table({**shipped_rows, **rows})


def _read(path: Path, source: str, known: frozenset[str]) -> Table:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return Table(dict(_rows(csv.reader(file), path, source, known)))
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise InputError(f"{path} is not UTF-8 text", str(path)) from None


def _rows(
    lines: Iterator[list[str]], path: Path, source: str, known: frozenset[str]
) -> Iterator[tuple[str, dict[str, Statement]]]:
    columns: list[str] = []
    for number, cells in enumerate(lines, 1):
        stripped = [cell.strip() for cell in cells]
        if not any(stripped) or stripped[0].startswith("#"):
            continue
        try:
            if columns:
                yield _service(stripped[0], known), _cells(columns, stripped[1:], source)
            else:
                columns = _columns(stripped)
        except ValueError as error:
            raise InputError(f"{path}:{number}: {error}", str(path), number) from None
    if not columns:
        raise InputError(f"{path} has no heading: service, then programs", str(path), 1)


def _columns(cells: list[str]) -> list[str]:
    names = {each.id: each.column for each in programs().values()}
    names |= {column: column for column in names.values()}
    if cells[0].lower() != "service":
        raise ValueError(f"the heading begins with {cells[0]!r}, not with 'service'")
    for cell in cells[1:]:
        if cell not in names:
            raise ValueError(f"no program is called {cell!r}; there are {', '.join(programs())}")
    return [names[cell] for cell in cells[1:]]


def _service(name: str, known: frozenset[str]) -> str:
    if known and name not in known:
        from difflib import get_close_matches  # noqa: PLC0415 - few names are wrong

        near = get_close_matches(name, known, 1)
        hint = f"; is it {near[0]}?" if near else ""
        raise ValueError(f"no service is called {name!r}{hint}")
    return name


def _cells(columns: list[str], cells: list[str], source: str) -> dict[str, Statement]:
    if len(cells) > len(columns):
        raise ValueError(f"{len(cells) + 1} cells stand under {len(columns) + 1} headings")
    read = zip(columns, cells, strict=False)
    return {column: _cell(cell, source) for column, cell in read if cell}


def _cell(text: str, source: str) -> Statement:
    found = CELL.fullmatch(text)
    if not found:
        raise ValueError(
            f"{text!r} is none of Y, N and unknown, with a date (Y@2026-11) or without"
        )
    date = found[2] or ""
    sources: dict[str, str] = table(FILE)["sources"]
    return Statement(STANDINGS[found[1].lower()], date, source or sources.get(date, ""))
