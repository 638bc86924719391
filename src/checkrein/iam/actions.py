"""Action patterns against the catalogue, and which actions make sense on an ARN."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache, reduce
from operator import and_, or_

from checkrein.catalog.actions import (
    actions_by_type,
    all_actions,
    documented,
    resource_formats,
    service_actions,
    services,
)
from checkrein.iam.patterns import WILD, in_order, matcher
from checkrein.iam.symbols import IS_SYMBOL
from checkrein.late import regex

LETTERS = regex(f"{WILD.pattern}|{IS_SYMBOL.pattern}")
PLACEHOLDER = regex(r"\$\{[^}]+\}")

# An action on a function is also authorised on the qualified ARN it was called with, which the
# Service Authorization Reference does not say.
PART_OF = {"function alias": "function", "function version": "function"}
BESIDE = {  # services with actions on resources whose ARNs name another service
    "cloudfront": ("cloudfront-keyvaluestore",),
    "ec2": ("ec2-instance-connect", "ssm"),
    "iam": ("sts",),
    "kafka": ("kafka-cluster",),
    "rds": ("rds-data",),
    "redshift": ("redshift-data",),
}


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


class Patterns:
    """The action patterns of a statement: single actions, and values with their alternatives.

    Equal ones are one object (ask ``interned``), so that what they match is found by identity.
    """

    __slots__ = ("literal", "values")

    def __init__(self, values: tuple[tuple[str, ...], ...]) -> None:
        single = [value[0] for value in values if len(value) == 1]
        self.literal = frozenset(text for text in single if not LETTERS.search(text))
        self.values = tuple(
            value for value in values if len(value) > 1 or value[0] not in self.literal
        )


@cache
def interned(values: tuple[tuple[str, ...], ...]) -> Patterns:
    """Return the one object for some values, encoded and in lower case."""
    return Patterns(values)


@cache
def plainly(actions: tuple[str, ...]) -> Patterns:
    """Return the patterns of actions that hold no symbols, in any case."""
    return interned(tuple((action.lower(),) for action in actions))


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
        self._matched: dict[Patterns, tuple[int, int]] = {}
        self._named: dict[int, frozenset[str]] = {self.all: frozenset(self.actions)}

    def match(self, pattern: str) -> int:
        """Return the actions that a pattern names, as bits."""
        bits = self._known.get(pattern)
        if bits is None:
            bits = self._known[pattern] = self._match(pattern.lower())
        return bits

    def match_all(self, patterns: Patterns) -> tuple[int, int]:
        """Return the actions that patterns name for certain, and perhaps besides."""
        bits = self._matched.get(patterns)
        if bits is None:
            certain, perhaps = self._named_by(patterns.literal), 0
            for options in patterns.values:
                found = [0 if IS_SYMBOL.search(text) else self.match(text) for text in options]
                certain |= reduce(and_, found)
                symbolic = any(map(IS_SYMBOL.search, options))
                perhaps |= self.all if symbolic else reduce(or_, found)
            bits = self._matched[patterns] = certain, perhaps & ~certain
        return bits

    def names(self, bits: int) -> frozenset[str]:
        """Return the actions that bits stand for."""
        found = self._named.get(bits)
        if found is None:
            named, left = [], bits
            while left:
                low = left & -left
                named.append(self.actions[low.bit_length() - 1])
                left ^= low
            found = self._named[bits] = frozenset(named)
        return found

    def _named_by(self, actions: frozenset[str]) -> int:
        """Return the actions that are among others, in lower case."""
        return sum(self._positions[action] for action in self._positions.keys() & actions)

    def _match(self, pattern: str) -> int:
        if not WILD.search(pattern):
            return self._positions.get(pattern, 0)
        match = matcher(pattern)
        return sum(1 << at for at, action in enumerate(self._lower) if match(action))


@lru_cache(maxsize=4096)
def universe_of(actions: frozenset[str]) -> Universe:
    """Return the universe of some given actions."""
    return Universe(sorted(actions))


@cache
def universe_on(arn: str) -> Universe:
    """Return the documented actions that can be limited to an ARN of this shape.

    The ARN may be encoded and hold wildcards. Of the formats that fit it the most specific
    counts: ``arn:aws:s3:::bucket/*`` is about objects, not about a bucket of that name. ``*``
    gives the actions that can be limited to nothing, such as ``s3:ListAllMyBuckets``.
    """
    # Symbols and wildcards of the ARN count as one letter of a name.
    return _universe((("", ()),)) if arn == "*" else _shaped(LETTERS.sub("x", arn))


@cache
def _shaped(arn: str) -> Universe:
    prefix = (arn.split(":", 3) + [""] * 3)[2]
    beside = ((one, _resource_types(one, arn)) for one in BESIDE.get(prefix, ()))
    found = ((prefix, _resource_types(prefix, arn)), *(each for each in beside if each[1]))
    return _universe(found)


def actions_on(arn: str) -> tuple[str, ...]:
    """Return the actions of ``universe_on``: ``s3:GetObject`` … for ``arn:aws:s3:::bucket/*``."""
    return universe_on(arn).actions


@cache
def _universe(kinds: tuple[tuple[str, tuple[str, ...]], ...]) -> Universe:
    return Universe(action for prefix, types in kinds for action in _actions(prefix, types))


def _actions(prefix: str, types: tuple[str, ...]) -> Iterator[str]:
    """Yield a service's actions on some types, on all where none is known."""
    if not prefix:
        yield from (a for one in services() for a in actions_by_type(one).get("", ()))
        return
    by_type = actions_by_type(prefix)
    yield from (action for type in types or by_type if type for action in by_type[type])


def _resource_types(prefix: str, arn: str) -> tuple[str, ...]:
    """Return the kinds of resource whose ARNs look most like this one; none if nothing does."""
    most = 0
    found: list[str] = []
    for name, literal, fits in _shapes(prefix):
        if literal >= most and fits(arn):
            found = [*found, name] if literal == most else [name]
            most = literal
    return tuple(
        dict.fromkeys(whole for name in found for whole in (name, PART_OF.get(name, name)))
    )


@cache
def _shapes(prefix: str) -> list[tuple[str, int, Callable[[str], bool]]]:
    """Return a service's kinds of resource, once for each format, with the letters that it has."""
    kinds = actions_by_type(prefix)
    split = (
        (name, PLACEHOLDER.split(format))
        for name, formats in resource_formats(prefix).items()
        if name in kinds
        for format in formats
    )
    return [(name, len("".join(parts)), in_order(parts)) for name, parts in split]
