"""What the library's enumerations write: ``aws_lambda.Runtime.NODEJS_20_X`` is ``nodejs20.x``.

Source: ``catalog/data/cdk_enums.json.z``, made by ``tools/catalog_cdk_enums.py``.
"""

from __future__ import annotations

from functools import cache

import msgspec

from checkrein.catalog.packed import Source, load


class _Enums(msgspec.Struct, frozen=True):
    source: Source
    enums: dict[str, dict[str, str]]


@cache
def _enums() -> dict[str, dict[str, str]]:
    return load("cdk_enums.json.z", _Enums).enums


def written(name: str) -> str | None:
    """Return what a member of an enumeration writes by its full name, None if it is not known."""
    owner, _, member = name.rpartition(".")
    return _enums().get(owner, {}).get(member)
