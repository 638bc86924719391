"""The file at hand: what stands in it, and every complaint with its line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from typing import Any

from checkrein.model import INTENT as FILE
from checkrein.model import Decision, Evidence, Place, Unread
from checkrein.model import Path as Keys
from checkrein.notation import Tree

EFFECT = "this entry does not count, all others do"
MANY = 12  # known words that a sentence may list
LIKE = 0.55


class Page:
    """``checkrein.yaml`` as a tree; ``wrong`` is what could not be meant, in the order found.

    What is wrong is said and left out, so that one slip costs one entry and not the file.
    """

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.wrong: list[Unread] = []

    def section(self, name: str) -> Iterator[tuple[str, Any]]:
        """Yield the entries of a section that holds names and what they are given."""
        yield from self.mapping((self.tree.value or {}).get(name), (name,), name).items()

    def mapping(self, value: Any, path: Keys, what: str) -> dict[str, Any]:
        """Return a mapping, an empty one where nothing or something else stands."""
        if isinstance(value, dict) or value is None:
            return value or {}
        self.complain(f"{what} must hold names and what they are given, not {value!r}", path)
        return {}

    def items(self, value: Any, path: Keys, what: str) -> list[Any]:
        """Return a list, an empty one where nothing or something else stands."""
        if isinstance(value, list) or value is None:
            return value or []
        self.complain(f"{path[-1]} must be a list of {what}", path)
        return []

    def words(self, value: Any, path: Keys, what: str) -> list[str]:
        """Return the texts of a list, or the one that stands in its place."""
        listed = [value] if isinstance(value, str) else self.items(value, path, what)
        for index, item in enumerate(listed):
            if not isinstance(item, str) or not item:
                self.complain(f"{item!r} is no text", (*path, index))
        return [item for item in listed if isinstance(item, str) and item]

    def knows(self, word: Any, known: Iterable[str], path: Keys, what: str) -> bool:
        """Tell whether a word is one of those known; complain with the nearest where not."""
        if word in (known := tuple(known)):
            return True
        self.complain(f"unknown {what} {word}{nearest(word, known)}", path)
        return False

    def complain(self, problem: str, path: Keys = (), line: int = 0) -> None:
        """Say what cannot be meant, and where."""
        place = Place(FILE, line) if line else self.place(path)
        reason = f"line {place.line}: {problem}"
        self.wrong.append(
            Unread(
                id=f"{FILE}:{place.line:05} {problem}",  # reports keep the order of lines
                evidence=(Evidence(reason, place),),
                path=FILE,
                reason=reason,
                effect=EFFECT,
            )
        )

    def place(self, path: Keys) -> Place:
        """Return where a key stands, or the nearest that is there."""
        while path not in self.tree.places and path:
            path = path[:-1]
        if path in self.tree.key_places:
            return self.tree.key_places[path]
        return self.tree.places.get(path, Place(FILE, 1))

    def says(self, text: str, path: Keys) -> Evidence:
        """Return a sentence of the file, with its place."""
        return Evidence(f"{FILE} {text}", self.place(path))

    def decision(self, kind: str, subject: str, told: dict[str, Any], says: Evidence) -> Decision:
        """Return what the team decided of a subject."""
        id = f"{kind}:{subject}"
        return Decision(id=id, evidence=(says,), kind=kind, subject=subject, content=told)


def nearest(word: Any, known: Iterable[str]) -> str:
    """Say the nearest known word, or all of a few, for the end of a sentence."""
    known = tuple(known)
    ends = [each for each in known if each.endswith((f".{word}", f"/{word}"))]
    near = ends if len(ends) == 1 else difflib.get_close_matches(str(word), known, 1, LIKE)
    if near:
        return f"; did you mean {near[0]}?"
    return f"; known are {', '.join(known)}" if 0 < len(known) <= MANY else ""
