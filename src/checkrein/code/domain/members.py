"""Members of requests that tell something by being left out, and structures that may have them.

What is not filtered is everything; so a filter that only some ways add excludes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from checkrein.code.domain.values import NOTHING, constant, join, join_all

if TYPE_CHECKING:
    from checkrein.code.domain.abstract import Abstract
    from checkrein.code.domain.things import Structure

TELLING: Final = frozenset(("FilterExpression",))
ADDRESSING: Final = frozenset(
    ("Key", "KeyConditionExpression", "FilterExpression")
)  # say which items


def absent(name: str) -> Abstract:
    """Return what a field is in a structure that does not have it: told of few."""
    return constant(None) if name in TELLING else NOTHING


def overlay(known: dict[str, Abstract], structures: list[Structure], *, perhaps: bool) -> None:
    """Let fields be what those of one of some structures are; ``perhaps`` it is none of them."""
    for name in dict.fromkeys(name for one in structures for name in one.fields):
        found = join_all(one.fields[name] for one in structures if name in one.fields)
        if perhaps or not all(name in one.fields for one in structures):
            found = join(found, known.get(name) or absent(name))
        known[name] = found
