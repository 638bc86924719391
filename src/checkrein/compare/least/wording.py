"""ARNs and policies in the words of a template."""

from __future__ import annotations

from typing import Any

from checkrein.compare.least.scene import Scene
from checkrein.model import Choice, Symbol, Text, Value
from checkrein.model.values import SPECIAL
from checkrein.write import CannotEdit
from checkrein.write.intrinsics import written


def shown(value: Value) -> str:
    """Return a value as Fn::Sub would have it: ``${Orders.Arn}/index/*``."""
    if isinstance(value, Symbol):
        return f"${{{_name(value)}}}"
    if isinstance(value, Text):
        return "".join(part if isinstance(part, str) else shown(part) for part in value.parts)
    if isinstance(value, Choice):
        return " or ".join(dict.fromkeys(shown(option) for _, option in value.options))
    return str(value)


def _name(symbol: Symbol) -> str:
    name, attribute = symbol.owner.rpartition("/")[2], symbol.attribute
    if symbol.owner == "@aws" or symbol.owner.endswith("@stack"):
        return f"AWS::{attribute}"
    if symbol.owner.endswith("@parameter"):
        return attribute
    return name if attribute in {"Ref", ""} else f"{name}.{attribute}"


def spoken(scene: Scene, value: Any, stack: str) -> Any:
    """Return a value in plain JSON as the template of a stack says it.

    What has no name there is said by its physical name, and failing that as ``shown`` has it.
    """
    if isinstance(value, dict):
        return {key: spoken(scene, item, stack) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [spoken(scene, item, stack) for item in value]
    if not isinstance(value, SPECIAL):
        return value
    for attempt in (value, scene.directory.canonical(value)):
        try:
            return written(attempt, stack)
        except CannotEdit:
            continue
    return shown(value)
