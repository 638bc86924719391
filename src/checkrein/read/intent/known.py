"""What was read of the app before its intent: which ids there are."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from msgspec import Struct

from checkrein.model import Fact, Resource, Stack, Unread
from checkrein.model import Path as Keys
from checkrein.read.intent.page import LIKE, Page, nearest

ALONE = "declared"  # the stack of what is declared without one
MANY = 3  # ids that a sentence lists


class Known(Struct, frozen=True):
    """Resources by id with their type, stacks by id with their parameters, and whether that is all.

    ``complete`` is False where something was not read: then no id is called unknown.
    """

    types: Mapping[str, str]
    stacks: Mapping[str, frozenset[str]]
    complete: bool

    def find(self, word: str) -> list[str]:
        """Return the resources that a word names: by id, else by the end of one."""
        if word in self.types:
            return [word]
        return [id for id in self.types if id.endswith(f"/{word}")]

    def resource(self, word: str, page: Page, path: Keys, what: str = "resource") -> str | None:
        """Return the id that a word means; complain where there is none, or several.

        A node that no template declares (``host:…``, ``…@logs``) is taken as it is written.
        """
        found = self.find(word)
        if len(found) == 1:
            return found[0]
        if found:
            page.complain(f"{word} may be {' or '.join(found[:MANY])}; write which", path)
            return None
        if not self.complete or is_node(word):
            return word
        page.complain(f"no {what} is called {word}{near_id(word, self.types)}", path)
        return None


def is_node(word: str) -> bool:
    """Tell whether an id is of a row that no template can declare: a host, a log, the internet."""
    return "@" in word or word.startswith("host:")


def near_id(word: str, ids: Iterable[str]) -> str:
    """Say the id nearest to a word, by its name if the word has no stack."""
    ids = tuple(ids)
    if "/" in word:
        return nearest(word, ids)
    names = {id.rpartition("/")[2]: id for id in reversed(ids)}
    alike = difflib.get_close_matches(word, names, 1, LIKE)
    return f"; did you mean {names[alike[0]]}?" if alike else nearest(word, ids)


def known_of(facts: Iterable[Fact], *, complete: bool) -> Known:
    """Return what facts of templates tell; ``complete`` if nothing else was to be read."""
    facts = list(facts)
    return Known(
        {fact.id: fact.type for fact in facts if isinstance(fact, Resource)},
        {fact.id: frozenset(fact.parameters) for fact in facts if isinstance(fact, Stack)},
        complete and not any(isinstance(fact, Unread) for fact in facts),
    )
