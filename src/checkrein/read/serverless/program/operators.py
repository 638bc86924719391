"""JavaScript's operators on known values; None where the result is not known."""

from __future__ import annotations

import math
import operator as operator_of
from collections.abc import Callable
from typing import Any

from checkrein.late import regex
from checkrein.model.values import Open, Text, plain_text, text
from checkrein.read.serverless.program.things import Environment, Function, Method
from checkrein.read.serverless.written import Written, is_special, weight

MOST_LETTERS = 100_000  # of a text that a program makes
MOST_ITEMS = 10_000  # of an array
EXACT = 2**53
DEFAULTED = regex(r"\$\{env:\w+, '([^']*)'\}")  # as ``Environment.variable`` writes it
ASKED = regex(r"\$\{env:\w+\}")
TYPES = (
    ("boolean", bool),
    ("string", str),
    ("number", (int, float)),
    ("function", (Function, Method)),
    ("object", (dict, list)),
    ("undefined", type(None)),
)
ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": operator_of.add,
    "-": operator_of.sub,
    "*": operator_of.mul,
    "/": operator_of.truediv,
    "%": math.fmod,
}


def is_short(pieces: list[Any]) -> bool:
    """Tell whether the pieces of a text may be put together."""
    return sum(map(weight, pieces)) <= MOST_LETTERS


def is_known(value: Any) -> bool:
    """Tell whether a value is plain JSON on its face."""
    return value is None or isinstance(value, (str, int, float, bool, dict, list))


def by_default(value: Any) -> Any:
    """Return a text with the defaults of the environment variables in it, which no file sets."""
    if not isinstance(value, str) or "${env:" not in value:
        return value
    return DEFAULTED.sub(lambda found: found[1], value)


def truth(part: Written) -> bool | None:
    """Return whether a value counts as true, None where that is not known."""
    value = by_default(part.value)
    if isinstance(value, (dict, list, Function, Method)):
        return True
    if isinstance(value, str) and ASKED.fullmatch(value):
        return None
    return bool(value) if is_known(value) else None


def ends(operator: str, part: Written) -> bool | None:
    """Tell whether ``||``, ``&&`` or ``??`` stops at a value."""
    test = truth(part)
    if operator == "??":
        return part.value is not None if is_known(part.value) else None
    return test if test is None or operator == "or" else not test


def shown(value: Any) -> Any:
    """Return a value as it stands in a text; symbols and what is open stay."""
    if isinstance(value, str) or is_special(value):
        return value
    if isinstance(value, Environment):
        return value.variable()
    if value is None:
        return "undefined"
    if isinstance(value, (bool, int, float)):
        return number_text(value)
    return Open("a structure inside a text")


def number_text(value: bool | float) -> str:  # noqa: FBT001 - what JavaScript calls a primitive
    """Return a number or truth as JavaScript writes it."""
    whole = isinstance(value, float) and value.is_integer() and abs(value) < 1e21  # noqa: PLR2004 - JavaScript's
    return str(int(value)) if whole else plain_text(value)


def operated(operator: str, values: list[Any]) -> Any:
    """Return the result of an operator."""
    if operator == "typeof" and values:
        return next((name for name, kinds in TYPES if isinstance(values[0], kinds)), None)
    if operator == "+" and any(isinstance(value, (str, Text)) for value in values):
        pieces = [shown(value) for value in values]
        return text(pieces) if is_short(pieces) else None
    if not values or not all(_is_number(value) for value in values):
        return None
    if len(values) == 1:
        return {"-": -values[0], "+": values[0]}.get(operator)
    result = values[0]
    for value in values[1:]:
        result = _calculated(operator, result, value)
        if result is None:
            return None
    return result


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _calculated(operator: str, a: float, b: float) -> float | None:
    handler = ARITHMETIC.get(operator)
    if handler is None or (operator in ("/", "%") and not b):
        return None
    try:
        return _number(handler(a, b))
    except OverflowError:
        return None


def _number(value: float) -> float | None:
    """Return a number as JavaScript keeps it: whole numbers are exact to 2**53."""
    if isinstance(value, int):
        return value if abs(value) <= EXACT else _number(float(value))
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() and abs(value) <= EXACT else value


def compared(operator: str, left: Any, right: Any) -> bool | None:
    """Return the result of a comparison of scalars."""
    scalars = (str, int, float, bool, type(None))
    left, right = by_default(left), by_default(right)
    if not isinstance(left, scalars) or not isinstance(right, scalars):
        return None
    if any(isinstance(one, str) and ASKED.search(one) for one in (left, right)):
        return None
    if operator in ("==", "===", "is"):
        return left == right
    if operator in ("!=", "!==", "is-not"):
        return left != right
    if isinstance(left, str) != isinstance(right, str) or left is None or right is None:
        return None
    pair: Any = (left, right)
    return {
        "<": pair[0] < pair[1],
        "<=": pair[0] <= pair[1],
        ">": pair[0] > pair[1],
        ">=": pair[0] >= pair[1],
    }.get(operator)
