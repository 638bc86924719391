"""Targets of rules that get something else than the event as it is."""

from __future__ import annotations

from checkrein.derive.entrances.authorizers import dictionary
from checkrein.model import Value
from checkrein.model.values import alternatives

SHAPING = frozenset({"Input", "InputPath", "InputTransformer"})


def is_shaped(target: Value) -> bool:
    """Tell whether a target of a rule gets something else than the event as it is."""
    return any(not SHAPING.isdisjoint(dictionary(option)) for option in alternatives(target))
