"""checkrein.lock accepts what the application does not do any more.

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
from checkrein.checks.locked.going import gone, unread
from checkrein.checks.locked.sentences import key_of, lost, place_of
from checkrein.checks.questions import listed
from checkrein.model import App, Evidence, Fact, Finding, Kind, Undecided
from checkrein.model.surface import Changed

FEW = 2  # lines that the message spells out


@check(subjects(*Kind), fault=1, topics=("least-privilege",), frameworks=("CWE-1059",))
def gone_from_app(owner: Fact, app: App) -> Iterator[Finding]:
    lines = gone(app).get(owner.id)
    if not lines:
        return
    moves = all(each.kind in {Kind.FLOW, Kind.CALL} for each in lines)
    if moves and (reason := unread(app, owner.id)):
        raise Undecided(reason)
    said = [lost(app, each) for each in sorted(lines, key=_rank)]
    yield Finding(
        place_of(Cause(lines)),
        f"{listed(said, FEW)}: checkrein.lock still accepts it",
        tuple(Evidence(text) for text in said[FEW:]),
        cwe="CWE-1059",
        key=key_of(Cause(lines)),
        lines=lines,
    )


def _rank(each: Changed) -> tuple[bool, str]:
    return each.kind in {Kind.POTENTIAL, Kind.CODED}, each.key
