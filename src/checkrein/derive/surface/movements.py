"""What code and wiring do: flows between slots, and calls of services, as lines."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.derive.content.carried import Holding, carried
from checkrein.derive.surface.told import Told
from checkrein.model import App, Call, Element, Flow, Function, Kind, Slot


def flows(app: App) -> Iterator[Told]:
    """Yield what is moved from slot to slot, with the classes of data that it carries."""
    holding = Holding(app.every(Element))
    functions = frozenset(function.id for function in app.every(Function))
    for flow in app.every(Flow):
        found = carried(flow, holding, functions)
        owner, key = key_of(flow.source, flow.target, flow.via)
        steps = flow.steps or flow.evidence
        yield Told(Kind.FLOW, owner, key, tuple(sorted(found.data | found.perhaps)), steps)


def calls(app: App) -> Iterator[Told]:
    """Yield what code asks of services, on which resource."""
    for call in app.every(Call):
        action = f"{call.service}:{call.operation}"
        target = call.target or ("?" if call.addresses else "*")
        yield Told(Kind.CALL, call.function, target, (action,), call.evidence)


def key_of(source: Slot, target: Slot, via: str) -> tuple[str, str]:
    """Return the owner and the key of the line of a flow."""
    owner = via.partition("<")[0]  # a function's event source counts as the function
    return owner, f"{_slot(source, owner)} -> {_slot(target, owner)}"


def _slot(slot: Slot, owner: str) -> str:
    """Name a slot; the owner of the line need not be named again."""
    own = slot.node.partition("@")[0] == owner
    node = slot.node.removeprefix(owner) if own else slot.node
    return " ".join(filter(None, (node, slot.path))) or "all"
