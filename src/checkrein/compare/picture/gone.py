"""What a lock accepts and the app no longer has."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.checks.locked.comparing import narrowed, widened
from checkrein.compare.picture.gathering import Gathering
from checkrein.compare.picture.nodes import Nodes
from checkrein.compare.scene import Scene
from checkrein.model import Kind, Line
from checkrein.model.picture import Move
from checkrein.model.surface import Changed

Ends = tuple[str, str]


def gone(scene: Scene, nodes: Nodes, found: Gathering) -> None:
    """Gather the flows and ways in that the lock accepts and the app no longer has.

    What is gone together with a node at its end is left out: there is nothing to draw it at.
    """
    for each in (*narrowed(scene.app), *widened(scene.app)):
        if each.before is None or not (each.removed or each.after is None):
            continue
        if each.kind is Kind.FLOW:
            ends, kind = _flowed(scene, nodes, each.before), "wiring"
        elif each.kind is Kind.ENTRY:
            ends, kind = _entered(nodes, each, each.before), "entry"
        else:
            continue
        said = f"checkrein.lock accepts it: {each.owner} {each.key}"
        data = each.removed if kind == "wiring" else ()
        for source, target in ends:
            move = Move(kind=kind, text=said, data=data, via=each.owner, steps=each.before.evidence)
            found.add(source, target, move)


def _flowed(scene: Scene, nodes: Nodes, line: Line) -> Iterator[Ends]:
    """Yield the ends of a flow, by way of the function that moved it."""
    source, target = (_node(nodes, said, line.owner) for said in line.key.split(" -> ", 1))
    if line.owner not in scene.roles:
        yield source, target
        return
    yield source, line.owner
    if not target.endswith("@response"):
        yield line.owner, target


def _node(nodes: Nodes, said: str, owner: str) -> str:
    """Return the node of a slot as a line's key names it: the owner itself is not named."""
    word = said.partition(" ")[0]
    if word.startswith("@"):
        return f"{owner}{word}"
    return word if nodes.home(word) else owner


def _entered(nodes: Nodes, changed: Changed, line: Line) -> Iterator[Ends]:
    """Yield the ends of a way in: people and door, door and function."""
    door = next((word for word in line.key.split(" ")[1:2] if nodes.home(word)), line.owner)
    for who in changed.removed:
        if who.endswith("@anyone") or nodes.home(who):
            yield nodes.person(who, line.owner), door
    if changed.after is None:
        yield door, line.owner
