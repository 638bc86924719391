"""What a resource sets to work, and who calls it: APIs, queues, buckets and other sources."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.compare.scene import ANYONE, OUTSIDE, Door, Scene
from checkrein.compare.words import listed
from checkrein.derive.content.words import short
from checkrein.model import Entry, Evidence, Part, Way

POOL = "AWS::Cognito::UserPool"
INVITED = "AdminCreateUserConfig.AllowAdminCreateUserOnly"


def wired(scene: Scene, id: str) -> tuple[Part, ...]:
    """Return who calls a resource from outside, and what it runs, where there is any."""
    callers, runs = tuple(_callers(scene, id)), tuple(_runs(scene, id))
    parts = (Part("callers", "Who calls it", callers), Part("runs", "What it makes run", runs))
    return tuple(part for part in parts if part.ways)


def _callers(scene: Scene, id: str) -> Iterator[Way]:
    found: dict[str, dict[Evidence, str]] = {}
    entries = [e for e in scene.sources.get(id, ()) if e.kind in OUTSIDE and _is_asked(e)]
    for entry in sorted(entries, key=lambda e: not e.identity.endswith("@anyone")):
        said = found.setdefault(scene.caller(entry.identity), {})
        said[entry.evidence[0]] = entry.route
    for door in scene.doors:
        if door.function.partition("#")[0] == id:
            said = found.setdefault(door.caller, {})
            said[door.said[0]] = _route(door)
    resource = scene.resource(id)
    if resource and resource.type == POOL and resource.value(INVITED) is not True:
        lets = Evidence(f"{resource.name} lets people sign up", resource.where(INVITED))
        yield Way(text="anyone can sign up", who=(ANYONE,), target=(id,), steps=(lets,))
    for caller, routes in found.items():
        named = [route for route in routes.values() if route]
        what = f" {listed(named, 3)}" if named else " it"
        yield Way(text=f"{caller} can call{what}", who=(caller,), target=(id,), steps=tuple(routes))


def _is_asked(entry: Entry) -> bool:
    return not entry.route.startswith("OPTIONS")


def _route(door: Door) -> str:
    return door.function.partition("#")[2]


def _runs(scene: Scene, id: str) -> Iterator[Way]:
    for entry in scene.sources.get(id, ()):
        if entry.kind not in OUTSIDE and entry.kind != "direct":
            yield Way(
                text=f"it makes {short(entry.function)} run",
                who=(id,),
                target=(entry.function,),
                steps=entry.evidence[:1],
            )
