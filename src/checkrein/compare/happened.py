"""What records tell of one thing: who did what to it, what it did, and what was seen in it."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.compare.scene import Scene
from checkrein.derive.content.words import likeness
from checkrein.model import Observation, Part, Way

DONE = {"call": "called", "refused": "was refused", "change": "changed it by"}
NOBODY = "somebody"
PUBLIC = "anyone"  # as records are told of who sends no credentials


def happened(scene: Scene, id: str) -> tuple[Part, ...]:
    """Return the part of an explanation that records give, none where they tell nothing."""
    ways = tuple(_ways(scene, id))
    return (Part("observed", "What happened, as records tell", ways),) if ways else ()


def _ways(scene: Scene, id: str) -> Iterator[Way]:
    for seen in scene.app.every(Observation):
        if id in {seen.node, seen.actor}:
            yield Way(
                text=_sentence(scene, seen),
                who=(seen.actor,) if seen.actor else (),
                target=(seen.node,),
                data=(seen.data,) if seen.data else (),
                steps=seen.evidence,
            )


def _sentence(scene: Scene, seen: Observation) -> str:
    if seen.kind == "content":
        field = f" in {seen.path}" if seen.path else ""
        return f"{likeness(seen.data)} was seen there{field}"
    what = seen.operation or "something"
    return f"{_who(scene, seen)} {DONE[seen.kind]} {what} on {scene.name(seen.node)}"


def _who(scene: Scene, seen: Observation) -> str:
    if seen.known:
        return scene.name(seen.actor)
    if seen.actor == PUBLIC:
        return "somebody without credentials"
    return f"{seen.actor}, whom nothing here declares," if seen.actor else NOBODY
