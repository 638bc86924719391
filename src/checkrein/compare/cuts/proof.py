"""What a cut does to the app: derived again without it, and what then no longer works."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from checkrein import derive
from checkrein.checks.questions import grouped
from checkrein.checks.unseen import unseen
from checkrein.compare.cuts.removable import Removable
from checkrein.compare.whatif.changes import changed, once
from checkrein.derive.content.words import short
from checkrein.iam.actions import expand
from checkrein.model import App, Evidence, Function, Grant, Need, Row
from checkrein.model.values import written

GUARD = "guard"
CAUSES = {"call": "its code calls it", "forwarded": "a service asks for it in its name"}


def without(app: App, removed: Iterable[Removable]) -> App:
    """Return the app derived without some things."""
    gone = once(change for each in removed for change in each.changes)
    return derive.derive(changed(app, gone))


def narrower(before: App, after: App) -> tuple[str, ...]:
    """Return the rows that could hold less than before."""
    now = {row.id: set(row.potential) for row in after.every(Row)}
    return tuple(row.id for row in before.every(Row) if set(row.potential) - now.get(row.id, set()))


def broken(app: App, removed: Iterable[Removable], lost: frozenset[str]) -> Iterator[Evidence]:
    """Yield what no longer works: rights that functions need, and triggers."""
    for need in app.every(Need):
        if need.id in lost:
            on = "" if need.resource == "*" else f" on {short(written(need.resource))}"
            why = CAUSES.get(need.cause, f"its {need.cause} needs it")
            yield Evidence(f"{short(need.function)} needs {need.action}{on}: {why}", need.place)
    for each in removed:
        if each.kind in {"trigger", "setting"}:
            yield Evidence(f"{each.text}, and then no longer", each.place)


def doubts(app: App, statement: Removable) -> tuple[str, ...]:
    """Say where nobody can tell that what goes with a statement, or is kept out, is not used."""
    if statement.kind == GUARD:
        return tuple(f"who uses {short(id)} from outside is not known" for id in statement.joins)
    grants = grouped(app, Grant, "id")
    functions = grouped(app, Function, "identity")
    found: dict[str, None] = {}
    for id, loss in statement.losses:
        grant = grants[id][0]
        gone = [a for at, a in enumerate(grant.actions) if at in loss.actions or not loss.actions]
        found[_doubt(app, grant.identity, gone, functions)] = None
    return tuple(filter(None, found))


def _doubt(app: App, identity: str, patterns: list[str], functions: Container[str]) -> str:
    if identity not in functions:
        return f"no function here acts as {short(identity)}: who uses it is not known"
    return unseen(app, identity, sorted(expand(patterns)), state=False)


def valued(classes: Iterable[str], values: Mapping[str, int]) -> tuple[str, ...]:
    """Return classes of data, the most valuable first."""
    return tuple(sorted(classes, key=lambda data: (-values.get(data, 0), data)))
