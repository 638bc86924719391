"""Packages that call AWS on behalf of the code that imports them."""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache

from checkrein.catalog.tables import table

EVERY = "*"


@cache
def wrapped_services(package: str) -> frozenset[str]:
    """Return the IAM prefixes that a package may use itself, ``*`` for any; empty for the rest.

    Python and JavaScript packages are told apart by nothing but their names.
    """
    found: set[str] = set()
    for packages in table("wrapping_packages.yaml").values():
        for pattern, services in packages.items():
            if fnmatchcase(package, pattern):
                found.update(services.split(", "))
    return frozenset(found)
