"""What can be told about a statement's conditions before there is a request.

Only what every AWS SDK does by itself is known: it speaks TLS, in a current version. So the
customary denial of insecure transport takes nothing away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from checkrein.model import Value

KNOWN: Final[dict[str, float]] = {"aws:securetransport": 1.0, "s3:tlsversion": 1.3}
WORDS: Final = {"true": 1.0, "false": 0.0}
OPERATORS: Final[dict[str, Callable[[float, float], bool]]] = {
    "bool": lambda known, asked: known == asked,
    "numericequals": lambda known, asked: known == asked,
    "numericlessthan": lambda known, asked: known < asked,
    "numericlessthanequals": lambda known, asked: known <= asked,
    "numericgreaterthan": lambda known, asked: known > asked,
    "numericgreaterthanequals": lambda known, asked: known >= asked,
}


def holds(conditions: Value) -> bool | None:
    """Tell whether conditions hold for a request of an SDK; None if that depends on more.

    ``conditions`` is a statement's Condition as written; none at all holds.
    """
    if not isinstance(conditions, dict):
        return None
    outcomes = set(_outcomes(conditions))
    if False in outcomes:
        return False
    return None if None in outcomes else True


def _outcomes(conditions: dict[str, Value]) -> Iterator[bool | None]:
    for operator, tests in conditions.items():
        if not isinstance(tests, dict):
            yield None
            continue
        for key, values in tests.items():
            yield _outcome(operator, key, values if isinstance(values, list) else [values])


def _outcome(operator: str, key: str, values: list[Value]) -> bool | None:
    """Test one key; several values are alternatives."""
    known = KNOWN.get(key.lower())
    test = OPERATORS.get(operator.lower().removesuffix("ifexists"))
    asked = [_number(value) for value in values]
    numbers = [number for number in asked if number is not None]
    if known is None or test is None or len(numbers) < len(asked):
        return None
    return any(test(known, number) for number in numbers)


def _number(value: Value) -> float | None:
    if isinstance(value, (bool, int, float)):
        return float(value)
    if not isinstance(value, str):
        return None
    try:
        return WORDS.get(value.lower()) if value.lower() in WORDS else float(value)
    except ValueError:
        return None
