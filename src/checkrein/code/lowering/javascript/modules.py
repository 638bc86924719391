"""JavaScript's imports and exports. What concerns only types is left out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from checkrein.code import ir
from checkrein.code.lowering.javascript.literals import string

if TYPE_CHECKING:
    from tree_sitter import Node

    from checkrein.code.lowering.source import Source, Statements


def _import(source: Source, node: Node) -> Iterable[ir.Node]:
    at = source.at(node)
    if _typed(node):
        return ()
    clause = next((one for one in node.named_children if one.type.endswith("_clause")), None)
    if clause is not None and clause.type == "import_require_clause":
        return (_required(source, node, clause),)
    module = string(source, source.field(node, "source")).value
    if clause is None:
        return (ir.Import(at, "", module),)
    found: list[ir.Node] = []
    for part in source.parts(clause):
        found += _imported(source, part, module)
    return found


def _typed(node: Node) -> bool:
    """Tell whether ``type`` or ``typeof`` stands before what is named."""
    return any(child.type in ("type", "typeof") for child in node.children)


def _imported(source: Source, node: Node, module: str) -> Iterable[ir.Node]:
    at = source.at(node)
    if node.type == "identifier":
        return (ir.Import(at, source.text(node), module, "default"),)
    if node.type == "namespace_import":
        return (ir.Import(at, source.text(source.only(node)), module, "*"),)
    specifiers = [one for one in source.parts(node) if not _typed(one)]
    return [_specified(source, one, module) for one in specifiers]


def _specified(source: Source, node: Node, module: str) -> ir.Node:
    member, name = _renamed(source, node)
    return ir.Import(source.at(node), name, module, member)


def _renamed(source: Source, node: Node) -> tuple[str, str]:
    """Give the name before ``as`` and the one after it."""
    name = _plain(source, source.field(node, "name"))
    alias = node.child_by_field_name("alias")
    return name, _plain(source, alias) if alias else name


def _plain(source: Source, node: Node) -> str:
    return str(string(source, node).value) if node.type == "string" else source.text(node)


def _required(source: Source, node: Node, clause: Node) -> ir.Node:
    at = source.at(node)
    name = source.expression(source.only(clause))
    module = ir.Keyword("", string(source, source.field(clause, "source")))
    return ir.Assign(at, name, ir.Call(at, ir.Name(at, "require"), (module,)), "const")


def _alias(source: Source, node: Node) -> Iterable[ir.Node]:
    parts = source.parts(node)
    name = source.expression(parts[0])
    return (ir.Assign(source.at(node), name, source.expression(parts[-1]), "const"),)


def _export(source: Source, node: Node) -> Iterable[ir.Node]:
    declaration = node.child_by_field_name("declaration")
    if declaration is not None:
        return _declared(source, node, declaration)
    if _typed(node):
        return ()
    kinds = [child.type for child in node.children]
    if "source" in kinds or node.child_by_field_name("source") is not None:
        return _forwarded(source, node)
    at = source.at(node)
    if "default" in kinds:
        value = source.expression(source.field(node, "value"))
        return (ir.Export(at, "default", value),)
    if "=" in kinds:
        target = ir.Attribute(at, ir.Name(at, "module"), "exports")
        return (ir.Assign(at, target, source.expression(source.only(node))),)
    return _listed(source, node)


def _declared(source: Source, node: Node, declaration: Node) -> Iterable[ir.Node]:
    at = source.at(node)
    default = any(child.type == "default" for child in node.children)
    found = list(source.block([declaration]))
    for one in tuple(found):
        if type(one) is ir.DefineClass:
            one.definition.decorators = _decorators(source, node) + one.definition.decorators
        found += [
            ir.Export(at, "default" if default else name, ir.Name(at, name)) for name in _names(one)
        ]
    return found


def _decorators(source: Source, node: Node) -> tuple[ir.Node, ...]:
    found = [child for child in node.children if child.type == "decorator"]
    return tuple([source.expression(source.only(child)) for child in found])


def _names(statement: ir.Node) -> list[str]:
    """Give the names that a declaration binds."""
    if type(statement) is ir.Define:
        return [statement.function.name]
    if type(statement) is ir.DefineClass:
        return [statement.definition.name]
    return _bound(statement.target) if type(statement) is ir.Assign else []


def _bound(pattern: ir.Node) -> list[str]:
    if type(pattern) is ir.Name:
        return [pattern.id] if pattern.id else []
    inner: list[ir.Node] = []
    if type(pattern) is ir.Sequence:
        inner = list(pattern.items)
    elif type(pattern) is ir.ObjectPattern:
        inner = [item for _, item in pattern.items]
    elif type(pattern) is ir.Default:
        inner = [pattern.pattern]
    elif type(pattern) is ir.Spread:
        inner = [pattern.value]
    return [name for part in inner for name in _bound(part)]


def _specifiers(source: Source, node: Node) -> list[tuple[ir.Span, str, str]]:
    found: list[tuple[ir.Span, str, str]] = []
    for clause in node.named_children:
        if clause.type == "export_clause":
            parts = [one for one in source.parts(clause) if not _typed(one)]
            found += [(source.at(one), *_renamed(source, one)) for one in parts]
    return found


def _listed(source: Source, node: Node) -> Iterable[ir.Node]:
    listed = _specifiers(source, node)
    return [ir.Export(at, name, ir.Name(at, local)) for at, local, name in listed]


def _forwarded(source: Source, node: Node) -> Iterable[ir.Node]:
    at = source.at(node)
    module = str(string(source, source.field(node, "source")).value)
    for child in node.children:
        if child.type == "*":
            return (ir.Export(at, "*", None, module, "*"),)
        if child.type == "namespace_export":
            return (ir.Export(at, _plain(source, source.only(child)), None, module, "*"),)
    listed = _specifiers(source, node)
    return [ir.Export(where, name, None, module, member) for where, member, name in listed]


STATEMENTS: Statements = {
    "import_statement": _import,
    "import_alias": _alias,
    "export_statement": _export,
}
