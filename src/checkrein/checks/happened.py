"""What checks ask of records: what was seen of one node, by whom, and in which words."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from checkrein.checks.questions import grouped
from checkrein.model import App, Evidence, Fact, Observation, Place, Resource, Row
from checkrein.model.app import F
from checkrein.model.asking import of_app
from checkrein.model.places import NOWHERE

LOGS = "@logs"


def seen_on(app: App, node: str, *kinds: str) -> list[Observation]:
    """Return what was seen of a node, of some kinds."""
    return [each for each in grouped(app, Observation, "node").get(node, []) if each.kind in kinds]


def told_of(type: type[F], field: str) -> Callable[[App], list[F]]:
    """Select the facts whose id some record names as its ``node`` or ``actor``."""

    def subjects(app: App) -> list[F]:
        named = _named(app, field)
        return [fact for fact in app.every(type) if fact.id in named] if named else []

    return subjects


@of_app
def _named(app: App, field: str) -> frozenset[str]:
    return frozenset(getattr(each, field) for each in app.every(Observation))


def evidence(seen: Iterable[Observation]) -> tuple[Evidence, ...]:
    """Return where records say it; no report shows their lines."""
    return tuple(dict.fromkeys(each for one in seen for each in one.evidence))


def declared(app: App, subject: Fact) -> Place:
    """Return where a node is declared: for a log, its function; NOWHERE if nothing declares it."""
    for id in (subject.id, subject.id.removesuffix(LOGS)):
        for resource in app.alternatives(Resource, id):
            return resource.place
    return NOWHERE


def often(seen: Iterable[Observation]) -> str:
    """Say how often, for a sentence: ``once``, ``12 times``."""
    number = sum(each.count for each in seen)
    return "once" if number == 1 else f"{number} times"


def row_of(app: App, id: str) -> Row | None:
    return next(iter(app.alternatives(Row, id)), None)
