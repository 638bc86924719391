"""Data could come to a service that checkrein.lock does not expect there.

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
from checkrein.checks.locked.causes import POTENTIAL, of_kind
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

HOW = {"direct": "", "takeover": " after a takeover", "influence": " by making others act"}


@check(
    subjects(Kind.POTENTIAL),
    fault=2,
    topics=("data-inventory",),
    frameworks=("CWE-668",),
)
def potential_not_in_lock(service: Fact, app: App) -> Iterator[Finding]:
    cause = of_kind(app, POTENTIAL).get(service.id)
    if cause is None:
        return
    own = [each for each in cause.lines if each.owner == service.id]
    classes = cells(cause, Kind.POTENTIAL)[service.id]
    worst = next(iter(valuable(app, classes)), classes[0])
    line = next(each for each in own if worst in each.added)
    others = len({each.owner for each in cause.lines}) - 1
    public = is_open(app, service.id)
    read = ", which anyone may read" if public else ""
    rest = f", and more to {others} other services" if others else ""
    yield Finding(
        place_of(cause),
        f"{data_named(app, classes)} could come to {named(app, service.id)}{read}"
        f"{HOW[line.key]}{rest}: checkrein.lock does not expect it",
        told(app, cause),
        way_to(line, worst),
        cwe="CWE-668",
        endangers=(service.id,),
        key=key_of(cause),
        data=classes,
        by=(service.id, *((f"{service.id}{ANYONE}",) if public else ())),
        fault=3 if public else 1 if line.key != "direct" else 2,
        lines=cause.lines,
    )
