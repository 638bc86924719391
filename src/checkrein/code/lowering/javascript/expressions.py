"""JavaScript's operators, calls and members; TypeScript's assertions are what they assert."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code import ir
from checkrein.code.lowering.javascript.literals import pieces
from checkrein.code.lowering.source import Source

if TYPE_CHECKING:
    from tree_sitter import Node

    from checkrein.code.lowering.source import Expressions

_COMPARISONS = {
    "==": "==", "===": "==", "!=": "!=", "!==": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
    "in": "in", "instanceof": "instanceof",
}  # fmt: skip
_WORDS = {"&&": "and", "||": "or"}


def _member(source: Source, node: Node) -> ir.Node:
    children = node.children
    value = source.expression(children[0])
    optional = children[1].type == "optional_chain"
    return ir.Attribute(source.at(node), value, source.text(children[-1]), optional=optional)


def _subscript(source: Source, node: Node) -> ir.Node:
    value = source.expression(node.children[0])
    return ir.Subscript(source.at(node), value, source.expression(source.field(node, "index")))


def _call(source: Source, node: Node) -> ir.Node:
    children = node.children
    given = children[-1]
    if source.text(children[0]) == "await":  # the grammar reads ``await (0, f)(x)`` as a call
        values = tuple([source.expression(child) for child in source.parts(given)])
        return ir.Await(source.at(node), ir.Operation(source.at(given), ",", values))
    function = source.expression(children[0])
    if given.type == "template_string":
        return ir.Call(source.at(node), function, _tagged(source, given))
    optional = any(child.type == "optional_chain" for child in children)
    return ir.Call(source.at(node), function, arguments(source, given), optional=optional)


def arguments(source: Source, node: Node) -> tuple[ir.Keyword, ...]:
    return tuple([_argument(source, child) for child in source.parts(node)])


def _argument(source: Source, node: Node) -> ir.Keyword:
    if node.type == "spread_element":
        return ir.Keyword("*", source.expression(source.only(node)))
    return ir.Keyword("", source.expression(node))


def _tagged(source: Source, node: Node) -> tuple[ir.Keyword, ...]:
    """Give what a tag is called with: the texts, then each value."""
    at = source.at(node)
    texts, values = pieces(source, node)
    constants: list[ir.Node] = [ir.Constant(at, text) for text in texts]
    strings = ir.Sequence(at, tuple(constants), "list")
    return tuple([ir.Keyword("", one) for one in [strings, *values]])


def _new(source: Source, node: Node) -> ir.Node:
    function = source.expression(source.field(node, "constructor"))
    given = node.child_by_field_name("arguments")
    listed = arguments(source, given) if given else ()
    return ir.Call(source.at(node), function, listed, new=True)


def _binary(source: Source, node: Node) -> ir.Node:
    """Lower ``a + b + c``, which the grammar nests to the left, as one operation."""
    at = source.at(node)
    operator = source.field(node, "operator").type
    if operator in _COMPARISONS:
        sides = source.field(node, "left"), source.field(node, "right")
        if "null" not in [side.type for side in sides]:  # where "===" tells it from undefined
            operator = _COMPARISONS[operator]
        return ir.Compare(at, operator, *map(source.expression, sides))
    operands: list[ir.Node] = []
    while node.type == "binary_expression" and source.field(node, "operator").type == operator:
        operands.append(source.expression(source.field(node, "right")))
        node = source.field(node, "left")
    operands.append(source.expression(node))
    return ir.Operation(at, _WORDS.get(operator, operator), tuple(reversed(operands)))


def _unary(source: Source, node: Node) -> ir.Node:
    children = node.children
    operand = source.expression(children[-1])
    if children[0].type == "!":
        return ir.Not(source.at(node), operand)
    return ir.Operation(source.at(node), children[0].type, (operand,))


def _ternary(source: Source, node: Node) -> ir.Node:
    """Lower ``a ? b : c ? d : e`` without nesting deeper for each ``?``."""
    arms: list[tuple[ir.Span, ir.Node, ir.Node]] = []
    while node.type == "ternary_expression":
        test = source.expression(source.field(node, "condition"))
        then = source.expression(source.field(node, "consequence"))
        arms.append((source.at(node), test, then))
        node = source.field(node, "alternative")
    otherwise = source.expression(node)
    for at, test, then in reversed(arms):
        otherwise = ir.Conditional(at, test, then, otherwise)
    return otherwise


def assigned(source: Source, node: Node) -> tuple[ir.Node, ir.Node]:
    """Give the target and the value of any of the three forms of assignment."""
    kind = node.type
    children = node.children
    if kind == "assignment_expression":
        return source.expression(children[0]), source.expression(children[-1])
    at = source.at(node)
    if kind == "update_expression":
        target = source.expression(source.field(node, "argument"))
        operator = source.field(node, "operator").type[0]
        return target, ir.Operation(at, operator, (target, ir.Constant(at, 1)))
    target = source.expression(children[0])
    operator = source.field(node, "operator").type.removesuffix("=")
    value = source.expression(children[-1])
    return target, ir.Operation(at, _WORDS.get(operator, operator), (target, value))


def _assignment(source: Source, node: Node) -> ir.Node:
    target, value = assigned(source, node)
    return ir.Assignment(source.at(node), target, value)


def flat(source: Source, node: Node) -> list[Node]:
    """Give the expressions that commas join; the grammar may nest them either way."""
    found: list[Node] = []
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if one.type == "sequence_expression":
            waiting.extend(reversed(source.parts(one)))
        else:
            found.append(one)
    return found


def _sequence(source: Source, node: Node) -> ir.Node:
    operands = [source.expression(one) for one in flat(source, node)]
    return ir.Operation(source.at(node), ",", tuple(operands))


def _spread(source: Source, node: Node) -> ir.Node:
    return ir.Spread(source.at(node), source.expression(source.only(node)))


def _await(source: Source, node: Node) -> ir.Node:
    return ir.Await(source.at(node), source.expression(source.only(node)))


def _yield(source: Source, node: Node) -> ir.Node:
    source.yields = True
    parts = source.parts(node)
    value = source.expression(parts[0]) if parts else None
    if value is not None and node.children[1].type == "*":
        value = ir.Spread(value.at, value)
    return ir.Yield(source.at(node), value)


def _inside(source: Source, node: Node) -> ir.Node:
    return source.expression(source.only(node))


def _asserted(source: Source, node: Node) -> ir.Node:
    return source.expression(node.children[-1])


EXPRESSIONS: Expressions = {
    "identifier": Source.name,
    "property_identifier": Source.name,
    "private_property_identifier": Source.name,
    "shorthand_property_identifier": Source.name,
    "shorthand_property_identifier_pattern": Source.name,
    "type_identifier": Source.name,
    "this": Source.name,
    "super": Source.name,
    "import": Source.name,
    "meta_property": Source.name,
    "member_expression": _member,
    "nested_identifier": _member,
    "subscript_expression": _subscript,
    "call_expression": _call,
    "new_expression": _new,
    "binary_expression": _binary,
    "unary_expression": _unary,
    "ternary_expression": _ternary,
    "assignment_expression": _assignment,
    "augmented_assignment_expression": _assignment,
    "update_expression": _assignment,
    "sequence_expression": _sequence,
    "spread_element": _spread,
    "rest_pattern": _spread,
    "await_expression": _await,
    "yield_expression": _yield,
    "parenthesized_expression": _inside,
    "as_expression": _inside,
    "satisfies_expression": _inside,
    "non_null_expression": _inside,
    "instantiation_expression": _inside,
    "type_assertion": _asserted,
}
