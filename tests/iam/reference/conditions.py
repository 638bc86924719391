"""The Condition element: AND over operators and keys, OR over values, set operators, absence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.iam.reference import coverage
from tests.iam.reference.certainty import Answer, both, either, opposite
from tests.iam.reference.operators import NAMES, NEGATED, POSITIVE, Scope, well_typed

SETS = {"forallvalues": "ForAllValues", "foranyvalue": "ForAnyValue"}


def holds(block: Mapping[str, Mapping[str, Any]], scope: Scope) -> Answer:
    """All operators and all their keys must resolve to true (a logical AND)."""
    return both(_tests(block, scope))


def _tests(block: Mapping[str, Mapping[str, Any]], scope: Scope) -> Iterator[Answer]:
    for written, keys in block.items():
        prefix, _, rest = written.rpartition(":")
        if_exists = rest.lower().endswith("ifexists")
        operator = NAMES[(rest[: -len("IfExists")] if if_exists else rest).lower()]
        quantifier = SETS[prefix.lower()] if prefix else ""
        for key, values in keys.items():
            found = _values(scope.context.get(key.lower()))
            coverage.saw(f"{quantifier}{':' * bool(quantifier)}{operator}{'IfExists' * if_exists}")
            wanted = [_text(value) for value in (values if isinstance(values, list) else [values])]
            if operator == "Null":
                yield null(wanted, found)
            elif if_exists and not found:
                yield True  # "If the key is not present, evaluate the condition element as true"
            elif quantifier:
                yield _quantified(quantifier, operator, wanted, found, scope)
            else:
                yield _single(operator, wanted, found, scope)


def _values(found: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return found if isinstance(found, tuple) else () if found is None else (found,)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def null(wanted: list[str], found: tuple[str, ...]) -> Answer:
    """Null: "either true (the key doesn't exist) or false (the key exists and its value is not
    null)". Whether an empty string is null is said for the set operators only: doubtful.
    """
    if found == ("",) and len(set(wanted)) == 1:
        return None
    return ("false" if found else "true") in [text.lower() for text in wanted]


def _single(operator: str, wanted: list[str], found: tuple[str, ...], scope: Scope) -> Answer:
    """An operator without a set prefix: made for keys with one value.

    An absent key does not match, and so satisfies a negated operator. "Multivalued condition keys
    require a set operator": what happens without is doubtful, unless nothing matches.
    """
    if not found:
        for text in wanted:
            if operator.removeprefix("Not").startswith(("String", "Arn")):
                scope.pieces(text)
        return operator in NEGATED
    answers = [match(operator, wanted, value, scope) for value in found]
    if len(answers) == 1:
        return answers[0]
    return False if either(answers) is False and operator not in NEGATED else None


def _quantified(
    quantifier: str, operator: str, wanted: list[str], found: tuple[str, ...], scope: Scope
) -> Answer:
    """ForAllValues: every value matches, also if there is none; ForAnyValue: at least one does.

    "If the key values resolve to an empty data set, such as an empty string", ForAllValues is true
    and ForAnyValue false.
    """
    answers = [match(operator, wanted, value, scope) for value in found if any(found)]
    if not answers:
        match(operator, wanted, "", scope)
    return both(answers) if quantifier == "ForAllValues" else either(answers)


def match(operator: str, wanted: list[str], value: str, scope: Scope) -> Answer:
    """One value of the request: OR over the policy's values; for a negated operator NOR.

    A value of another kind than the operator's equals nothing; whether that satisfies a negated
    operator is doubtful.
    """
    positive = NEGATED.get(operator, operator)
    answer = either([POSITIVE[positive](text, value, scope) for text in wanted])
    if operator == positive:
        return answer
    typed = well_typed(positive, value) and all(well_typed(positive, text) for text in wanted)
    return opposite(answer) if typed or answer else None
