"""Texts that code names, one or a list of them: fields, places, keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code.domain.things import Structure
from checkrein.code.domain.values import strings

if TYPE_CHECKING:
    from checkrein.code.domain.abstract import Abstract


def listed(value: Abstract) -> list[str]:
    """Return the texts that a value may be, and those that it may hold as a list."""
    parts = [one.items() for one in value.things if isinstance(one, Structure)]
    return [text for part in (value, *parts) for text in strings(part)]
