"""The syntax of variables: ``${type(parameters):address, fallback, 'literal'}``, nested at will.

What looks like one and is none stays text: ``${Name}`` and ``${AWS::Region}`` belong to
CloudFormation, ``${www.example.com:id}`` to IAM.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from msgspec import Struct

from checkrein.late import regex

KIND = regex(r"[A-Za-z][A-Za-z0-9_.-]*")
SPACE = regex(r"\s*")
NUMBER = regex(r"-?\d+(\.\d+)?\Z")
WORDS = {"true": True, "false": False, "null": None}
QUOTES = "'\""
DEFAULT = ("${", "}")
DEEPEST = 20  # variables within variables; people write two or three


class Source(Struct, frozen=True):
    """One place to look for a value: ``kind(parameters):address``.

    The kind "" is a literal, which ``literal`` holds: a scalar, or the parts of a text.
    """

    kind: str
    parameters: tuple[Parts, ...] = ()
    address: Parts = ()
    literal: Any = None


class Variable(Struct, frozen=True):
    """A variable as written: what is asked in turn, until one of them has a value."""

    text: str
    sources: tuple[Source, ...]


Parts = tuple["str | Variable", ...]


class _Foreign(Exception):
    """What stands here is no variable of the framework."""


@lru_cache(maxsize=4096)
def parts(text: str, marks: tuple[str, str] = DEFAULT) -> Parts:
    r"""Split a text into plain pieces and variables; a text of one variable is that alone.

    ``marks`` open and close a variable (``variableSyntax`` may say others). ``\${`` is a plain
    ``${``.
    """
    reader = _Reader(text, marks)
    return reader.pieces(end=len(text))


def marks_of(pattern: Any) -> tuple[str, str]:
    """Return what opens and closes a variable by the regular expression ``variableSyntax``."""
    if not isinstance(pattern, str):
        return DEFAULT
    before, _, rest = re.sub(r"\\(.)", _escaped, pattern).partition("(")
    opening = _literal(before)
    closing = _literal(rest.rpartition(")")[2])
    return (opening, closing) if opening and closing else DEFAULT


def _escaped(found: re.Match[str]) -> str:
    """Hide an escaped character from the search for groups."""
    return chr(0xE000 + ord(found[1])) if ord(found[1]) < 128 else found[1]  # noqa: PLR2004 - ASCII


def _literal(pattern: str) -> str:
    return "".join(chr(ord(c) - 0xE000) if 0xE000 <= ord(c) < 0xE080 else c for c in pattern)  # noqa: PLR2004 - as above


class _Reader:
    def __init__(self, text: str, marks: tuple[str, str]) -> None:
        self.text, self.at = text, 0
        self.opening, self.closing = marks
        self.depth = 0

    def pieces(self, end: int) -> Parts:
        """Read plain text and variables up to an offset."""
        found: list[str | Variable] = []
        while self.at < end:
            start = self.text.find(self.opening, self.at, end)
            if start < 0:
                break
            self._plain(found, self.at, start)
            self.at = start
            self._opened(found)
        self._plain(found, self.at, end)
        self.at = end
        return tuple(found)

    def _opened(self, found: list[str | Variable]) -> None:
        start = self.at
        if found and isinstance(found[-1], str) and found[-1].endswith("\\"):
            found[-1] = found[-1][:-1]
            self._plain(found, start, start + len(self.opening))
            self.at = start + len(self.opening)
            return
        depth = self.depth
        try:
            found.append(self.variable())
        except _Foreign:
            self.depth = depth
            self.at = start + len(self.opening)
            self._plain(found, start, self.at)

    def _plain(self, found: list[str | Variable], start: int, end: int) -> None:
        if found and isinstance(found[-1], str):
            found[-1] += self.text[start:end]
        elif start < end:
            found.append(self.text[start:end])

    def variable(self) -> Variable:
        """Read a variable from its opening mark on; raise _Foreign, having moved anywhere."""
        start = self.at
        self.depth += 1
        if self.depth > DEEPEST:
            raise _Foreign
        self.at += len(self.opening)
        sources = [self.source(first=True)]
        while self._skipped(","):
            sources.append(self.source(first=False))
        if not self._skipped(self.closing):
            raise _Foreign
        self.depth -= 1
        return Variable(self.text[start : self.at], tuple(sources))

    def source(self, *, first: bool) -> Source:
        self._space()
        if self.text.startswith(self.opening, self.at):
            return Source("", literal=(self.variable(),))
        if self.text[self.at : self.at + 1] in tuple(QUOTES):
            return Source("", literal=self.quoted())
        found = KIND.match(self.text, self.at)
        if found is not None:
            self.at = found.end()
            asked = self._asked(found[0])
            if asked is not None:
                return asked
            self.at = found.start()
        if first:
            raise _Foreign
        return self.word()

    def _asked(self, kind: str) -> Source | None:
        parameters: tuple[Parts, ...] = ()
        called = self.text.startswith("(", self.at)
        if called:
            parameters = self.parameters()
        if self._skipped(":"):
            if self.text.startswith(":", self.at):
                raise _Foreign  # a pseudo parameter
            return Source(kind, parameters, self.address())
        return Source(kind, parameters) if called else None

    def parameters(self) -> tuple[Parts, ...]:
        self.at += 1
        found: list[Parts] = []
        while True:
            self._space()
            if self._skipped(")"):
                return tuple(found)
            found.append(self._value(",", ")"))
            self._skipped(",")

    def address(self) -> Parts:
        return self._value(",", self.closing)

    def _value(self, *ends: str) -> Parts:
        """Read a quoted text, or a bare one up to one of the ends."""
        self._space()
        if self.text[self.at : self.at + 1] in tuple(QUOTES):
            quoted = self.quoted()
            self._space()
            return quoted if isinstance(quoted, tuple) else (quoted,)
        found: list[str | Variable] = []
        start = self.at
        while not self.text.startswith(ends, self.at):
            if self.at >= len(self.text):
                raise _Foreign
            if self.text.startswith(self.opening, self.at):
                self._plain(found, start, self.at)
                found.append(self.variable())
                start = self.at
            else:
                self.at += 1
        self._plain(found, start, self.at)
        return _trimmed(found)

    def quoted(self) -> Any:
        """Read a quoted text: a str, or its parts where variables stand in it."""
        quote = self.text[self.at]
        end = self.text.find(quote, self.at + 1)
        if end < 0:
            raise _Foreign
        self.at += 1
        found = self.pieces(end)
        self.at = end + 1
        if all(isinstance(piece, str) for piece in found):
            return "".join(map(str, found))
        return found

    def word(self) -> Source:
        """Read a bare word: a number, true, false, null; any other was once taken as text."""
        text = "".join(map(_bare, self._value(",", self.closing)))
        if NUMBER.match(text):
            return Source("", literal=float(text) if "." in text else int(text))
        return Source("", literal=WORDS.get(text, text))

    def _space(self) -> None:
        found = SPACE.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def _skipped(self, mark: str) -> bool:
        self._space()
        if not self.text.startswith(mark, self.at):
            return False
        self.at += len(mark)
        return True


def _bare(piece: str | Variable) -> str:
    if isinstance(piece, str):
        return piece
    raise _Foreign


def _trimmed(found: list[str | Variable]) -> Parts:
    if found and isinstance(found[0], str):
        found[0] = found[0].lstrip()
    if found and isinstance(found[-1], str):
        found[-1] = found[-1].rstrip()
    return tuple(part for part in found if part != "")
