"""What records told in sum, and what they never told of: a missing test or record, no alarm."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from checkrein.model import App, Call, Observation, Row


def observed_notes(app: App) -> Iterator[str]:
    """Yield how much was seen, and how much of what is meant was not; nothing without records."""
    seen = app.every(Observation)
    if not seen:
        return
    sources = Counter(source for each in seen for source in each.source)
    told = ", ".join(f"{source} {count}" for source, count in sorted(sources.items()))
    nodes = len({each.node for each in seen})
    yield f"records tell {len(seen)} different things of {nodes} nodes: {told}"
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
