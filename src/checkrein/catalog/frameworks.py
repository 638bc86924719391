"""Security frameworks, the controls they number, and the topics that checks speak to.

Sources: ``data/frameworks.yaml`` and ``data/topics.yaml``, which say where each list comes from.
A control's id is its framework's prefix and its number: ``OWASP-2021:A01``, ``SAS-4``.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from msgspec import Struct

from checkrein.catalog.tables import table

TITLE = "title"


class Framework(Struct, frozen=True):
    """A list of controls. ``controls`` maps numbers to short words ("" where a section says it).

    ``pattern`` stands where the numbers are too many to list, and ``controls`` is empty.
    ``own_words`` is true where the words are ours because the text may not be copied.
    """

    id: str
    title: str
    prefix: str
    version: str = ""
    date: str = ""
    source: str = ""
    own_words: bool = False
    controls: dict[str, str] = {}
    pattern: str = ""

    def has(self, number: str) -> bool:
        """Tell whether the framework has a control of that number."""
        if self.pattern:
            return re.fullmatch(self.pattern, number) is not None
        return number in self.controls


@cache
def frameworks() -> dict[str, Framework]:
    """Return every framework by its id (``pci-4.0.1``)."""
    return {id: _framework(id, told) for id, told in table("frameworks.yaml").items()}


def _framework(id: str, told: dict[str, Any]) -> Framework:
    return Framework(
        id=id,
        title=told[TITLE],
        prefix=told["prefix"],
        version=told.get("version", ""),
        date=str(told.get("date", "")),
        source=told["source"],
        own_words=told.get("own words", False),
        controls=told.get("controls", {}),
        pattern=told.get("pattern", ""),
    )


def control(id: str) -> tuple[Framework, str] | None:
    """Return a control's framework and number; None for an id that no framework has."""
    for framework in frameworks().values():
        number = id.removeprefix(framework.prefix)
        if number != id and framework.has(number):
            return framework, number
    return None


@cache
def topics() -> dict[str, str]:
    """Return every topic that a check may speak to, with its words."""
    return {topic: told[TITLE] for topic, told in table("topics.yaml").items()}


@cache
def controls(topic: str) -> tuple[str, ...]:
    """Return the ids of all controls that are about a topic; raise KeyError for no topic."""
    told = table("topics.yaml")[topic]
    return tuple(
        f"{frameworks()[id].prefix}{number}"
        for id, numbers in told.items()
        if id != TITLE
        for number in numbers
    )
