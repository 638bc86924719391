"""A second invocation over what the first one left, where that came from its event.

What is only learnt there is where the first one's content arrives; all else was known before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.catalog import uses
from checkrein.code.domain.abstract import EMPTY, Abstract
from checkrein.code.domain.flattening import flatten
from checkrein.code.domain.things import Client, Handle, Library, Structure
from checkrein.code.domain.values import (
    CALL,
    atom_sources,
    cleaned_symbols,
    families,
    plain,
    sources_of,
    tainted,
)
from checkrein.code.harm import state
from checkrein.code.running.recorder import USE, Recorder
from checkrein.code.running.seen import Name, Seen, Site
from checkrein.model import Symbol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from checkrein.code.domain.abstract import Sources
    from checkrein.code.domain.flattening import Leaves
    from checkrein.code.running.interpreter import Interpreter


class Again(Recorder):
    """Collects apart from what the first invocation did, whose calls keep their numbers."""

    def __init__(self, run: Interpreter) -> None:
        super().__init__()
        self.run = run
        self.seen = [_copied(seen) for seen in run.recorder.seen]

    def _one(self, name: Name, site: Site, leaves: Leaves, *, certain: bool) -> Abstract:
        known = state.overwritten(self.run)
        if known:  # what stands in a structure was not read by a name that would tell
            leaves = {path: cleaned_symbols(value, known) for path, value in leaves.items()}
        return super()._one(name, site, leaves, certain=certain)


def _copied(seen: Seen) -> Seen:
    made = Seen(seen.name, seen.number, seen.site)
    made.arguments = dict(seen.arguments)
    return made


def invoke(run: Interpreter, handler: Callable[[], None]) -> None:
    """Run the handler again, if the first time left something of its event."""
    slots = [slot for slot in run.state.slots.values() if not _is_emptied(run, slot)]
    kept = [(slot, content) for slot in slots if (content := told(run, slot))]
    if not kept:
        return
    for slot, _ in kept:
        _leave(run, slot)
    run.state.slots = {key: s for key, s in run.state.slots.items() if s.symbol.owner}
    first, partial = run.recorder, list(run.partial)
    numbers = {slot.symbol: _recorded(run, slot, content) for slot, content in kept}
    run.recorder, run.state.again = Again(run), True
    before = len(run.recorder.seen)
    run.memo.clear()
    run.repeated.forget()
    run.epoch += 1
    run.running.outcomes.clear()
    try:
        handler()
    finally:
        later, run.recorder, run.partial = run.recorder, first, partial
        for seen in later.seen[before:]:
            _transfer(first, seen, numbers)


def _is_emptied(run: Interpreter, slot: state.Slot) -> bool:
    return slot.key == state.ITEMS and id(slot.holder) in run.state.emptied


def told(run: Interpreter, slot: state.Slot) -> Sources:
    """Return what a place holds of the event; what it may do with it is no content."""
    value = slot.value
    made = any(isinstance(one, (Client, Handle, Library)) for one in value.things)
    parts = (one for one in value.things if isinstance(one, Structure))
    found = run.state.content(Abstract(value.atoms, tuple(parts), EMPTY if made else value.sources))
    return frozenset(s for s in found if is_of_event(run, plain(s)))


def is_of_event(run: Interpreter, symbol: Symbol, depth: int = 0) -> bool:
    """Tell whether a symbol is the event's, or what a call answered that was asked by it."""
    if symbol.owner == "event":
        return True
    if not symbol.owner.startswith(CALL) or depth > CALLS:
        return False
    seen = run.recorder.seen[int(symbol.owner.removeprefix(CALL))]
    return seen.number >= run.state.first and any(
        is_of_event(run, plain(s), depth + 1)
        for value in seen.arguments.values()
        for s in sources_of(value)
    )


CALLS = 3  # that lead from the event to what is kept


def _leave(run: Interpreter, slot: state.Slot) -> None:
    """Let a place hold what an earlier invocation left there."""
    births = run.state.births
    slot.symbol = Symbol(f"{state.OWNER}{slot.name}@{slot.site.place}", "")
    if isinstance(slot.holder, str):
        run.temporary.content[slot.holder] = frozenset((slot.symbol,))
    elif isinstance(slot.holder, Structure):
        if slot.key == state.ITEMS:
            slot.holder.element = state.left(slot.holder.element, slot.symbol, births)
        elif slot.key in slot.holder.fields:  # else it was taken out again
            known = slot.holder.fields[slot.key]
            slot.holder.fields[slot.key] = state.left(known, slot.symbol, births)
    else:
        known = slot.holder.names[slot.key]
        slot.holder.names[slot.key] = state.left(known, slot.symbol, births)


def _recorded(run: Interpreter, slot: state.Slot, told: Sources) -> Callable[[], Symbol]:
    """Return what records, once, that a place keeps content; its result is known by a symbol.

    The content is taken now: a second invocation changes it, by calls that have other numbers.
    """
    made: list[Symbol] = []
    value = Abstract(sources=told, open=True)
    fields = {"value": value if atom_sources(slot.value.atoms) else tainted(slot.value, told)}
    leaves = flatten(run.built("dict", fields))

    def record() -> Symbol:
        if not made:
            result = run.recorder.leaves((USE, state.FAMILY, slot.name), slot.site, leaves)
            made.extend(a for a in result.atoms if isinstance(a, Symbol))
        return made[0]

    return record


def _transfer(first: Recorder, seen: Seen, numbers: dict[Symbol, Callable[[], Symbol]]) -> None:
    """Add to a call what it is given of an earlier invocation."""
    for path, value in seen.arguments.items():
        for symbol, known in _left(value):
            if known in numbers:
                flowing = numbers[known]()
                found = Symbol(flowing.owner, symbol.attribute)
                first.reached(seen, path, found)


def _left(value: Abstract) -> Iterator[tuple[Symbol, Symbol]]:
    """Yield what a value has of earlier invocations, and the place it was in."""
    bits = uses.bits(state.FAMILY)
    for symbol in sources_of(value):
        if symbol.owner.startswith(state.OWNER) and not families(symbol) & bits:
            yield symbol, Symbol(symbol.owner, "")
