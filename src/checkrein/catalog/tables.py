"""Reading the catalogue's hand-kept tables (YAML, so that each line can carry its reason)."""

from __future__ import annotations

from functools import cache
from typing import Any

from checkrein.catalog.packed import FOLDER, broken


@cache
def table(name: str) -> dict[str, Any]:
    """Return a table of ``data/``, plain values with dates as dates; raise CatalogError."""
    import yaml  # noqa: PLC0415  (a run that asks for no table does not pay for it)

    try:
        found: dict[str, Any] = yaml.load((FOLDER / name).read_bytes(), yaml.CSafeLoader)
    except (OSError, yaml.YAMLError) as error:
        raise broken(name, error) from error
    return found
