"""What the lock accepts and the app does not do any more, by whom to tell it of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from checkrein.checks.locked.causes import RIGHTS, deployment, is_caller, passes, target_of
from checkrein.checks.locked.comparing import CELLS, locked, narrowed
from checkrein.checks.missing import still_needed
from checkrein.checks.privilege import holders
from checkrein.model import App, Function, Identity, Kind, Row, Summary
from checkrein.model.asking import of_app
from checkrein.model.surface import Changed

MEANT = frozenset({Kind.INTENDED, Kind.CODED})


@of_app
def uncoded(app: App) -> Mapping[str, tuple[Changed, ...]]:
    """Return, by service that is still there, what it is meant to hold and code does not bring."""
    found: defaultdict[str, list[Changed]] = defaultdict(list)
    for each in narrowed(app):
        if each.kind in MEANT and app.get(Row, each.owner) and _is_meant(app, each):
            found[each.owner].append(each)
    return _where_kept(app, {owner: (*lines,) for owner, lines in found.items()})


def _where_kept(
    app: App, found: Mapping[str, tuple[Changed, ...]]
) -> Mapping[str, tuple[Changed, ...]]:
    """Tell of functions and APIs that pass data on with the store that does not get it any more."""
    kept = {owner: {*_removed(lines)} for owner, lines in found.items() if not passes(app, owner)}
    told: defaultdict[str, list[Changed]] = defaultdict(list)
    for owner in sorted(found, key=lambda one: one not in kept):
        here = deployment(app, owner)
        stores = (
            store
            for store in sorted(kept)
            if owner not in kept and deployment(app, store) == here
            if kept[store] >= {*_removed(found[owner])}
        )
        told[next(stores, owner)] += found[owner]
    return {owner: (*lines,) for owner, lines in told.items()}


def _removed(lines: tuple[Changed, ...]) -> Iterator[str]:
    return (data for each in lines for data in each.removed)


@of_app
def gone(app: App) -> Mapping[str, tuple[Changed, ...]]:
    """Return what else is gone, by the service or identity it is told of; each line once.

    Of a service that is gone all is told at once, and cells that emptied with what emptied them.
    """
    told = {id(each) for lines in uncoded(app).values() for each in lines}
    left = [e for e in narrowed(app) if id(e) not in told and not _is_missed(app, e)]
    lost = {line.owner for line in locked(app).values() if _is_lost(app, line.owner)}
    found: defaultdict[str, list[Changed]] = defaultdict(list)
    for each in left:
        if each.kind not in CELLS or each.owner.partition("@")[0] in lost:
            found[_teller(app, each, lost)].append(each)
    near = {_deployed(app, teller): teller for teller in sorted(found, reverse=True)}
    for each in left:
        if each.kind in CELLS and each.owner.partition("@")[0] not in lost:
            teller = each.owner if each.owner in found else near.get(_deployed(app, each.owner))
            found[teller or each.owner].append(each)
    return {teller: (*lines,) for teller, lines in found.items()}


def unread(app: App, node: str) -> str:
    """Say which code that brought data to a node was not read to its end, "" for none."""
    movers = {
        line.owner
        for line in locked(app).values()
        if line.kind is Kind.FLOW
        and target_of(Changed(line.kind, line.owner, line.key, line, None, (), ())) == node
    }
    for mover in sorted({*movers, node.partition("@")[0]}):
        summary = next((s for s in app.every(Summary) if s.function == mover), None)
        if app.get(Function, mover) and (summary is None or summary.partial):
            return f"the code of {mover} was not read to its end"
    return ""


def _is_meant(app: App, each: Changed) -> bool:
    """Tell whether something that is not coded is what the service is meant to hold."""
    if each.kind is Kind.INTENDED:
        return True
    row = app.get(Row, each.owner)
    return bool(row and {*each.removed} & {*row.intended})


def _is_missed(app: App, each: Changed) -> bool:
    """Tell whether code still needs a right that is gone: that is told as a fault of its own."""
    target = each.key.rpartition(" ")[0]
    return each.kind is Kind.RIGHT and still_needed(app, each.owner, target, each.removed)


def _is_lost(app: App, owner: str) -> bool:
    known = f"{Kind.INTENDED} {owner}" in locked(app) and "@" not in owner
    return known and app.get(Row, owner) is None


def _teller(app: App, each: Changed, lost: set[str]) -> str:
    """Return of whom a line that is gone is told: a service that is gone, else who had it."""
    base = each.owner.partition("@")[0] or each.owner
    if each.kind in RIGHTS:
        about = {each.key.rpartition(" ")[0], *(each.removed if each.kind is Kind.GAIN else ())}
        over = sorted(about & lost)
        functions = holders(app, each.owner) or _entered(app, each)
        return over[0] if over else functions[0] if functions else each.owner
    if each.kind is Kind.FLOW and base not in lost and target_of(each) in lost:
        return target_of(each)
    return base


def _entered(app: App, each: Changed) -> list[str]:
    """Return the function that a caller could invoke: the right belongs to a way in."""
    target = each.key.rpartition(" ")[0]
    return [target] if is_caller(each.owner) and app.get(Function, target) else []


def _deployed(app: App, owner: str) -> str:
    identity = app.get(Identity, owner)
    return identity.deployment if identity else deployment(app, owner)
