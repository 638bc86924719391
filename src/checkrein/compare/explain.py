"""Explain one thing of an app: who reaches it, how, and where to look."""

from __future__ import annotations

from msgspec.structs import replace

from checkrein.catalog.services import service
from checkrein.compare.chains import Chains
from checkrein.compare.contents import contents
from checkrein.compare.data import data, is_outside
from checkrein.compare.function import function
from checkrein.compare.happened import happened
from checkrein.compare.node import node
from checkrein.compare.resource import Reachers, headline
from checkrein.compare.role import role
from checkrein.compare.scene import Scene
from checkrein.compare.subjects import subject_of
from checkrein.compare.wiring import wired
from checkrein.derive.content.words import short
from checkrein.model import App, Explanation


def explain(app: App, word: str) -> Explanation:
    """Explain a resource, function, role or class of data.

    ``word`` is an id, its end, a physical name, an ARN, or a class's id, title or family. Raises
    UsageError where it means nothing or several things.
    """
    scene = Scene(app)
    subject = subject_of(scene, word)
    if subject.kind == "data":
        return data(scene, subject.ids)
    explained = {"resource": _resource, "function": function, "role": role}
    found = explained[subject.kind](scene, subject.id)
    seen = happened(scene, subject.id)
    return replace(found, parts=(*found.parts, *seen)) if seen else found


def _resource(scene: Scene, id: str) -> Explanation:
    resource = scene.resource(id)
    row = scene.rows.get(id)
    if resource is None or (row and is_outside(row)):
        return node(scene, id)
    reached, wiring = Reachers(scene, Chains(scene), id).all(), wired(scene, id)
    called = wiring[0].ways[0].text if wiring and wiring[0].id == "callers" else ""
    return Explanation(
        subject=id,
        kind="resource",
        text=f"{short(id)}: {called or headline(scene, reached)}",
        described=f"{id}, {service(resource.type)} ({resource.type})",
        place=resource.place,
        notes=contents(scene, row),
        parts=(*wiring, *reached.parts),
    )
