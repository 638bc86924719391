"""Flows by who moves them: each function, and what templates move without code."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from checkrein.compare.flows.naming import Names
from checkrein.compare.scene import Scene
from checkrein.derive.content.words import short
from checkrein.model import Function
from checkrein.model.movement import Group, Hop


def groups(scene: Scene, hops: Iterable[Hop]) -> tuple[Group, ...]:
    """Return flows by function, in their order; those that no code moves last."""
    names = Names(scene)
    files = {f.id: f.code.file for f in scene.app.every(Function) if f.code}
    found: defaultdict[str, list[Hop]] = defaultdict(list)
    wired: list[Hop] = []
    for hop in hops:
        if hop.kind == "wiring":
            wired.append(hop)
        else:
            found[hop.via].append(hop)
    told = [
        Group(id, short(id), names.ways(id), files.get(id, ""), tuple(moved))
        for id, moved in found.items()
    ]
    rest = [Group("", "without code", (), "", tuple(wired))] if wired else []
    return (*told, *rest)
