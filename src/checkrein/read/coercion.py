"""Values coerced to the type that a property has in CloudFormation's schema."""

from __future__ import annotations

from functools import cache
from typing import Any

import msgspec

from checkrein.catalog.packed import Source, load
from checkrein.model.values import SPECIAL, Choice, Value, choice, plain_text

TRUTH = {"true": True, "false": False}


class _Schemas(msgspec.Struct, frozen=True):
    source: Source
    types: dict[str, dict[str, Any]]


@cache
def _schemas() -> dict[str, dict[str, Any]]:
    return load("coercion.json.z", _Schemas).types


def coerce(type: str, properties: dict[str, Value]) -> dict[str, Value]:
    """Return properties with ``"true"`` as True and ``"5"`` as 5 where the schema says so.

    Values of free maps, such as a function's environment, become text. What does not fit its
    type stays as it is written. Source: ``catalog/data/coercion.json.z``.
    """
    shape = _schemas().get(type)
    if not shape:
        return properties
    return {
        key: _coerce(value, shape[key]) if key in shape else value
        for key, value in properties.items()
    }


def _coerce(value: Value, shape: Any) -> Value:
    if isinstance(value, Choice):
        return choice([(when, _coerce(option, shape)) for when, option in value.options])
    if isinstance(shape, str):
        return _scalar(value, shape)
    if isinstance(value, list):
        items = shape.get("*")
        return [_coerce(item, items) for item in value] if items else value
    if isinstance(value, dict):
        other = shape.get("*")
        return {
            key: _coerce(item, shape.get(key, other)) if key in shape or other else item
            for key, item in value.items()
        }
    return value


def _scalar(value: Value, letter: str) -> Value:
    if value is None or isinstance(value, (*SPECIAL, dict, list)):
        return value
    if letter == "s":
        return plain_text(value)
    if letter == "b":
        return TRUTH.get(plain_text(value).lower(), value)
    return _number(value, letter) if isinstance(value, str) else value


def _number(text: str, letter: str) -> int | float | str:
    try:
        return int(text) if letter == "i" else float(text)
    except ValueError:
        return text


def properties_of(type: str) -> frozenset[str]:
    """Return the names of a type's properties that hold numbers or truth, maybe further inside."""
    return frozenset(_schemas().get(type, {}))
