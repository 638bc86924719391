"""The edges that records tell of: who did something to what, and who wrote what was seen."""

from __future__ import annotations

from collections import defaultdict

from checkrein.compare.picture.gathering import Gathering
from checkrein.compare.picture.nodes import Nodes
from checkrein.compare.scene import Scene
from checkrein.model import Basis, Flow, Observation
from checkrein.model.picture import Edge, Move

OUT = frozenset({"read", "list"})
DONE = frozenset({"call", "change"})


def observed(scene: Scene, nodes: Nodes) -> list[Edge]:
    """Return the edges of what was seen to happen, none where no records were read."""
    seen = scene.app.every(Observation)
    if not seen:
        return []
    found = Gathering(scene, nodes, Basis.OBSERVED)
    writers = _writers(scene)
    for each in seen:
        if each.kind in DONE and each.actor:
            _done(each, nodes, found)
        elif each.kind == "content" and len(writers[each.node]) == 1:
            (writer,) = writers[each.node]
            found.add(writer, each.node, _move("log", each))
    return found.edges()


def _done(seen: Observation, nodes: Nodes, found: Gathering) -> None:
    known = seen.known and nodes.home(seen.actor)
    actor = seen.actor if known else nodes.unknown(seen.actor, seen.node)
    ends = (seen.node, actor) if seen.right in OUT else (actor, seen.node)
    found.add(*ends, _move("sdk", seen))


def _move(kind: str, seen: Observation) -> Move:
    data = (seen.data,) if seen.data else ()
    said = " ".join(each.text for each in seen.evidence)
    text = f"{seen.operation or 'a request'}, {said}" if not data else said
    return Move(kind=kind, text=text, data=data, operation=seen.operation, via=seen.actor)


def _writers(scene: Scene) -> defaultdict[str, set[str]]:
    """Return the functions that write to each log, as code and platform do."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for node in scene.rows:
        owner, _, part = node.rpartition("@")
        if part == "logs":
            found[node].add(owner)
    for flow in scene.app.every(Flow):
        if flow.basis is Basis.CODED and flow.certain and flow.via in scene.roles:
            found[flow.target.node].add(flow.via)
    return found
