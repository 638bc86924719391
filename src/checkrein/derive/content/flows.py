"""Data that code moves: from what a function receives and reads to what it writes and says."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from msgspec.structs import replace

from checkrein.derive.content.paths import joined, tokens
from checkrein.derive.content.slots import Handed, Slots, mentioned
from checkrein.derive.content.words import short
from checkrein.derive.stacks.directory import Directory, once
from checkrein.model import Basis, CallSite, Evidence, Flow, Place, Slot, Symbol
from checkrein.model.items import shown
from checkrein.model.values import text
from checkrein.model.workloads import OUTPUT, is_logged, log_groups, runs_code

MARKING = ("put", "add_", "addan", "addme", "addev", "adddi", "set")  # tracers' methods
RAISED = "raise"
MOST_WAYS = 256  # pairs of slots of two nodes that one function joins; more are told less deep
DEEPEST = 4  # tokens of their paths then, or fewer
VERBS = {"log": "logs", "response": "answers with"}


def flows(slots: Mapping[str, Slots]) -> Iterator[Flow]:
    """Yield the flows of every function's code, one for each source and target slot."""
    for each in slots.values():
        found: defaultdict[tuple[str, str], list[Flow]] = defaultdict(list)
        for flow in _of(each):
            found[flow.source.node, flow.target.node].append(flow)
        for ways in found.values():
            yield from ways if _are_few(ways) else _fewer(ways)


def _of(slots: Slots) -> Iterator[Flow]:
    for site in slots.binding.summary.calls:
        events = slots.events(site)
        for handed in slots.written(site):
            for flow in _flows(slots, site, handed):
                yield replace(flow, events=events) if events else flow


def _are_few(ways: Collection[Flow]) -> bool:
    """Tell whether few slots are joined, at however many places."""
    return len({(flow.source, flow.target) for flow in ways}) <= MOST_WAYS


def _fewer(ways: Collection[Flow]) -> Collection[Flow]:
    """Return flows that move as much between shorter paths, so that they are not too many.

    Code that turns whatever it is given into a store's notation, part by part, moves every part of
    what it read into every part of what it writes: 2,000 lines had 16,000 ways out of a table and
    back into it, and each makes new content at the next. What is told at a place stays there.
    """
    found: dict[object, Flow] = {}
    for deepest in range(DEEPEST, -1, -1):
        found = {}
        for flow in ways:
            short = _cut(flow, deepest)
            known = (short.harmless, short.lacking, short.certain, short.events)
            found.setdefault((short.id, *known), short)
        if _are_few(found.values()):
            break
    return found.values()


def _cut(flow: Flow, deepest: int) -> Flow:
    """Return a flow between what holds its source and what holds its target."""
    source, target = (
        Slot(slot.node, joined(tokens(slot.path)[:deepest]), slot.items)
        for slot in (flow.source, flow.target)
    )
    id = f"{_told(source)}>{_told(target)}:{flow.via}:{flow.evidence[0].place.ranked}"
    lacking = flow.lacking if source == flow.source else ()
    return replace(flow, id=id, source=source, target=target, lacking=lacking)


def asked(slots: Slots) -> Iterator[tuple[str, Place]]:
    """Yield the hosts that a function sends what sits in nothing that is known, and where."""
    for site in slots.binding.summary.calls:
        if site.kind == "http":
            symbols = {symbol for one in site.arguments for symbol in one.sources}
            if not all(any(slots.sources(symbol)) for symbol in symbols):
                yield from ((host, site.place) for host in slots.hosts(site))


def _flows(slots: Slots, site: CallSite, handed: Handed) -> Iterator[Flow]:
    argument = handed.argument
    none = ((),) * len(argument.sources)
    harmless, lacking = argument.harmless or none, argument.lacking or none
    for symbol, families, fields in zip(argument.sources, harmless, lacking, strict=True):
        for source in slots.sources(symbol):
            direct = mentioned(argument.value, symbol)
            flow = _flow(slots.function, site, source, handed.slot, direct=direct)
            known = families or fields
            yield replace(flow, harmless=families, lacking=fields) if known else flow


def _flow(function: str, site: CallSite, source: Slot, target: Slot, *, direct: bool) -> Flow:
    note = Evidence(_said(function, site, source, target), site.place)
    return Flow(
        id=f"{_told(source)}>{_told(target)}:{function}:{site.place.ranked}",
        source=source,
        target=target,
        via=function,
        basis=Basis.CODED,
        # content that only went into a computation may have become something else
        certain=direct,
        steps=(*site.steps, note),
        evidence=(note,),
    )


def _told(slot: Slot) -> str:
    items = f"[{shown(slot.items)}]" if slot.items else ""
    return f"{slot.node}{items}.{slot.path}"


def _said(function: str, site: CallSite, source: Slot, target: Slot) -> str:
    name, what = short(function), _what(function, source)
    if site.kind == "sdk":
        return f"{name} puts {what} into {short(target.node)} ({site.service}:{site.operation})"
    if site.kind == "http":
        return f"{name} sends {what} to {short(target.node)}"
    if site.kind == "log" and site.operation == RAISED:
        return f"{name} raises an error, which is logged, with {what}"
    if site.kind == "log" and site.operation.lower().startswith(MARKING):
        return f"{name} puts {what} into its traces or metrics"
    return f"{name} {VERBS[site.kind]} {what}"


def _what(function: str, source: Slot) -> str:
    """Return what a reader calls what a function moves; of what others hold, whose it is."""
    if source.node == function or (source.node.endswith("@response") and not source.path):
        return source.path or short(source.node)
    owner = short(source.node)
    return f"{source.path} of {owner}" if source.path else f"content of {owner}"


@once
def log_nodes(directory: Directory) -> Mapping[str, str]:
    """Return the node of each function's log: its declared log group, else ``<function>@logs``."""
    functions = [
        resource
        for resource in directory.resources.values()
        if runs_code(resource.type) and not resource.is_only_named
    ]
    groups = {
        (
            directory.deployment(group.id),
            str(directory.canonical(group.value("LogGroupName"))),
        ): group.id
        for group in directory.of_type("AWS::Logs::LogGroup")
    }
    found = {}
    for function in functions:
        deployment = directory.deployment(function.id)
        own = directory.canonical(text(["/aws/lambda/", Symbol(function.id, "Ref")]))
        named = (directory.find(value, deployment) for value, _ in log_groups(function))
        chosen = next(filter(None, named), None)
        declared = chosen[0] if chosen else groups.get((deployment, str(own)))
        found[function.id] = (
            declared or f"{function.id}{'@logs' if is_logged(function) else OUTPUT}"
        )
    return found
