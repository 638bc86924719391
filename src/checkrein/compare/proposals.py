"""What a first lock holds, in numbers, and what of it is most worth a human look."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.catalog.data_classes import data_class
from checkrein.checks.exposure import OUTSIDE, anonymous
from checkrein.checks.locked.sentences import data_named, named
from checkrein.checks.questions import is_store, listed, short
from checkrein.checks.worth import valuable, value, worst
from checkrein.model import App, Entry, Kind, Line, Row

MOST = 3  # names in one sentence


def locked(app: App) -> str:
    """Say in one sentence what the lines of an app lock."""
    lines = app.every(Line)
    number = {kind: [line for line in lines if line.kind is kind] for kind in Kind}
    classes = {data for line in number[Kind.INTENDED] for data in line.values}
    holding = sum(bool(line.values) for line in number[Kind.INTENDED])
    identities = {line.owner for line in number[Kind.RIGHT]}
    return (
        f"{_many(len(classes), 'class', 'classes')} of data in {_many(holding, 'service')}, "
        f"{_many(len(number[Kind.FLOW]), 'flow')}, "
        f"{_many(len(number[Kind.ENTRY]), 'way')} in, "
        f"and the rights of {_many(len(identities), 'identity', 'identities')}"
    )


def worth_a_look(app: App) -> list[str]:
    """Return, as sentences, what somebody should look at first; at most one of each kind."""
    found = (_most_valuable(app), _open_doors(app), _beyond_purpose(app), _let_come(app))
    return [sentence for sentence in found if sentence]


def _many(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def _most_valuable(app: App) -> str:
    """Say where the most valuable class is meant to be."""
    meant = {data for row in app.every(Row) for data in row.intended}
    worth, data = worst(app, sorted(meant))
    rows = [row for row in app.every(Row) if data in row.intended]
    if not worth:
        return ""
    kept = [row for row in rows if is_store(row) or row.id.startswith("host:")] or rows
    found = data_class(data)
    title = found.title if found else data
    return f"{title} (value {worth}) is meant to be in {listed(named(app, r.id) for r in kept)}"


def _open_doors(app: App) -> str:
    """Say which ways in anyone may use, those of functions with the most valuable data first."""
    doors = [
        entry
        for entry in app.every(Entry)
        if entry.kind in OUTSIDE and anonymous(entry.identity)
        if not entry.route.startswith("OPTIONS")
    ]
    doors.sort(key=lambda entry: (-_worth(app, entry.function), entry.id))
    names = dict.fromkeys(f"{e.route or e.kind} of {short(e.function)}" for e in doors)
    return f"anyone may use {listed(names, MOST)}" if names else ""


def _worth(app: App, node: str) -> int:
    row = app.get(Row, node)
    return worst(app, (*row.intended, *row.coded))[0] if row else 0


def _beyond_purpose(app: App) -> str:
    """Say where code brings the most valuable data that such a service is not for."""
    beyond = {row.id: {*row.coded} - {*row.intended} for row in app.every(Row)}
    node = _worst(app, beyond)
    if not node:
        return ""
    others = sum(bool(valuable(app, some)) for some in beyond.values()) - 1
    more = f", and {_many(others, 'other')} like it" if others else ""
    held = data_named(app, valuable(app, beyond[node]))
    return f"code brings {held} to {named(app, node)}, which is not meant to hold it{more}"


def _let_come(app: App) -> str:
    """Say to which store rights and triggers let the most valuable data come besides."""
    beyond = {
        row.id: {r.data for r in row.reasons if r.level == "direct"} - {*row.intended, *row.coded}
        for row in app.every(Row)
        if is_store(row)
    }
    node = _worst(app, beyond)
    held = data_named(app, valuable(app, beyond[node])) if node else ""
    return f"rights alone would let {held} come to {named(app, node)}" if node else ""


def _worst(app: App, beyond: dict[str, set[str]]) -> str:
    """Return the node with the most valuable data, "" where none has any of value."""
    ranked: Iterator[tuple[int, int, str]] = (
        (max(value(app, data) for data in some), len(some), node)
        for node, some in beyond.items()
        if valuable(app, some)
    )
    return max(ranked, default=(0, 0, ""))[2]
