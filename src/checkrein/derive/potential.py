"""The edges along which content could move: rights, wiring, logs, responses, egress."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from msgspec import Struct

from checkrein.catalog.services import holds_content
from checkrein.derive.closure import Edge
from checkrein.derive.directory import Directory
from checkrein.derive.egress import egress
from checkrein.derive.wiring import ANSWERING, ASKED, browser
from checkrein.model import Access, Entry, Evidence, Flow

OUTSIDE = frozenset({"http", "websocket", "url", "appsync"})


class Scene(Struct, frozen=True):
    """What the edges are drawn from."""

    directory: Directory
    entries: tuple[Entry, ...]
    accesses: tuple[Access, ...]
    flows: tuple[Flow, ...]
    roles: Mapping[str, str]  # function -> identity, "" where not known
    logs: Mapping[str, str]  # function -> node of its log
    silent: frozenset[str] = frozenset()  # functions whose role may not write logs


def internet(deployment: str) -> str:
    """Return the node for everything outside."""
    return f"{deployment}@internet"


def edges(scene: Scene) -> Iterator[Edge]:
    """Yield every edge of the potential closure."""
    functions_of: defaultdict[str, list[str]] = defaultdict(list)
    for function, role in scene.roles.items():
        functions_of[role].append(function)
    for access in scene.accesses:
        for function in functions_of.get(access.identity, ()):
            yield from _by_right(scene.directory, access, function)
    for flow in scene.flows:
        yield from _by_flow(scene, flow)
    for entry in scene.entries:
        yield from _entered(scene.directory, entry)
    for function, node in scene.logs.items():
        yield from _of_function(scene, function, node)
    yield from _served(scene)


def _by_flow(scene: Scene, flow: Flow) -> Iterator[Edge]:
    """Yield a flow's edges; what code moves passes through the function, with all it holds."""
    ends = [flow.source.node, flow.target.node]
    if flow.via in scene.roles:
        ends.insert(1, flow.via)
    for source, target in pairwise(ends):
        if source != target:
            yield Edge(source, target, flow.steps[-1], flow.certain)


def _by_right(directory: Directory, access: Access, function: str) -> Iterator[Edge]:
    note = _note(access, function)
    target = directory.resources[access.target]
    if not holds_content(target.type):
        return
    if target.type == "AWS::Logs::LogGroup" and access.right == "write":
        return  # logging rights reach only the function's own log
    if access.right == "read":
        yield Edge(access.target, function, note, access.certain)
    elif access.right == "write":
        yield Edge(function, access.target, note, access.certain)
    elif access.right == "invoke":
        yield Edge(function, access.target, note, access.certain)
        yield Edge(f"{access.target}@response", function, note, access.certain)


def _note(access: Access, function: str) -> Evidence:
    role = access.identity.rpartition("/")[2]
    name, target = function.rpartition("/")[2], access.target.rpartition("/")[2]
    shown = ", ".join(a for a in access.actions[:3]) + (" …" if len(access.actions) > 3 else "")  # noqa: PLR2004 - what fits a line
    may = "may" if access.certain else "may, under conditions,"
    return Evidence(f"{name} ({role}) {may} {access.right} {target}: {shown}", access.place)


def _entered(directory: Directory, entry: Entry) -> Iterator[Edge]:
    """Yield the way of answers: what a function returns reaches whoever asked."""
    source = directory.resources.get(entry.source)
    name = entry.function.rpartition("/")[2]
    if entry.kind in ASKED:
        asker = source.name if source else entry.source
        note = Evidence(f"{asker} returns what {name} answers", entry.place)
        yield Edge(f"{entry.function}@response", f"{entry.source}@response", note)


def _of_function(scene: Scene, function: str, log: str) -> Iterator[Edge]:
    resource = scene.directory.resources[function]
    answer = Evidence(f"{resource.name} may answer with all it holds", resource.place)
    yield Edge(function, f"{function}@response", answer)
    if function not in scene.silent:
        said = Evidence(f"{resource.name} may log all it holds", resource.place)
        yield Edge(function, log, said)
    out = egress(scene.directory, resource)
    if out:
        yield Edge(function, internet(scene.directory.deployment(function)), out)


def _served(scene: Scene) -> Iterator[Edge]:
    """Yield the way of answers to the pages that ask, where the deployment has pages."""
    pages = {flow.target.node for flow in scene.flows}
    for resource in scene.directory.resources.values():
        asker = browser(scene.directory.deployment(resource.id))
        if resource.type in ANSWERING and asker in pages:
            note = Evidence(f"callers receive what {resource.name} answers", resource.place)
            yield Edge(f"{resource.id}@response", asker, note)


def outside(entries: Iterable[Entry]) -> frozenset[str]:
    """Return the functions that somebody outside can make run, through others too."""
    entries = tuple(entries)
    found = {each.function for each in entries if each.kind in OUTSIDE}
    while more := {e.function for e in entries if e.source in found} - found:
        found |= more
    return frozenset(found)
