"""What could come to stand in a store that is not meant to hold it, and by which statement."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from checkrein.checks.powers import endangered, everything, unused_powers
from checkrein.checks.privilege import given, holders, is_used, permits
from checkrein.checks.questions import accepted, grouped, is_store, public_entries, short, titles
from checkrein.checks.worth import valuable, value, worst
from checkrein.model import Access, App, Evidence, Row

WRITE = "write"


def brought(app: App, store: Row, function: str) -> list[str]:
    """Return the classes that a function could bring to a store, worth more than what it holds."""
    meant = {*store.intended, *store.coded, *accepted(app, store.id)}
    row = app.get(Row, function)
    handled = {*row.intended, *row.coded} if row else set()
    found = valuable(app, handled & (set(store.potential) - meant))
    return found if found and value(app, found[0]) > worst(app, meant)[0] else []


def could_spread(app: App, identity: str, actions: Collection[str]) -> Iterator[Evidence]:
    """Yield, as sentences, what needless actions of an identity let come into which stores."""
    for access in grouped(app, Access, "identity").get(identity, []):
        row = app.get(Row, access.target)
        fits = access.right == WRITE and given((*actions,), access.actions)
        if fits and row and is_store(row) and not is_used(app, access):
            for function in holders(app, identity):
                if classes := brought(app, row, function):
                    yield Evidence(
                        f"{short(row.id)} could come to hold {titles(classes)} of {short(function)}"
                    )


def is_told(app: App, access: Access) -> bool:
    """Tell whether another check says that a right to write is needless, by its statement."""
    public = any(public_entries(app, id) for id in holders(app, access.identity))
    for permit in permits(app, access.identity):
        wide = [action for _, action in everything(permit.grants)]
        said = public or bool(endangered(app, access.identity, wide))
        if said and given((*wide,), access.actions):
            return True
        if any((p.right, p.target) == (WRITE, access.target) for p in unused_powers(app, permit)):
            return True
    return False
