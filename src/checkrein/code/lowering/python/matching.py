"""Python's match: a chain of If over what its patterns test, binding what they capture."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from checkrein.code import ir
from checkrein.code.lowering.source import Malformed

if TYPE_CHECKING:
    from tree_sitter import Node

    from checkrein.code.lowering.source import Source, Statements

SUBJECT = "<subject>"


def _match(source: Source, node: Node) -> Iterable[ir.Node]:
    subjects = [source.expression(one) for one in node.children_by_field_name("subject")]
    if not subjects:
        raise Malformed(node.type)
    subject = subjects[0]
    if len(subjects) > 1:
        subject = ir.Sequence(subject.at[:2] + subjects[-1].at[2:], tuple(subjects), "tuple")
    found: list[ir.Node] = []
    if type(subject) is not ir.Name:
        name = ir.Name(subject.at, SUBJECT)
        found.append(ir.Assign(subject.at, name, subject))
        subject = name
    body = source.field(node, "body")
    cases = [child for child in body.named_children if child.type == "case_clause"]
    chain: tuple[ir.Node, ...] = ()
    for case in reversed(cases):
        chain = (_case(source, case, subject, chain),)
    found += chain
    return found


def _case(source: Source, node: Node, subject: ir.Node, rest: tuple[ir.Node, ...]) -> ir.Node:
    at = source.at(node)
    patterns = [child for child in node.named_children if child.type == "case_pattern"]
    tests: list[ir.Node] = []
    body = source.block(source.field(node, "consequence").named_children)
    target: ir.Node | None
    if len(patterns) == 1 and not any(child.type == "," for child in node.children):
        target = _pattern(source, patterns[0], subject, tests)
    else:
        parts = [_nested(source, pattern) for pattern in patterns]
        target = ir.Sequence(at, tuple(parts), "tuple")
    guard = node.child_by_field_name("guard")
    if guard is not None:
        if target is not None:
            tests.append(ir.Assignment(target.at, target, subject))
        tests.append(source.expression(source.only(guard)))
    elif target is not None:
        body = (ir.Assign(target.at, target, subject), *body)
    return ir.If(at, _all(at, tests), body, rest)


def _all(at: ir.Span, tests: list[ir.Node]) -> ir.Node:
    if not tests:
        return ir.Constant(at, value=True)
    return tests[0] if len(tests) == 1 else ir.Operation(at, "and", tuple(tests))


def _pattern(source: Source, node: Node, subject: ir.Node, tests: list[ir.Node]) -> ir.Node | None:
    """Add what the pattern tests on the subject to ``tests``; give what it binds, if anything."""
    node = _unwrapped(node)
    at = source.at(node)
    kind = node.type
    if kind in ("_", "*"):
        return None
    if kind == "dotted_name" and len(node.children) == 1:
        return ir.Name(at, source.text(node))
    if kind == "as_pattern":
        _pattern(source, node.named_children[0], subject, tests)
        return ir.Name(source.at(node.children[-1]), source.text(node.children[-1]))
    if kind == "union_pattern":
        return _union(source, node, subject, tests)
    structure = _structure(source, node)
    if structure is None:
        tests.append(ir.Compare(at, "==", subject, _literal(source, node)))
    elif kind == "class_pattern":
        tests.append(ir.Compare(at, "instanceof", subject, _dotted(source, node.children[0])))
    else:
        tests.append(ir.Operation(at, "match", (subject,)))
    return structure


def _unwrapped(node: Node) -> Node:
    while node.type in ("case_pattern", "parenthesized_pattern") and len(node.children) == 1:
        node = node.children[0]
    return node


def _union(source: Source, node: Node, subject: ir.Node, tests: list[ir.Node]) -> ir.Node | None:
    target: ir.Node | None = None
    options: list[ir.Node] = []
    for child in source.parts(node):
        inner: list[ir.Node] = []
        target = _pattern(source, child, subject, inner) or target
        options.append(_all(source.at(child), inner))
    tests.append(ir.Operation(source.at(node), "or", tuple(options)))
    return target


def _structure(source: Source, node: Node) -> ir.Node | None:
    at = source.at(node)
    kind = node.type
    if kind in ("list_pattern", "tuple_pattern"):
        items = [_nested(source, child) for child in source.parts(node)]
        return ir.Sequence(at, tuple(items), kind.removesuffix("_pattern"))
    if kind == "dict_pattern":
        return ir.ObjectPattern(at, tuple(_entries(source, node)))
    if kind == "class_pattern":
        return ir.ObjectPattern(at, tuple(_keywords(source, node)))
    return None


def _nested(source: Source, node: Node) -> ir.Node:
    """Give a pattern inside another; where it binds nothing, the Name ``_``."""
    return source.expression(_unwrapped(node), _inner)


def _inner(source: Source, node: Node) -> ir.Node:
    at = source.at(node)
    if node.type == "splat_pattern":
        inner = node.children[-1]
        return ir.Spread(at, ir.Name(source.at(inner), source.text(inner)))
    bound = _pattern(source, node, ir.Name(at, SUBJECT), [])
    return bound or ir.Name(at, "_")


def _entries(source: Source, node: Node) -> Iterable[tuple[ir.Node | None, ir.Node]]:
    key: ir.Node | None = None
    for child in source.parts(node):
        if child.type == "splat_pattern":
            spread = _nested(source, child)
            yield None, spread.value if type(spread) is ir.Spread else spread
        elif child.type == "case_pattern" and key is not None:
            yield key, _nested(source, child)
            key = None
        else:
            key = _literal(source, child)


def _keywords(source: Source, node: Node) -> Iterable[tuple[ir.Node | None, ir.Node]]:
    """Give attributes by name; positional ones, whose names the class knows, by position."""
    for index, child in enumerate(source.parts(node)[1:]):
        inner = _unwrapped(child)
        if inner.type != "keyword_pattern":
            yield ir.Constant(source.at(inner), index), _nested(source, inner)
            continue
        key = ir.Constant(source.at(inner.children[0]), source.text(inner.children[0]))
        yield key, _nested(source, inner.children[-1])


def _literal(source: Source, node: Node) -> ir.Node:
    if node.type == "dotted_name":
        return _dotted(source, node)
    if node.type == "case_pattern":  # a sign and its number
        return _signed(source, node.children[0], source.expression(node.children[-1]))
    value = source.expression(node)
    return _signed(source, node.prev_sibling, value)


def _signed(source: Source, sign: Node | None, value: ir.Node) -> ir.Node:
    if sign is None or sign.type != "-":
        return value
    return ir.Operation(source.at(sign)[:2] + value.at[2:], "-", (value,))


def _dotted(source: Source, node: Node) -> ir.Node:
    at = source.at(node)
    first, *rest = source.text(node).split(".")
    value: ir.Node = ir.Name(at, first.strip())
    for name in rest:
        value = ir.Attribute(at, value, name.strip())
    return value


STATEMENTS: Statements = {"match_statement": _match}
