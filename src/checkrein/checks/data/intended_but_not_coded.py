"""A service is meant to hold data that no code brings there.

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
from checkrein.checks.locked.causes import Cause
from checkrein.checks.locked.comparing import subjects
from checkrein.checks.locked.going import uncoded, unread
from checkrein.checks.locked.sentences import data_named, key_of, named
from checkrein.model import App, Fact, Finding, Kind, Undecided


@check(subjects(Kind.INTENDED), fault=1, topics=("data-inventory",), frameworks=("CWE-1059",))
def intended_but_not_coded(service: Fact, app: App) -> Iterator[Finding]:
    lines = uncoded(app).get(service.id)
    if not lines:
        return
    if reason := unread(app, service.id):
        raise Undecided(reason)
    classes = {data for each in lines for data in each.removed}
    said = next(each.before for each in lines if each.before)
    yield Finding(
        said.place,
        f"{named(app, service.id)} is meant to hold {data_named(app, classes)},"
        " and no code brings it there any more",
        said.evidence,
        cwe="CWE-1059",
        key=key_of(Cause(lines)),
        lines=lines,
    )
