"""Packages that call AWS on behalf of the code that imports them."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache

from checkrein.catalog.tables import table

EVERY = "*"
LISTED = ("python", "javascript")


@cache
def wrapped_services(package: str, *, state: bool = True) -> frozenset[str]:
    """Return the IAM prefixes that a package may use itself, ``*`` for any; empty for the rest.

    ``state``: also those in which it only keeps state of its own. Python and JavaScript packages
    are told apart by nothing but their names.
    """
    packages = table("wrapping_packages.yaml")
    found = {service for section in LISTED for service in _services(packages[section], package)}
    if state:
        found.update(_services(packages["state"], package))
    if not found and not any(fnmatchcase(package, pattern) for pattern in packages["followed"]):
        found.update(_services(packages["named"], package.lower()))
    return frozenset(found)


def _services(section: dict[str, str], package: str) -> Iterator[str]:
    for pattern, services in section.items():
        if fnmatchcase(package, pattern):
            yield from services.split(", ")
