"""Type constraints of variables: what they make of a value that is given."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from checkrein.model.values import Choice, Value
from checkrein.notation.hcl_nodes import Call, Expression, Literal, Name, ObjectNode, TupleNode
from checkrein.read.terraform.containers import Items, Object, Unsure, as_set
from checkrein.read.terraform.operators import TRUTHS
from checkrein.read.terraform.unknowns import UNKNOWN, lifted, number_text

Evaluate = Callable[[Expression], Value]


def converted(value: Value, type: Expression | None, evaluate: Evaluate) -> Value:
    """Return a value as a constraint has it: what is optional filled in, the rest left out.

    What does not fit stays as it is: Terraform would refuse it, and the reader sees it anyway.
    """
    if isinstance(value, Choice):
        return lifted(lambda one: converted(one, type, evaluate), value)
    if value is None or type is None or isinstance(value, UNKNOWN):
        return value
    if isinstance(type, (Name, Literal)):
        return _scalar(value, type.name if isinstance(type, Name) else str(type.value))
    if not isinstance(type, Call) or not type.arguments:
        return value
    return _collection(value, type, evaluate)


def _scalar(value: Value, kind: str) -> Value:
    if isinstance(value, (list, dict)):
        return value
    if kind == "string":
        return str(value).lower() if isinstance(value, bool) else _as_text(value)
    if kind == "bool" and isinstance(value, str):
        return TRUTHS.get(value, value)
    if kind == "number" and isinstance(value, str):
        return _as_number(value)
    return value


def _as_text(value: Value) -> Value:
    return str(number_text(value)) if isinstance(value, (int, float)) else value


def _as_number(value: str) -> Any:
    try:
        found = float(value)
    except ValueError:
        return value
    return int(found) if found.is_integer() else found


def _collection(value: Value, type: Call, evaluate: Evaluate) -> Value:
    inner = type.arguments[0]
    if type.name == "optional":
        return converted(value, inner, evaluate)
    if type.name in ("list", "set") and isinstance(value, list):
        return _listed(value, type, evaluate)
    if type.name == "map" and isinstance(value, dict):
        made = {key: converted(item, inner, evaluate) for key, item in value.items()}
        return _like(made, value)
    if type.name == "object" and isinstance(value, dict) and isinstance(inner, ObjectNode):
        return _object(value, inner, evaluate)
    if type.name == "tuple" and isinstance(value, list) and isinstance(inner, TupleNode):
        kinds = [*inner.items, *[None] * len(value)]
        return Items(
            (converted(item, kind, evaluate) for item, kind in zip(value, kinds, strict=False)),
            getattr(value, "places", []),
        )
    return value


def _listed(value: list[Any], type: Call, evaluate: Evaluate) -> Value:
    items = [converted(item, type.arguments[0], evaluate) for item in value]
    if type.name == "set" and not isinstance(value, Unsure):
        return as_set(items)
    kind = Unsure if isinstance(value, Unsure) else Items
    return kind(items, getattr(value, "places", []))


def _like(made: dict[str, Any], value: dict[str, Any]) -> Object:
    places = getattr(value, "places", {})
    return Object(made, {key: places[key] for key in made if key in places}, _whole(value))


def _whole(value: dict[str, Any]) -> Any:
    return getattr(value, "whole", None)


def _object(value: dict[str, Any], type: ObjectNode, evaluate: Evaluate) -> Object:
    made: dict[str, Any] = {}
    for name, kind in type.items:
        key = str(name.value) if isinstance(name, Literal) else ""
        if value.get(key) is not None:
            made[key] = converted(value[key], kind, evaluate)
        elif isinstance(kind, Call) and kind.name == "optional" and len(kind.arguments) > 1:
            made[key] = converted(evaluate(kind.arguments[1]), kind.arguments[0], evaluate)
        else:
            made[key] = None
    return _like(made, value)
