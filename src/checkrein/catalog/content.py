"""Where content sits in the requests and results of services: what is data, and what addresses it.

The table is our own reading of the services' documented API shapes (botocore's models name the
members); dated in the file.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from msgspec import Struct

from checkrein.catalog.tables import table


class Content(Struct, frozen=True):
    """Which members of a request are written into the resource, which of a result come from it.

    Paths are dotted prefixes; ``[]`` stands for any element, ``{}`` for any key, ``""`` for all.
    Which item of a table it is about, the rest says: ``put`` are the members with the attributes of
    what each of ``written`` goes into, ``key`` is the one with the key of what is read, ``where``
    are conditions on that. Of a bucket it is ``name``, the one member that names an object.
    """

    written: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    read_if: str = (
        ""  # a member that must be passed, and ask for content, for the result to hold some
    )
    put: tuple[str, ...] = ()  # as many as ``written``
    key: str = ""
    where: tuple[str, ...] = ()
    name: str = ""


@cache
def _table() -> dict[str, dict[str, Any]]:
    services: dict[str, dict[str, Any]] = table("content.yaml")["services"]
    return services


@cache
def content(service: str, operation: str) -> Content:
    """Return where an operation carries content; nothing written or read where not listed."""
    found = _table().get(service, {}).get(operation, {})
    read, written = tuple(found.get("read", ())), tuple(found.get("written", ()))
    put = tuple(found.get("put", ()))
    return Content(
        written,
        read,
        found.get("read if", ""),
        put * len(written) if len(put) == 1 else put,
        found.get("key", ""),
        tuple(found.get("where", ())),
        found.get("name", ""),
    )


@cache
def moves_content(action: str) -> bool:
    """Tell whether an IAM action has the name of an operation that carries content."""
    name = action.partition(":")[2]
    return name == "InvokeFunction" or any(name in operations for operations in _table().values())
