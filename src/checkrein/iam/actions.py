"""Action patterns against the catalogue, and which actions make sense on an ARN."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from checkrein.catalog.actions import (
    all_actions,
    documented,
    resource_formats,
    resource_types,
    service_actions,
    services,
)
from checkrein.iam.patterns import WILD, matcher
from checkrein.iam.symbols import IS_SYMBOL

PLACEHOLDER = re.compile(r"\$\{[^}]+\}")


def expand(patterns: Iterable[str], *, negated: bool = False) -> frozenset[str]:
    """Return the actions that patterns such as ``s3:Get*`` name, written as AWS documents them.

    Case does not count. An action that AWS does not document stays as written unless it holds a
    wildcard. ``negated`` returns every documented action that the patterns do not name.
    """
    named = frozenset(action for pattern in patterns for action in _expanded(pattern))
    return frozenset(all_actions()) - named if negated else named


@cache
def _expanded(pattern: str) -> tuple[str, ...]:
    if not WILD.search(pattern):
        return (documented(pattern) or pattern,)
    pattern = pattern.lower()
    prefix, colon, _ = pattern.partition(":")
    if not colon:
        return all_actions() if not pattern.strip("*") else ()
    match, service = matcher(pattern), matcher(prefix)
    found = (a for s in services() if service(s) for a in service_actions(s))
    return tuple(action for action in found if match(action.lower()))


class Universe:
    """A fixed list of actions; sets of them are the bits of an integer.

    Patterns are matched once for each universe, however many policies use them.
    """

    def __init__(self, actions: Iterable[str]) -> None:
        self.actions = tuple(dict.fromkeys(actions))
        self.all = (1 << len(self.actions)) - 1
        self._lower = [action.lower() for action in self.actions]
        self._positions = {action: 1 << at for at, action in enumerate(self._lower)}
        self._known: dict[str, int] = {}

    def match(self, pattern: str) -> int:
        """Return the actions that a pattern names, as bits."""
        bits = self._known.get(pattern)
        if bits is None:
            bits = self._known[pattern] = self._match(pattern.lower())
        return bits

    def names(self, bits: int) -> frozenset[str]:
        """Return the actions that bits stand for."""
        if bits == self.all:
            return frozenset(self.actions)
        found = []
        while bits:
            low = bits & -bits
            found.append(self.actions[low.bit_length() - 1])
            bits ^= low
        return frozenset(found)

    def _match(self, pattern: str) -> int:
        if not WILD.search(pattern):
            return self._positions.get(pattern, 0)
        match = matcher(pattern)
        return sum(1 << at for at, action in enumerate(self._lower) if match(action))


@cache
def universe_on(arn: str) -> Universe:
    """Return the documented actions that can be limited to an ARN of this shape.

    The ARN may be encoded and hold wildcards. Of the formats that fit it the most specific
    counts: ``arn:aws:s3:::bucket/*`` is about objects, not about a bucket of that name.
    """
    parts = arn.split(":", 5)
    prefix = parts[2] if len(parts) > len("arn:") - 1 else ""
    return _universe(prefix, _resource_type(prefix, arn))


def actions_on(arn: str) -> tuple[str, ...]:
    """Return the actions of ``universe_on``: ``s3:GetObject`` … for ``arn:aws:s3:::bucket/*``."""
    return universe_on(arn).actions


@cache
def _universe(prefix: str, type: str) -> Universe:
    return Universe(
        action
        for action in service_actions(prefix)
        if any(kind.name == type for kind in resource_types(action))
    )


def _resource_type(prefix: str, arn: str) -> str:
    # Symbols and wildcards of the ARN count as one letter of a name.
    shape = IS_SYMBOL.sub("x", WILD.sub("x", arn))
    fitting = [
        (len(PLACEHOLDER.sub("", format)), name)
        for name, format in resource_formats(prefix).items()
        if _shape(format).fullmatch(shape)
    ]
    return max(fitting, default=(0, ""))[1]


@cache
def _shape(format: str) -> re.Pattern[str]:
    literal = PLACEHOLDER.split(format)
    return re.compile(".*".join(map(re.escape, literal)), re.DOTALL)
