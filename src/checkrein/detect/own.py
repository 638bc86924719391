"""What a team says of the names and texts of its own data; it comes before all that is known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fnmatch import translate
from functools import cached_property

from checkrein.catalog.data_classes import bare
from checkrein.late import regex
from checkrein.model import Decision, Place
from checkrein.model.places import NOWHERE

NONE = "none"  # what a name is given that looks like a class and is not
STAR = regex(r"[*?]+")


class Said:
    """One class for fields of a name, or none (``data`` is ""), and where that was said."""

    def __init__(self, name: str, data: str, place: Place = NOWHERE) -> None:
        self.name, self.data, self.place = name, data, place
        self._pattern = re.compile(translate(_bare(name)))

    def covers(self, name: str) -> bool:
        return bool(self._pattern.match(bare(name)))


class Own:
    """A team's names and patterns, of everywhere and of single resources.

    Names are compared without case and what separates words, ``*`` and ``?`` stand for letters:
    ``loyalty_*`` is ``loyaltyNo`` too. What is said of a resource's field comes first, then what
    is said of a name, then the names of a class; whole names before those with stars.
    """

    def __init__(self, decisions: Iterable[Decision] = ()) -> None:
        self._everywhere: list[Said] = []
        self._of: dict[str, list[Said]] = {}
        self._patterns: list[tuple[re.Pattern[str], str, Place]] = []
        for each in decisions:
            if each.kind == "data":
                self._class(each)
            elif each.kind == "name":
                said = Said(each.subject, each.content["data"], each.place)
                where = self._of.setdefault(each.content["resource"], [])
                where.append(said)
        self._everywhere = [*self._of.pop("", []), *self._everywhere]
        self._everywhere.sort(key=lambda said: bool(STAR.search(said.name)))
        self._told: dict[tuple[str, str], Said | None] = {}

    def _class(self, decision: Decision) -> None:
        for name in decision.content.get("names", ()):
            self._everywhere.append(Said(name, decision.subject, decision.place))
        for pattern in decision.content.get("patterns", ()):
            self._patterns.append((re.compile(pattern), decision.subject, decision.place))

    @cached_property
    def is_silent(self) -> bool:
        """Tell whether nothing was said, as in most applications."""
        return not (self._everywhere or self._of or self._patterns)

    def name(self, name: str, resource: str = "") -> Said | None:
        """Return what was said of a field of a name, in a resource; None if nothing was."""
        if self.is_silent:
            return None
        key = name, resource
        if key not in self._told:
            self._told[key] = self._name(name, resource)
        return self._told[key]

    def _name(self, name: str, resource: str) -> Said | None:
        said = [*self._of.get(resource, []), *self._everywhere]
        return next((each for each in said if each.covers(name)), None)

    def resources(self) -> list[str]:
        """Return the resources of which single fields were said."""
        return sorted(self._of)

    def fields(self, resource: str) -> list[Said]:
        """Return what was said of single fields of a resource."""
        return self._of.get(resource, [])

    def text(self, text: str) -> Said | None:
        """Return the class whose pattern a whole text has, None if none has."""
        for pattern, data, place in self._patterns:
            if pattern.fullmatch(text):
                return Said(text, data, place)
        return None

    def pattern(self, pattern: str) -> Said | None:
        """Return the class whose pattern a pattern is, but for its anchors."""
        wanted = pattern.removeprefix("^").removesuffix("$")
        for known, data, place in self._patterns:
            if known.pattern.removeprefix("^").removesuffix("$") == wanted:
                return Said(pattern, data, place)
        return None


def _bare(name: str) -> str:
    """Return a name as ``bare`` leaves it, its stars kept."""
    parts = STAR.split(name)
    stars = [*STAR.findall(name), ""]
    return "".join(bare(part) + star for part, star in zip(parts, stars, strict=True))
