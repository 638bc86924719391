"""Uses inside the process: where content ends in a command, a statement, a file, a page."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from checkrein.compare.scene import Scene
from checkrein.derive.content.bindings import bindings
from checkrein.derive.content.flows import log_nodes
from checkrein.derive.content.slots import Slots, mentioned
from checkrein.derive.content.words import short
from checkrein.model import Argument, CallSite, Entry, Evidence, Slot, Symbol, Taint
from checkrein.model.movement import Hop, Name

USE = "use"
TESTS = frozenset({"caller", "signature"})  # these families only look at content
BESIDE = "with"  # below it stand arguments that can do no harm


def uses(scene: Scene) -> Iterator[Hop]:
    """Yield a flow for each content that reaches an argument of a use; without classes."""
    entries, logs = scene.app.every(Entry), log_nodes(scene.directory)
    using = [s for s in scene.summaries.values() if any(c.kind == USE for c in s.calls)]
    taints = {(t.function, t.site, t.argument, t.source): t for t in scene.app.every(Taint)}
    for id, binding in bindings(scene.directory, using, entries).items():
        list(binding.calls())  # tells the binding what its calls address
        slots = Slots(binding, logs[id], entries)
        for index, site in enumerate(binding.summary.calls):
            if site.kind != USE or site.service in TESTS:
                continue
            for argument in site.arguments:
                if argument.path.partition(".")[0] != BESIDE:
                    for hop, symbol in _uses(slots, site, argument):
                        taint = taints.get((id, index, argument.path, symbol))
                        yield _chosen(hop, taint) if taint else hop


def _chosen(hop: Hop, taint: Taint) -> Hop:
    harmless = {*hop.harmless, *taint.harmless}
    return replace(hop, who=taint.who, harmless=tuple(sorted(harmless)))


def _uses(slots: Slots, site: CallSite, argument: Argument) -> Iterator[tuple[Hop, Symbol]]:
    """Yield a flow for each slot that an argument's content comes from, with its symbol."""
    for position, symbol in enumerate(argument.sources):
        harmless = argument.harmless[position] if argument.harmless else ()
        for source in slots.sources(symbol):
            what = f"{short(slots.function)} passes content to {site.operation}"
            hop = Hop(
                source=source,
                target=Slot(f"{slots.function}@{site.service}", argument.path),
                via=slots.function,
                kind=USE,
                operation=site.operation,
                family=site.service,
                origin=Name(""),
                goal=Name(site.operation, argument.path, " "),
                certain=mentioned(argument.value, symbol),
                steps=(*site.steps, Evidence(what, site.place)),
                harmless=harmless,
            )
            yield hop, symbol
