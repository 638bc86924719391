"""Packages and layers that call AWS on behalf of the code that uses them."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache

from checkrein.catalog.tables import table

EVERY = "*"
MAGIC = frozenset("*?[")
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
    if not found and not any(_fits(package, pattern) for pattern in packages["followed"]):
        found.update(_services(packages["named"], package.lower()))
    return frozenset(found)


@cache
def layer_services(name: str) -> frozenset[str]:
    """Return the IAM prefixes that a layer's extensions may use, ``*`` for any; empty for none.

    ``name`` is that in the layer's ARN, "" where the ARN is not known.
    """
    if not name:
        return frozenset((EVERY,))
    packages = table("wrapping_packages.yaml")
    found = frozenset(_services(packages["extensions"], name))
    return found or frozenset(_services(packages["likely_extensions"], name))


def _services(section: dict[str, str], package: str) -> Iterator[str]:
    for pattern, services in section.items():
        if _fits(package, pattern):
            yield from services.split(", ")


def _fits(package: str, pattern: str) -> bool:
    """Tell whether a package is one of a pattern, most of which are plain or a beginning."""
    head = pattern.removesuffix(EVERY)
    if MAGIC.isdisjoint(head):
        return package.startswith(head) if head != pattern else package == pattern
    return fnmatchcase(package, pattern)
