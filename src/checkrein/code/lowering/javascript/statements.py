"""JavaScript's statements, but definitions, imports and exports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from checkrein.code import ir
from checkrein.code.lowering.javascript.expressions import assigned, flat

if TYPE_CHECKING:
    from tree_sitter import Node

    from checkrein.code.lowering.source import Source, Statements

_CAUGHT = "<caught>"
_ASSIGNMENTS = (
    "assignment_expression", "augmented_assignment_expression", "update_expression",
)  # fmt: skip


def _expression(source: Source, node: Node) -> Iterable[ir.Node]:
    inner = source.only(node)
    if inner.type == "sequence_expression":
        return [_effect(source, one, one) for one in flat(source, inner)]
    if inner.type == "internal_module":
        return source.block([inner])
    return (_effect(source, inner, node),)


def _effect(source: Source, node: Node, statement: Node) -> ir.Node:
    at = source.at(statement)
    if node.type not in _ASSIGNMENTS:
        return ir.Expression(at, source.expression(node))
    target, value = assigned(source, node)
    return ir.Assign(at, target, value)


def _declare(source: Source, node: Node) -> Iterable[ir.Node]:
    kind = node.children[0].type
    kind = kind if kind in ("var", "let") else "const"
    declarators = [one for one in node.named_children if one.type == "variable_declarator"]
    return [_declared(source, one, kind) for one in declarators]


def _declared(source: Source, node: Node, kind: str) -> ir.Node:
    at = source.at(node)
    target = source.expression(source.field(node, "name"))
    value = source.optional(node, "value")
    if isinstance(value, ir.Lambda) and isinstance(target, ir.Name):
        value.name = value.name or target.id  # what a reader calls it
    return ir.Assign(at, target, ir.Constant(at, None) if value is None else value, kind)


def _return(source: Source, node: Node) -> Iterable[ir.Node]:
    parts = source.parts(node)
    return (ir.Return(source.at(node), source.expression(parts[0]) if parts else None),)


def _throw(source: Source, node: Node) -> Iterable[ir.Node]:
    return (ir.Raise(source.at(node), source.expression(source.only(node))),)


def _if(source: Source, node: Node) -> Iterable[ir.Node]:
    """Lower ``if … else if …`` without nesting deeper for each ``else``."""
    arms: list[Node] = []
    following: Node | None = node
    otherwise: tuple[ir.Node, ...] = ()
    while following is not None:
        if following.type != "if_statement":
            otherwise = source.block([following])
            break
        arms.append(following)
        clause = following.child_by_field_name("alternative")
        following = source.only(clause) if clause else None
    for arm in reversed(arms):
        test = source.expression(source.field(arm, "condition"))
        then = source.block([source.field(arm, "consequence")])
        otherwise = (ir.If(source.at(arm), test, then, otherwise),)
    return otherwise


def _body(source: Source, node: Node) -> tuple[ir.Node, ...]:
    return source.block([source.field(node, "body")])


def _for_in(source: Source, node: Node) -> Iterable[ir.Node]:
    target = source.expression(source.field(node, "left"))
    iterable = source.expression(source.field(node, "right"))
    loop = ir.Loop(source.at(node), target, iterable, None, _body(source, node))
    loop.keys = source.field(node, "operator").type == "in"
    loop.declares = node.child_by_field_name("kind") is not None
    return (loop,)


def _for(source: Source, node: Node) -> Iterable[ir.Node]:
    first = node.child_by_field_name("initializer")
    condition = node.child_by_field_name("condition")
    increment = node.child_by_field_name("increment")
    body = _body(source, node)
    if increment is not None:
        body += tuple([_effect(source, one, one) for one in flat(source, increment)])
    found = [*_initial(source, first)]
    test = _test(source, condition) if condition is not None and condition.is_named else None
    found.append(ir.Loop(source.at(node), None, None, test, body))
    return found


def _test(source: Source, node: Node) -> ir.Node | None:
    if node.type == "empty_statement":
        return None
    return source.expression(source.only(node) if node.type == "expression_statement" else node)


def _initial(source: Source, node: Node | None) -> Iterable[ir.Node]:
    if node is None or not node.is_named:
        return ()
    if node.type.endswith(("_declaration", "_statement")):
        return source.block([node])
    return [_effect(source, one, one) for one in flat(source, node)]


def _while(source: Source, node: Node) -> Iterable[ir.Node]:
    test = source.expression(source.field(node, "condition"))
    return (ir.Loop(source.at(node), None, None, test, _body(source, node)),)


def _try(source: Source, node: Node) -> Iterable[ir.Node]:
    handler = node.child_by_field_name("handler")
    final = node.child_by_field_name("finalizer")
    return (
        ir.Try(
            source.at(node),
            _body(source, node),
            (_handler(source, handler),) if handler else (),
            _body(source, final) if final else (),
        ),
    )


def _handler(source: Source, node: Node) -> ir.Handler:
    body = _body(source, node)
    parameter = source.optional(node, "parameter")
    if parameter is None:
        return ir.Handler("", body)
    if type(parameter) is ir.Name:
        return ir.Handler(parameter.id, body)
    caught = ir.Name(parameter.at, _CAUGHT)
    return ir.Handler(_CAUGHT, (ir.Assign(parameter.at, parameter, caught, "let"), *body))


def _with(source: Source, node: Node) -> Iterable[ir.Node]:
    scope = source.expression(source.field(node, "object"))
    return (ir.Expression(scope.at, scope), *_body(source, node))


def _block(source: Source, node: Node) -> Iterable[ir.Node]:
    return source.block(node.named_children)


def _break(source: Source, node: Node) -> Iterable[ir.Node]:
    return (ir.Break(source.at(node), continues=node.type == "continue_statement"),)


def _nothing(_source: Source, _node: Node) -> Iterable[ir.Node]:
    return ()


STATEMENTS: Statements = {
    "expression_statement": _expression,
    "lexical_declaration": _declare,
    "variable_declaration": _declare,
    "using_declaration": _declare,
    "return_statement": _return,
    "throw_statement": _throw,
    "if_statement": _if,
    "for_in_statement": _for_in,
    "for_statement": _for,
    "while_statement": _while,
    "do_statement": _while,
    "try_statement": _try,
    "with_statement": _with,
    "statement_block": _block,
    "labeled_statement": _body,
    "break_statement": _break,
    "continue_statement": _break,
    "empty_statement": _nothing,
    "debugger_statement": _nothing,
    "hash_bang_line": _nothing,
    "interface_declaration": _nothing,
    "type_alias_declaration": _nothing,
    "ambient_declaration": _nothing,
    "function_signature": _nothing,
}
