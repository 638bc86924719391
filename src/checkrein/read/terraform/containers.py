"""Objects and lists of Terraform, which know where their parts are written.

They are ``dict`` and ``list`` to everybody else. Functions that make new ones of old ones pass the
parts on, and with them what is known of places further down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from checkrein.model import Place


class Object(dict[str, Any]):
    """An object or map; ``places`` holds its keys' places as far as they are known."""

    weight: int | None = None  # see ``unknowns.weight``

    def __init__(
        self, items: Any = (), places: dict[str, Place] | None = None, whole: Place | None = None
    ) -> None:
        super().__init__(items)
        self.places = places or {}
        self.whole = whole


class Items(list[Any]):
    """A list or tuple; ``places`` goes along its items, or is empty."""

    weight: int | None = None  # see ``unknowns.weight``

    def __init__(self, items: Iterable[Any] = (), places: list[Place] | None = None) -> None:
        super().__init__(items)
        self.places = places or []


class SetItems(Items):
    """A set: ordered as Terraform shows it, every item once."""


class Unsure(Items):
    """Instances of which nobody knows how many there are; one stands for all."""


class Told(Object):
    """A nested block of a resource, as another one sees it; ``beyond`` gives what it computes."""

    def __init__(self, block: dict[str, Any], beyond: Callable[[str], Any]) -> None:
        super().__init__(block, getattr(block, "places", None), getattr(block, "whole", None))
        self.beyond = beyond


class Answers(dict[str, Any]):
    """An object that nobody has listed: whatever key is asked for, ``make`` gives its value."""

    def __init__(self, what: str, make: Callable[[str], Any]) -> None:
        super().__init__()
        self.what = what
        self.make = make

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str)

    def __getitem__(self, key: str) -> Any:
        return self.make(key)


def places_of(value: Any) -> dict[str | int, Place]:
    """Return where the direct parts of a value are written."""
    if isinstance(value, Object):
        return {key: place for key, place in value.places.items() if key in value}
    if isinstance(value, Items) and len(value.places) == len(value):
        return dict(enumerate(value.places))
    return {}


def joined(parts: Iterable[list[Any]]) -> Items:
    """Return the lists' items in one list, with their places where all are known."""
    items: list[Any] = []
    places: list[Place] = []
    kind = Items
    for part in parts:
        items += part
        places += getattr(part, "places", [])
        kind = Unsure if isinstance(part, Unsure) else kind
    return kind(items, places if len(places) == len(items) else None)


def distinct(values: Iterable[Any]) -> list[Any]:
    """Return the values without repetitions, in order; true and 1 are two values."""
    found: list[Any] = []
    seen: set[tuple[type, Any]] = set()
    for value in values:
        if isinstance(value, (str, int, float)):
            if (type(value), value) in seen:
                continue
            seen.add((type(value), value))
        elif any(type(value) is type(other) and value == other for other in found):
            continue
        found.append(value)
    return found


def as_set(values: Iterable[Any]) -> SetItems:
    """Return a set: texts and numbers sorted, as Terraform keeps them."""
    found = distinct(values)
    if all(isinstance(value, str) for value in found) or all(
        isinstance(value, (int, float)) for value in found
    ):
        found.sort()
    return SetItems(found)
