"""What an app does and could do beyond what its lock accepts, and what it no longer does."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from msgspec.structs import replace

from checkrein.checks.questions import accepted as declared
from checkrein.checks.questions import grouped
from checkrein.checks.worth import valuable
from checkrein.model import LEVELS, LOCK, PART, Accepted, App, Decision, Fact, Kind, Line, Row
from checkrein.model.asking import of_app
from checkrein.model.surface import Changed, changes

CELLS = frozenset({Kind.CODED, Kind.POTENTIAL})
HOLDS = "holds"


def is_locked(app: App) -> bool:
    """Tell whether the app has a lock: without one everything that code does is proposed."""
    return bool(app.every(Accepted))


def is_partial(app: App) -> bool:
    """Tell whether only a part of what the lock is about was read: nobody sees what is gone."""
    return any(said.key == PART for said in app.every(Accepted) if not said.owner)


@of_app
def locked(app: App) -> dict[str, Line]:
    """Return the lines that the lock holds, by id."""
    return {
        said.id: Line(
            id=said.id,
            evidence=said.evidence,
            kind=Kind(said.kind),
            owner=said.owner,
            key=said.key,
            values=said.values,
        )
        for said in app.every(Accepted)
        if said.owner
    }


@of_app
def widened(app: App) -> tuple[Changed, ...]:
    """Return what lets anybody do more than the lock accepts, or brings data where it knows none.

    ``added`` are the values that it does not accept; of a denial ``removed``, those that are gone.
    What a line has lost besides is with it; cells are told class by class.
    """
    if not is_locked(app):
        return ()
    found = [*_struck(app)]
    for each in _differing(app):
        if each.kind in CELLS:
            wider = replace(each, added=_beyond(app, each), removed=())
            found += [wider] if wider.added else []
        elif each.widens:
            found.append(each)
    return tuple(found)


def grown(app: App, node: str) -> frozenset[str]:
    """Return the classes that could come to a node beyond what the lock knows there."""
    return _grown(app).get(node, frozenset())


@of_app
def _grown(app: App) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for each in widened(app):
        if each.kind is Kind.POTENTIAL:
            found[each.owner] = found.get(each.owner, frozenset()).union(each.added)
    return found


def known_excess(app: App, row: Row) -> list[str]:
    """Return the valuable classes that the lock lets rights bring to a row beyond its intent."""
    meant = {*row.intended, *row.coded, *declared(app, row.id)}
    known = {*values(app, Kind.POTENTIAL, row.id, LEVELS[0])}
    return valuable(app, known.intersection(row.potential) - meant)


def accepted_at(app: App, node: str, classes: Iterable[str]) -> str:
    """Say which line of the lock knows that classes could come to a node beyond what is meant."""
    lines = [locked(app).get(f"{Kind.POTENTIAL} {node} {level}") for level in LEVELS]
    known = [line for line in lines if line and not {*line.values}.isdisjoint(classes)]
    where = f" line {known[0].evidence[0].place.line}" if known else ""
    return f"more than is meant, and known: {LOCK}{where}"


@of_app
def narrowed(app: App) -> tuple[Changed, ...]:
    """Return what the lock accepts and the app does not, or no longer: its ``removed`` values.

    Of a denial ``added``, those that the lock does not know. No line that is widened as well.
    """
    if not is_locked(app) or is_partial(app):
        return ()
    found = [*_never_coded(app)]
    for each in _differing(app):
        if each.kind in CELLS:
            lost = each.removed if each.kind is Kind.CODED else _no_longer(app, each)
            found += [replace(each, added=(), removed=lost)] if lost else []
        elif not each.widens:
            found.append(each)
    return tuple(found)


@of_app
def _differing(app: App) -> tuple[Changed, ...]:
    """Return what differs but for the intended cells: these are the lock's own, or declared."""
    found = changes(locked(app).values(), app.every(Line))
    return tuple(each for each in found if each.kind is not Kind.INTENDED)


def _beyond(app: App, cell: Changed) -> tuple[str, ...]:
    """Return the classes of a cell that neither the lock nor checkrein.yaml knows there."""
    row = app.get(Row, cell.owner)
    known = {*declared(app, cell.owner), *(row.intended if row else ())}
    known.update(values(app, Kind.INTENDED, cell.owner))
    if cell.kind is Kind.POTENTIAL:
        known.update(values(app, Kind.CODED, cell.owner))
        for level in LEVELS[: LEVELS.index(cell.key)]:
            known.update(values(app, Kind.POTENTIAL, cell.owner, level))
    return tuple(data for data in cell.added if data not in known)


def _no_longer(app: App, cell: Changed) -> tuple[str, ...]:
    """Return the classes that could come to a node and now cannot, on whatever level."""
    row = app.get(Row, cell.owner)
    return tuple(data for data in cell.removed if row is None or data not in row.potential)


def _struck(app: App) -> Iterator[Changed]:
    """Yield coded cells that somebody took out of what the lock intends, and left in the coded."""
    for row in app.every(Row):
        if holds(app, row.id):
            continue
        coded = values(app, Kind.CODED, row.id)
        rest = {*row.proposed} - {*row.intended}
        struck = tuple(data for data in row.coded if data in rest and data in coded)
        line = current(app).get(f"{Kind.CODED} {row.id}")
        if struck and line:
            before = locked(app).get(line.id)
            yield Changed(Kind.CODED, row.id, "", before, line, struck, ())


def _never_coded(app: App) -> Iterator[Changed]:
    """Yield the classes that the lock intends and no code brings; declared ones need no code."""
    for line in locked(app).values():
        row = app.get(Row, line.owner)
        if line.kind is not Kind.INTENDED or holds(app, line.owner):
            continue
        known = values(app, Kind.CODED, line.owner)  # those are told as coded and gone
        never = tuple(data for data in line.values if row is None or data not in row.coded)
        never = tuple(data for data in never if data not in known)
        if never or row is None:
            yield Changed(Kind.INTENDED, line.owner, "", line, line if row else None, (), never)


def holds(app: App, owner: str) -> bool:
    """Tell whether checkrein.yaml itself says what a node holds."""
    said = grouped(app, Decision, "subject").get(owner, [])
    return any(each.kind == "resource" and HOLDS in each.content for each in said)


def values(app: App, kind: Kind, owner: str, key: str = "") -> tuple[str, ...]:
    """Return what the lock accepts in one line."""
    line = locked(app).get(" ".join(filter(None, (kind, owner, key))))
    return line.values if line else ()


@of_app
def current(app: App) -> dict[str, Line]:
    """Return the app's lines, by id."""
    return {line.id: line for line in app.every(Line)}


def subjects(*kinds: Kind) -> Callable[[App], list[Fact]]:
    """Select all whom lines of some kinds are about, in the lock or in the app; none without a lock."""

    def select(app: App) -> list[Fact]:
        if not is_locked(app):
            return []
        lines = (*locked(app).values(), *app.every(Line))
        found = {line.owner for line in lines if line.kind in kinds}
        return [Fact(id=owner) for owner in sorted(found)]

    return select


@of_app
def owners(app: App) -> frozenset[str]:
    """Return all whom some line of the lock is about."""
    return frozenset(line.owner for line in locked(app).values())
