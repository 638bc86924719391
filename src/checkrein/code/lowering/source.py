"""One file on its way from syntax tree to IR: its text, its positions, its bound on nesting."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Final, NamedTuple

from checkrein.code import ir

if TYPE_CHECKING:
    from tree_sitter import Node

    Expressions = dict[str, Callable[["Source", Node], ir.Node]]
    Statements = dict[str, Callable[["Source", Node], Iterable[ir.Node]]]

DEPTH_LIMIT: Final = 150  # six Python frames a level stay under the default recursion limit
_CONTINUATION = re.compile(rb"[\x80-\xbf]")  # a byte that begins no character of UTF-8
_NONE: Final[list[int]] = []
COMMENTS: Final = frozenset(("comment", "html_comment", "line_continuation"))


class Malformed(LookupError):
    """A node lacks a part that its grammar demands: the text around it has a syntax error."""


class Grammar(NamedTuple):
    """How the nodes of one language are lowered, by node type.

    ``hoists``: functions declared in a block stand before the block's other statements.
    """

    expressions: Expressions
    statements: Statements
    hoists: bool


class Source:
    """The file being lowered. ``yields`` tells whether the function being lowered has yielded."""

    __slots__ = (
        "_continued", "_depth", "_expressions", "_first", "_hoists", "_last", "_line",
        "_statements", "_text", "errors", "yields",
    )  # fmt: skip

    def __init__(self, source: bytes, grammar: Grammar) -> None:
        # One character a byte, so that a node's byte offsets slice it.
        self._text = source.decode("latin-1")
        self._continued = {} if source.isascii() else _continuations(source)
        self._expressions = grammar.expressions
        self._statements = grammar.statements
        self._hoists = grammar.hoists
        self._depth = 0
        self._line, self._first, self._last = 0, 0, -1
        self.errors: set[int] = set()
        self.yields = False

    # -------------------------------------------------------------------- text and positions

    def text(self, node: Node) -> str:
        text = self._text[node.start_byte : node.end_byte]
        return text if text.isascii() else _decoded(text)

    def between(self, start: int, end: int) -> str:
        """Give the text between two byte offsets."""
        text = self._text[start:end]
        return text if text.isascii() else _decoded(text)

    def at(self, node: Node) -> ir.Span:
        # Most nodes lie in the line of the node before, where bytes tell all; points cost more.
        start, end = node.start_byte, node.end_byte
        if not self._first <= start <= self._last:
            self._enter(node)
        line = end_line = self._line
        column = start - self._first
        end_column = end - self._first
        if end > self._last:
            end_line, end_column = node.end_point
            end_line += 1
        if self._continued:
            column -= bisect_left(self._continued.get(line, _NONE), column)
            end_column -= bisect_left(self._continued.get(end_line, _NONE), end_column)
        return (line, column + 1, end_line, end_column + 1)

    def _enter(self, node: Node) -> None:
        """Note the line in which a node begins: its number, where it begins, where it ends."""
        start = node.start_byte
        line, column = node.start_point
        self._line = line + 1
        self._first = start - column
        end = self._text.find("\n", start)
        self._last = len(self._text) if end < 0 else end

    def name(self, node: Node) -> ir.Name:
        """Lower an identifier: half of all nodes, so its text and span are made in one go."""
        start, end = node.start_byte, node.end_byte
        text = self._text[start:end]
        if self._continued:
            return ir.Name(self.at(node), text if text.isascii() else _decoded(text))
        if not self._first <= start <= self._last:
            self._enter(node)
        before = self._first - 1
        line = self._line
        return ir.Name((line, start - before, line, end - before), text)

    # -------------------------------------------------------------------------------- parts

    def parts(self, node: Node) -> list[Node]:
        """Give the named children without comments."""
        return [child for child in node.named_children if child.type not in COMMENTS]

    def only(self, node: Node) -> Node:
        """Give the one named child of a node that wraps it, as parentheses do."""
        parts = self.parts(node)
        if not parts:
            raise Malformed(node.type)
        return parts[0]

    def field(self, node: Node, name: str) -> Node:
        child = node.child_by_field_name(name)
        if child is None:
            raise Malformed(node.type)
        return child

    # ----------------------------------------------------------------------------- lowering

    def expression(
        self, node: Node, handler: Callable[[Source, Node], ir.Node] | None = None
    ) -> ir.Node:
        """Lower an expression or a pattern, with ``handler`` if its type does not tell how."""
        if handler is None:
            handler = self._expressions.get(node.type, _unknown)
        depth = self._depth
        if depth >= DEPTH_LIMIT:
            return self._names(node)
        self._depth = depth + 1
        try:
            lowered = handler(self, node)
        except (Malformed, IndexError):
            lowered = self._names(node)
        self._depth = depth
        return lowered

    def optional(self, node: Node, name: str) -> ir.Node | None:
        """Lower the expression in a field, if there is one."""
        child = node.child_by_field_name(name)
        return None if child is None else self.expression(child)

    def block(self, nodes: Iterable[Node]) -> tuple[ir.Node, ...]:
        """Lower statements."""
        body: list[ir.Node] = []
        self._depth += 1
        for node in nodes:
            body += self._statement(node)
        self._depth -= 1
        if self._hoists and any(type(one) is ir.Define for one in body):
            body.sort(key=lambda one: type(one) is not ir.Define)
        return tuple(body)

    def _statement(self, node: Node) -> Iterable[ir.Node]:
        handler = self._statements.get(node.type)
        if handler is None:
            return self._loose(node)
        depth = self._depth
        if depth >= DEPTH_LIMIT:
            return (ir.Expression(self.at(node), self._names(node)),)
        self._depth = depth + 1
        try:
            lowered = handler(self, node)
        except (Malformed, IndexError):
            lowered = (ir.Expression(self.at(node), self._names(node)),)
        self._depth = depth
        return lowered

    def _loose(self, node: Node) -> Iterable[ir.Node]:
        """Lower what stands among statements without being one, such as what an error left."""
        if node.type in COMMENTS:
            return ()
        if node.type == "ERROR":
            return self.block(node.named_children)
        return (ir.Expression(self.at(node), self.expression(node)),)

    def _names(self, node: Node) -> ir.Node:
        """Give an unknown over every name below, without recursion."""
        found: dict[str, Node] = {}
        waiting = [node]
        while waiting:
            one = waiting.pop()
            if one.type == "identifier":
                found.setdefault(self.text(one), one)
            waiting.extend(reversed(one.named_children))
        self.errors.add(node.start_point[0] + 1)
        names = [ir.Name(self.at(one), name) for name, one in found.items()]
        return ir.Operation(self.at(node), "unknown", tuple(names))


def _unknown(source: Source, node: Node) -> ir.Node:
    operands = [source.expression(child) for child in source.parts(node)]
    return ir.Operation(source.at(node), "unknown", tuple(operands))


def _decoded(text: str) -> str:
    return text.encode("latin-1").decode("utf-8", "replace")


def _continuations(source: bytes) -> dict[int, list[int]]:
    """Give, for each line that has them, the columns of the bytes that begin no character."""
    return {
        number: [match.start() for match in _CONTINUATION.finditer(line)]
        for number, line in enumerate(source.split(b"\n"), 1)
        if not line.isascii()
    }
