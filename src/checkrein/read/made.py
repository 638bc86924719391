"""What wrote a template's document: a program of the team, or the reader of another notation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from checkrein.model import Path, Place
from checkrein.model.values import Value


class Lost(NamedTuple):
    """Something in another notation that could not be read, and what that costs; see ``Unread``."""

    reason: str
    effect: str
    place: Place
    fatal: bool = False


class Made:
    """What is told of a document that the user did not write: by what, where, in which words.

    ``stack`` is the name that the stack is deployed under, as far as that is known, ``values`` what
    parameters are given, each at the place ``("Parameters", name, GIVEN)``.
    ``origins`` maps properties of a resource to what is edited for them: a part of the file, as
    ``functions/hello``, and a path in it.
    ``logical`` holds the logical ids of resources that go by another name in the document;
    ``places`` holds, under the name of a resource (or under a section and a name in it), where it
    and its properties are written; ``constructs`` what makes a resource, ``titles`` what the team
    calls it, ``added`` why a framework adds it by itself, and ``lost`` what could not be read.
    ``called`` holds the names that the team knows resources by, where the document has others.
    """

    def __init__(self, by: str = "") -> None:
        self.by = by
        self.stack: Value = ""
        self.values: dict[str, Any] = {}
        self.logical: dict[str, str] = {}
        self.places: dict[Path, dict[Path, Place]] = {}
        self.constructs: dict[str, str] = {}
        self.titles: dict[str, str] = {}
        self.origins: dict[str, dict[Path, tuple[str, Path]]] = {}
        self.added: dict[str, str] = {}
        self.called: dict[str, str] = {}
        self.lost: list[Lost] = []

    def rename(self, new: Mapping[str, str]) -> None:
        """Tell all that is told of resources under their new names, by their old ones."""
        self.logical = {name: old for old, name in new.items()}
        self.places = {(new.get(str(p[0]), p[0]), *p[1:]): own for p, own in self.places.items()}
        tables: list[dict[str, Any]] = [self.constructs, self.titles, self.added, self.origins]
        for told in tables:
            renamed = {new.get(name, name): what for name, what in told.items()}
            told.clear()
            told.update(renamed)

    def place(self, path: Path) -> Place | None:
        """Return where what stands at a path of the template is made, None if nothing says so."""
        if path[:1] != ("Resources",):
            own, inner = self.places.get(path[:2], {}), path[2:]
        else:
            own = self.places.get(path[1:2], {})
            inner = path[3:] if path[2:3] == ("Properties",) else path[2:]
        return next((own[inner[:n]] for n in range(len(inner), -1, -1) if inner[:n] in own), None)
