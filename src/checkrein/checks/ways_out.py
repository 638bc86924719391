"""The ways by which data leaves a deployment, as the row of its internet tells them.

For each class the row tells one way only: what is found here is so, what is not may be so too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checkrein.model import App, Evidence, Resource, Row
from checkrein.model.asking import of_app

INTERNET = "internet"
SENDS = " can send to the internet"
ABROAD = " lets its role write to other accounts"


def may_leave(app: App, function: Resource) -> tuple[Evidence, ...]:
    """Return the steps by which a function's data certainly comes to the internet, or nothing."""
    return _told(app, SENDS).get((function.name, function.place.path), ((), ()))[1]


def through(app: App, endpoint: Resource) -> tuple[tuple[str, ...], tuple[Evidence, ...]]:
    """Return the classes that leave through an endpoint's policy, and by which steps."""
    return _told(app, ABROAD).get((endpoint.name, endpoint.place.path), ((), ()))


Told = Mapping[tuple[str, str], tuple[tuple[str, ...], tuple[Evidence, ...]]]


@of_app
def _told(app: App, saying: str) -> Told:
    """Return, for each name and file in a step that says so, the classes and a whole way."""
    found: dict[tuple[str, str], tuple[tuple[str, ...], tuple[Evidence, ...]]] = {}
    for data, step, steps in _steps(app):
        name, sign, _ = step.text.partition(saying)
        if sign:
            known, way = found.get((name, step.place.path), ((), steps))
            found[name, step.place.path] = ((*known, data), way)
    return found


def _steps(app: App) -> Iterator[tuple[str, Evidence, tuple[Evidence, ...]]]:
    for row in app.every(Row):
        for reason in row.reasons if row.type == INTERNET else ():
            for step in reason.steps:
                yield reason.data, step, reason.steps
