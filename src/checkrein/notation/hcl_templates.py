"""Templates of HCL: quoted texts and heredocs, with what is filled in."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from checkrein.late import regex
from checkrein.notation.hcl_nodes import (
    Expression,
    ForPart,
    IfPart,
    Name,
    Source,
    Template,
    TemplatePart,
)

if TYPE_CHECKING:
    from tree_sitter import Node

Lower = Callable[["Node", Source], Expression]
ESCAPE = regex(r'\\(?:(["\\nrt])|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))|([$%])\4\{')
DOUBLED = regex(r"([$%])\1\{")
SIMPLE = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\"}
MARKS = ("quoted_template_start", "quoted_template_end", "heredoc_start", "heredoc_identifier")
START, END = ("template_if_intro", "template_for_start"), ("template_if_end", "template_for_end")
LAST_POINT = 0x110000


def quoted(node: Node, source: Source) -> str:
    """Return a quoted text in which nothing is to be filled in."""
    return unescaped(_slice(source, node.start_byte + 1, node.end_byte - 1))


def unescaped(text: str) -> str:
    """Return a quoted text's content with its escapes resolved."""
    if "\\" not in text and "{" not in text:
        return text
    return ESCAPE.sub(_meant, text)


def _meant(found: re.Match[str]) -> str:
    if found[1]:
        return SIMPLE[found[1]]
    if found[4]:
        return found[4] + "{"
    point = int(found[2] or found[3], 16)
    return chr(point) if point < LAST_POINT else found[0]


def template(node: Node, source: Source, lower: Lower) -> Expression:
    """Return the template that a ``quoted_template`` or ``heredoc_template`` is."""
    if node.type == "quoted_template":
        parts = _Parts(source, lower, unescaped, 0).of(
            node.children, node.start_byte + 1, node.end_byte - 1
        )
        return Template(node.start_byte, node.end_byte, source, tuple(parts))
    return _heredoc(node, source, lower)


def _heredoc(node: Node, source: Source, lower: Lower) -> Expression:
    first, last = (c for c in node.children if c.type == "heredoc_identifier")
    start = source.data.find(b"\n", first.end_byte) + 1
    end = max(start, source.data.rfind(b"\n", 0, last.start_byte) + 1)
    is_flush = _slice(source, node.start_byte, first.start_byte).startswith("<<-")
    indent = _indent(node, source, start, end) if is_flush else 0
    parts = _Parts(source, lower, _undoubled, indent).of(node.children, start, end)
    plain = all(_in_one_line(c) for c in node.children if c.type.startswith("template_i"))
    plain = plain and not any(c.type == "template_directive" for c in node.children)
    line = source.line(start) if plain else 0
    return Template(node.start_byte, last.end_byte, source, tuple(parts), line, indent)


def _in_one_line(node: Node) -> bool:
    return node.start_point[0] == node.end_point[0]


def _undoubled(text: str) -> str:
    return DOUBLED.sub(r"\1{", text.replace("\r\n", "\n")) if "{" in text or "\r" in text else text


class _Parts:
    """Reads a template's parts: what is written between the grammar's marks is text as it is."""

    def __init__(
        self, source: Source, lower: Lower, meaning: Callable[[str], str], indent: int
    ) -> None:
        self.source = source
        self.lower = lower
        self.meaning = meaning
        self.indent = indent  # what each line of the file loses
        self.strip = False  # the next text loses the blanks that it begins with

    def of(self, nodes: list[Node], start: int, end: int) -> list[TemplatePart]:
        """Read the parts between two offsets; ``nodes`` are the nodes there, and marks."""
        found: list[TemplatePart] = []
        at = start
        for node in nodes:
            if node.type not in ("template_interpolation", "template_directive"):
                continue
            self._text(found, at, node.start_byte, stripped=_strips(node, first=True))
            self.strip = _strips(node, first=False)
            found.append(self._filled(node))
            at = node.end_byte
        self._text(found, at, end, stripped=False)
        return found

    def _text(self, found: list[TemplatePart], start: int, end: int, *, stripped: bool) -> None:
        text = self.meaning(self._dedented(_slice(self.source, start, end), start))
        if self.strip:
            text = text.lstrip()
        if stripped:
            text = text.rstrip()
        self.strip = False
        if text:
            found.append(text)

    def _dedented(self, text: str, start: int) -> str:
        if not self.indent:
            return text
        first, *rest = text.split("\n")
        if self.source.data[start - 1 : start] == b"\n":
            first = first[min(self.indent, len(first) - len(first.lstrip(" \t"))) :]
        return "\n".join([first, *(line[self.indent :] for line in rest)])

    def _filled(self, node: Node) -> TemplatePart:
        if node.type == "template_interpolation":
            return self._inner(node)
        directive = node.children[0]
        return self._if(directive) if directive.type == "template_if" else self._for(directive)

    def _inner(self, node: Node) -> Expression:
        """Return what stands between the marks; the grammar takes nothing too, Terraform not."""
        inner = next((child for child in node.children if child.type == "expression"), None)
        return self.lower(inner, self.source) if inner else Name(node.start_byte, node.end_byte, "")

    def _if(self, node: Node) -> IfPart:
        intro, end = node.children[0], node.children[-1]
        middle = next((c for c in node.children if c.type == "template_else_intro"), None)
        condition = self._inner(intro)
        yes = self._between(node, intro, middle or end)
        no = self._between(node, middle, end) if middle else ()
        self.strip = _ends_stripping(end)
        return IfPart(condition, yes, no)

    def _for(self, node: Node) -> ForPart:
        intro, end = node.children[0], node.children[-1]
        names = tuple(
            _slice(self.source, c.start_byte, c.end_byte)
            for c in intro.children
            if c.type == "identifier"
        )
        collection = self._inner(intro)
        parts = self._between(node, intro, end)
        self.strip = _ends_stripping(end)
        return ForPart(names, collection, parts)

    def _between(self, node: Node, first: Node, last: Node) -> tuple[TemplatePart, ...]:
        start, end = first.end_byte, last.start_byte
        inside = [c for c in node.children if start <= c.start_byte and c.end_byte <= end]
        self.strip = _ends_stripping(first)
        parts = self.of(inside, start, end)
        if _begins_stripping(last) and parts and isinstance(parts[-1], str):
            parts[-1] = parts[-1].rstrip()
        return tuple(part for part in parts if part != "")


def _strips(node: Node, *, first: bool) -> bool:
    """Tell whether blanks before (or behind) what is filled in are to go."""
    if node.type == "template_directive":
        directive = node.children[0]
        edge = directive.children[0 if first else -1]
        return _begins_stripping(edge) if first else _ends_stripping(edge)
    return _begins_stripping(node) if first else _ends_stripping(node)


def _begins_stripping(node: Node) -> bool:
    return len(node.children) > 1 and node.children[1].type == "strip_marker"


def _ends_stripping(node: Node) -> bool:
    return len(node.children) > 1 and node.children[-2].type == "strip_marker"


def _indent(node: Node, source: Source, start: int, end: int) -> int:
    """Return how many blanks all lines of a ``<<-`` heredoc begin with; blank lines do not count.

    Lines inside of what is filled in are no lines of the text.
    """
    filled = [(c.start_byte, c.end_byte) for c in node.children if c.type.startswith("template_i")]
    depths: list[int] = []
    at = start
    while at < end:
        stop = source.data.find(b"\n", at, end)
        stop = end if stop < 0 else stop
        line = source.data[at:stop]
        if line.strip() and not any(first < at < last for first, last in filled):
            depths.append(len(line) - len(line.lstrip()))
        at = stop + 1
    return min(depths, default=0)


def _slice(source: Source, start: int, end: int) -> str:
    return source.data[start:end].decode(errors="replace")
