"""JSONata, as far as definitions use it: text to a tree of expressions.

A tree is a Node: its kind, a name where it has one, and what stands inside. Kinds: ``text name
variable literal path filter object array call lambda bind block if operator any``.

Source: the language's documentation at docs.jsonata.org (grammar and precedence).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from msgspec import Struct

from checkrein.late import regex

TOKEN = regex(
    r"""(?P<space>\s+|/\*.*?\*/)"""
    r"""|(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
    r"""|(?P<quoted>`[^`]*`)"""
    r"""|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)"""
    r"""|(?P<variable>\$\$|\$\w*)"""
    r"""|(?P<name>[A-Za-z_]\w*)"""
    r"""|(?P<sign>:=|!=|<=|>=|~>|\*\*|\.\.|\?:|\?\?|[-+*/%&|=<>.,;:?@#^()\[\]{}])""",
    re.DOTALL,
)
PATTERN = regex(r"/(?!\*)(?:[^/\\\n]|\\.)+/[a-z]*")
BINDING = {  # how strongly an operator holds what stands before it
    ":=": 10, "?": 20, "?:": 20, "??": 20, "or": 25, "and": 30, "in": 40, "=": 40, "!=": 40,
    "<": 40, ">": 40, "<=": 40, ">=": 40, "~>": 45, "&": 50, "+": 50, "-": 50, "..": 35,
    "*": 60, "/": 60, "%": 60, "^": 65, "{": 70, ".": 75, "[": 80, "(": 80, "@": 80, "#": 80,
}  # fmt: skip
DEEPEST = 60  # expressions inside each other


class Node(Struct, frozen=True):
    """An expression; see the module."""

    kind: str
    name: str = ""
    inside: tuple[Node, ...] = ()


class Unreadable(Exception):
    """Raised where a text is no JSONata that this reads."""


def parse(text: str) -> Node:
    """Return the tree of an expression; raises Unreadable."""
    reader = _Reader(list(_tokens(text)))
    found = reader.expression(0)
    if reader.sign != "":
        raise Unreadable(reader.sign)
    return found


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    position, operand = 0, True
    while position < len(text):
        pattern = PATTERN.match(text, position) if operand else None
        found = pattern or TOKEN.match(text, position)
        if found is None:
            raise Unreadable(text[position])
        position = found.end()
        kind = "number" if pattern else str(found.lastgroup)
        if kind != "space":
            yield kind, found[0]
            operand = kind == "sign" and found[0] not in {")", "]", "}"}


class _Reader:
    """Reads tokens by how strongly operators bind."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._at = 0
        self._deep = 0

    @property
    def sign(self) -> str:
        """The next token, "" at the end."""
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _take(self) -> tuple[str, str]:
        if self._at >= len(self._tokens):
            raise Unreadable("it ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def _is(self, sign: str) -> bool:
        """Take a sign if it comes next."""
        found = self.sign == sign
        self._at += found
        return found

    def _expect(self, sign: str) -> None:
        if not self._is(sign):
            raise Unreadable(self.sign)

    def expression(self, strength: int) -> Node:
        """Read one expression up to an operator that does not bind more strongly."""
        self._deep += 1
        if self._deep > DEEPEST:
            raise Unreadable("nested too deeply")
        left = self._first()
        while BINDING.get(self.sign, 0) > strength:
            left = self._further(left, self._take()[1])
        self._deep -= 1
        return left

    def _first(self) -> Node:
        kind, word = self._take()
        if kind == "text":
            return Node("text", word[1:-1])
        if kind == "number" or word in {"true", "false", "null"}:
            return Node("literal")
        if kind == "variable":
            return Node("variable", word[1:])
        if word in {"function", "λ"} and self.sign == "(":
            return self._function()
        if kind in {"name", "quoted"}:
            return Node("name", word.strip("`"))
        return self._opened(word)

    def _opened(self, sign: str) -> Node:
        if sign == "(":
            return Node("block", "", self._until(")", ";"))
        if sign == "[":
            return Node("array", "", self._until("]", ","))
        if sign == "{":
            return self._object()
        if sign == "-":
            return Node("operator", "-", (self.expression(70),))
        if sign in {"*", "**", "%"}:
            return Node("any")
        if sign == "|":
            raise Unreadable("a transform")
        raise Unreadable(sign)

    def _until(self, end: str, between: str) -> tuple[Node, ...]:
        found = []
        while not self._is(end):
            found.append(self.expression(0))
            if not self._is(between) and self.sign != end:
                raise Unreadable(self.sign)
        return tuple(found)

    def _object(self) -> Node:
        pairs = []
        while not self._is("}"):
            key = self.expression(0)
            self._expect(":")
            pairs.append(
                Node("pair", key.name if key.kind == "text" else "", (self.expression(0),))
            )
            if not self._is(",") and self.sign != "}":
                raise Unreadable(self.sign)
        return Node("object", "", tuple(pairs))

    def _function(self) -> Node:
        self._expect("(")
        given = self._until(")", ",")
        if self.sign == "<":  # a signature
            while not self._is(">"):
                self._take()
        self._expect("{")
        body = self._until("}", ";")
        return Node("lambda", " ".join(one.name for one in given), body)

    def _further(self, left: Node, sign: str) -> Node:
        """Read what an operator joins to what stands before it."""
        special = FURTHER.get(sign)
        if special:
            return special(self, left)
        right = self.expression(BINDING[sign] - (sign == ":="))
        if sign == ":=":
            return Node("bind", left.name, (right,))
        kind = "path" if sign == "." else "operator"
        return Node(kind, sign if kind == "operator" else "", (left, right))

    def filtered(self, left: Node) -> Node:
        return Node("filter", "", (left, *self._until("]", ",")))

    def called(self, left: Node) -> Node:
        return Node("call", "", (left, *self._until(")", ",")))

    def grouped(self, left: Node) -> Node:
        return Node("path", "", (left, self._object()))

    def sorted(self, left: Node) -> Node:
        self._expect("(")
        self._ordered()
        return left

    def named(self, left: Node) -> Node:
        return Node("focus", self._take()[1].removeprefix("$"), (left,))

    def _ordered(self) -> None:
        """Pass over what a list is sorted by."""
        while not self._is(")"):
            self._at += self.sign in {"<", ">"}
            self.expression(0)
            self._is(",")

    def chosen(self, condition: Node) -> Node:
        yes = self.expression(0)
        no = self.expression(0) if self._is(":") else Node("literal")
        return Node("if", "", (condition, yes, no))


FURTHER: dict[str, Callable[[_Reader, Node], Node]] = {  # by sign: what it joins to what
    "[": _Reader.filtered,
    "(": _Reader.called,
    "{": _Reader.grouped,
    "^": _Reader.sorted,
    "@": _Reader.named,
    "#": _Reader.named,
    "?": _Reader.chosen,
}
