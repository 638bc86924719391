"""How much the data of a row is worth: the middle factor of every severity."""

from __future__ import annotations

from collections.abc import Iterable

from checkrein.catalog import data_classes
from checkrein.model import App, Data, Decision, Row
from checkrein.model.asking import of_app

VALUABLE = 4  # a class from here on is worth protecting from the app's own functions


def held(row: Row) -> set[str]:
    """Return the classes that a row holds by any knowledge, else those that it could hold."""
    return {*row.intended, *row.coded, *row.observed} or set(row.potential)


def value(app: App, data: str) -> int:
    """Return a class's value from 0 to 10: as the team declared, or as the catalogue says."""
    return _values(app).get(data, 0)


def worst(app: App, classes: Iterable[str]) -> tuple[int, str]:
    """Return the highest value among some classes, and its class ("" for none)."""
    return max(((value(app, data), data) for data in classes), default=(0, ""))


def valuable(app: App, classes: Iterable[str]) -> list[str]:
    """Return the classes worth protecting, the most valuable first."""
    kept = {data for data in classes if value(app, data) >= VALUABLE}
    return sorted(kept, key=lambda data: (-value(app, data), data))


@of_app
def _values(app: App) -> dict[str, int]:
    known = {data.id: data.value for data in data_classes.classes()}
    known |= {data.id: data.value for data in app.every(Data)}
    declared = {d.subject: d.content.get("value") for d in app.every(Decision) if d.kind == "data"}
    return known | {data: worth for data, worth in declared.items() if isinstance(worth, int)}
