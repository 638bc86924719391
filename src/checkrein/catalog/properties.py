"""The properties that each CloudFormation type takes, by name.

Source: ``data/properties.json.z``, made by ``tools/catalog_properties.py``. Read where somebody
declares a resource by hand; a template's own are CloudFormation's to judge.
"""

from __future__ import annotations

from functools import cache

import msgspec

from checkrein.catalog.packed import Source, load


class _Types(msgspec.Struct, frozen=True):
    source: Source
    types: dict[str, str]


@cache
def types() -> frozenset[str]:
    """Return every type that AWS documents, SAM's too."""
    return frozenset(_types())


@cache
def properties(cfn_type: str) -> frozenset[str]:
    """Return the names of a type's properties; none of one that is not known."""
    return frozenset(_types().get(cfn_type, "").split())


@cache
def _types() -> dict[str, str]:
    return load("properties.json.z", _Types).types
