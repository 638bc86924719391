"""JavaScript's switch: a chain of If over comparisons with its subject."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from checkrein.code import ir

if TYPE_CHECKING:
    from tree_sitter import Node

    from checkrein.code.lowering.source import Source, Statements

_SUBJECT = "<subject>"
_ENDS = (ir.Break, ir.Return, ir.Raise)


def _switch(source: Source, node: Node) -> Iterable[ir.Node]:
    at = source.at(node)
    subject = source.expression(source.field(node, "value"))
    found: list[ir.Node] = []
    if type(subject) not in (ir.Name, ir.Constant):
        name = ir.Name(subject.at, _SUBJECT)
        found.append(ir.Assign(subject.at, name, subject, "const"))
        subject = name
    cases = source.parts(source.field(node, "body"))
    bodies = _bodies(source, cases)
    otherwise: tuple[ir.Node, ...] = ()
    arms: list[tuple[ir.Span, list[ir.Node], tuple[ir.Node, ...]]] = []
    tests: list[ir.Node] = []  # of the cases that share the next body
    shared = False  # by the default too
    for case, (own, body) in zip(cases, bodies, strict=True):
        if case.type == "switch_default":
            shared = True
        else:
            tests.append(_test(source, case, subject))
        if not own and case.id != cases[-1].id:
            continue
        if shared:  # the other cases that lead here need no test
            otherwise = body
        else:
            arms.append((source.at(case), tests, body))
        tests, shared = [], False
    chain = _chain(arms, otherwise)
    found += [ir.Switch(at, chain)] if any(map(_breaks, chain)) else chain
    return found or [ir.Expression(at, subject)]


def _breaks(node: ir.Node) -> bool:
    """Tell whether a break inside a statement leaves the switch around it."""
    waiting = [node]
    while waiting:
        one = waiting.pop()
        if type(one) is ir.Break and not one.continues:
            return True
        if type(one) is ir.If:
            waiting += (*one.then, *one.otherwise)
        elif type(one) is ir.Try:
            waiting += (*one.body, *one.final)
            waiting += [inner for handler in one.handlers for inner in handler.body]
    return False


def _chain(
    arms: list[tuple[ir.Span, list[ir.Node], tuple[ir.Node, ...]]],
    otherwise: tuple[ir.Node, ...],
) -> tuple[ir.Node, ...]:
    for at, tests, body in reversed(arms):
        test = tests[0] if len(tests) == 1 else ir.Operation(at, "or", tuple(tests))
        otherwise = (ir.If(at, test, body, otherwise),)
    return otherwise


def _test(source: Source, case: Node, subject: ir.Node) -> ir.Node:
    value = source.expression(source.field(case, "value"))
    if type(subject) is ir.Constant and subject.value is True:  # switch (true) asks its cases
        return value
    return ir.Compare(value.at, "==", subject, value)


def _bodies(source: Source, cases: list[Node]) -> list[tuple[bool, tuple[ir.Node, ...]]]:
    """Give whether each case has statements of its own, and all that it runs."""
    found: list[tuple[bool, tuple[ir.Node, ...]]] = []
    following: tuple[ir.Node, ...] = ()
    for case in reversed(cases):
        own = source.block(case.children_by_field_name("body"))
        if own and type(own[-1]) in _ENDS:
            leaves = type(own[-1]) is ir.Break and not own[-1].continues
            following = own[:-1] if leaves else own
        else:
            following = own + following
        found.append((bool(own), following))
    found.reverse()
    return found


STATEMENTS: Statements = {"switch_statement": _switch}
