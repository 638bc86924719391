"""Python's statements, but definitions and match."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from checkrein.code import ir
from checkrein.code.lowering.python.expressions import sequence
from checkrein.code.lowering.source import Malformed

if TYPE_CHECKING:
    from tree_sitter import Node

    from checkrein.code.lowering.source import Source, Statements

CAUGHT = "<caught>"


def _expression(source: Source, node: Node) -> Iterable[ir.Node]:
    found: list[ir.Node] = []
    for child in source.parts(node):
        kind = child.type
        if kind == "assignment":
            found += _assign(source, child)
        elif kind == "augmented_assignment":
            found += _augmented(source, child)
        else:
            found.append(ir.Expression(source.at(node), source.expression(child)))
    return found


def _assign(source: Source, node: Node) -> Iterable[ir.Node]:
    children = node.children
    if not any(child.type == "=" for child in children):
        return _annotation(source, children)
    target = source.expression(children[0])
    found = ir.Assign(source.at(node), target, source.expression(children[-1]))
    annotation = node.child_by_field_name("type")
    if annotation is not None:
        found.annotation = source.expression(annotation)
    return (found,)


def _annotation(source: Source, children: list[Node]) -> Iterable[ir.Node]:
    """Lower ``name: type``, which binds nothing but may be a field of a class."""
    target = source.expression(children[0])
    constant = "ClassVar" in source.text(children[-1])
    if constant or type(target) is not ir.Name:
        return ()
    return (ir.Annotation(target.at, target.id, source.expression(children[-1])),)


def _augmented(source: Source, node: Node) -> Iterable[ir.Node]:
    at = source.at(node)
    target = source.expression(source.field(node, "left"))
    right = source.expression(source.field(node, "right"))
    operator = source.field(node, "operator").type.removesuffix("=")
    return (ir.Assign(at, target, ir.Operation(at, operator, (target, right))),)


def _value(source: Source, node: Node) -> ir.Node | None:
    parts = source.parts(node)
    return source.expression(parts[0]) if parts else None


def _return(source: Source, node: Node) -> Iterable[ir.Node]:
    return (ir.Return(source.at(node), _value(source, node)),)


def _raise(source: Source, node: Node) -> Iterable[ir.Node]:
    value = _value(source, node)
    if type(value) is ir.Sequence and value.items:  # Python 2: raise Error, "message"
        given = tuple([ir.Keyword("", item) for item in value.items[1:]])
        value = ir.Call(value.at, value.items[0], given)
    return (ir.Raise(source.at(node), value),)


def _if(source: Source, node: Node) -> Iterable[ir.Node]:
    arms = [node]
    otherwise: tuple[ir.Node, ...] = ()
    for child in node.children_by_field_name("alternative"):
        if child.type == "elif_clause":
            arms.append(child)
        else:
            otherwise = _body(source, child)
    for arm in reversed(arms):
        test = source.expression(source.field(arm, "condition"))
        consequence = arm.child_by_field_name("consequence")
        then = source.block(consequence.named_children) if consequence else ()
        otherwise = (ir.If(source.at(arm), test, then, otherwise),)
    return otherwise


def _body(source: Source, node: Node) -> tuple[ir.Node, ...]:
    """Lower the block of a clause, which not every clause keeps in a field."""
    for child in node.named_children:
        if child.type == "block":
            return source.block(child.named_children)
    return ()


def _otherwise(source: Source, node: Node) -> Iterable[ir.Node]:
    """Lower a loop's ``else``, which runs if nothing broke the loop: it may or may not."""
    clause = node.child_by_field_name("alternative")
    if clause is None:
        return ()
    at = source.at(clause)
    return (ir.If(at, ir.Operation(at, "unknown", ()), _body(source, clause), ()),)


def _for(source: Source, node: Node) -> Iterable[ir.Node]:
    target = source.expression(source.field(node, "left"))
    iterable = source.expression(source.field(node, "right"))
    loop = ir.Loop(source.at(node), target, iterable, None, _body(source, node), declares=True)
    return (loop, *_otherwise(source, node))


def _while(source: Source, node: Node) -> Iterable[ir.Node]:
    test = source.expression(source.field(node, "condition"))
    loop = ir.Loop(source.at(node), None, None, test, _body(source, node))
    return (loop, *_otherwise(source, node))


def _try(source: Source, node: Node) -> Iterable[ir.Node]:
    body = _body(source, node)
    handlers: list[ir.Handler] = []
    final: tuple[ir.Node, ...] = ()
    for child in node.named_children:
        kind = child.type
        if kind in ("except_clause", "except_group_clause"):
            handlers.append(_handler(source, child))
        elif kind == "else_clause":
            body += _body(source, child)
        elif kind == "finally_clause":
            final = _body(source, child)
    return (ir.Try(source.at(node), body, tuple(handlers), final),)


def _handler(source: Source, node: Node) -> ir.Handler:
    body = _body(source, node)
    values = node.children_by_field_name("value")
    alias: Node | None = None
    if len(values) > 1:  # Python 2: except Error, name
        alias = values[1]
    elif values and values[0].type == "as_pattern":
        alias = values[0].child_by_field_name("alias")
    if alias is None:
        return ir.Handler("", body)
    target = source.expression(alias)
    types = source.expression(_caught_types(values[0]))
    if type(target) is ir.Name:
        return ir.Handler(target.id, body, types)
    caught = ir.Name(target.at, CAUGHT)
    return ir.Handler(CAUGHT, (ir.Assign(target.at, target, caught), *body), types)


def _caught_types(value: Node) -> Node:
    return value.named_children[0] if value.type == "as_pattern" else value


def _with(source: Source, node: Node) -> Iterable[ir.Node]:
    """Lower what is entered, the body, and what is left, which stands before a last return."""
    found: list[ir.Node] = []
    left: list[ir.Node] = []
    asynchronous = node.children[0].type == "async"
    for clause in node.named_children:
        if clause.type == "with_clause":
            for one in source.parts(clause):
                _context(source, one, (found, left), asynchronous)
    body = _body(source, node)
    if any(map(_suppresses, found)):  # what raises in the body goes on after it
        body = (ir.Try(source.at(node), body, (ir.Handler("", ()),), ()),)
    last = len(body) - (bool(body) and type(body[-1]) is ir.Return)
    return (*found, *body[:last], *reversed(left), *body[last:])


def _suppresses(node: ir.Node) -> bool:
    """Tell whether a manager swallows errors: ``contextlib.suppress(ValueError)``."""
    manager = node.value if type(node) is ir.Assign else None
    if type(manager) is not ir.Call:
        return False
    function = manager.function
    name = function.id if type(function) is ir.Name else getattr(function, "name", "")
    return name == "suppress"


def _context(
    source: Source,
    node: Node,
    around: tuple[list[ir.Node], list[ir.Node]],
    asynchronous: bool,  # noqa: FBT001 - one caller
) -> None:
    """Add what is done before the body, and after it."""
    at = source.at(node)
    value = source.field(node, "value") if node.type == "with_item" else node
    alias: Node | None = None
    inner = source.only(value) if value.type == "parenthesized_expression" else value
    if inner.type == "as_pattern":
        alias = source.field(inner, "alias")
        value = source.parts(inner)[0]
    manager = source.expression(value)
    if type(manager) is not ir.Name:
        name = ir.Name(manager.at, f"<context {at[0]}:{at[1]}>")
        around[0].append(ir.Assign(manager.at, name, manager))
        manager = name
    entered: ir.Node = ir.Operation(at, "enter", (manager,))
    if asynchronous:
        entered = ir.Await(at, entered)
    if alias is not None:
        entered = ir.Assign(at, source.expression(alias), entered)
    else:
        entered = ir.Expression(at, entered)
    around[0].append(entered)
    around[1].append(ir.Expression(at, ir.Operation(at, "exit", (manager,))))


def _import(source: Source, node: Node) -> Iterable[ir.Node]:
    return [_imported(source, child) for child in source.parts(node)]


def _imported(source: Source, node: Node) -> ir.Node:
    at = source.at(node)
    if node.type == "aliased_import":
        module = _dotted(source, source.field(node, "name"))
        return ir.Import(at, source.text(source.field(node, "alias")), module)
    package = _dotted(source, node).partition(".")[0]
    return ir.Import(at, package, package)


def _dotted(source: Source, node: Node) -> str:
    return "".join(source.text(node).split())


def _import_from(source: Source, node: Node) -> Iterable[ir.Node]:
    module = "__future__"
    if node.type != "future_import_statement":
        module = _dotted(source, source.field(node, "module_name"))
    members = [_member(source, one, module) for one in node.children_by_field_name("name")]
    if node.children[-1].type == "wildcard_import":
        members.append(ir.Import(source.at(node), "*", module, "*"))
    return members


def _member(source: Source, node: Node, module: str) -> ir.Node:
    if node.type != "aliased_import":
        name = source.text(node)
        return ir.Import(source.at(node), name, module, name)
    alias = source.text(source.field(node, "alias"))
    return ir.Import(source.at(node), alias, module, source.text(source.field(node, "name")))


def _print(source: Source, node: Node) -> Iterable[ir.Node]:
    at = source.at(node)
    given: list[ir.Keyword] = []
    for child in source.parts(node):
        if child.type == "chevron":
            given.append(ir.Keyword("file", source.expression(source.only(child))))
        else:
            given.append(ir.Keyword("", source.expression(child)))
    call = ir.Call(at, ir.Name(source.at(node.children[0]), "print"), tuple(given))
    return (ir.Expression(at, call),)


def _exec(source: Source, node: Node) -> Iterable[ir.Node]:
    at = source.at(node)
    given = [ir.Keyword("", source.expression(child)) for child in source.parts(node)]
    call = ir.Call(at, ir.Name(source.at(node.children[0]), "exec"), tuple(given))
    return (ir.Expression(at, call),)


def _assert(source: Source, node: Node) -> Iterable[ir.Node]:
    at = source.at(node)
    parts = [source.expression(child) for child in source.parts(node)]
    if not parts:
        raise Malformed(node.type)
    failed = ir.Raise(at, parts[1] if len(parts) > 1 else None)
    return (ir.If(at, ir.Not(parts[0].at, parts[0]), (failed,), ()),)


def _delete(source: Source, node: Node) -> Iterable[ir.Node]:
    at = source.at(node)
    target = source.only(node)
    if target.type == "expression_list":
        operands = tuple([source.expression(child) for child in source.parts(target)])
    else:
        operands = (source.expression(target),)
    return (ir.Expression(at, ir.Operation(at, "delete", operands)),)


def _outer(source: Source, node: Node) -> Iterable[ir.Node]:
    names = tuple([source.text(child) for child in source.parts(node)])
    return (ir.Outer(source.at(node), names, node.children[0].type),)


def _break(source: Source, node: Node) -> Iterable[ir.Node]:
    return (ir.Break(source.at(node), continues=node.type == "continue_statement"),)


def _nothing(_source: Source, _node: Node) -> Iterable[ir.Node]:
    return ()


def _several(source: Source, node: Node) -> Iterable[ir.Node]:
    """Lower an expression list that stands as a statement of its own."""
    return (ir.Expression(source.at(node), sequence(source, node)),)


STATEMENTS: Statements = {
    "expression_statement": _expression,
    "expression_list": _several,
    "return_statement": _return,
    "raise_statement": _raise,
    "if_statement": _if,
    "for_statement": _for,
    "while_statement": _while,
    "try_statement": _try,
    "with_statement": _with,
    "import_statement": _import,
    "import_from_statement": _import_from,
    "future_import_statement": _import_from,
    "print_statement": _print,
    "exec_statement": _exec,
    "assert_statement": _assert,
    "delete_statement": _delete,
    "global_statement": _outer,
    "nonlocal_statement": _outer,
    "break_statement": _break,
    "continue_statement": _break,
    "pass_statement": _nothing,
    "type_alias_statement": _nothing,
}
