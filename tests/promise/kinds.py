"""All kinds of mutations, and which mutants of each are drawn."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from random import Random

from tests.promise import entrances, movements, neutral, rights, shares, surroundings
from tests.promise.mutants import Application, Kind, Mutant, applications

CHANGING: tuple[Kind, ...] = (
    *rights.KINDS,
    *shares.KINDS,
    *entrances.KINDS,
    *surroundings.KINDS,
    *movements.KINDS,
)
NEUTRAL: tuple[Kind, ...] = neutral.KINDS


def every(kind: Kind, known: list[Application] | None = None) -> list[Mutant]:
    """Return all mutants of a kind."""
    return list(chain.from_iterable(map(kind, known or applications())))


def drawn(kind: Kind, count: int) -> Iterator[Mutant]:
    """Yield some mutants of a kind, always the same, of different applications where there are."""
    found = every(kind)
    Random(kind.__name__).shuffle(found)
    taken: dict[str, int] = {}
    for mutant in found:
        taken[mutant.application] = taken.get(mutant.application, 0) + 1
    rank: dict[str, int] = {}
    order = []
    for mutant in found:
        rank[mutant.application] = rank.get(mutant.application, 0) + 1
        order.append((rank[mutant.application], mutant))
    yield from (mutant for _, mutant in sorted(order, key=lambda pair: pair[0])[:count])
