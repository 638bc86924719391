"""What a resource sets to work, and who calls it: APIs, queues, buckets and other sources."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.compare.scene import ANYONE, OUTSIDE, Scene
from checkrein.compare.words import listed
from checkrein.derive.content.words import short
from checkrein.derive.entrances.graph_callers import field_identity
from checkrein.derive.entrances.operations import operations
from checkrein.model import Evidence, Part, Resource, Way

GRAPHQL = "AWS::AppSync::GraphQLApi"
DISTRIBUTION = "AWS::CloudFront::Distribution"
POOL = "AWS::Cognito::UserPool"
INVITED = "AdminCreateUserConfig.AllowAdminCreateUserOnly"


def wired(scene: Scene, id: str) -> tuple[Part, ...]:
    """Return who calls a resource from outside, and what it runs, where there is any."""
    callers, runs = tuple(_callers(scene, id)), tuple(_runs(scene, id))
    parts = (Part("callers", "Who calls it", callers), Part("runs", "What it makes run", runs))
    return tuple(part for part in parts if part.ways)


def _callers(scene: Scene, id: str) -> Iterator[Way]:
    """Tell who may call an API and by which routes, or sign up, or load what is served."""
    yield from people(scene.directory.resources[id])
    found: dict[str, dict[Evidence, str]] = {}
    for identity, route, said in sorted(_asked(scene, id), key=lambda asked: not _open(asked[0])):
        if not route.startswith("OPTIONS"):
            found.setdefault(scene.caller(identity), {}).setdefault(said, route)
    for caller, routes in found.items():
        named = list(filter(None, routes.values()))
        what = listed(named, 3) if named else "it"
        yield Way(
            text=f"{caller} can call {what}", who=(caller,), target=(id,), steps=tuple(routes)
        )


def _asked(scene: Scene, id: str) -> Iterator[tuple[str, str, Evidence]]:
    """Yield who may call, the route, and where that is said."""
    told = set()
    for entry in scene.sources.get(id, ()):
        if entry.kind in OUTSIDE:
            told.add(entry.route)
            yield entry.identity, entry.route, entry.evidence[0]
    deployment = scene.directory.deployment(id)
    for resource in scene.directory.members(deployment):
        for each in operations(scene.directory, resource):
            if each.api == id and each.route not in told:
                said = Evidence(f"{short(id)} answers {each.route}", resource.where(each.at))
                yield each.identity, each.route, said
    api = scene.directory.resources[id]
    if api.type == GRAPHQL and not told:
        said = Evidence(f"{api.name} answers", api.place)
        yield field_identity(scene.directory, api), "", said


def _open(identity: str) -> bool:
    return identity.endswith("@anyone")


def people(resource: Resource) -> Iterator[Way]:
    """Tell who signs up, or loads what a distribution serves."""
    if resource.type == POOL:
        invited = resource.value(INVITED) is True
        text = "people whom administrators add can sign in" if invited else "anyone can sign up"
        place = resource.where(INVITED)
    elif resource.type == DISTRIBUTION:
        text, place = "anyone can load what it serves", resource.place
    else:
        return
    who = ANYONE if text.startswith(ANYONE) else "people whom administrators add"
    said = Evidence(f"{resource.name}: {text}", place)
    yield Way(text=text, who=(who,), target=(resource.id,), steps=(said,))


def _runs(scene: Scene, id: str) -> Iterator[Way]:
    for entry in scene.sources.get(id, ()):
        if entry.kind not in OUTSIDE and entry.kind != "direct":
            yield Way(
                text=f"it makes {short(entry.function)} run",
                who=(id,),
                target=(entry.function,),
                steps=entry.evidence[:1],
            )
