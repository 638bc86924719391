"""A picture of less: what touches one thing, or where some classes of data go."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from msgspec.structs import replace

from checkrein.compare.picture.nodes import Nodes
from checkrein.compare.scene import Scene
from checkrein.compare.subjects import subject_of
from checkrein.errors import UsageError
from checkrein.model.picture import COLUMNS, Edge, Node, Picture

CELLS = ("intended", "coded", "potential", "observed")
PEOPLE = COLUMNS.index("people")


def narrowed(
    picture: Picture, scene: Scene, nodes: Nodes, subject: str = "", data: Iterable[str] = ()
) -> Picture:
    """Return what of a picture touches a subject, and carries some classes or families of data.

    Words mean what they do in ``explain``; people have their names. With a resource stand its
    neighbours, and the people who come in by one of them. Raises UsageError where a word means
    nothing, or ``data`` no class.
    """
    wanted = frozenset(found for word in data for found in _classes(scene, word))
    touched: frozenset[str] = frozenset()
    people = {n.id for n in picture.nodes if n.column == PEOPLE and subject in {n.id, n.name}}
    if subject and people:
        touched = frozenset(people)
    elif subject:
        meant = subject_of(scene, subject)
        if meant.kind == "data":
            wanted |= set(meant.ids)
        else:
            touched = frozenset(_homes(scene, nodes, meant.kind, meant.id))
            if not touched & {node.id for node in picture.nodes}:
                raise UsageError(f"{subject} stands in no picture: no data is in it or passes it")
    if wanted:
        picture = _of_classes(picture, wanted)
    return _around(picture, touched) if touched else picture


def _classes(scene: Scene, word: str) -> tuple[str, ...]:
    found = subject_of(scene, word)
    if found.kind != "data":
        raise UsageError(f"{word} is a {found.kind}, no class of data; give it without --data")
    return found.ids


def _homes(scene: Scene, nodes: Nodes, kind: str, id: str) -> Iterator[str]:
    """Yield the nodes of a subject: a role stands for what acts as it."""
    for each in scene.who(id) if kind == "role" else (id,):
        yield nodes.home(each) or each


def _of_classes(picture: Picture, wanted: Collection[str]) -> Picture:
    edges = [_carrying(edge, wanted) for edge in picture.edges if set(edge.data) & set(wanted)]
    ends = {id for edge in edges for id in (edge.source, edge.target)}
    holding = [_holding(node, wanted) for node in picture.nodes]
    kept = [node for node in holding if node.id in ends or _held(node)]
    return _of(picture, kept, edges, wanted)


def _carrying(edge: Edge, wanted: Collection[str]) -> Edge:
    moves = [
        replace(move, data=_only(move.data, wanted))
        for move in edge.moves
        if set(move.data) & set(wanted)
    ]
    brings = _only(edge.brings, wanted)
    return replace(edge, data=_only(edge.data, wanted), brings=brings, moves=tuple(moves))


def _holding(node: Node, wanted: Collection[str]) -> Node:
    return replace(node, **{cell: _only(getattr(node, cell), wanted) for cell in CELLS})


def _held(node: Node) -> bool:
    return any(getattr(node, cell) for cell in CELLS)


def _only(data: Iterable[str], wanted: Collection[str]) -> tuple[str, ...]:
    return tuple(each for each in data if each in wanted)


def _around(picture: Picture, touched: Collection[str]) -> Picture:
    """Return the nodes, their neighbours, and the people at those."""
    near = {id for e in picture.edges if {e.source, e.target} & set(touched) for id in _ends(e)}
    near |= set(touched)
    people = {node.id for node in picture.nodes if node.column == PEOPLE}
    people = set() if people & set(touched) else people
    edges = [
        edge
        for edge in picture.edges
        if {edge.source, edge.target} & set(touched)
        or (edge.source in people and edge.target in near)
    ]
    ends = {id for edge in edges for id in _ends(edge)} | near
    return _of(picture, [node for node in picture.nodes if node.id in ends], edges, ())


def _ends(edge: Edge) -> tuple[str, str]:
    return edge.source, edge.target


def _of(
    picture: Picture, nodes: Iterable[Node], edges: Iterable[Edge], wanted: Collection[str]
) -> Picture:
    kept = tuple(nodes)
    zones = {node.zone for node in kept}
    zones |= {zone.parent for zone in picture.zones if zone.id in zones}
    classes = _only(picture.classes, wanted) if wanted else picture.classes
    return Picture(
        zones=tuple(zone for zone in picture.zones if zone.id in zones),
        nodes=kept,
        edges=tuple(edges),
        classes=classes,
        values={data: picture.values[data] for data in classes},
    )
