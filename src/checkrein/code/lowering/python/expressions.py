"""Python's expressions and assignment patterns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code import ir
from checkrein.code.lowering.source import COMMENTS, Malformed, Source

if TYPE_CHECKING:
    from tree_sitter import Node

    from checkrein.code.lowering.source import Expressions

_COMPARISONS = {"<>": "!=", "not in": "not-in", "is not": "is-not"}


def _attribute(source: Source, node: Node) -> ir.Node:
    children = node.children
    value = source.expression(children[0])
    return ir.Attribute(source.at(node), value, source.text(children[-1]))


def _subscript(source: Source, node: Node) -> ir.Node:
    children = node.children
    value = source.expression(children[0])
    indices = [source.expression(one) for one in node.children_by_field_name("subscript")]
    if not indices:
        raise Malformed(node.type)
    if len(indices) == 1 and children[-2].type != ",":
        return ir.Subscript(source.at(node), value, indices[0])
    index = ir.Sequence(indices[0].at[:2] + indices[-1].at[2:], tuple(indices), "tuple")
    return ir.Subscript(source.at(node), value, index)


def _slice(source: Source, node: Node) -> ir.Node:
    at = source.at(node)
    parts: list[ir.Node] = []
    missing = True
    for child in node.children:
        if child.type == ":":
            if missing:
                parts.append(ir.Constant(at, None))
            missing = True
        elif child.type not in COMMENTS:
            parts.append(source.expression(child))
            missing = False
    return ir.Slice(at, tuple(parts))


def call(source: Source, node: Node) -> ir.Node:
    children = node.children
    function = source.expression(children[0])
    return ir.Call(source.at(node), function, arguments(source, children[-1]))


def arguments(source: Source, node: Node) -> tuple[ir.Keyword, ...]:
    if node.type == "generator_expression":
        return (ir.Keyword("", source.expression(node)),)
    return tuple([_argument(source, child) for child in source.parts(node)])


def _argument(source: Source, node: Node) -> ir.Keyword:
    kind = node.type
    if kind == "keyword_argument":
        children = node.children
        return ir.Keyword(source.text(children[0]), source.expression(children[-1]))
    if kind == "list_splat":
        return ir.Keyword("*", source.expression(source.only(node)))
    if kind == "dictionary_splat":
        return ir.Keyword("**", source.expression(source.only(node)))
    return ir.Keyword("", source.expression(node))


def _dictionary(source: Source, node: Node) -> ir.Node:
    items: list[tuple[ir.Node | None, ir.Node]] = []
    for child in source.parts(node):
        if child.type == "pair":
            items.append(_pair(source, child))
        else:
            splat = child.type == "dictionary_splat"
            items.append((None, source.expression(source.only(child) if splat else child)))
    return ir.Dictionary(source.at(node), tuple(items))


def _pair(source: Source, node: Node) -> tuple[ir.Node | None, ir.Node]:
    children = node.children
    return (source.expression(children[0]), source.expression(children[-1]))


def sequence(source: Source, node: Node, kind: str = "tuple") -> ir.Node:
    items = [source.expression(child) for child in source.parts(node)]
    return ir.Sequence(source.at(node), tuple(items), kind)


def _list(source: Source, node: Node) -> ir.Node:
    return sequence(source, node, "list")


def _set(source: Source, node: Node) -> ir.Node:
    return sequence(source, node, "set")


def _spread(source: Source, node: Node) -> ir.Node:
    return ir.Spread(source.at(node), source.expression(source.only(node)))


def _comprehension(source: Source, node: Node, kind: str) -> ir.Node:
    body: Node | None = None
    clauses: list[tuple[ir.Node, ir.Node, tuple[ir.Node, ...]]] = []
    for child in source.parts(node):
        if child.type == "for_in_clause":
            target = source.expression(source.field(child, "left"))
            clauses.append((target, _iterable(source, child), ()))
        elif child.type == "if_clause" and clauses:
            target, iterable, tests = clauses[-1]
            test = source.expression(source.only(child))
            clauses[-1] = (target, iterable, (*tests, test))
        else:
            body = body or child
    if body is None:
        raise Malformed(node.type)
    return ir.Comprehension(source.at(node), tuple(clauses), _element(source, body), kind)


def _iterable(source: Source, clause: Node) -> ir.Node:
    rights = clause.children_by_field_name("right")
    if not rights:
        raise Malformed(clause.type)
    if len(rights) == 1:
        return source.expression(rights[0])
    items = [source.expression(right) for right in rights if right.is_named]  # Python 2's bare a, b
    return ir.Sequence(items[0].at[:2] + items[-1].at[2:], tuple(items), "tuple")


def _element(source: Source, body: Node) -> ir.Node:
    if body.type != "pair":
        return source.expression(body)
    return ir.Dictionary(source.at(body), (_pair(source, body),))


def _list_comprehension(source: Source, node: Node) -> ir.Node:
    return _comprehension(source, node, "list")


def _set_comprehension(source: Source, node: Node) -> ir.Node:
    return _comprehension(source, node, "set")


def _dictionary_comprehension(source: Source, node: Node) -> ir.Node:
    return _comprehension(source, node, "dict")


def _generator(source: Source, node: Node) -> ir.Node:
    return _comprehension(source, node, "generator")


def _inside(source: Source, node: Node) -> ir.Node:
    return source.expression(source.only(node))


def _await(source: Source, node: Node) -> ir.Node:
    return ir.Await(source.at(node), source.expression(source.only(node)))


def _binary(source: Source, node: Node) -> ir.Node:
    """Lower ``a + b + c``, which the grammar nests to the left, as one operation."""
    at = source.at(node)
    operator = source.field(node, "operator").type
    operands: list[ir.Node] = []
    kind = node.type
    while node.type == kind and source.field(node, "operator").type == operator:
        operands.append(source.expression(source.field(node, "right")))
        node = source.field(node, "left")
    operands.append(source.expression(node))
    return ir.Operation(at, operator, tuple(reversed(operands)))


def _unary(source: Source, node: Node) -> ir.Node:
    operand = source.expression(source.only(node))
    return ir.Operation(source.at(node), node.children[0].type, (operand,))


def _not(source: Source, node: Node) -> ir.Node:
    return ir.Not(source.at(node), source.expression(source.only(node)))


def _comparison(source: Source, node: Node) -> ir.Node:
    at = source.at(node)
    operands = [source.expression(child) for child in source.parts(node)]
    operators = [operator.type for operator in node.children_by_field_name("operators")]
    compares: list[ir.Node] = [
        ir.Compare(at, _COMPARISONS.get(operator, operator), left, right)
        for operator, left, right in zip(operators, operands, operands[1:], strict=False)
    ]
    if not compares:
        raise Malformed(node.type)
    return compares[0] if len(compares) == 1 else ir.Operation(at, "and", tuple(compares))


def _conditional(source: Source, node: Node) -> ir.Node:
    """Lower ``a if b else c if d else e`` without nesting deeper for each ``if``."""
    arms: list[tuple[ir.Span, ir.Node, ir.Node]] = []
    while node.type == "conditional_expression":
        parts = source.parts(node)
        arms.append((source.at(node), source.expression(parts[1]), source.expression(parts[0])))
        node = parts[2]
    otherwise = source.expression(node)
    for at, test, then in reversed(arms):
        otherwise = ir.Conditional(at, test, then, otherwise)
    return otherwise


def _assignment(source: Source, node: Node) -> ir.Node:
    children = node.children
    target = source.expression(children[0])
    return ir.Assignment(source.at(node), target, source.expression(children[-1]))


def _yield(source: Source, node: Node) -> ir.Node:
    source.yields = True
    parts = source.parts(node)
    value = source.expression(parts[0]) if parts else None
    if value is not None and node.children[1].type == "from":
        value = ir.Spread(value.at, value)
    return ir.Yield(source.at(node), value)


def _generic(source: Source, node: Node) -> ir.Node:
    """Lower the type ``list[int]`` as what it is where it is no type."""
    kind, parameters = source.parts(node)[:2]
    at = source.at(parameters)
    items = [source.expression(one) for one in source.parts(parameters)]
    index = items[0] if len(items) == 1 else ir.Sequence(at, tuple(items), "tuple")
    return ir.Subscript(source.at(node), source.expression(kind), index)


def _union(source: Source, node: Node) -> ir.Node:
    options = tuple([source.expression(one) for one in source.parts(node)])
    return ir.Operation(source.at(node), "|", options)


EXPRESSIONS: Expressions = {
    "identifier": Source.name,
    "keyword_identifier": Source.name,
    "dotted_name": Source.name,
    "attribute": _attribute,
    "subscript": _subscript,
    "slice": _slice,
    "call": call,
    "dictionary": _dictionary,
    "list": _list,
    "list_pattern": _list,
    "tuple": sequence,
    "tuple_pattern": sequence,
    "expression_list": sequence,
    "pattern_list": sequence,
    "set": _set,
    "list_splat": _spread,
    "list_splat_pattern": _spread,
    "parenthesized_list_splat": _spread,
    "dictionary_splat": _spread,
    "list_comprehension": _list_comprehension,
    "set_comprehension": _set_comprehension,
    "dictionary_comprehension": _dictionary_comprehension,
    "generator_expression": _generator,
    "parenthesized_expression": _inside,
    "as_pattern_target": _inside,
    "type": _inside,
    "generic_type": _generic,
    "union_type": _union,
    "await": _await,
    "binary_operator": _binary,
    "boolean_operator": _binary,
    "unary_operator": _unary,
    "not_operator": _not,
    "comparison_operator": _comparison,
    "conditional_expression": _conditional,
    "named_expression": _assignment,
    "assignment": _assignment,
    "yield": _yield,
}
