"""A large picture in parts that are looked at one by one: a deployment each, or a stack."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct
from msgspec.structs import replace

from checkrein.model import Basis
from checkrein.model.picture import Node, Picture

MOST = 150  # nodes that are looked at together


class Part(Struct, frozen=True):
    """Some nodes of a picture with the edges between them; ``guests`` belong to other parts."""

    name: str
    picture: Picture
    guests: frozenset[str] = frozenset()

    @property
    def own(self) -> list[Node]:
        """The nodes that belong to this part."""
        return [node for node in self.picture.nodes if node.id not in self.guests]

    @property
    def risk(self) -> int:
        """The greatest risk of its own nodes."""
        return max((node.risk for node in self.own), default=0)


def parts(picture: Picture) -> list[Part]:
    """Return the picture whole, or where that is too much in parts, the riskiest first."""
    if len(picture.nodes) <= MOST:
        return [Part("", picture)]
    found = [
        part
        for name, same in _grouped(picture.nodes, lambda node: node.deployment)
        for part in _stacks(picture, name, same)
    ]
    return sorted(found, key=lambda part: (-part.risk, -len(part.own), part.name))


def _stacks(picture: Picture, name: str, nodes: Sequence[Node]) -> Iterator[Part]:
    """Yield a deployment, or the stacks of one that is too large."""
    if len(nodes) <= MOST:
        yield _part(picture, name or "no deployment", nodes)
        return
    for stack, same in _grouped(nodes, lambda node: node.stack):
        yield _part(picture, stack or f"{name}: outside", same)


def _part(picture: Picture, name: str, nodes: Iterable[Node]) -> Part:
    """Return nodes with those of other parts that they exchange data with, as guests."""
    own = {node.id for node in nodes}
    touching = [e for e in picture.edges if e.basis is Basis.CODED and {e.source, e.target} & own]
    there = own | {id for edge in touching for id in (edge.source, edge.target)}
    inner = replace(
        picture,
        nodes=tuple(node for node in picture.nodes if node.id in there),
        edges=tuple(
            edge
            for edge in picture.edges
            if {edge.source, edge.target} <= there and {edge.source, edge.target} & own
        ),
    )
    return Part(name, inner, frozenset(there - own))


def _grouped(nodes: Iterable[Node], key: Callable[[Node], str]) -> Iterator[tuple[str, list[Node]]]:
    found: defaultdict[str, list[Node]] = defaultdict(list)
    for node in nodes:
        found[key(node)].append(node)
    yield from sorted(found.items())
