"""How the properties of each CloudFormation type are nested: structures, lists, maps.

Source: ``data/shapes.pack``, made by ``tools/catalog_shapes.py``.
"""

from __future__ import annotations

from functools import cache
from typing import Final

from checkrein.catalog.packed import Pack

PACK: Final = Pack("shapes.pack")
SCALAR: Final = "s"
FREE: Final = "j"
ROOT: Final = ""  # the resource itself among its structures


@cache
def structure(type: str, name: str = ROOT) -> dict[str, str]:
    """Return the kind of each property of a structure of a type; none of what is not known.

    Kinds: ``s`` a scalar, ``j`` free JSON, ``:Other`` a structure of the type; ``[`` before a kind
    is a list of them, ``{`` a map with free keys.
    """
    pairs = (pair.partition("=") for pair in _shapes(type).get(name, "").split())
    return {key: kind for key, _, kind in pairs}


@cache
def attributes(type: str) -> frozenset[str]:
    """Return what a type tells beside its properties, for ``Fn::GetAtt``."""
    return frozenset(_shapes(type).get("@", "").split())


def known(type: str) -> bool:
    """Tell whether AWS documents a type."""
    return bool(_shapes(type))


def _shapes(type: str) -> dict[str, str]:
    return _service(type.rpartition("::")[0]).get(type, {})


@cache
def _service(name: str) -> dict[str, dict[str, str]]:
    return PACK.find(name, dict[str, dict[str, str]]) or {}


def types() -> list[str]:
    """Return every type that AWS documents."""
    return [type for name in PACK.index.blocks for type in _service(name)]
