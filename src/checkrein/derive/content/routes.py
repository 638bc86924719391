"""Which of a function's routes brings a field of the request: the one to show first."""

from __future__ import annotations

from collections.abc import Iterable

from checkrein.derive.content.paths import tokens
from checkrein.model import Entry
from checkrein.model.requests import is_preflight

BODILESS = frozenset({"GET", "HEAD", "DELETE"})
PARAMETERS = "pathParameters"
PATH = 2  # tokens: event.pathParameters.NAME has one more


def fitting(entries: Iterable[Entry], path: str) -> list[Entry]:
    """Return the ways into a function, those by which callers commonly fill in a field first.

    A path's parameter comes by a route that has it, a body not by ``GET`` and a query by it.
    """
    return sorted(entries, key=lambda entry: _unlikely(entry.route, tokens(path)))


def _unlikely(route: str, path: tuple[str, ...]) -> bool:
    method, _, address = route.partition(" ")
    field = path[1] if len(path) > 1 else ""
    if is_preflight(route):
        return True
    if field == PARAMETERS and len(path) > PATH:
        return not any(f"{{{path[PATH]}{end}" in address for end in ("}", "+}"))
    if field == "body":
        return method in BODILESS
    return field.endswith("ueryStringParameters") and method not in ("", "GET", "ANY")
