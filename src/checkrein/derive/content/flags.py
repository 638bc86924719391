"""Attributes of stores into which code only ever puts a yes or a no.

``{email: true, sms: false}`` of somebody's preferences is no e-mail address, and
``password: false`` of a room no password, whatever their names say.
"""

from __future__ import annotations

from collections.abc import Iterable

from checkrein.derive.content.slots import Slots
from checkrein.model import Argument, Slot
from checkrein.model.values import alternatives

Named = tuple[str, str]  # a node, a path there


class Flags:
    """What all functions put into stores, as far as it tells what no datum is."""

    def __init__(self, slots: Iterable[Slots]) -> None:
        self._said: dict[Named, bool] = {}
        for each in slots:
            for site in each.binding.summary.calls:
                if site.kind == "sdk":
                    for handed in each.written(site):
                        self._learn(handed.slot, handed.argument)

    def _learn(self, slot: Slot, argument: Argument) -> None:
        named = slot.node, slot.path
        if argument.value is not None:  # what is emptied says nothing of what it was
            self._said[named] = self._said.get(named, True) and _is_flag(argument)

    def holds(self, slot: Slot) -> bool:
        """Tell whether a slot is such an attribute.

        What callers send in its place, as a part of something whole, is of the same kind.
        """
        return self._said.get((slot.node, slot.path), False)


def _is_flag(argument: Argument) -> bool:
    """Tell whether code itself says yes or no, and nothing that it was given flows in."""
    said = [one for one in alternatives(argument.value) if one is not None]
    return not argument.sources and bool(said) and all(isinstance(one, bool) for one in said)
