"""JSX: an operation over tag, attributes and children."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code import ir
from checkrein.code.lowering.javascript.literals import key

if TYPE_CHECKING:
    from tree_sitter import Node

    from checkrein.code.lowering.source import Expressions, Source


def _element(source: Source, node: Node) -> ir.Node:
    opening = source.field(node, "open_tag")
    children = [
        lowered
        for child in source.parts(node)
        if child.type not in ("jsx_opening_element", "jsx_closing_element")
        and (lowered := _child(source, child)) is not None
    ]
    tag, attributes = _tag(source, opening), _attributes(source, opening)
    return ir.Operation(source.at(node), "jsx", (tag, attributes, *children))


def _empty(source: Source, node: Node) -> ir.Node:
    return ir.Operation(source.at(node), "jsx", (_tag(source, node), _attributes(source, node)))


def _tag(source: Source, node: Node) -> ir.Node:
    name = node.child_by_field_name("name")
    if name is None:
        return ir.Constant(source.at(node), "")
    text = source.text(name)
    if name.type == "identifier" and not text[0].islower():
        return ir.Name(source.at(name), text)
    plain = name.type in ("identifier", "jsx_namespace_name")
    return ir.Constant(source.at(name), text) if plain else source.expression(name)


def _child(source: Source, node: Node) -> ir.Node | None:
    if node.type != "jsx_expression":
        return source.expression(node)
    parts = source.parts(node)  # none in {/* a comment */}
    return source.expression(parts[0]) if parts else None


def _attributes(source: Source, node: Node) -> ir.Node:
    items: list[tuple[ir.Node | None, ir.Node]] = []
    for attribute in node.children_by_field_name("attribute"):
        parts = source.parts(attribute)
        if attribute.type == "jsx_attribute":
            items.append((key(source, parts[0]), _attribute(source, parts)))
        elif parts:
            spread = parts[0]
            inside = source.only(spread) if spread.type == "spread_element" else spread
            items.append((None, source.expression(inside)))
    return ir.Dictionary(source.at(node), tuple(items))


def _attribute(source: Source, parts: list[Node]) -> ir.Node:
    value = _child(source, parts[1]) if len(parts) > 1 else None
    return value or ir.Constant(source.at(parts[0]), value=True)


def _text(source: Source, node: Node) -> ir.Node:
    return ir.Constant(source.at(node), source.text(node))


def _expression(source: Source, node: Node) -> ir.Node:
    return source.expression(source.only(node))


EXPRESSIONS: Expressions = {
    "jsx_element": _element,
    "jsx_self_closing_element": _empty,
    "jsx_expression": _expression,
    "jsx_text": _text,
    "html_character_reference": _text,
}
