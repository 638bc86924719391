"""The tree of an HCL file: blocks, attributes and expressions, each with its span.

Spans are byte offsets into the file, since most are never asked for; ``Source.place`` tells line
and column. A parenthesis leaves no trace but in an object's key, where it has a meaning.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import Any

from msgspec import Struct

from checkrein.model.places import Place

GOING_ON = range(0x80, 0xC0)  # bytes of a letter in UTF-8, behind its first


class Source:
    """A file's path and bytes, from which places are told."""

    def __init__(self, path: str, data: bytes) -> None:
        self.path = path
        self.data = data

    @cached_property
    def _starts(self) -> list[int]:
        starts, at = [0], self.data.find(b"\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.data.find(b"\n", at + 1)
        return starts

    @cached_property
    def _inner(self) -> list[int]:
        """Where bytes stand that go on with a letter, which another has begun."""
        return (
            []
            if self.data.isascii()
            else [i for i, byte in enumerate(self.data) if byte in GOING_ON]
        )

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset)
        start = self._starts[line - 1]
        inner = bisect_left(self._inner, offset) - bisect_left(self._inner, start)
        return line, offset - start - inner + 1

    def place(self, start: int, end: int) -> Place:
        """Return the span between two byte offsets."""
        return Place(self.path, *self._position(start), *self._position(end))

    def line(self, offset: int) -> int:
        """Return the line, counted from 1, of a byte offset."""
        return bisect_right(self._starts, offset)


class Expression(Struct, frozen=True, gc=False):
    """What stands for a value, between two byte offsets of its source."""

    start: int
    end: int


class Literal(Expression, frozen=True, gc=False):
    value: str | float | bool | None


class Name(Expression, frozen=True, gc=False):
    name: str


class Attr(Expression, frozen=True):
    """``target.name``."""

    target: Expression
    name: str


class Index(Expression, frozen=True):
    """``target[key]``; ``target.0`` too."""

    target: Expression
    key: Expression


class Splat(Expression, frozen=True):
    """``target[*].each``: ``each`` is an expression over an ``Element``."""

    target: Expression
    each: Expression


class Element(Expression, frozen=True, gc=False):
    """What a splat goes through, one after the other."""


class Call(Expression, frozen=True):
    """A function's call; ``expand`` says that the last argument is a list of arguments."""

    name: str
    arguments: tuple[Expression, ...]
    expand: bool


class TupleNode(Expression, frozen=True):
    source: Source
    items: tuple[Expression, ...]


class ObjectNode(Expression, frozen=True):
    """Keys are ``Literal`` where they are bare words."""

    source: Source
    items: tuple[tuple[Expression, Expression], ...]


class Loop(Expression, frozen=True):
    """A ``for``: an object with a ``key``, else a list; ``grouped`` keeps all values of a key."""

    source: Source
    names: tuple[str, ...]
    collection: Expression
    key: Expression | None
    value: Expression
    condition: Expression | None
    grouped: bool


class Unary(Expression, frozen=True):
    operator: str
    operand: Expression


class Binary(Expression, frozen=True):
    operator: str
    left: Expression
    right: Expression


class Conditional(Expression, frozen=True):
    condition: Expression
    yes: Expression
    no: Expression


class IfPart(Struct, frozen=True):
    """``%{ if … }`` inside a template."""

    condition: Expression
    yes: tuple[TemplatePart, ...]
    no: tuple[TemplatePart, ...]


class ForPart(Struct, frozen=True):
    """``%{ for … }`` inside a template."""

    names: tuple[str, ...]
    collection: Expression
    parts: tuple[TemplatePart, ...]


TemplatePart = str | Expression | IfPart | ForPart


class Template(Expression, frozen=True):
    """A text with parts to fill in.

    ``line`` is the line of the file where a heredoc's text begins, and ``indent`` what was taken
    off each of its lines; 0 for a quoted text, and where a part of a heredoc spans lines.
    """

    source: Source
    parts: tuple[TemplatePart, ...]
    line: int = 0
    indent: int = 0


class Attribute(Struct, frozen=True):
    """``name = value`` in a block."""

    name: str
    value: Expression
    source: Source
    start: int
    key_end: int
    end: int

    @property
    def place(self) -> Place:
        """The value where it is a scalar in one line, else all from the name to the end."""
        collections = (ObjectNode, TupleNode, Loop, Template, Call)
        start = self.start if isinstance(self.value, collections) else self.value.start
        return self.source.place(start, self.end)

    @property
    def key_place(self) -> Place:
        return self.source.place(self.start, self.key_end)

    @property
    def value_place(self) -> Place:
        return self.source.place(self.value.start, self.value.end)


class Block(Struct, frozen=True):
    """``type "label" … { body }``; the header ends before the brace."""

    type: str
    labels: tuple[str, ...]
    body: Body
    source: Source
    start: int
    header_end: int
    end: int

    @property
    def place(self) -> Place:
        """The header."""
        return self.source.place(self.start, self.header_end)

    @property
    def span(self) -> Place:
        """The block with its body."""
        return self.source.place(self.start, self.end)


class Body(Struct, frozen=True):
    """What stands in a file or in a block's braces; ``faults`` are places that no HCL is at."""

    attributes: dict[str, Attribute] = {}
    blocks: tuple[Block, ...] = ()
    faults: tuple[Place, ...] = ()

    def of_type(self, type: str) -> list[Block]:
        return [block for block in self.blocks if block.type == type]

    def value(self, name: str) -> Expression | None:
        found = self.attributes.get(name)
        return found.value if found else None


def literal(node: Expression | None) -> Any:
    """Return a literal's value, None for any other expression."""
    return node.value if isinstance(node, Literal) else None
