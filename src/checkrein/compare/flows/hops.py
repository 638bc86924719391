"""Flows made ready to be told: what each carries, what does it, what its ends are called."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from checkrein.compare.flows.naming import Names
from checkrein.compare.flows.uses import USE, uses
from checkrein.compare.scene import Scene
from checkrein.derive.content.carried import Holding, carried
from checkrein.derive.content.contents import UNTRUSTED
from checkrein.derive.content.paths import tokens
from checkrein.model import CallSite, Data, Flow, Place
from checkrein.model.movement import Hop

WIRING = "wiring"
RANK = ("use", "http", "response", "log", "sdk", "wiring")  # the most dangerous ends first
HIGHEST = 10  # of a class's value: what outsiders send is used as it comes
ENDS = {"log": ("@logs",), "response": ("@response",), "http": ("@host",)}


def hops(scene: Scene, holding: Holding) -> tuple[Hop, ...]:
    """Return all flows of an app, the most valuable first."""
    names = Names(scene)
    values = {data.id: data.value for data in scene.app.every(Data)}
    found = moved(scene, holding)
    for each in uses(scene):
        at = tokens(each.source.path)
        held = holding.at(each.source.node, at, each.source.items) - {UNTRUSTED}
        origin, data = names.origin(each.source), tuple(scene.valuable(held))
        found.append(replace(each, origin=origin, data=data))
    return tuple(sorted(found, key=lambda hop: importance(hop, values)))


def moved(scene: Scene, holding: Holding) -> list[Hop]:
    """Return the flows from node to node, without uses inside a process, in no order."""
    names, sites = Names(scene), _sites(scene)
    return [_hop(scene, flow, names, sites, holding) for flow in scene.app.every(Flow)]


def importance(hop: Hop, values: Mapping[str, int]) -> tuple[int, int, bool, str, Place, str, str]:
    """Return what sorts a flow among others: the value that it moves, then how it ends."""
    worth = max((values.get(data, 0) for data in hop.data), default=0)
    if hop.who and hop.family not in hop.harmless:
        worth = HIGHEST
    ends = hop.via, hop.place, hop.source.path, hop.target.path
    return (-worth, RANK.index(hop.kind), not hop.certain, *ends)


def _hop(
    scene: Scene,
    flow: Flow,
    names: Names,
    sites: Mapping[tuple[str, Place], list[CallSite]],
    holding: Holding,
) -> Hop:
    place = flow.steps[-1].place if flow.steps else flow.place
    site = _site(flow.target.node, sites.get((flow.via, place), ()))
    moved = carried(flow, holding, scene.roles)
    return Hop(
        source=flow.source,
        target=flow.target,
        via=flow.via,
        kind=site.kind if site else WIRING,
        operation=_operation(site) if site else "",
        origin=names.origin(flow.source),
        goal=names.goal(flow.target),
        data=tuple(scene.valuable(moved.data)),
        perhaps=tuple(scene.valuable(moved.perhaps)),
        certain=flow.certain,
        steps=flow.steps or flow.evidence,
        harmless=flow.harmless,
    )


def _sites(scene: Scene) -> Mapping[tuple[str, Place], list[CallSite]]:
    found: defaultdict[tuple[str, Place], list[CallSite]] = defaultdict(list)
    for function, summary in scene.summaries.items():
        for site in summary.calls:
            found[function, site.place].append(site)
    return found


def _site(node: str, sites: Iterable[CallSite]) -> CallSite | None:
    """Return the call site at a line that sends to a node."""
    known = list(sites)
    fitting = [site for site in known if site.kind != USE and _ends(site, node)]
    return next(iter([*fitting, *known]), None)


def _ends(site: CallSite, node: str) -> bool:
    if site.kind == "http":
        return node.startswith("host:") or node.endswith("@host")
    return node.endswith(ENDS[site.kind]) if site.kind in ENDS else "@" not in node


def _operation(site: CallSite) -> str:
    if site.kind == "sdk":
        return f"{site.service}:{site.operation}"
    return site.operation if site.kind == "http" else ""
