"""JavaScript's constants, template strings, arrays and objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code import ir
from checkrein.code.lowering.escapes import javascript_text
from checkrein.code.lowering.javascript.functions import method

if TYPE_CHECKING:
    from tree_sitter import Node

    from checkrein.code.lowering.source import Expressions, Source


def string(source: Source, node: Node) -> ir.Constant:
    return ir.Constant(source.at(node), javascript_text(source.text(node)[1:-1]))


def _number(source: Source, node: Node) -> ir.Node:
    text = source.text(node).replace("_", "").removesuffix("n")
    return ir.Constant(source.at(node), _numeral(text))


def _numeral(text: str) -> int | float | str:
    try:
        if text.isdecimal():
            return int(text, 8 if text.startswith("0") and not set(text) & {"8", "9"} else 10)
        return int(text, 0) if text[:2].lower() in ("0x", "0o", "0b") else float(text)
    except ValueError:  # too many digits for int()
        return text


def _true(source: Source, node: Node) -> ir.Node:
    return ir.Constant(source.at(node), value=True)


def _false(source: Source, node: Node) -> ir.Node:
    return ir.Constant(source.at(node), value=False)


def _none(source: Source, node: Node) -> ir.Node:
    return ir.Constant(source.at(node), None)


def _regex(source: Source, node: Node) -> ir.Node:
    return ir.Constant(source.at(node), source.text(node), "regex")


def template(source: Source, node: Node) -> ir.Node:
    texts, values = pieces(source, node)
    if not values:
        return ir.Constant(source.at(node), texts[0])
    parts: list[str | ir.Node] = [texts[0]]
    for value, text in zip(values, texts[1:], strict=True):
        parts += (value, text)
    return ir.Format(source.at(node), tuple([part for part in parts if part != ""]))


def pieces(source: Source, node: Node) -> tuple[list[str], list[ir.Node]]:
    """Give a template's texts and the values between them, one fewer."""
    start = node.start_byte + 1
    texts: list[str] = []
    values: list[ir.Node] = []
    for child in node.children:
        if child.type == "template_substitution":
            texts.append(javascript_text(source.between(start, child.start_byte)))
            values.append(source.expression(source.only(child)))
            start = child.end_byte
    texts.append(javascript_text(source.between(start, node.end_byte - 1)))
    return texts, values


def _array(source: Source, node: Node) -> ir.Node:
    """Lower an array or its pattern; a hole is a Constant None, or the Name "" in a pattern."""
    items: list[ir.Node] = []
    hole = True
    for child in node.children[1:]:
        if child.type == "," and hole:
            items.append(_hole(source, node, child))
        elif child.type == ",":
            hole = True
        elif child.is_named and not child.is_extra:
            items.append(source.expression(child))
            hole = False
    return ir.Sequence(source.at(node), tuple(items), "list")


def _hole(source: Source, array: Node, comma: Node) -> ir.Node:
    at = source.at(comma)
    return ir.Name(at, "") if array.type == "array_pattern" else ir.Constant(at, None)


def _object(source: Source, node: Node) -> ir.Node:
    items = [_item(source, child) for child in source.parts(node)]
    return ir.Dictionary(source.at(node), tuple(items))


def _item(source: Source, node: Node) -> tuple[ir.Node | None, ir.Node]:
    kind = node.type
    if kind == "pair":
        children = node.children
        return key(source, children[0]), source.expression(children[-1])
    if kind == "shorthand_property_identifier":
        at = source.at(node)
        name = source.text(node)
        return ir.Constant(at, name), ir.Name(at, name)
    if kind == "method_definition":
        return _method_item(source, node)
    return None, source.expression(source.only(node) if kind == "spread_element" else node)


def _method_item(source: Source, node: Node) -> tuple[ir.Node | None, ir.Node]:
    name = key(source, source.field(node, "name"))
    _, function, kind = method(source, node)
    if kind == "get":  # the property is what the getter returns
        return name, ir.Call(function.at, function, ())
    return name, function


def key(source: Source, node: Node) -> ir.Node:
    """Lower a property's name: a Constant, unless it is computed."""
    kind = node.type
    if kind == "string":
        return string(source, node)
    if kind == "computed_property_name":
        return source.expression(source.only(node))
    return ir.Constant(source.at(node), source.text(node))


def _object_pattern(source: Source, node: Node) -> ir.Node:
    items = [_property(source, child) for child in source.parts(node)]
    return ir.ObjectPattern(source.at(node), tuple(items))


def _property(source: Source, node: Node) -> tuple[ir.Node | None, ir.Node]:
    kind = node.type
    children = node.children
    if kind == "pair_pattern":
        return key(source, children[0]), source.expression(children[-1])
    if kind == "rest_pattern":
        return None, source.expression(source.only(node))
    at = source.at(node)
    if kind == "object_assignment_pattern":
        left = source.expression(children[0])
        default = ir.Default(at, left, source.expression(children[-1]))
        return key(source, children[0]), default
    name = source.text(node)
    return ir.Constant(at, name), ir.Name(at, name)


def _default(source: Source, node: Node) -> ir.Node:
    children = node.children
    pattern = source.expression(children[0])
    return ir.Default(source.at(node), pattern, source.expression(children[-1]))


EXPRESSIONS: Expressions = {
    "string": string,
    "number": _number,
    "true": _true,
    "false": _false,
    "null": _none,
    "undefined": _none,
    "regex": _regex,
    "template_string": template,
    "array": _array,
    "array_pattern": _array,
    "object": _object,
    "object_pattern": _object_pattern,
    "assignment_pattern": _default,
    "object_assignment_pattern": _default,
}
