"""Which edges of a picture are drawn, where all of them would hide what matters."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.model import Basis
from checkrein.model.picture import COLUMNS, Edge, Picture

BEYOND = (Basis.POTENTIAL,)
PEOPLE = COLUMNS.index("people")


def shown(picture: Picture, basis: Basis, *, everything: bool = False) -> Iterator[Edge]:
    """Yield a basis's edges.

    Of what could be, unless everything is asked for: what is coded too, what outsiders do, and one
    way by which each class comes to each cell.
    """
    coded = {(e.source, e.target) for e in picture.edges if e.basis is Basis.CODED}
    people = {node.id for node in picture.nodes if node.column == PEOPLE}
    for edge in picture.edges:
        if edge.basis is basis and (
            everything
            or basis not in BEYOND
            or edge.brings
            or (edge.source, edge.target) in coded
            or {edge.source, edge.target} & people
        ):
            yield edge
