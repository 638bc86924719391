"""The surface of an app: all it can do and does with its data, as lines to accept and compare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import chain

from checkrein.derive.stacks.directory import directory_of
from checkrein.derive.surface.apis import apis
from checkrein.derive.surface.becoming import acting, trusted
from checkrein.derive.surface.limits import limits
from checkrein.derive.surface.movements import calls, flows
from checkrein.derive.surface.people import entries, gains
from checkrein.derive.surface.rights import rights
from checkrein.derive.surface.table import cells
from checkrein.derive.surface.told import Told
from checkrein.model import App, Evidence, Line

Values = dict[str, tuple[Evidence, ...]]


def lines(app: App) -> list[Line]:
    """Return the lines of an app that is derived, by id."""
    directory = directory_of(app)
    facts = (cells(app), entries(app, directory), flows(app), calls(app), gains(app))
    beside = (acting(app, directory), trusted(directory), limits(app, directory), apis(directory))
    told = (*chain(*facts), *rights(app, directory), *chain(*beside))
    return _united(told)


def _united(told: Iterable[Told]) -> list[Line]:
    """Make one line of all that is told of one kind, owner and key."""
    values: defaultdict[tuple[str, str, str], Values] = defaultdict(dict)
    first: dict[tuple[str, str, str], Told] = {}
    for each in told:
        name = each.kind, each.owner, each.key
        first.setdefault(name, each)
        for value in each.values:
            values[name].setdefault(value, each.steps)
    return [_line(first[name], values[name]) for name in sorted(first)]


def _line(told: Told, values: Values) -> Line:
    known = sorted(values)
    return Line(
        id=" ".join(filter(None, (told.kind, told.owner, told.key))),
        evidence=told.steps,
        kind=told.kind,
        owner=told.owner,
        key=told.key,
        values=tuple(known),
        steps=tuple(values[value] for value in known),
    )


__all__ = ["lines"]
