"""Expressions of HCL: tree-sitter's nodes to ours."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from checkrein.notation.hcl_nodes import (
    Attr,
    Binary,
    Call,
    Conditional,
    Element,
    Expression,
    Index,
    Literal,
    Loop,
    Name,
    ObjectNode,
    Source,
    Splat,
    TupleNode,
    Unary,
)
from checkrein.notation.hcl_templates import quoted, template

if TYPE_CHECKING:
    from tree_sitter import Node

__all__ = ["expression", "quoted"]

CONSTANTS = {"true": True, "false": False, "null": None}


def expression(node: Node, source: Source) -> Expression:
    """Return the expression that a node of the syntax stands for."""
    return _LOWERED[node.type](node, source)


def _chain(node: Node, source: Source) -> Expression:
    """Read an ``expression``: a value, and what is taken of it."""
    parts = [child for child in node.children if child.type not in ("(", ")", "comment")]
    return _steps(parts, source)


def _steps(parts: list[Node], source: Source) -> Expression:
    found = expression(parts[0], source)
    for part in parts[1:]:
        found = _step(found, part, source)
    return found


def _step(target: Expression, node: Node, source: Source) -> Expression:
    start, end = target.start, node.end_byte
    if node.type == "get_attr":
        return Attr(start, end, target, _text(node.named_children[-1]))
    if node.type == "index":
        inner = node.children[0]
        if inner.type == "legacy_index":
            key: Expression = Literal(node.start_byte, end, int(_text(inner).lstrip(".").strip()))
        else:
            key = expression(inner.named_children[0], source)
        return Index(start, end, target, key)
    return _splat(target, node.children[0], source)


def _splat(target: Expression, node: Node, source: Source) -> Expression:
    """Read ``[*]``, whose steps all go through the elements, or ``.*``, whose attributes do."""
    steps = [child for child in node.named_children if child.type != "comment"]
    inner = len(steps)
    if node.type == "attr_splat":
        inner = next((i for i, step in enumerate(steps) if _is_index(step)), inner)
    each: Expression = Element(node.start_byte, node.start_byte)
    for step in steps[:inner]:
        each = _step(each, step, source)
    end = steps[inner - 1].end_byte if inner else node.start_byte + len(".*")
    found: Expression = Splat(target.start, end, target, each)
    for step in steps[inner:]:
        found = _step(found, step, source)
    return found


def _is_index(node: Node) -> bool:
    return node.type == "index" and node.children[0].type == "new_index"


def _literal(node: Node, source: Source) -> Expression:
    inner = node.children[0]
    start, end = node.start_byte, node.end_byte
    if inner.type == "string_lit":
        return Literal(start, end, quoted(inner, source))
    text = _text(inner)
    return Literal(start, end, CONSTANTS[text] if text in CONSTANTS else number(text))


def number(text: str) -> int | float:
    """Return a number as HCL writes it; a whole one is an int, however it is written."""
    if text.isdigit():
        return int(text)
    found = float(text)
    return int(found) if found.is_integer() and abs(found) < 2**63 else found


def _name(node: Node, source: Source) -> Expression:  # noqa: ARG001 - called like its siblings
    return Name(node.start_byte, node.end_byte, _text(node))


def _operation(node: Node, source: Source) -> Expression:
    inner = node.children[0]
    start, end = node.start_byte, node.end_byte
    if inner.type == "unary_operation":
        operand = _steps(_operand(inner.children[1:]), source)
        return Unary(start, end, _text(inner.children[0]), operand)
    children = inner.children
    at = next(i for i, child in enumerate(children) if _is_operator(child))
    left = _steps(_operand(children[:at]), source)
    right = _steps(_operand(children[at + 1 :]), source)
    return Binary(start, end, _text(children[at]), left, right)


def _is_operator(node: Node) -> bool:
    return not node.is_named and node.type not in ("(", ")")


def _operand(nodes: list[Node]) -> list[Node]:
    return [node for node in nodes if node.type not in ("(", ")", "comment")]


def _conditional(node: Node, source: Source) -> Expression:
    condition, yes, no = (child for child in node.named_children if child.type != "comment")
    inner = condition.children[0]
    lowered_no = expression(no, source)
    if inner.type == "conditional" and len(condition.children) == 1:
        first = _conditional(inner, source)
        assert isinstance(first, Conditional)
        return _extended(first, expression(yes, source), lowered_no, node.end_byte)
    return Conditional(
        node.start_byte,
        node.end_byte,
        expression(condition, source),
        expression(yes, source),
        lowered_no,
    )


def _extended(first: Conditional, yes: Expression, no: Expression, end: int) -> Conditional:
    """Make ``(a ? b : c) ? d : e`` what was written: ``a ? b : (c ? d : e)``."""
    last = first.no
    if isinstance(last, Conditional):
        rest = _extended(last, yes, no, end)
    else:
        rest = Conditional(last.start, end, last, yes, no)
    return Conditional(first.start, end, first.condition, first.yes, rest)


def _call(node: Node, source: Source) -> Expression:
    given = next((c for c in node.children if c.type == "function_arguments"), None)
    nodes = given.named_children if given else []
    arguments = tuple(expression(c, source) for c in nodes if c.type == "expression")
    expand = any(child.type == "ellipsis" for child in nodes)
    return Call(node.start_byte, node.end_byte, _text(node.children[0]), arguments, expand)


def _collection(node: Node, source: Source) -> Expression:
    inner = node.children[0]
    start, end = node.start_byte, node.end_byte
    if inner.type == "tuple":
        items = tuple(expression(c, source) for c in inner.children if c.type == "expression")
        return TupleNode(start, end, source, items)
    pairs = tuple(_pair(c, source) for c in inner.children if c.type == "object_elem")
    return ObjectNode(start, end, source, pairs)


def _pair(node: Node, source: Source) -> tuple[Expression, Expression]:
    key, value = (child for child in node.named_children if child.type != "comment")
    if len(key.children) == 1 and key.children[0].type == "variable_expr":
        name: Expression = Literal(key.start_byte, key.end_byte, _text(key))
    else:
        name = expression(key, source)
    return name, expression(value, source)


def _loop(node: Node, source: Source) -> Expression:
    inner = node.children[0]
    intro = next(child for child in inner.children if child.type == "for_intro")
    names = tuple(_text(child) for child in intro.children if child.type == "identifier")
    over = next(child for child in intro.children if child.type == "expression")
    values = [expression(c, source) for c in inner.children if c.type == "expression"]
    found = next((child for child in inner.children if child.type == "for_cond"), None)
    return Loop(
        node.start_byte,
        node.end_byte,
        source,
        names,
        expression(over, source),
        values[0] if inner.type == "for_object_expr" else None,
        values[-1],
        expression(found.named_children[-1], source) if found else None,
        any(child.type == "ellipsis" for child in inner.children),
    )


def _template(node: Node, source: Source) -> Expression:
    return template(node.children[0], source, expression)


def _text(node: Node) -> str:
    return (node.text or b"").decode(errors="replace")


_LOWERED: dict[str, Callable[[Node, Source], Expression]] = {
    "expression": _chain,
    "literal_value": _literal,
    "variable_expr": _name,
    "operation": _operation,
    "conditional": _conditional,
    "function_call": _call,
    "collection_value": _collection,
    "for_expr": _loop,
    "template_expr": _template,
}
