"""Which attributes of a table's items a request asks for, where it does not want them all.

Source: AWS's documentation of projection expressions: a list of attributes, or of paths in them,
with ``#name`` for what ``ExpressionAttributeNames`` says; ``AttributesToGet`` is its forerunner.
"""

from __future__ import annotations

from collections.abc import Iterable

from checkrein.derive.content.paths import Tokens, below, tokens
from checkrein.late import regex
from checkrein.model import CallSite
from checkrein.model.values import alternatives

EXPRESSION, LEGACY, NAMES = "ProjectionExpression", "AttributesToGet", "ExpressionAttributeNames"
STEP = regex(r"[#\w-]+")


def projected(site: CallSite) -> tuple[str, ...]:
    """Return the attributes that a request of DynamoDB asks for, () for all of them."""
    found: dict[str, None] = {}
    named = _names(site)
    for argument in site.arguments:
        path = tokens(argument.path)
        if path in {(EXPRESSION,), (LEGACY, "[]")}:
            for option in alternatives(argument.value):
                first = _first(option, named)
                if not first:
                    return ()
                found |= dict.fromkeys(first)
        elif not path or path[0] in {EXPRESSION, LEGACY}:
            return ()  # may hold anything
    return tuple(found)


def _first(option: object, named: dict[str, str]) -> list[str]:
    """Return the attributes that an expression begins its paths with, none if one is not known."""
    if not isinstance(option, str):
        return []
    steps = [STEP.match(path.strip()) for path in option.split(",")]
    names = [named.get(step[0], step[0]) if step else "" for step in steps]
    return [] if any(not name or name.startswith("#") for name in names) else names


def _names(site: CallSite) -> dict[str, str]:
    """Return what placeholders of names stand for."""
    return {
        rest[0]: argument.value
        for argument in site.arguments
        if (rest := below((NAMES,), tokens(argument.path))) and isinstance(argument.value, str)
    }


def of_item(rest: Tokens, wanted: Iterable[str]) -> list[Tokens]:
    """Return which parts of an item a part of an answer is, if only some attributes are there."""
    attributes = tuple(wanted)
    if not attributes:
        return [rest]
    if not rest:
        return [(name,) for name in attributes]
    return [rest] if rest[0] in attributes or rest[0] == "{}" else []
