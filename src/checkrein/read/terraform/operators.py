"""Operators of Terraform's expressions over values that need not be known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checkrein.model.values import Choice, Open, Symbol, Text, Value
from checkrein.notation.hcl_nodes import Expression
from checkrein.notation.hcl_writing import written
from checkrein.read.terraform.arns import is_arn
from checkrein.read.terraform.containers import Unsure
from checkrein.read.terraform.instances import Json
from checkrein.read.terraform.scopes import Scope
from checkrein.read.terraform.unknowns import (
    PARAMETER,
    Failed,
    ModuleReference,
    Reference,
    is_known,
    json_text,
    lifted,
    opened,
    shown,
)

TRUTHS = {"true": True, "false": False}
COMPUTED = ("id", "arn", "name", "url", "invoke_arn", "qualified_arn")
Compare = Callable[[float, float], Any]


def truth(value: Value, node: Expression | None, scope: Scope) -> Value:
    """Return true, false, or a choice of both under a condition named after the expression."""
    return lifted(lambda one: _truth(one, node, scope), value)


def _truth(value: Value, node: Expression | None, scope: Scope) -> Value:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in TRUTHS:
        return TRUTHS[value]
    work, prefix = scope.module.work, scope.module.prefix
    if isinstance(value, Symbol) and value.owner == PARAMETER:
        return work.condition(shown(value), {"Fn::Equals": [{"Ref": value.attribute}, "true"]})
    if isinstance(value, (Open, Symbol, Text)):
        name = f"{prefix}{written(node)}{scope.label}" if node else shown(value)
        reason = value if isinstance(value, Open) else Open(f"{shown(value)} is not known")
        return work.condition(name, reason)
    raise Failed(f"{shown(value)[:40]} is neither true nor false")


def negated(value: Value) -> Value:
    return lifted(lambda one: not one, value)


def chosen(condition: Value, yes: Callable[[], Value], no: Callable[[], Value]) -> Value:
    """Return one of two values; both under their conditions, if that is not known."""
    if not isinstance(condition, Choice):
        return yes() if condition else no()
    return lifted(lambda holds: yes() if holds else no(), condition)


def binary(operator: str, left: Value, right: Value, scope: Scope) -> Value:
    """Apply an operator other than ``&&`` and ``||``; raise Failed as Terraform would refuse."""
    if operator in ("==", "!="):
        decided = equal(left, right, scope)
        return decided if operator == "==" else negated(decided)
    return lifted(lambda a, b: _arithmetic(operator, a, b, scope), left, right)


def _arithmetic(operator: str, left: Value, right: Value, scope: Scope) -> Value:
    settled = [scope.module.settled(left), scope.module.settled(right)]
    if not is_known(settled):
        if operator in ORDERS:
            name = f"{scope.module.prefix}{shown(left)} {operator} {shown(right)}"
            return scope.module.work.condition(name, opened(operator, settled))
        return opened(operator, settled)
    first, second = map(number, settled)
    try:
        found = OPERATORS[operator](first, second)
    except (ZeroDivisionError, OverflowError):
        raise Failed(f"{first} {operator} {second} has no result") from None
    return whole(found)


def number(value: Value) -> float:
    """Return a number, or one that is written as text; raise Failed."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    try:
        return whole(float(value)) if isinstance(value, str) else int("")
    except ValueError:
        raise Failed(f"{shown(value)[:40]} is no number") from None


def whole(value: Any) -> Any:
    """Return a number without a fraction as an int."""
    if isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - NaN
            raise Failed("a number that is none")
        return int(value) if value.is_integer() else value
    return value


def _remainder(left: float, right: float) -> float:
    found = abs(left) % abs(right)
    return -found if left < 0 else found


ORDERS: dict[str, Compare] = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}
OPERATORS: dict[str, Compare] = {
    **ORDERS,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": _remainder,
}


def equal(left: Value, right: Value, scope: Scope) -> Value:
    """Tell whether two values are equal: true, false, or a choice of both under a condition."""
    return lifted(lambda a, b: _equal(a, b, scope), left, right)


def _equal(left: Value, right: Value, scope: Scope) -> Value:
    a, b = (_comparable(scope.module.settled(value)) for value in (left, right))
    if is_known(a) and is_known(b):
        return same(a, b)
    if type(a) is type(b) and a == b and not isinstance(a, Open):
        return True
    decided = _by_kind(a, b)
    if decided is not None:
        return decided
    name = f"{shown(left)} == {shown(right)}"
    return scope.module.work.condition(name, _definition(a, b))


def _comparable(value: Value) -> Value:
    return json_text(value.value) if isinstance(value, Json) else value


def same(left: Value, right: Value) -> bool:
    """Tell whether two plain values are equal: true is not 1, 1 is 1.0."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[k], right[k]) for k in left)
    return bool(left == right)


def _by_kind(left: Value, right: Value) -> bool | None:
    """Tell what is clear of two values that are not both known, None if nothing is."""
    for one, other in ((left, right), (right, left)):
        if (other is None or other == "") and _is_never_empty(one):
            return False
        if isinstance(one, (list, dict)) and isinstance(other, (str, int, float)):
            return False
        if is_arn(one) and isinstance(other, str) and not other.startswith("arn:"):
            return False
    is_both = isinstance(left, (list, dict)) and isinstance(right, (list, dict))
    return False if is_both and _differ(left, right) else None


def _differ(left: Value, right: Value) -> bool:
    if isinstance(left, list) is not isinstance(right, list) or len(left) != len(right):
        return not isinstance(left, Unsure) and not isinstance(right, Unsure)
    return False


def _is_never_empty(value: Value) -> bool:
    if isinstance(value, (Reference, ModuleReference, list, dict)):
        return True
    if isinstance(value, Text):
        return any(isinstance(part, str) for part in value.parts)
    return isinstance(value, Symbol) and _is_filled(value)


def _is_filled(symbol: Symbol) -> bool:
    if symbol.owner in ("@aws", "@ssm"):
        return True
    is_resource = not symbol.owner.startswith("@")
    return is_resource and symbol.attribute.endswith(COMPUTED)


def _definition(left: Value, right: Value) -> Any:
    """Return what a comparison is to CloudFormation, which compares texts only."""
    pair = [left, right]
    is_simple = all(isinstance(value, (Symbol, str, int, float)) for value in pair)
    if is_simple and any(isinstance(v, Symbol) and v.owner == PARAMETER for v in pair):
        return {"Fn::Equals": [_texted(value) for value in pair]}
    return opened("==", pair)


def _texted(value: Value) -> Value:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Symbol):
        return {"Ref": value.attribute} if value.owner == PARAMETER else value
    return str(value)
