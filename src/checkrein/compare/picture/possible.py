"""What could be done with data: the closure's edges, and what outsiders may do by their rights.

The closure is made again of the same edges and contents as the table's, so that a picture cannot
say other than a cell.
"""

from __future__ import annotations

from collections import defaultdict

from msgspec.structs import replace

from checkrein.compare.picture.gathering import LEVELS, Gathering
from checkrein.compare.picture.nodes import Nodes
from checkrein.compare.scene import CDN, Scene
from checkrein.derive.content.contents import UNTRUSTED
from checkrein.derive.content.flows import log_nodes
from checkrein.derive.table.closure import Closure
from checkrein.derive.table.closure import Edge as Way
from checkrein.derive.table.potential import Scene as Ground
from checkrein.derive.table.potential import edges
from checkrein.derive.table.takeover import SETTINGS
from checkrein.model import Access, Element, Entry, Escalation, Evidence, Flow, Function
from checkrein.model.picture import Move

VARIABLES = "env."


def possible(scene: Scene, nodes: Nodes, does: Gathering, found: Gathering) -> None:
    """Gather what permissions, network and triggers allow; ``does`` is what is coded."""
    ways = list(edges(_ground(scene)))
    closure = Closure(_held(scene), ways)
    cargo = Cargo(scene, closure)
    for way in ways:
        _add(cargo, way, found)
    _entered(scene, nodes, closure, does, found)
    for id in nodes.rows():
        _owed(nodes, closure, id, found)
    for access in (a for identity in scene.strangers for a in scene.of.get(identity, ())):
        _stranger(scene, nodes, access, found)


def _ground(scene: Scene) -> Ground:
    app = scene.app
    return Ground(
        directory=scene.directory,
        entries=tuple(app.every(Entry)),
        accesses=tuple(app.every(Access)),
        flows=tuple(app.every(Flow)),
        asks={function.id: function.asks for function in app.every(Function)},
        actors=scene.acting,
        escalations=tuple(app.every(Escalation)),
        logs=log_nodes(scene.directory),
        network=scene.network,
        exits=scene.exits,
    )


def _held(scene: Scene) -> dict[str, dict[str, tuple[Evidence, ...]]]:
    known: defaultdict[str, dict[str, tuple[Evidence, ...]]] = defaultdict(dict)
    for each in scene.app.every(Element):
        known[each.slot.node].setdefault(each.data, each.evidence)
        if each.slot.path.startswith(VARIABLES):
            known[f"{each.slot.node}{SETTINGS}"].setdefault(each.data, each.evidence)
    return known


class Cargo:
    """What could leave each node of the closure, by the level at which it arrives."""

    def __init__(self, scene: Scene, closure: Closure) -> None:
        self._scene = scene
        self._closure = closure
        self._known: dict[tuple[str, int, str], list[tuple[str, tuple[str, ...]]]] = {}

    def of(self, way: Way) -> list[tuple[str, tuple[str, ...]]]:
        """Return what goes along an edge: levels, and the classes of each."""
        key = way.source, way.level, way.drops
        if key not in self._known:
            by_level: defaultdict[int, set[str]] = defaultdict(set)
            for data, how in self._closure.of(way.source).items():
                if data != way.drops:
                    by_level[max(how.level, way.level)].add(data)
            self._known[key] = [
                (LEVELS[level], tuple(self._scene.valuable(classes)))
                for level, classes in sorted(by_level.items())
            ]
        return self._known[key]


def _add(cargo: Cargo, way: Way, found: Gathering) -> None:
    """Add an edge of the closure with all that could go along it."""
    for level, classes in cargo.of(way):
        move = Move(
            kind="right",
            text=way.note.text,
            data=classes,
            level=level,
            certain=way.certain,
            steps=(*way.before, way.note),
        )
        found.add(way.source, way.target, move)


def _entered(
    scene: Scene, nodes: Nodes, closure: Closure, coming: Gathering, found: Gathering
) -> None:
    """Add the ways in, with whatever may be sent, and all that may be answered."""
    for source, target, move in coming.moves():
        if move.kind == "entry":
            row = nodes.row(target)
            sent = {UNTRUSTED} & set(row.potential if row else ())
            data = scene.valuable({*move.data, *sent})
        elif move.kind == "answer":
            answered = closure.of(f"{source}@response") or closure.of(source)
            data = scene.valuable({*answered, *move.data})
        else:
            continue
        found.add(source, target, replace(move, data=tuple(data)))


def _owed(nodes: Nodes, closure: Closure, id: str, found: Gathering) -> None:
    """Say by which edges the classes of a cell come."""
    parts = nodes.parts(id)
    for data in {data for part in parts for data in closure.of(part)}:
        at = next(part for part in parts if data in closure.of(part))
        seen = set()
        while at not in seen and nodes.home(at) == id:
            seen.add(at)
            at = closure.of(at)[data].before
        if at and at not in seen:
            found.brings(nodes.home(at), id, data)


def _stranger(scene: Scene, nodes: Nodes, access: Access, found: Gathering) -> None:
    """Add what somebody outside may read or write with rights of his own."""
    if access.identity == CDN or access.identity in scene.acting:
        return  # the distribution is a node, and those who act are in the closure
    row = scene.rows.get(access.target)
    if row is None or access.right not in {"read", "write", "invoke"}:
        return
    person = nodes.stranger(access.identity, access.target)
    may = "may" if access.certain else "may, under conditions,"
    who = scene.strangers[access.identity].rstrip(",")
    reads = access.right == "read"
    move = Move(
        kind="right",
        text=f"{who} {may} {access.right} {nodes.name(access.target)}",
        data=row.potential if reads else (UNTRUSTED,),
        operation=", ".join(access.actions),
        certain=access.certain,
        steps=access.evidence[:1],
    )
    ends = (access.target, person) if reads else (person, access.target)
    found.add(*ends, move)
