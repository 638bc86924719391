"""Where data goes: of a whole app, of one class, or of what passes one function or resource."""

from __future__ import annotations

from collections.abc import Callable

from msgspec.structs import replace

from checkrein.compare.flows.grouping import groups
from checkrein.compare.flows.hops import hops, importance
from checkrein.compare.flows.trails import Trails, hops_of
from checkrein.compare.scene import Scene
from checkrein.compare.subjects import Subject, subject_of
from checkrein.derive.content.carried import Holding
from checkrein.errors import UsageError
from checkrein.model import App, Data, Element
from checkrein.model.movement import Hop, Movements, Trail


def flows(app: App, word: str = "") -> Movements:
    """Return where data goes: in the whole app, or of what a word means (as in ``explain``).

    Raises UsageError where the word means nothing, several things, or a role.
    """
    scene = Scene(app)
    holding = Holding(app.every(Element))
    found = hops(scene, holding)
    if not word:
        return _answer(scene, "", "app", found)
    subject = subject_of(scene, word)
    if subject.kind == "role":
        raise UsageError(f"{word} is a role: data flows through functions; give one, or a class")
    trails = Trails(scene, found, holding)
    if subject.kind == "data":
        return _of_classes(scene, subject, found, trails)
    passing = trails.through(_touching(subject))
    return _answer(scene, subject.id, subject.kind, found, passing)


def _of_classes(
    scene: Scene, subject: Subject, found: tuple[Hop, ...], trails: Trails
) -> Movements:
    several = len(subject.ids) > 1
    name = subject.id.partition(".")[0] if several else subject.id
    answer = _answer(scene, name, "data", found, trails.of(frozenset(subject.ids)))
    return replace(answer, classes=tuple(sorted(subject.ids)))


def _touching(subject: Subject) -> Callable[[Hop], bool]:
    """Return what tells whether a flow passes a function, or a resource."""

    def touches(hop: Hop) -> bool:
        owner = hop.via.partition("<")[0] if subject.kind == "function" else ""
        ends = {hop.source.node.partition("@")[0], hop.target.node.partition("@")[0]}
        return owner == subject.id or subject.id in {*ends, hop.source.node, hop.target.node}

    return touches


def _answer(
    scene: Scene, subject: str, kind: str, found: tuple[Hop, ...], trails: list[Trail] | None = None
) -> Movements:
    if trails is not None:
        followed = {hop for trail in trails for hop in hops_of(trail)}
        found = tuple(hop for hop in found if hop in followed)
    moved = groups(scene, found)
    nodes = {node for hop in found for node in (hop.source.node, hop.target.node)}
    nodes |= {id for group in moved for id in (group.owner, *(way.source for way in group.ways))}
    return Movements(
        subject=subject,
        kind=kind,
        hops=found,
        groups=moved,
        trails=tuple(_ordered(scene, trails or [])),
        part_of={node: _deployment(scene, node) for node in sorted(nodes)},
    )


def _ordered(scene: Scene, trails: list[Trail]) -> list[Trail]:
    """Put the trails of the most valuable data, to the most dangerous ends, first."""
    values = {data.id: data.value for data in scene.app.every(Data)}
    return sorted(trails, key=lambda t: min(importance(hop, values)[:3] for hop in hops_of(t)))


def _deployment(scene: Scene, node: str) -> str:
    owner, _, part = node.rpartition("@")
    resource = scene.resource(node) or scene.resource(owner)
    return scene.directory.deployment(resource.id) if resource else owner if part else ""
