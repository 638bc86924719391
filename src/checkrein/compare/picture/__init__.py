"""An app as a picture: nodes of the table and people outside, and where data goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checkrein.checks.locked.comparing import is_locked
from checkrein.compare.picture.coded import coded
from checkrein.compare.picture.gathering import Gathering
from checkrein.compare.picture.gone import gone
from checkrein.compare.picture.narrowing import narrowed
from checkrein.compare.picture.nodes import Nodes
from checkrein.compare.picture.observed import observed
from checkrein.compare.picture.possible import possible
from checkrein.compare.scene import Scene
from checkrein.derive.content.carried import Holding
from checkrein.model import App, Basis, Data, Element
from checkrein.model.picture import Edge, Node, Picture

__all__ = ["picture"]


def picture(app: App, subject: str = "", data: Iterable[str] = ()) -> Picture:
    """Return an app as a picture, or what of it touches a subject or carries some classes.

    Coded edges are what code, entries and wiring do; potential edges are those of the closure that
    the table's potential cells come from, and what outsiders may do by their rights. Intended edges
    are those that the lock accepts; without one the coded, with the classes that the target's
    intended cell holds. Observed edges are what records tell of. Raises UsageError where a word
    means nothing.
    """
    scene = Scene(app)
    nodes = Nodes(scene)
    does, could = Gathering(scene, nodes, Basis.CODED), Gathering(scene, nodes, Basis.POTENTIAL)
    holding = Holding(app.every(Element))
    coded(scene, nodes, holding, does)
    possible(scene, nodes, does, could)
    written = does.edges()
    meant = _accepted(scene, nodes, holding) if is_locked(app) else _intended(written, nodes)
    edges = [*meant, *written, *could.edges(), *observed(scene, nodes)]
    ends = {node for edge in edges for node in (edge.source, edge.target)}
    kept = tuple(nodes.drawn(ends))
    classes = scene.valuable({each for node in kept for each in _classes(node)})
    values = {data.id: data.value for data in app.every(Data)}
    found = Picture(
        zones=nodes.zones(kept),
        nodes=kept,
        edges=tuple(sorted(edges, key=lambda e: (e.basis, e.source, e.target))),
        classes=tuple(classes),
        values={each: values.get(each, 0) for each in classes},
    )
    return narrowed(found, scene, nodes, subject, data)


def _classes(node: Node) -> tuple[str, ...]:
    return (*node.intended, *node.coded, *node.potential, *node.observed)


def _accepted(scene: Scene, nodes: Nodes, holding: Holding) -> list[Edge]:
    """Return the edges that the lock accepts, those that are gone too."""
    found = Gathering(scene, nodes, Basis.INTENDED, accepted=True)
    coded(scene, nodes, holding, found)
    gone(scene, nodes, found)
    return found.edges()


def _intended(written: Iterable[Edge], nodes: Nodes) -> Iterator[Edge]:
    """Yield the coded edges as far as they bring what their target is meant to hold."""
    for edge in written:
        row = nodes.row(edge.target)
        meant = frozenset(edge.data) & set(row.intended if row else edge.data)
        if meant or not edge.data:
            yield _narrowed(edge, meant, nodes)


def _narrowed(edge: Edge, meant: frozenset[str], nodes: Nodes) -> Edge:
    kept = [move for move in edge.moves if meant & set(move.data) or not edge.data]
    return Edge(
        source=edge.source,
        target=edge.target,
        basis=Basis.INTENDED,
        data=tuple(data for data in edge.data if data in meant),
        certain=any(move.certain for move in kept),
        worth=nodes.worth(meant),
        moves=tuple(kept),
    )
