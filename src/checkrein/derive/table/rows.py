"""The table: every service's intended, coded, potential and observed data, and the risk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct
from msgspec.structs import replace

from checkrein.catalog.services import holds_content, purpose
from checkrein.derive.content.contents import UNTRUSTED, Contents, shortened
from checkrein.derive.content.paths import tokens
from checkrein.derive.content.slots import Slots
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.table.closure import Closure
from checkrein.derive.table.opaque import boxes, name_of
from checkrein.derive.table.potential import outside
from checkrein.derive.table.trust import Trust
from checkrein.derive.table.worth import MOST_STARS, stars
from checkrein.model import Basis, Data, Decision, Entry, Evidence, Flow, Reason, Row
from checkrein.model.workloads import OUTPUT, runs_code

SPECIAL = {  # nodes that no template declares: type, service
    "@internet": ("internet", "Internet"),
    "@browser": ("browser", "Browser"),
    "@recipients": ("recipients", "E-mail and text messages"),
    "@users": ("users", "Signed-in users"),
    "@default-bus": ("AWS::Events::EventBus", "EventBridge"),
    "@logs": ("AWS::Logs::LogGroup", "CloudWatch Logs"),
}
# What a resource answers with, and what it keeps without ever giving it back, are nodes of their
# own, since other edges lead there; in the table they are part of it.
PARTS = ("@response", "@sealed", "@history")


class Materials(Struct, frozen=True):
    """What the rows are made from."""

    directory: Directory
    contents: Contents
    closure: Closure
    entries: tuple[Entry, ...]
    flows: tuple[Flow, ...]
    classes: Mapping[str, Data]
    decisions: Mapping[str, Decision]  # resource id -> what the team declared of it
    accepted: Mapping[str, tuple[str, ...]] | None  # what the lock intends; None: there is none
    trust: Trust
    logs: frozenset[str]
    slots: Mapping[str, Slots]


def rows(materials: Materials) -> Iterator[Row]:
    """Yield a row for every node that holds or moves content."""
    handled = _handled(materials)
    outsiders, senders = outside(materials.entries), _senders(materials)
    for node in sorted(_nodes(materials)):
        row = _row(materials, node, handled.get(node, {}), outsiders)
        yield replace(row, deployment=senders.get(node, "")) if node.startswith("host:") else row


def _nodes(materials: Materials) -> set[str]:
    holding = filter(holds_content, materials.directory.types)
    found = {resource.id for resource in materials.directory.of_type(*holding)}
    for node in (*materials.contents.nodes(), *materials.closure.ways):
        if node.startswith("host:") or node.endswith((*SPECIAL, "@host")):
            found.add(node)
    logs = {node for node in materials.logs if not node.endswith(OUTPUT)}
    return found | logs | {box.id for box in boxes(materials.directory)}


def _handled(materials: Materials) -> dict[str, dict[str, tuple[Evidence, ...]]]:
    """Return what each function's code names and hands on: coded data of its own.

    An event that is only logged whole is the log's matter.
    """
    handled: defaultdict[str, dict[str, tuple[Evidence, ...]]] = defaultdict(dict)
    for flow in materials.flows:
        whole = flow.source.node == flow.via and len(tokens(flow.source.path)) == 1
        if flow.certain and not (whole and flow.target.node in materials.logs):
            for data, held in materials.contents.at(flow.source).items():
                handled[flow.via].setdefault(data, shortened((*held.steps, *flow.steps)))
    for function, slots in materials.slots.items():
        handled[function] = _named_by(slots, materials.contents) | handled[function]
    for found in handled.values():
        found.pop(UNTRUSTED, None)
    return handled


def _named_by(slots: Slots, contents: Contents) -> dict[str, tuple[Evidence, ...]]:
    """Return the classes in the slots that a function's code names, read or written."""
    named = [s for read in slots.binding.summary.reads for s in slots.sources(read.source)]
    named += [slot for slot, _ in (*slots.taken(), *slots.elsewhere())]
    named += [slot for slot, _, _ in slots.handed()]
    return {
        data: held.steps
        for slot in named
        for data, held in contents.at(slot, deep=False).items()
        if held.basis is Basis.CODED or slot.node == slots.function
    }


def _row(
    materials: Materials,
    node: str,
    handled: Mapping[str, tuple[Evidence, ...]],
    outsiders: frozenset[str],
) -> Row:
    type, name, deployment = _described(materials.directory, node)
    coded = {**_coded(materials, node, type), **(handled if runs_code(type) else {})}
    potential = _potential(materials, node, type)
    decision = materials.decisions.get(node)
    proposed = _proposed(materials, node, type, coded)
    intended = _intended(materials, node, proposed, decision)
    reasons = [Reason(d, Basis.CODED, "direct", s) for d, s in sorted(coded.items())]
    reasons += [r for data, r in sorted(potential.items()) if data not in coded]
    declared = _may_hold(decision) - potential.keys() - coded.keys()
    said = decision.evidence if decision else ()
    reasons += [Reason(d, Basis.POTENTIAL, "direct", said) for d in sorted(declared)]
    row = Row(
        id=node,
        type=type,
        service=name,
        deployment=deployment,
        intended=tuple(sorted(intended)),
        proposed=tuple(sorted(proposed)),
        coded=tuple(sorted(coded)),
        potential=tuple(sorted({*potential, *coded, *declared})),
        reasons=tuple(reasons),
        risk=0,
    )
    return _rated(materials, row, outsiders)


def _described(directory: Directory, node: str) -> tuple[str, str, str]:
    """Return a node's type, service and deployment."""
    resource = directory.resources.get(node)
    if resource:
        return resource.type, name_of(resource), directory.deployment(node)
    if node.startswith("host:") or node.endswith("@host"):
        owner = node.removesuffix("@host")
        return "host", "Third party", directory.deployment(owner)
    owner, _, kind = node.rpartition("@")
    type, name = SPECIAL[f"@{kind}"]
    return type, name, directory.deployment(owner) or owner


def _senders(materials: Materials) -> dict[str, str]:
    """Return the deployment that sends to each host, "" where several do."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for flow in materials.flows:
        for node in (flow.target.node, flow.source.node):
            if node.startswith("host:"):
                found[node].add(materials.directory.deployment(flow.via))
    return {host: each.pop() if len(each) == 1 else "" for host, each in found.items()}


def _parts(node: str, type: str) -> tuple[str, ...]:
    return (node,) if runs_code(type) else (node, *(f"{node}{part}" for part in PARTS))


def _coded(materials: Materials, node: str, type: str) -> dict[str, tuple[Evidence, ...]]:
    if type == "internet":
        return {}
    return {
        data: held.steps
        for part in _parts(node, type)
        for data, held in materials.contents.of(part).items()
        if held.basis is Basis.CODED
    }


def _potential(materials: Materials, node: str, type: str) -> dict[str, Reason]:
    """Return what could come to a node; an API's answers count with its requests."""
    found: dict[str, Reason] = {}
    for part in _parts(node, type):
        for data, way in materials.closure.of(part).items():
            steps = materials.closure.steps(part, data)
            found.setdefault(data, Reason(data, Basis.POTENTIAL, way.level.name.lower(), steps))
    return found


def _intended(
    materials: Materials, node: str, proposed: set[str], decision: Decision | None
) -> set[str]:
    """Return what is declared, else what is locked; where there is no lock, the proposal."""
    if decision and "holds" in decision.content:
        return set(decision.content["holds"])
    return proposed if materials.accepted is None else {*materials.accepted.get(node, ())}


def _proposed(materials: Materials, node: str, type: str, coded: Iterable[str]) -> set[str]:
    """Return the proposal: what code plainly does, within the purpose."""
    resource = materials.directory.resources.get(node)
    families = purpose(type, resource.properties if resource else {})
    if materials.trust.is_public(node):
        families = frozenset({"public", "infra"})
    return {d for d in coded if families is None or d.partition(".")[0] in families}


def _may_hold(decision: Decision | None) -> frozenset[str]:
    content = decision.content if decision else {}
    return frozenset((*content.get("holds", ()), *content.get("may_hold", ())))


def _rated(materials: Materials, row: Row, outsiders: frozenset[str]) -> Row:
    if row.type == "internet":
        return row
    worth = {data: _value(materials, data) for data in (*row.coded, *row.potential)}
    value = max(worth.values(), default=0)
    trusted = materials.trust.value(row.id)
    risk = stars(max(value, trusted))
    excess = set(row.potential) - set(row.intended)
    if excess and _reached(materials, row, excess, outsiders):
        risk = min(MOST_STARS, risk + 1)
    return replace(row, risk=risk)


def _value(materials: Materials, data: str) -> int:
    known = materials.classes.get(data)
    return known.value if known else 0


def _reached(materials: Materials, row: Row, excess: set[str], outsiders: frozenset[str]) -> bool:
    """Tell whether somebody outside can start the way that brings the excess."""
    for part in _parts(row.id, row.type):
        for data in excess & set(materials.closure.of(part)):
            if outsiders & set(materials.closure.path(part, data)):
                return True
    return False
