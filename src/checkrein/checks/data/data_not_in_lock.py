"""Code brings data to a service that checkrein.lock does not mean for it.

## Why

Later.

## Fix

Later.

## Examples

Later.
"""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks import check
from checkrein.checks.exposure import ANYONE
from checkrein.checks.locked.causes import DATA, Cause, of_kind
from checkrein.checks.locked.comparing import subjects
from checkrein.checks.locked.sentences import (
    cells,
    data_named,
    is_open,
    key_of,
    named,
    place_of,
    told,
    way_to,
)
from checkrein.checks.worth import valuable
from checkrein.model import App, Fact, Finding, Kind


@check(
    subjects(Kind.CODED),
    fault=2,
    topics=("data-inventory", "data-flow-diagram"),
    frameworks=("CWE-668", "CWE-200"),
)
def data_not_in_lock(service: Fact, app: App) -> Iterator[Finding]:
    cause = of_kind(app, DATA).get(service.id)
    if cause is None:
        return
    own = [each for each in cause.first if each.kind is Kind.CODED and each.owner == service.id]
    classes = cells(Cause((*own,)), Kind.CODED)[service.id]
    worst = next(iter(valuable(app, classes)), classes[0])
    steps = way_to(own[0], worst)
    public = is_open(app, service.id)
    read = ", which anyone may read," if public else ""
    yield Finding(
        next((s.place for s in reversed(steps) if s.place.path), place_of(cause)),
        f"code brings {data_named(app, classes)} to {named(app, service.id)}{read}"
        " and checkrein.lock does not mean it to be there",
        told(app, cause),
        steps,
        cwe="CWE-200" if public else "CWE-668",
        endangers=(service.id,),
        key=key_of(cause),
        data=classes,
        by=(service.id, *((f"{service.id}{ANYONE}",) if public else ())),
        fault=3 if public else 2,
        lines=cause.lines,
    )
