"""Texts of which only the first and last letters are shown: ``email.slice(0, 2) + "*****"``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checkrein.code import ir
from checkrein.code.domain.values import constant, only_string

if TYPE_CHECKING:
    from collections.abc import Iterable

    from checkrein.code.domain.abstract import Abstract

MASK = "***"  # what a masked text is
MARKS = (MASK, "•••", "...", "…")  # of what is left out
LETTERS = frozenset(("*", "•", "#", "X", "x"))  # that stand for others, in a row
PIECES = frozenset(("slice", "substring", "substr"))
SHOWN = 8  # letters at one end; more may be all of it


def made(values: Iterable[Abstract]) -> Abstract | None:
    """Return what a letter of masks is, so many times: ``"*" * n``; None for another."""
    return constant(MASK) if any(only_string(value) in LETTERS for value in values) else None


def masked(nodes: Iterable[ir.Node | str], values: Iterable[Abstract]) -> Abstract | None:
    """Return what pieces of texts around a mask are, None where there is more, or no mask."""
    found = False
    for node, value in zip(nodes, values, strict=True):
        known = only_string(value)
        if known is None and not _is_piece(node):
            return None
        found = found or (known is not None and any(mark in known for mark in MARKS))
    return constant(MASK) if found else None


def _is_piece(node: ir.Node | str) -> bool:
    """Tell whether an expression is a few letters at one end of a text."""
    if isinstance(node, ir.Subscript) and isinstance(node.index, ir.Slice):
        return _is_few(*_ends([_number(part) for part in node.index.parts]))
    if not isinstance(node, ir.Call) or not isinstance(node.function, ir.Attribute):
        return False
    bounds = [_number(each.value) for each in node.arguments]
    if node.function.name not in PIECES or not bounds:
        return False
    first, last = _ends(bounds)
    if node.function.name == "substring":  # to which a negative place is the beginning
        first = max(first or 0, 0)
    elif node.function.name == "substr" and last is not None:  # it is how many
        first = 0
    return _is_few(first, last)


def _ends(bounds: list[int | None]) -> tuple[int | None, int | None]:
    """Return the first two bounds, None for those that are not there."""
    first = bounds[0] if bounds else None
    return first, bounds[1] if len(bounds) > 1 else None


def _is_few(first: int | None, last: int | None) -> bool:
    if last is None:
        return first is not None and -SHOWN <= first < 0
    return 0 <= last - (first or 0) <= SHOWN


def _number(node: ir.Node) -> int | None:
    """Return a number that stands in the code, also a negative one."""
    if isinstance(node, ir.Operation) and node.operator == "-" and len(node.operands) == 1:
        number = _number(node.operands[0])
        return None if number is None else -number
    value = node.value if isinstance(node, ir.Constant) else None
    return value if isinstance(value, int) else None
