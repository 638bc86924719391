"""JavaScript's classes, and TypeScript's enumerations and namespaces."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from checkrein.code import ir
from checkrein.code.lowering.javascript.functions import decorators, method
from checkrein.code.lowering.javascript.literals import key

if TYPE_CHECKING:
    from tree_sitter import Node

    from checkrein.code.lowering.source import Expressions, Source, Statements

_FIELDS = ("field_definition", "public_field_definition")
_STATIC_BLOCK = "static {}"


def _class(source: Source, node: Node) -> ir.ClassExpression:
    name = node.child_by_field_name("name")
    methods: list[tuple[str, ir.Lambda, str]] = []
    fields: list[tuple[ir.Node, ir.Node]] = []
    pending: tuple[ir.Node, ...] = ()  # TypeScript's decorators stand before their method
    for member in source.field(node, "body").named_children:
        kind = member.type
        if kind == "decorator":
            pending += (source.expression(source.only(member)),)
            continue
        if kind == "method_definition":
            methods.append(method(source, member))
            methods[-1][1].decorators = pending + methods[-1][1].decorators
        elif kind in _FIELDS:
            fields += _field(source, member)
        elif kind == "class_static_block":
            fields.append(_static_block(source, member))
        pending = ()
    return ir.ClassExpression(
        source.at(node),
        source.text(name) if name else "",
        _bases(source, node),
        tuple(methods),
        tuple(fields),
        decorators(source, node),
    )


def _bases(source: Source, node: Node) -> tuple[ir.Node, ...]:
    found: list[ir.Node] = []
    for child in node.named_children:
        if child.type != "class_heritage":
            continue
        for base in source.parts(child):
            if base.type == "extends_clause":
                found.append(source.expression(source.field(base, "value")))
            elif base.type != "implements_clause":
                found.append(source.expression(base))
    return tuple(found)


def _field(source: Source, node: Node) -> Iterable[tuple[ir.Node, ir.Node]]:
    value = node.child_by_field_name("value")
    if value is None:
        return ()
    name = node.child_by_field_name("property") or source.field(node, "name")
    if name.type == "computed_property_name":
        target = source.expression(source.only(name))
    elif name.type in ("string", "number"):
        target = key(source, name)
    else:
        target = ir.Name(source.at(name), source.text(name))
    return ((target, source.expression(value)),)


def _static_block(source: Source, node: Node) -> tuple[ir.Node, ir.Node]:
    at = source.at(node)
    body = source.block(source.field(node, "body").named_children)
    return ir.Name(at, _STATIC_BLOCK), ir.Call(at, ir.Lambda(at, (), body), ())


def _define(source: Source, node: Node) -> Iterable[ir.Node]:
    return (ir.DefineClass(source.at(node), _class(source, node)),)


def _enumeration(source: Source, node: Node) -> Iterable[ir.Node]:
    """Make a constant object; members without a value count on from the last number."""
    at = source.at(node)
    items: list[tuple[ir.Node | None, ir.Node]] = []
    following = 0
    for member in source.parts(source.field(node, "body")):
        value: ir.Node
        if member.type == "enum_assignment":
            name = key(source, source.field(member, "name"))
            value = source.expression(source.field(member, "value"))
        else:
            name = key(source, member)
            value = ir.Constant(name.at, following)
        if type(value) is ir.Constant and isinstance(value.value, int):
            following = value.value + 1
        items.append((name, value))
    target = source.expression(source.field(node, "name"))
    return (ir.Assign(at, target, ir.Dictionary(at, tuple(items)), "const"),)


def _namespace(source: Source, node: Node) -> Iterable[ir.Node]:
    """Make an object of what a function with the namespace's body exports."""
    name = source.field(node, "name")
    body = node.child_by_field_name("body")
    if name.type == "string" or body is None:
        return ()  # describes a module that is elsewhere
    at = source.at(node)
    statements = source.block(body.named_children)
    items: list[tuple[ir.Node | None, ir.Node]] = [
        (ir.Constant(one.at, one.name), one.value)
        for one in statements
        if type(one) is ir.Export and one.value is not None
    ]
    kept = tuple([one for one in statements if type(one) is not ir.Export])
    result = ir.Return(at, ir.Dictionary(at, tuple(items)))
    value: ir.Node = ir.Call(at, ir.Lambda(at, (), (*kept, result)), ())
    first, *rest = source.text(name).split(".")
    for inner in reversed(rest):
        value = ir.Dictionary(at, ((ir.Constant(at, inner.strip()), value),))
    return (ir.Assign(at, ir.Name(source.at(name), first.strip()), value, "const"),)


EXPRESSIONS: Expressions = {"class": _class}
STATEMENTS: Statements = {
    "class_declaration": _define,
    "abstract_class_declaration": _define,
    "enum_declaration": _enumeration,
    "internal_module": _namespace,
    "module": _namespace,
}
