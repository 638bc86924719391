"""The table as lines: what each service is meant to hold, gets by code, and could get."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.derive.surface.told import Told
from checkrein.model import App, Basis, Kind, Row

CAPABILITY = "internet"  # a type of row: what could leave follows from all the others


def cells(app: App) -> Iterator[Told]:
    """Yield the cells of every row; one that is meant to hold nothing stands there as well."""
    for row in app.every(Row):
        if row.type != CAPABILITY:
            yield Told(Kind.INTENDED, row.id, "", row.intended, row.evidence)
        for reason in row.reasons:
            coded = reason.basis is Basis.CODED
            kind, key = (Kind.CODED, "") if coded else (Kind.POTENTIAL, reason.level)
            yield Told(kind, row.id, key, (reason.data,), reason.steps)
