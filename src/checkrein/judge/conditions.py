"""A template's conditions: which combinations a subject depends on, and the subject under each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from msgspec.structs import replace

from checkrein.model import Choice, Fact, Resource, When

MANY = 16  # combinations, as the design bounds them


def said(when: When) -> str:
    """Say conditions as a person would: ``IsProd and not IsTest``; empty for none."""
    return " and ".join(("" if holds else "not ") + _name(name) for name, holds in when)


def combinations(subject: Fact) -> list[tuple[When, Fact]]:
    """Return the subject as it is under each combination of the conditions in its values.

    Empty where there are none, where they are too many, or where the subject is no resource.
    """
    if not isinstance(subject, Resource):
        return []
    fixed = dict(subject.when)
    names = sorted({name for name, _ in _conditions(subject.properties)} - set(fixed))
    if not names or 2 ** len(names) > MANY:
        return []
    cases = (
        dict(zip(names, held, strict=True)) for held in product((True, False), repeat=len(names))
    )
    return [
        (
            tuple(sorted(case.items())),
            replace(subject, properties=_assume(subject.properties, {**fixed, **case})),
        )
        for case in cases
    ]


def _name(condition: str) -> str:
    return condition.rpartition("#")[2]


def _conditions(value: Any) -> Iterator[tuple[str, bool]]:
    if isinstance(value, Choice):
        for when, option in value.options:
            yield from when
            yield from _conditions(option)
    elif isinstance(value, dict):
        for item in value.values():
            yield from _conditions(item)
    elif isinstance(value, list):
        for item in value:
            yield from _conditions(item)


def _assume(value: Any, case: dict[str, bool]) -> Any:
    """Return the value with each choice settled that the case settles."""
    if isinstance(value, Choice):
        fitting = [
            _assume(option, case)
            for when, option in value.options
            if all(case.get(name, holds) == holds for name, holds in when)
        ]
        return fitting[0] if len(fitting) == 1 else value
    if isinstance(value, dict):
        return {key: _assume(item, case) for key, item in value.items()}
    return [_assume(item, case) for item in value] if isinstance(value, list) else value
