"""Operators on values; MISSING or None where the result is not known."""

from __future__ import annotations

from typing import Any

from checkrein.read.cdk.unsynthesized.evaluation import values
from checkrein.read.cdk.unsynthesized.evaluation.things import (
    MISSING,
    Builtin,
    Class,
    Function,
    Method,
    Own,
)
from checkrein.read.cdk.unsynthesized.trace import (
    Called,
    Choice,
    Member,
    New,
    Package,
    Text,
    Traced,
    Unknown,
)
from checkrein.read.serverless.program import operators as plain

MOST_LETTERS = 100_000
MOST_PAIRS = 64  # of choices
OPAQUE = (Called, Text, list)  # surely something, but nobody knows what
EQUAL = ("==", "===", "is")
UNEQUAL = ("!=", "!==", "is-not")
TYPES = {str: "string", bool: "boolean", int: "number", float: "number", Function: "function"}


def ends(operator: str, value: Traced, *, python: bool) -> bool | None:
    """Tell whether ``||``, ``&&`` or ``??`` stops at a value."""
    if operator == "??":
        if value is None:
            return False
        return None if isinstance(value, (Unknown, Member)) else True
    test = values.truth(value, python=python)
    return test if test is None or operator == "or" else not test


def operated(operator: str, operands: list[Traced], *, python: bool) -> Traced:
    """Return the result of an operator, MISSING where it is not known."""
    if not operands:
        return MISSING
    if operator == "typeof":
        return _type(operands[0])
    if len(operands) == 1:
        return _alone(operator, operands[0])
    result = operands[0]
    for operand in operands[1:]:
        if len(values.options(result)) * len(values.options(operand)) > MOST_PAIRS:
            return MISSING
        found = [
            _pair(operator, left, right, python=python)
            for left in values.options(result)
            for right in values.options(operand)
        ]
        if any(one is MISSING for one in found):
            return MISSING
        result = values.choice(found)
    return result


def _alone(operator: str, value: Traced) -> Traced:
    if isinstance(value, (int, float)) and operator in ("-", "+"):
        return -value if operator == "-" else value
    if operator == "+" and isinstance(value, str):
        return number(value)
    return MISSING


def number(value: str) -> Traced:
    """Return a text as a number, MISSING where it is none."""
    for kind in (int, float):
        try:
            return kind(value)
        except ValueError:
            continue
    return MISSING


def _pair(operator: str, left: Traced, right: Traced, *, python: bool) -> Traced:
    if operator == "+":
        return _added(left, right)
    if operator == "*" and isinstance(left, (str, list)) and isinstance(right, int):
        return left * right if len(left) * right < MOST_LETTERS else MISSING
    found = _of_python(operator, left, right) if python else None
    if found is None:
        found = plain.operated(operator, [left, right])
    return MISSING if found is None else found


def _of_python(operator: str, left: Traced, right: Traced) -> Traced:
    """Return the result of what Python writes with other operators, None where it does not."""
    if operator == "/" and isinstance(left, str) and isinstance(right, str):
        return right if right.startswith("/") else f"{left.rstrip('/')}/{right}"
    if operator == "%" and isinstance(left, str):
        return _percent(left, right)
    if operator == "|" and isinstance(left, dict) and isinstance(right, dict):
        return {**left, **right}
    if operator == "//" and isinstance(left, int) and isinstance(right, int) and right:
        return left // right
    return None


def _added(left: Traced, right: Traced) -> Traced:
    if isinstance(left, list) and isinstance(right, list):
        return left + right
    numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
    if numbers and not isinstance(left, bool) and not isinstance(right, bool):
        return left + right
    if isinstance(left, (str, Text)) or isinstance(right, (str, Text)):
        if sum(len(one) for one in (left, right) if isinstance(one, str)) > MOST_LETTERS:
            return MISSING
        return values.text([left, right])
    return MISSING


def _percent(left: str, right: Traced) -> Traced:
    given = right if isinstance(right, list) else [right]
    pieces = left.split("%s")
    if len(pieces) != len(given) + 1 or "%" in "".join(pieces):
        return MISSING
    return values.text([part for pair in zip(pieces, [*given, ""], strict=True) for part in pair])


def _type(value: Traced) -> Traced:
    if value is None:
        return "undefined"
    if isinstance(value, (Unknown, Choice, Member, Method)):
        return MISSING
    if isinstance(value, (Class, Builtin)):
        return "function"
    return "string" if isinstance(value, Text) else TYPES.get(type(value), "object")


def compared(operator: str, left: Traced, right: Traced) -> bool | None:
    """Return the result of a comparison, None where it is not known."""
    if isinstance(left, Choice) or isinstance(right, Choice):
        found = {
            compared(operator, one, other)
            for one in values.options(left)
            for other in values.options(right)
        }
        return found.pop() if len(found) == 1 else None
    if operator in EQUAL:
        return _equal(left, right)
    if operator in UNEQUAL:
        equal = _equal(left, right)
        return None if equal is None else not equal
    if operator in ("in", "not-in"):
        inside = _inside(left, right)
        return inside if inside is None or operator == "in" else not inside
    if operator == "instanceof":
        return _is_of(left, right)
    return plain.compared(operator, left, right)


def _equal(left: Traced, right: Traced) -> bool | None:
    if left is right:
        return True
    if isinstance(left, values.SCALARS) and isinstance(right, values.SCALARS):
        return bool(left == right)
    if isinstance(left, Package) and isinstance(right, Package):
        return left.name == right.name
    nothing = left is None or right is None
    for one in (left, right):
        if isinstance(one, (Unknown, Member, Method)) or (isinstance(one, OPAQUE) and not nothing):
            return None
    return False


def _inside(left: Traced, right: Traced) -> bool | None:
    if isinstance(right, str):
        return left in right if isinstance(left, str) else None
    if isinstance(right, dict):
        known = isinstance(left, values.SCALARS) and "..." not in right
        return left in right if known or isinstance(left, New) else None
    if isinstance(right, list):
        found = [_equal(left, one) for one in right]
        return True if True in found else None if None in found else False
    return None


def _is_of(left: Traced, right: Traced) -> bool | None:
    if isinstance(left, Own) and isinstance(right, Class):
        return right in left.cls.order
    if isinstance(left, New) and isinstance(right, Package):
        return True if left.kind == right.name else None
    if left is None or (isinstance(left, (str, int)) and not isinstance(right, Unknown)):
        return False
    if isinstance(right, Builtin) and isinstance(left, list):
        return right.name == "Array"
    return None


def known(value: Any) -> bool:
    """Tell whether a value is plain on its face."""
    return isinstance(value, (*values.SCALARS, list, dict))
