"""AWS Lambda's runtimes: their language and the days on which support ends.

Source: ``data/runtimes.yaml``, made by tools/catalog_runtimes.py from cfn-lint (MIT-0).
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache

from msgspec import Struct

from checkrein.catalog.tables import table

WITHOUT_SDK_2 = 18  # from this Node.js on, Lambda brings aws-sdk of version 3 only
WITHOUT_CALLBACKS = 24  # from this Node.js on, Lambda refuses handlers that take a callback


class Runtime(Struct, frozen=True):
    """A runtime; a date is None where AWS has announced none, a future one is AWS's forecast.

    ``language`` is ``python``, ``javascript``, ``java``, ``dotnet``, ``go``, ``ruby``, or "" where
    the function brings its own (``provided.al2023``). From ``deprecated`` on there are no security
    fixes, from ``block_create`` no new functions, from ``block_update`` no changes of old ones.
    """

    id: str
    language: str
    deprecated: date | None
    block_create: date | None
    block_update: date | None


@cache
def runtime(id: str) -> Runtime | None:
    """Return a runtime by its id (``nodejs20.x``), None for one that AWS does not list."""
    said = table("runtimes.yaml").get(id)
    if said is None:
        return None
    return Runtime(id, said["language"], said["deprecated"], said["create"], said["update"])


def runtimes() -> tuple[Runtime, ...]:
    """Return every runtime, by id."""
    return tuple(found for id in table("runtimes.yaml") if (found := runtime(id)))


def version_of_node(id: str) -> int:
    """Return the version of Node.js in a runtime's id, 0 where it is another or names none."""
    found = re.match(r"nodejs(\d+)", id)
    return int(found[1]) if found else 0
