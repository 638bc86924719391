"""What classes are worth in this app, and the stars of the table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checkrein.catalog.data_classes import classes, title
from checkrein.model import Data, Decision

TWO_STARS, THREE_STARS = 4, 7  # the least value for each
MOST_STARS = 3


def data_classes(decisions: Iterable[Decision]) -> Iterator[Data]:
    """Yield every data class: the catalogue's, with the team's own classes and values."""
    declared = {d.subject: d for d in decisions if d.kind == "data"}
    for known in classes():
        decision = declared.pop(known.id, None)
        yield _valued(known, decision) if decision else known
    for id, decision in declared.items():
        family = id.partition(".")[0]
        yield _valued(Data(id=id, family=family, value=0, title=title(id)), decision)


def _valued(data: Data, decision: Decision) -> Data:
    value = int(decision.content.get("value", data.value))
    named = str(decision.content.get("title", data.title))
    return Data(
        id=data.id, family=data.family, value=value, title=named, evidence=decision.evidence
    )


def stars(value: int) -> int:
    """Return 1 to 3 stars for a value of 0 to 10."""
    return 1 + (value >= TWO_STARS) + (value >= THREE_STARS)
