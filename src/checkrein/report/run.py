"""What a report for other programs says beside the result: the rules, the time, the repository."""

from __future__ import annotations

import posixpath
from datetime import datetime

from msgspec import Struct

from checkrein.model import Fact, Function, Place, Resource, Severity
from checkrein.model.app import App
from checkrein.model.places import NOWHERE


class Rule(Struct, frozen=True):
    """What a check says of itself; ``docs`` is Markdown with a ``## Why`` and a ``## Fix``."""

    id: str
    domain: str
    title: str
    docs: str
    frameworks: tuple[str, ...] = ()

    def section(self, name: str) -> str:
        """Return what stands below a heading of the documentation, "" if there is none."""
        parts = f"\n{self.docs}".split("\n## ")
        found = [part for part in parts if part.partition("\n")[0].strip() == name]
        return found[0].partition("\n")[2].strip() if found else ""


class Run(Struct, frozen=True):
    """The circumstances of a scan.

    ``below`` is the scanned folder's path in its repository, "" where it is the root.
    ``account`` and ``region`` say where findings are filed, not what was read. ``all`` asks for
    what is ignored or in the baseline too, where a form can tell it apart.
    """

    at: datetime  # UTC
    rules: dict[str, Rule] = {}
    below: str = ""
    fail_on: Severity = Severity.HIGH
    exit_code: int = 0
    all: bool = False
    account: str = ""
    region: str = ""

    def path(self, path: str) -> str:
        """Return a file's path from the root of the repository, as forges want it."""
        return posixpath.normpath(posixpath.join(self.below, path))

    def rule(self, check: str) -> Rule:
        """Return a check's rule; one that is not known is its id."""
        return self.rules.get(check) or Rule(check, "", check, "")


KINDS: tuple[type[Fact], ...] = (Resource, Function)


def place_of(app: App, subject: str) -> Place:
    """Return where the subject of a verdict stands, as far as a file says it."""
    for kind in KINDS:
        for fact in app.alternatives(kind, subject):
            if fact.place.path:
                return fact.place
    return NOWHERE
