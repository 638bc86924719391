"""Python's constants and strings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code import ir
from checkrein.code.lowering.escapes import python_text

if TYPE_CHECKING:
    from tree_sitter import Node

    from checkrein.code.lowering.source import Expressions, Source


def _integer(source: Source, node: Node) -> ir.Node:
    text = source.text(node).rstrip("lL")
    try:
        return ir.Constant(source.at(node), int(text, 0))
    except ValueError:
        return _old_octal(source, node, text)


def _old_octal(source: Source, node: Node, text: str) -> ir.Node:
    try:
        return ir.Constant(source.at(node), int(text, 8))
    except ValueError:  # an imaginary number, or too many digits for int()
        return ir.Constant(source.at(node), text)


def _float(source: Source, node: Node) -> ir.Node:
    text = source.text(node)
    try:
        return ir.Constant(source.at(node), float(text))
    except ValueError:
        return ir.Constant(source.at(node), text)


def _true(source: Source, node: Node) -> ir.Node:
    return ir.Constant(source.at(node), value=True)


def _false(source: Source, node: Node) -> ir.Node:
    return ir.Constant(source.at(node), value=False)


def _none(source: Source, node: Node) -> ir.Node:
    return ir.Constant(source.at(node), None)


def _string(source: Source, node: Node) -> ir.Node:
    children = node.children
    opening, closing = children[0], children[-1]
    prefix = source.text(opening).rstrip("'\"").lower()
    if "f" in prefix or "t" in prefix:
        return _join(source, node, _format_parts(source, node, raw="r" in prefix))
    start = opening.end_byte
    end = closing.start_byte if closing.type == "string_end" else node.end_byte
    return ir.Constant(source.at(node), _text(source.between(start, end), raw="r" in prefix))


def _text(literal: str, *, raw: bool) -> str:
    return literal if raw else python_text(literal)


def _format_parts(source: Source, node: Node, *, raw: bool) -> list[str | ir.Node]:
    parts: list[str | ir.Node] = []
    start = node.children[0].end_byte
    for child in node.children[1:]:
        if child.type not in ("interpolation", "string_end"):
            continue
        text = source.between(start, child.start_byte).replace("{{", "{").replace("}}", "}")
        parts.append(_text(text, raw=raw))
        start = child.end_byte
        if child.type == "interpolation":
            parts += _interpolated(source, child)
    return parts


def _interpolated(source: Source, node: Node) -> list[ir.Node]:
    """Give the expression, and those in its format specification: they reach the text as well."""
    parts: list[ir.Node] = []
    waiting = [node]
    while waiting:
        for child in source.parts(waiting.pop()):
            if child.type in ("format_specifier", "format_expression"):
                waiting.append(child)
            elif child.type != "type_conversion":
                parts.append(source.expression(child))
            elif source.text(child) in ("!r", "!a") and parts:
                parts[-1] = _called("repr", parts[-1])
    return parts


def _called(name: str, value: ir.Node) -> ir.Node:
    return ir.Call(value.at, ir.Name(value.at, name), (ir.Keyword("", value),))


def _concatenated(source: Source, node: Node) -> ir.Node:
    parts: list[str | ir.Node] = []
    for child in source.parts(node):
        one = source.expression(child)
        if type(one) is ir.Format:
            parts += one.parts
        elif type(one) is ir.Constant and isinstance(one.value, str):
            parts.append(one.value)
        else:
            parts.append(one)
    return _join(source, node, parts)


def _join(source: Source, node: Node, parts: list[str | ir.Node]) -> ir.Node:
    """Make a Format of parts in which neighbouring texts are one, or a Constant of texts only."""
    joined: list[str | ir.Node] = []
    for part in parts:
        last = joined[-1] if joined else None
        if isinstance(part, str) and isinstance(last, str):
            joined[-1] = last + part
        elif part != "":
            joined.append(part)
    if all(isinstance(part, str) for part in joined):
        return ir.Constant(source.at(node), "".join([str(part) for part in joined]))
    return ir.Format(source.at(node), tuple(joined))


EXPRESSIONS: Expressions = {
    "integer": _integer,
    "float": _float,
    "true": _true,
    "false": _false,
    "none": _none,
    "ellipsis": _none,
    "string": _string,
    "concatenated_string": _concatenated,
}
