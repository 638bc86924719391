"""What records told in sum, and what they never told of: a missing test or record, no alarm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from checkrein.model import App, Call, Observation, Outcome, Row, Verdict

# The checks of what was observed, less what is intended.
INCIDENTS = (
    "access-changed-by-hand",
    "call-not-in-code",
    "data-seen-beyond-intent",
    "used-by-stranger",
)


def observed_notes(app: App) -> Iterator[str]:
    """Yield how much was seen, and how much of what is meant was not; nothing without records."""
    seen = app.every(Observation)
    if not seen:
        return
    sources = Counter(source for each in seen for source in each.source)
    told = ", ".join(f"{source} {count}" for source, count in sorted(sources.items()))
    nodes = len({each.node for each in seen})
    of = "1 part" if nodes == 1 else f"{nodes} parts"
    what = "1 thing" if len(seen) == 1 else f"{len(seen)} different things"
    yield f"records tell {what} of {of} of the application: {told}"
    coded = [call for call in app.every(Call) if call.target and call.certain]
    calls = {(call.function, call.target) for call in coded}
    done = {(each.actor, each.node) for each in seen if each.kind != "content"}
    rows = [row for row in app.every(Row) if row.intended]
    unseen = [row for row in rows if not {*row.intended} & {*row.observed}]
    yield (
        f"never observed: {len(calls - done)} of {len(calls)} uses of a resource that code makes,"
        f" and the data of {len(unseen)} of {len(rows)} services that are meant to hold any: a"
        " test or a record of them is missing"
    )


def incidents(verdicts: Iterable[Verdict]) -> Iterator[str]:
    """Yield how much was seen that is not meant: worse faults may hide what happened already."""
    found: Counter[str] = Counter()
    for verdict in verdicts:
        if verdict.check in INCIDENTS and verdict.outcome is Outcome.FAIL:
            found[verdict.check] += len(verdict.findings)
    if found:
        told = ", ".join(f"{number} {check}" for check, number in sorted(found.items()))
        yield f"records show what is not meant to happen: {told}"
