"""Condition blocks and contexts, drawn."""

from __future__ import annotations

from typing import Any

from tests.iam.reference.dice import Dice
from tests.iam.reference.operators import NEGATED, POSITIVE
from tests.iam.reference.vocabulary import CONTEXT, FITTING, WANTED

OPERATORS = (*POSITIVE, *NEGATED, "Null")
FAMILY = {
    name: next(family for family in WANTED if family in name)
    for name in OPERATORS
    if name != "Null"
}
ALL_KEYS = tuple(CONTEXT)
Context = dict[str, str | tuple[str, ...]]


def context(dice: Dice) -> Context:
    found: Context = {}
    for key, values in CONTEXT.items():
        if dice.chance(0.7):
            name = key if dice.chance(0.9) else key.upper()
            found[name] = dice.pick(values)
            if isinstance(found[name], str) and dice.chance(0.02):
                found[name] = (str(found[name]), "red")
    return found


def block(dice: Dice, seen: Context) -> dict[str, Any]:
    """A Condition element of one to three tests, often satisfied by the context seen."""
    found: dict[str, Any] = {}
    for _ in range(1 if dice.chance(0.7) else 2 if dice.chance(0.8) else 3):
        operator = dice.pick(OPERATORS)
        family = FAMILY.get(operator)
        key = dice.pick(FITTING[family] if family and dice.chance(0.93) else ALL_KEYS)
        values = _null(dice) if family is None else _wanted(dice, family, key, seen)
        found.setdefault(_written(dice, operator), {})[_cased(dice, key)] = values
    return found


def _written(dice: Dice, operator: str) -> str:
    if operator == "Null":
        return operator
    if dice.chance(0.3):
        operator += "IfExists"
    if dice.chance(0.35):
        return f"{dice.pick(('ForAllValues', 'ForAnyValue'))}:{operator}"
    return operator


def _cased(dice: Dice, key: str) -> str:
    return key if dice.chance(0.9) else key.lower()


def _null(dice: Dice) -> Any:
    return dice.pick(("true", "false", True, False, ["true", "false"]))


def _wanted(dice: Dice, family: str, key: str, seen: Context) -> Any:
    drawn: list[Any] = dice.some(WANTED[family], 2)
    if dice.chance(0.5):
        value = seen.get(key)
        drawn.append(value if isinstance(value, str) else dice.pick(value or ("red",)))
    return drawn[0] if len(drawn) == 1 else drawn
