"""Which items of a store: what is known of their keys, and of attributes that say their kind.

A table may hold items of many kinds side by side, told apart by how a key begins (``USER#…``,
``ORDER#…``) or by an attribute; so may a bucket. Who reads one kind does not get another.
"""

from __future__ import annotations

from functools import lru_cache

Pattern = tuple[str, ...]  # the ends of a text: ``("USER#", "")`` begins so, ``("a",)`` is all
# attribute, and the texts of which it is one: none where the item does not have it; all parts hold
Kind = tuple[tuple[str, tuple[Pattern, ...]], ...]
Items = tuple[Kind, ...]  # of one of these kinds; none: any item


@lru_cache(maxsize=65_536)
def meet(some: Items, others: Items) -> bool:
    """Tell whether an item may be of both: nothing that is known of them excludes it."""
    if not some or not others:
        return True
    return any(_agree(one, other) for one in some for other in others)


def _agree(one: Kind, other: Kind) -> bool:
    return all(
        patterns == more
        or any(_overlap(pattern, another) for pattern in patterns for another in more)
        for name, patterns in one
        for attribute, more in other
        if name == attribute
    )


def _overlap(one: Pattern, other: Pattern) -> bool:
    """Tell whether a text may have both ends."""
    if len(one) == 1:
        return _fits(one[0], other)
    if len(other) == 1:
        return _fits(other[0], one)
    heads = one[0].startswith(other[0]) or other[0].startswith(one[0])
    return heads and (one[1].endswith(other[1]) or other[1].endswith(one[1]))


def _fits(text: str, pattern: Pattern) -> bool:
    if len(pattern) == 1:
        return text == pattern[0]
    head, tail = pattern
    long = len(text) >= len(head) + len(tail)
    return long and text.startswith(head) and text.endswith(tail)


def united(some: Items, others: Items) -> Items:
    """Return the items of either."""
    return tuple(dict.fromkeys((*some, *others))) if some and others else ()


def both(some: Items, others: Items, most: int) -> Items:
    """Return the items of both; where the kinds would be more than ``most``, of the first."""
    if not some or not others:
        return some or others
    if len(some) * len(others) > most:
        return some
    every = ((*one, *other) for one in some for other in others)
    return tuple(dict.fromkeys(tuple(dict.fromkeys(kind)) for kind in every))


def shown(items: Items) -> str:
    """Return items as a short text, the same for the same: ``pk=USER#…&sk=PROFILE``."""
    return " or ".join("&".join(map(_part, kind)) for kind in items)


def _part(part: tuple[str, tuple[Pattern, ...]]) -> str:
    return f"{part[0]}={'|'.join('…'.join(pattern) for pattern in part[1])}"
