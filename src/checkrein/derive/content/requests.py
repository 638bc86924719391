"""What a function's event holds came from its source: put it there too."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from checkrein.derive.content.elements import element
from checkrein.derive.content.events import announced
from checkrein.derive.content.paths import attribute, below, joined, tokens
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.table.potential import OUTSIDE
from checkrein.derive.wiring.wiring import event_paths, wanted_by
from checkrein.model import Basis, Element, Entry, Events, Flow, Slot

IDENTIFYING = frozenset({"Authorization", "claims", "authorizationToken"})


ROUNDS = 3  # functions that a content is handed through


def upstream(known: Iterable[Element], flows: Iterable[Flow]) -> Iterator[Element]:
    """Yield, for what a function hands on unnamed, the names that its receiver gives the parts.

    A function that passes ``event.body`` to another, which reads ``card`` of it, handles a card.
    """
    handed: defaultdict[str, list[Flow]] = defaultdict(list)
    for flow in flows:
        received = tokens(flow.target.path)[:1] == ("event",)  # a store has other writers too
        if flow.certain and received and flow.source.node == flow.via and flow.source.path:
            handed[flow.target.node].append(flow)
    fresh = [each for each in known if each.basis is Basis.CODED]
    seen = {each.id for each in fresh}
    for _ in range(ROUNDS):
        found = [up for each in fresh for up in _named_upstream(each, handed[each.slot.node])]
        fresh = [each for each in {e.id: e for e in found}.values() if each.id not in seen]
        seen |= {each.id for each in fresh}
        yield from fresh


def _named_upstream(each: Element, flows: Iterable[Flow]) -> Iterator[Element]:
    for flow in flows:
        rest = below(tokens(flow.target.path), tokens(each.slot.path))
        if rest:
            slot = Slot(flow.source.node, joined((*tokens(flow.source.path), *rest)))
            yield element(slot, each.data, each.confidence, Basis.CODED, each.evidence[0])


def placed(
    directory: Directory, known: Iterable[Element], entries: Iterable[Entry]
) -> Iterator[Element]:
    """Yield, for each element of an event, the same on the entry's source.

    A queue's function that reads ``event.Records[].body.card`` says that the queue holds a card.
    """
    events: defaultdict[str, list[Element]] = defaultdict(list)
    for each in known:
        if tokens(each.slot.path)[:1] == ("event",):
            events[each.slot.node].append(each)
    for entry in entries:
        if entry.source in directory.resources or entry.source.endswith("@default-bus"):
            for each in events[entry.function]:
                path = at_source(directory, entry, each.slot.path)
                if path is not None:
                    slot = Slot(entry.source, path)
                    yield from _at(slot, each, wanted_by(directory, entry))


def relayed(known: Iterable[Element], flows: Iterable[Flow]) -> Iterator[Element]:
    """Yield, for each element of an event that a template makes, the same on what it is made of.

    A pipe's function that reads ``event[].body.card`` says that the pipe's queue holds a card.
    """
    made: defaultdict[str, list[Flow]] = defaultdict(list)
    for flow in flows:
        if flow.certain and tokens(flow.target.path)[:1] == ("event",):
            made[flow.target.node].append(flow)
    for each in known:
        for flow in made.get(each.slot.node, ()):
            rest = below(tokens(flow.target.path), tokens(each.slot.path))
            if rest:
                slot = Slot(flow.source.node, joined((*tokens(flow.source.path), *attribute(rest))))
                yield from _at(slot, each, flow.events)


def _at(slot: Slot, each: Element, events: Events) -> Iterable[Element]:
    """Return what a receiver's element says of a slot before it."""
    said = element(slot, each.data, each.confidence, _basis(each), each.evidence[0])
    return announced((said,), events)


def _basis(each: Element) -> Basis:
    """Return the basis at the source: an API asks for the token in its template."""
    asked = IDENTIFYING & set(tokens(each.slot.path))
    return Basis.CODED if asked else each.basis


def at_source(directory: Directory, entry: Entry, path: str) -> str | None:
    """Return where in the source the content of an event's path sits, None if not there."""
    if not entry.content:
        return None
    if entry.kind in OUTSIDE:
        inside = below(tokens(entry.content), tokens(path))
        content = joined(("body", *inside)) if inside else path.removeprefix("event.")
        return f"{entry.route} {content}".strip()
    for prefix in event_paths(directory, entry):
        rest = below(tokens(prefix), tokens(path))
        if rest:
            return joined(rest)
    return None
