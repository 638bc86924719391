"""JavaScript's functions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from checkrein.code import ir

if TYPE_CHECKING:
    from tree_sitter import Node

    from checkrein.code.lowering.source import Expressions, Source, Statements

_TYPED = ("required_parameter", "optional_parameter")
_MODIFIERS = ("accessibility_modifier", "override_modifier", "readonly")


def function(source: Source, node: Node) -> ir.Lambda:
    """Lower any node with parameters and a body; an expression as the body is returned."""
    name = node.child_by_field_name("name")
    outer, source.yields = source.yields, False
    parameters = _parameters(source, node)
    body = _body(source, source.field(node, "body"))
    source.yields = outer
    kinds = {child.type for child in node.children}
    return ir.Lambda(
        source.at(node),
        parameters,
        _own_properties(source, node) + body,
        name=source.text(name) if name else "",
        is_async="async" in kinds,
        is_generator="*" in kinds,
        is_arrow=node.type == "arrow_function",
    )


def _body(source: Source, node: Node) -> tuple[ir.Node, ...]:
    if node.type == "statement_block":
        return source.block(node.named_children)
    result = source.expression(node)
    return (ir.Return(result.at, result),)


def _parameters(source: Source, node: Node) -> tuple[ir.Parameter, ...]:
    alone = node.child_by_field_name("parameter")
    if alone is not None:
        return (ir.Parameter(source.expression(alone)),)
    listed = node.child_by_field_name("parameters")
    if listed is None:
        return ()
    found = [_parameter(source, child) for child in source.parts(listed)]
    return tuple([one for one in found if one is not None])


def _parameter(source: Source, node: Node) -> ir.Parameter | None:
    """Give the parameter, or None for the type that TypeScript gives to ``this``."""
    kind = node.type
    if kind in _TYPED:
        return _typed(source, node)
    if kind == "rest_pattern":
        return ir.Parameter(source.expression(source.only(node)), kind="*")
    if kind == "assignment_pattern":
        children = node.children
        pattern = source.expression(children[0])
        return ir.Parameter(pattern, source.expression(children[-1]))
    return None if kind == "this" else ir.Parameter(source.expression(node))


def _typed(source: Source, node: Node) -> ir.Parameter | None:
    one = _parameter(source, source.field(node, "pattern"))
    if one is None:
        return None
    annotation = node.child_by_field_name("type")
    if annotation is not None:
        one.annotation = source.text(annotation).lstrip(": ")
    value = node.child_by_field_name("value")
    if value is not None:
        one.default = source.expression(value)
    one.decorators = decorators(source, node)
    return one


def _own_properties(source: Source, node: Node) -> tuple[ir.Node, ...]:
    """Give ``this.name = name`` for each of TypeScript's parameter properties."""
    listed = node.child_by_field_name("parameters") if node.type == "method_definition" else None
    found: list[ir.Node] = []
    for parameter in listed.named_children if listed else ():
        if parameter.type not in _TYPED:
            continue
        if any(child.type in _MODIFIERS for child in parameter.children):
            pattern = source.field(parameter, "pattern")
            at = source.at(pattern)
            name = source.text(pattern)
            own = ir.Attribute(at, ir.Name(at, "this"), name)
            found.append(ir.Assign(at, own, ir.Name(at, name)))
    return tuple(found)


def decorators(source: Source, node: Node) -> tuple[ir.Node, ...]:
    """Lower the decorators among a node's children."""
    found = [child for child in node.children if child.type == "decorator"]
    return tuple([source.expression(source.only(child)) for child in found])


def method(source: Source, node: Node) -> tuple[str, ir.Lambda, str]:
    """Give a method's name, its function, and "", static, get or set."""
    one = function(source, node)
    one.decorators = decorators(source, node)
    one.name = one.name if source.field(node, "name").type != "string" else one.name[1:-1]
    kinds = {child.type for child in node.children}
    for kind in ("static", "get", "set"):
        if kind in kinds:
            return one.name, one, kind
    return one.name, one, ""


def _define(source: Source, node: Node) -> Iterable[ir.Node]:
    return (ir.Define(source.at(node), function(source, node)),)


EXPRESSIONS: Expressions = {
    "arrow_function": function,
    "function_expression": function,
    "generator_function": function,
}
STATEMENTS: Statements = {
    "function_declaration": _define,
    "generator_function_declaration": _define,
}
