"""Python's functions and classes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from checkrein.code import ir
from checkrein.code.lowering.python.expressions import arguments
from checkrein.code.lowering.source import Malformed

if TYPE_CHECKING:
    from tree_sitter import Node

    from checkrein.code.lowering.source import Expressions, Source, Statements

_KINDS = {"staticmethod": "static", "classmethod": "class", "property": "get"}
_ACCESSORS = {"setter": "set", "getter": "get", "cached_property": "get"}
_PLAIN = ("identifier", "tuple_pattern")
_SPREADS = {"list_splat_pattern": "*", "dictionary_splat_pattern": "**"}


def _parameters(source: Source, node: Node | None) -> tuple[ir.Parameter, ...]:
    if node is None:
        return ()
    found = [_parameter(source, child) for child in source.parts(node)]
    return tuple([one for one in found if one is not None])


def _parameter(source: Source, node: Node) -> ir.Parameter | None:
    """Give the parameter, or None for the marks ``/`` and ``*``."""
    kind = node.type
    if kind in _PLAIN:
        return ir.Parameter(source.expression(node))
    if kind in _SPREADS:
        return ir.Parameter(source.expression(source.only(node)), kind=_SPREADS[kind])
    if kind not in ("default_parameter", "typed_parameter", "typed_default_parameter"):
        return None
    annotation = node.child_by_field_name("type")
    one = _parameter(source, source.parts(node)[0])
    if one is None:
        raise Malformed(kind)
    one.default = source.optional(node, "value")
    one.annotation = source.text(annotation) if annotation else ""
    return one


def _lambda(source: Source, node: Node) -> ir.Node:
    outer, source.yields = source.yields, False
    parameters = _parameters(source, node.child_by_field_name("parameters"))
    result = source.expression(source.field(node, "body"))
    generator, source.yields = source.yields, outer
    body = (ir.Return(result.at, result),)
    return ir.Lambda(source.at(node), parameters, body, is_generator=generator)


def _function(source: Source, node: Node) -> ir.Lambda:
    outer, source.yields = source.yields, False
    parameters = _parameters(source, node.child_by_field_name("parameters"))
    body = source.block(source.field(node, "body").named_children)
    generator, source.yields = source.yields, outer
    return ir.Lambda(
        source.at(node),
        parameters,
        body,
        name=source.text(source.field(node, "name")),
        is_async=node.children[0].type == "async",
        is_generator=generator,
    )


def _define(source: Source, node: Node) -> Iterable[ir.Node]:
    return (ir.Define(source.at(node), _function(source, node)),)


def _decorated(source: Source, node: Node) -> Iterable[ir.Node]:
    decorators = tuple(
        [source.expression(source.only(c)) for c in node.children if c.type == "decorator"]
    )
    definitions = source.block([source.field(node, "definition")])
    for definition in definitions:
        if type(definition) is ir.Define:
            definition.function.decorators = decorators
        elif type(definition) is ir.DefineClass:
            definition.definition.decorators = decorators
    return definitions


def _class(source: Source, node: Node) -> Iterable[ir.Node]:
    bases = node.child_by_field_name("superclasses")
    listed = arguments(source, bases) if bases else ()
    methods: list[tuple[str, ir.Lambda, str]] = []
    fields: list[tuple[ir.Node, ir.Node | None]] = []
    body = source.block(source.field(node, "body").named_children)
    _members(body, methods, fields)
    # class Open(BaseModel, extra="allow"): pydantic takes it for a part of ``model_config``
    said = [base for base in listed if base.name == "extra"]
    fields += [(ir.Name(base.value.at, "model_config"), base.value) for base in said]
    definition = ir.ClassExpression(
        source.at(node),
        source.text(source.field(node, "name")),
        tuple([base.value for base in listed if not base.name]),
        tuple(methods),
        tuple(fields),
        types=tuple(_types(body)),
    )
    return (ir.DefineClass(definition.at, definition),)


def _types(body: Iterable[ir.Node]) -> Iterator[tuple[str, ir.Node]]:
    """Give the annotated fields of a class with their types."""
    for one in body:
        if type(one) is ir.Annotation and one.annotation is not None:
            yield one.name, one.annotation
        elif type(one) is ir.Assign and type(one.target) is ir.Name and one.annotation is not None:
            yield one.target.id, one.annotation


def _members(
    body: Iterable[ir.Node],
    methods: list[tuple[str, ir.Lambda, str]],
    fields: list[tuple[ir.Node, ir.Node | None]],
) -> None:
    for one in body:
        if type(one) is ir.Define:
            methods.append((one.function.name, one.function, _method_kind(one.function)))
        elif type(one) is ir.DefineClass:
            fields.append((ir.Name(one.at, one.definition.name), one.definition))
        elif type(one) is ir.Assign:
            fields.append((one.target, one.value))
        elif type(one) is ir.Annotation:
            fields.append((ir.Name(one.at, one.name), None))
        elif type(one) is ir.If:
            _members(one.then + one.otherwise, methods, fields)
        elif type(one) is ir.Try:
            _members(one.body, methods, fields)


def _method_kind(function: ir.Lambda) -> str:
    for decorator in function.decorators:
        if type(decorator) is ir.Name and decorator.id in _KINDS:
            return _KINDS[decorator.id]
        name = decorator.id if type(decorator) is ir.Name else ""
        name = decorator.name if type(decorator) is ir.Attribute else name
        if name in _ACCESSORS:
            return _ACCESSORS[name]
    return ""


EXPRESSIONS: Expressions = {"lambda": _lambda}
STATEMENTS: Statements = {
    "function_definition": _define,
    "class_definition": _class,
    "decorated_definition": _decorated,
}
