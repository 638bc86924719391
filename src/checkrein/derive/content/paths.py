"""Paths of content: ``Items[].profile.email`` as tokens, and what lies below what."""

from __future__ import annotations

import re
from functools import lru_cache

Tokens = tuple[str, ...]
TYPE_TAGS = frozenset({"S", "N", "B", "SS", "NS", "BS", "BOOL", "M", "L", "NULL"})
# braces with a name in them belong to a route: ``GET /rides/{id} body.x``
STEP = re.compile(r"\[[^\]]*\]|\{\}|(?:[^.\[\]{}]|\{[^{}]+\})+")


@lru_cache(maxsize=65536)
def tokens(path: str) -> Tokens:
    """Split a dotted path; every index becomes ``[]``."""
    return tuple("[]" if step[0] == "[" else step for step in STEP.findall(path))


def joined(path: Tokens) -> str:
    """Render tokens as a dotted path."""
    shown = ""
    for step in path:
        shown += step if step == "[]" or not shown else f".{step}"
    return shown


def below(wanted: Tokens, path: Tokens) -> Tokens | None:
    """Return what of ``path`` lies below ``wanted`` (``{}`` is any key), None where it does not.

    ``[]`` on either side may be missing: a list and its elements hold the same content.
    """
    position = 0
    for step in wanted:
        if position < len(path) and path[position] == "[]" != step:
            position += 1
        if position < len(path) and step in {path[position], "{}"}:
            position += 1
        elif step != "[]":
            return None
    rest = path[position:]
    return rest[1:] if rest[:1] == ("[]",) else rest


def above(wanted: Tokens, path: Tokens) -> bool:
    """Tell whether ``path`` holds all of ``wanted``: it is a prefix of it."""
    return below(path, wanted) is not None


def attribute(path: Tokens) -> Tokens:
    """Drop DynamoDB's type tags behind attribute names: ``User.S`` is ``User``."""
    return tuple(token for index, token in enumerate(path) if index == 0 or token not in TYPE_TAGS)
