"""Content that somebody may choose, at every call site that it reaches."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec import Struct

from checkrein.catalog.tokens import PARSED, UNSIGNED
from checkrein.derive.content.choosing import ANYONE, PROVING, Choosers
from checkrein.derive.content.slots import Slots, mentioned
from checkrein.derive.content.spreading import Chooser
from checkrein.derive.content.words import short
from checkrein.derive.stacks.directory import Directory
from checkrein.model import Access, Argument, CallSite, Entry, Evidence, Flow, Slot, Symbol, Taint

WRITING = ("write", "invoke")


class _Ask(Struct, frozen=True):
    """Whether anybody chooses one source of one argument of a call."""

    slots: Slots
    index: int  # of the call
    argument: Argument
    symbol: Symbol
    families: tuple[str, ...]  # for which faults the code made it harmless
    sources: tuple[Slot, ...]


def taints(
    directory: Directory,
    slots: Mapping[str, Slots],
    entries: Iterable[Entry],
    flows: Collection[Flow],
    writers: Mapping[str, tuple[Access, str]],
) -> Iterator[Taint]:
    """Yield a Taint for each source of an argument that somebody may choose."""
    asked = [ask for each in slots.values() for ask in _asked(each)]
    wanted = dict.fromkeys(source for ask in asked for source in ask.sources)
    choosers = Choosers(directory, slots, entries, flows, writers, wanted)
    for ask in asked:
        found = [chooser for source in ask.sources if (chooser := choosers.best(source))]
        if found:
            best = max(found, key=lambda each: each.rank)
            summary = ask.slots.binding.summary
            site = summary.calls[ask.index]
            chooser = choosers.behind(best, ask.slots.function, site, summary.routes)
            if chooser:
                yield _taint(ask, chooser)


def writers(
    accesses: Iterable[Access], outsiders: Mapping[str, str]
) -> dict[str, tuple[Access, str]]:
    """Return, for each resource that outsiders may write, the right and what to call them."""
    found: dict[str, tuple[Access, str]] = {}
    for access in accesses:
        who = outsiders.get(access.identity)
        if who and access.right in WRITING and access.level == "direct":
            known = found.get(access.target)
            if known is None or who.startswith("anyone"):
                found[access.target] = access, who
    return found


def _asked(slots: Slots) -> Iterator[_Ask]:
    sources: dict[Symbol, tuple[Slot, ...]] = {}
    for index, site in enumerate(slots.binding.summary.calls):
        for argument in site.arguments:
            harmless = argument.harmless or ((),) * len(argument.sources)
            for symbol, families in zip(argument.sources, harmless, strict=True):
                if symbol not in sources:
                    sources[symbol] = tuple(slots.sources(symbol))
                if sources[symbol]:
                    yield _Ask(slots, index, argument, symbol, families, sources[symbol])


def _taint(ask: _Ask, chooser: Chooser) -> Taint:
    slots, argument, symbol = ask.slots, ask.argument, ask.symbol
    site = slots.binding.summary.calls[ask.index]
    note = Evidence(_said(slots.function, site, argument), site.place)
    return Taint(
        id=f"{slots.function}#{ask.index:03}.{argument.path}<{symbol}",
        function=slots.function,
        site=ask.index,
        argument=argument.path,
        source=symbol,
        who=_who(ask, site, chooser),
        enters=chooser.field.node,
        field=chooser.field,
        harmless=tuple(sorted(chooser.harmless | {*ask.families})),
        certain=chooser.certain and mentioned(argument.value, symbol),
        steps=tuple(dict.fromkeys((*chooser.steps, *_answered(slots, symbol), *site.steps, note))),
        evidence=(note,),
    )


def _who(ask: _Ask, site: CallSite, chooser: Chooser) -> str:
    """Return who chooses: of what comes in with a request, who has shown what the code asks for."""
    own = chooser.field.node == ask.slots.function
    return PROVING[site.proof][0] if site.proof and own and chooser.grade == ANYONE else chooser.who


def _answered(slots: Slots, symbol: Symbol) -> Iterator[Evidence]:
    """Yield where code takes what a call answers."""
    owner, _, number = symbol.owner.partition(":")
    if owner == "call":
        site = slots.binding.summary.calls[int(number)]
        yield Evidence(f"{short(slots.function)} takes it from {_name(site)}", site.place)


def _name(site: CallSite) -> str:
    return f"{site.service}:{site.operation}" if site.kind == "sdk" else site.operation


def _said(function: str, site: CallSite, argument: Argument) -> str:
    name = short(function)
    if site.kind == "use":
        parsed = site.operation in (PARSED, UNSIGNED)
        return f"{name} reads it as JSON" if parsed else f"{name} passes it to {site.operation}"
    if site.kind == "sdk":
        return f"{name} puts it into {argument.path} of {site.service}:{site.operation}"
    return f"{name} {SAYING[site.kind]}"


SAYING = {"log": "logs it", "response": "answers with it", "http": "sends it in a request"}
