"""DynamoDB's expressions: which items can satisfy a condition, and what an update assigns.

``begins_with(sk, :p) AND kind = :k`` is read to alternatives of what must hold; what is no equality
or beginning of a text (``<``, ``contains``, ``NOT …``) excludes nothing. Source: the grammar in
AWS's documentation of condition and filter expressions.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from checkrein.late import regex
from checkrein.model.items import Items, Kind, Pattern

TOKEN = regex(r"\s*(<=|>=|<>|[=<>(),]|[#:]?[\w.\[\]-]+)")
CLAUSE = regex(r"\b(?:SET|ADD|DELETE|REMOVE)\b", re.IGNORECASE)
ASSIGNED = regex(r"\s*([\w.#]+)\s*(?:=|\s)\s*(.*)", re.DOTALL)
MOST_KINDS = 16  # alternatives; more say nothing
DEEPEST = 32  # parentheses and NOTs within each other
COMPARING = frozenset({"=", "<>", "<", "<=", ">", ">="})
ANY: list[Kind] = [()]

Values = Callable[[str], tuple[Pattern, ...]]  # what ``:v`` may be, () for anything
Names = Callable[[str], str]  # the attribute that ``#n`` or ``n`` is, "" where that is not known


class _Unread(Exception):
    """The text is no expression that is understood here."""


def satisfying(expression: str, names: Names, values: Values) -> Items:
    """Return the items that can satisfy an expression, () for all."""
    try:
        reader = _Reader(_tokens(expression), names, values)
        found = reader.alternatives(0)
        reader.end()
    except _Unread:
        return ()
    return () if () in found else tuple(dict.fromkeys(found))


def _tokens(expression: str) -> list[str]:
    found, position = [], 0
    text = expression.rstrip()
    while position < len(text):
        match = TOKEN.match(text, position)
        if match is None:
            raise _Unread
        found.append(match[1])
        position = match.end()
    return found


class _Reader:
    """Reads tokens from the left; each method returns alternatives of what must hold."""

    def __init__(self, tokens: list[str], names: Names, values: Values) -> None:
        self._tokens = tokens
        self._next = 0
        self._names = names
        self._values = values

    def alternatives(self, depth: int) -> list[Kind]:
        """Read ``a AND b OR c``."""
        found = self._together(depth)
        while self._takes("OR"):
            found = [*found, *self._together(depth)]
        return found if len(found) <= MOST_KINDS else ANY

    def end(self) -> None:
        """Raise _Unread where something is left."""
        if self._next != len(self._tokens):
            raise _Unread

    def _together(self, depth: int) -> list[Kind]:
        found = self._one(depth)
        while self._takes("AND"):
            more = self._one(depth)
            if len(found) * len(more) <= MOST_KINDS:
                found = [(*one, *other) for one in found for other in more]
        return found

    def _one(self, depth: int) -> list[Kind]:
        if depth > DEEPEST:
            raise _Unread
        if self._takes("NOT"):
            self._one(depth + 1)
            return ANY
        if self._takes("("):
            found = self.alternatives(depth + 1)
            self._needs(")")
            return found
        name = self._word()
        if self._takes("("):
            return self._function(name)
        return self._compared(name)

    def _function(self, name: str) -> list[Kind]:
        given = self._list()
        if name == "begins_with" and len(given) == 2:  # noqa: PLR2004 - its arguments
            patterns = self._values(given[1])
            return self._kind(given[0], ((one[0], "") for one in patterns))
        if self._peek() in COMPARING:  # size(a) > :n
            self._word()
            self._word()
        return ANY

    def _compared(self, left: str) -> list[Kind]:
        if self._takes("BETWEEN"):
            low = self._values(self._word())
            self._needs("AND")
            return self._kind(left, _between(low, self._values(self._word())))
        if self._takes("IN"):
            self._needs("(")
            given = [self._values(one) for one in self._list()]
            return self._kind(left, (p for each in given for p in each) if all(given) else ())
        operator = self._word()
        if operator not in COMPARING:
            raise _Unread
        right = self._word()
        if self._takes("("):  # a < size(b)
            self._list()
            return ANY
        if operator != "=":
            return ANY
        name, value = (right, left) if left.startswith(":") else (left, right)
        return self._kind(name, self._values(value) if value.startswith(":") else ())

    def _kind(self, name: str, patterns: Iterable[Pattern]) -> list[Kind]:
        """Return what must hold of an attribute; nothing where all of it is open."""
        known = tuple(dict.fromkeys(patterns))
        attribute = self._names(name)
        return [((attribute, known),)] if attribute and known and ("", "") not in known else ANY

    def _list(self) -> list[str]:
        found = [self._word()]
        while self._takes(","):
            found.append(self._word())
        self._needs(")")
        return found

    def _peek(self) -> str:
        return self._tokens[self._next] if self._next < len(self._tokens) else ""

    def _word(self) -> str:
        word = self._peek()
        if not word:
            raise _Unread
        self._next += 1
        return word

    def _takes(self, word: str) -> bool:
        found = self._peek().upper() == word
        self._next += found
        return found

    def _needs(self, word: str) -> None:
        if not self._takes(word):
            raise _Unread


def _between(low: tuple[Pattern, ...], high: tuple[Pattern, ...]) -> tuple[Pattern, ...]:
    """Return how all texts between two begin: as both do."""
    if not low or not high:
        return ()
    heads = sorted(one[0] for one in (*low, *high))
    first, last = heads[0], heads[-1]
    same = next((i for i, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), None)
    return ((first[:same] if same is not None else min(first, last, key=len), ""),)


def assignments(expression: str) -> Iterator[tuple[str, str]]:
    """Yield what each clause of an update expression assigns: ``n = if_not_exists(n, :v)``."""
    for clause in CLAUSE.split(expression):
        depth, start = 0, 0
        for position, character in enumerate(f"{clause},"):
            depth += (character == "(") - (character == ")")
            if character == "," and depth == 0:
                match = ASSIGNED.match(clause[start:position])
                start = position + 1
                if match:
                    yield match[1], match[2]
