"""What a member of a record has to be to be read: whatever else stands there is as if not there.

Whoever calls an app has a say in its records, so nothing in them is what it should be.
"""

from __future__ import annotations

from typing import Any

import msgspec


def mapping(value: Any) -> dict[str, Any]:
    """Return an object, empty where a value is none."""
    return value if isinstance(value, dict) else {}


def mappings(value: Any) -> list[dict[str, Any]]:
    """Return the objects in a list, none where a value is no list."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def parsed(text: str | bytes) -> Any:
    """Return what JSON says, None for what is no JSON, too deep or has a number too long."""
    try:
        return msgspec.json.decode(text)
    except (ValueError, RecursionError):
        return None
