"""A function: who makes it run, as whom it acts, what it reaches, where its data can leave."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.catalog.services import service
from checkrein.compare.chains import Chains
from checkrein.compare.contents import contents
from checkrein.compare.owners import runners, takers
from checkrein.compare.reach import Reach
from checkrein.compare.scene import Scene
from checkrein.compare.words import deeds, listed, may
from checkrein.derive.content.words import short
from checkrein.derive.network.ways import Grade
from checkrein.model import Evidence, Explanation, Flow, Function, Part, Resource, Way
from checkrein.model.workloads import LAMBDA

MOST = 2  # kinds of rights in the first sentence
NOBODY = "nothing here makes it run"
SERVICE = "AWS::ECS::Service"


def function(scene: Scene, id: str) -> Explanation:
    """Explain a function of the app."""
    chains = Chains(scene)
    role = scene.roles[id]
    run, reach = runners(scene, chains, id), Reach(scene, chains, role)
    owners = takers(scene, chains, role, id) if role else ()
    parts = (
        Part("runs", "Who makes it run", run),
        Part("owners", "Who can take it over", owners),
        *reach.parts,
        Part("network", "What it can connect to", tuple(_databases(scene, id))),
        Part("leaves", "Where its data can leave", tuple(_leaves(scene, id))),
    )
    resource = scene.directory.resources[id]
    reached = [short(target) for target in scene.connections.get(id, ())]
    logs_in = f", and can connect to {listed(reached, 2)}" if reached else ""
    return Explanation(
        subject=id,
        kind="function",
        text=f"{short(id)}: {run[0].text if run else _kept(scene, id)}; {power(reach)}{logs_in}",
        described=f"{id}, {_kind(resource)}",
        place=resource.place,
        notes=(*_notes(scene, id, role), *contents(scene, scene.rows.get(id), "handle")),
        parts=tuple(part for part in parts if part.ways),
    )


def _kind(resource: Resource) -> str:
    if resource.type == LAMBDA:
        return "Lambda function"
    return f"{service(resource.type)} ({resource.type})"


def _kept(scene: Scene, id: str) -> str:
    """Say what keeps running what nothing calls: the service of a task."""
    deployment = scene.directory.deployment(id)
    for each in scene.directory.members(deployment):
        named = each.value("TaskDefinition") if each.type == SERVICE else None
        if named is not None and id in scene.directory.find(named, deployment):
            return f"{each.name} keeps it running, and nothing here calls it"
    return NOBODY


def power(reach: Reach) -> str:
    """Say the most that an identity may do, as far as it is known."""
    more = ", and perhaps more by policies that nothing here tells" if reach.untold else ""
    return f"{_known_power(reach)}{more}"


def _known_power(reach: Reach) -> str:
    taken = next(iter(reach.takeover()), None)
    if taken and taken.certain and reach.becomes_others:
        return f"it {taken.text}"
    if not reach.known:
        return "what it may do is not known, since its role is in no template here"
    worth = [each for each in reach.held if any(right != "list" for right in each.rights)]
    if not worth:
        return "it has no rights over anything of the application"
    groups: dict[tuple[bool, tuple[str, ...]], list[str]] = {}
    for each in worth:
        groups.setdefault((each.certain, each.rights), []).append(short(each.target))
    said = [
        f"{may(certain=certain)} {deeds(rights)} {listed(names, 2)}"
        for (certain, rights), names in groups.items()
    ]
    more = ", and has more rights" if len(said) > MOST else ""
    return f"it {', and '.join(said[:MOST])}{more}"


def _notes(scene: Scene, id: str, role: str) -> Iterator[tuple[str, str]]:
    place = scene.directory.resources[role].place if role in scene.directory.resources else ""
    yield "acts as", f"{role} ({place})" if place else role or "a role that is not known"
    programs = next((f.programs for f in scene.app.every(Function) if f.id == id), ())
    files = [each.code.file or each.code.folder for each in programs]
    if any(files):
        yield "code", ", ".join(filter(None, files))
    summary = scene.summaries.get(id)
    if summary is None or summary.partial:
        yield "not known in full", summary.partial if summary else "its code was not read"


def _databases(scene: Scene, id: str) -> Iterator[Way]:
    for target, said in sorted(scene.connections.get(id, {}).items()):
        text = f"it {said.can} connect to {short(target)}, with a login of its own"
        yield Way(text=text, who=(id,), target=(target,), certain=False, steps=(said.note,))


def _leaves(scene: Scene, id: str) -> Iterator[Way]:
    """Tell to whom outside its code sends, and whether its network lets it send anywhere."""
    said: dict[str, Flow] = {}
    for flow in scene.app.every(Flow):
        node = flow.target.node
        outside = node.startswith("host:") or node.endswith(("@host", "@recipients"))
        if flow.via == id and outside:
            said.setdefault(node, flow)
    for node, flow in said.items():
        text = f"its code sends to {short(node)}"
        yield Way(text=text, who=(id,), target=(node,), steps=flow.steps[-1:])
    resource = scene.directory.resources[id]
    out = scene.exits.out(resource)
    if out.grade is Grade.NO:
        yield Way(text="its network lets nothing out", who=(id,))
        return
    able = "it can" if out.grade is Grade.CERTAIN else "it may be able to"
    where = "" if out.steps else ": it runs outside a VPC"
    alone = Evidence(f"{resource.name} runs outside a VPC", resource.place)
    yield Way(
        text=f"{able} send to {out.to}{where}",
        who=(id,),
        target=(f"{scene.directory.deployment(id)}@internet",),
        certain=out.grade is Grade.CERTAIN,
        steps=out.steps or (alone,),
    )
