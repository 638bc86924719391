"""Uses inside the process: where content ends in a command, a statement, a file, a page."""

from __future__ import annotations

from collections.abc import Iterator

from checkrein.compare.scene import Scene
from checkrein.derive.content.bindings import bindings
from checkrein.derive.content.flows import log_nodes
from checkrein.derive.content.slots import Slots, mentioned
from checkrein.derive.content.words import short
from checkrein.model import Argument, CallSite, Entry, Evidence, Slot
from checkrein.model.movement import Hop, Name

USE = "use"
TESTS = frozenset({"caller", "signature"})  # these families only look at content
BESIDE = "with"  # below it stand arguments that can do no harm


def uses(scene: Scene) -> Iterator[Hop]:
    """Yield a flow for each content that reaches an argument of a use; without classes."""
    entries, logs = scene.app.every(Entry), log_nodes(scene.directory)
    using = [s for s in scene.summaries.values() if any(c.kind == USE for c in s.calls)]
    for id, binding in bindings(scene.directory, using, entries).items():
        list(binding.calls())  # tells the binding what its calls address
        slots = Slots(binding, logs[id], entries)
        for site in binding.summary.calls:
            if site.kind == USE and site.service not in TESTS:
                for argument in site.arguments:
                    if argument.path.partition(".")[0] != BESIDE:
                        yield from _uses(slots, site, argument)


def _uses(slots: Slots, site: CallSite, argument: Argument) -> Iterator[Hop]:
    for position, symbol in enumerate(argument.sources):
        harmless = argument.harmless[position] if argument.harmless else ()
        for source in slots.sources(symbol):
            direct = mentioned(argument.value, symbol)
            what = f"{short(slots.function)} passes content to {site.operation}"
            yield Hop(
                source=source,
                target=Slot(f"{slots.function}@{site.service}", argument.path),
                via=slots.function,
                kind=USE,
                operation=site.operation,
                family=site.service,
                origin=Name(""),
                goal=Name(site.operation, argument.path, " "),
                certain=direct,
                steps=(*site.steps, Evidence(what, site.place)),
                harmless=harmless,
            )
