"""What identities may do, as lines: on the app's resources, and on what lies outside it.

The policy engine has decided which actions an identity has (``Access``); the statements behind
them tell in which part of the resource, and under which condition. Statements that are split,
reordered or written another way give equal lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from checkrein.catalog.rights import rights as rights_of
from checkrein.derive.stacks.directory import Directory
from checkrein.derive.surface.told import Told
from checkrein.derive.surface.wording import actions, condition, joined, named, under
from checkrein.iam.actions import actions_on
from checkrein.iam.patterns import WILD
from checkrein.model import Access, App, Grant, Kind, Limit, Resource, Symbol, Text, Value
from checkrein.model.surface import BUT, EVERYTHING, WHERE
from checkrein.model.values import alternatives, symbols

ROOT = "account"  # the account's own identity in a key's policy only delegates
UNSURE = "not certain"
WHOLE = ("", "/*", ":*", "*")  # behind a resource's ARN: all of it
FEW = 3  # actions, from which on all of a service's are told as one


class Extent(NamedTuple):
    """Where a statement may allow actions: a part of a resource, "" for all, and a condition."""

    actions: tuple[str, ...]
    negated: bool
    part: str
    said: str


def rights(app: App, directory: Directory) -> Iterator[Told]:
    """Yield the rights of every identity, and what statements deny it."""
    book = _Statements(app, directory)
    for access in app.every(Access):
        if access.identity != ROOT:
            yield from book.right(access)
    for grant in app.every(Grant):
        if grant.identity == ROOT:
            continue
        if grant.effect == "Deny":
            yield from book.denial(grant)
        elif not grant.holder:
            yield from book.elsewhere(grant)
    yield from book.boundaries(app.every(Limit))


class _Statements:
    """The statements of an app, by whom they are about."""

    def __init__(self, app: App, directory: Directory) -> None:
        self._directory = directory
        self._own: defaultdict[str, list[Grant]] = defaultdict(list)
        self._held: defaultdict[tuple[str, str], list[Grant]] = defaultdict(list)
        for grant in app.every(Grant):
            if grant.effect == "Allow":
                self._own[grant.identity].append(grant)
            if grant.effect == "Allow" and grant.holder:
                self._held[grant.identity, grant.holder].append(grant)
        self._listed: dict[tuple[int, bool], tuple[str, ...]] = {}
        self._arns = cache(self._arns_of)
        self._extents = cache(self._extents_of)
        self._all = cache(self._all_actions)
        self._named = {
            arn for id in directory.resources for arn in self._arns(id) if not arn.endswith("*")
        }

    def right(self, access: Access) -> Iterator[Told]:
        """Yield an identity's actions that give one right over one resource.

        Those that it has on everything are told once, not of each resource.
        """
        target = self._directory.resources[access.target]
        extents = self._extents(access.identity, target.id)
        words = _words(access.actions, extents, certain=access.certain)
        if words:
            key = f"{access.target} {access.right}"
            values = self._shortened(words, target, access.right)
            yield Told(Kind.RIGHT, access.identity, key, values, access.evidence)

    def elsewhere(self, grant: Grant) -> Iterator[Told]:
        """Yield what a statement allows on resources that are not the app's, or on any."""
        said = condition(grant)
        for pattern in self._patterns(grant, outside=True):
            key = f"{BUT}{pattern}" if grant.not_resources else pattern
            values = tuple(under(word, said) for word in actions(grant))
            yield Told(Kind.RIGHT, grant.identity, key, values, grant.evidence)

    def denial(self, grant: Grant) -> Iterator[Told]:
        """Yield what a statement denies, by what it is about."""
        said = condition(grant, met=False)
        about = grant.holder or joined(self._patterns(grant))
        key = f"{BUT}{about}" if grant.not_resources else about
        values = tuple(under(word, said) for word in actions(grant))
        yield Told(Kind.DENIAL, grant.identity, key, values, grant.evidence)

    def boundaries(self, limits: Sequence[Limit]) -> Iterator[Told]:
        """Yield what permission boundaries leave to identities, as one value each."""
        left: defaultdict[str, list[Limit]] = defaultdict(list)
        for limit in limits:
            left[limit.identity].append(limit)
        for identity, found in left.items():
            words = [
                under(f"{each.effect.lower()} {joined(actions(each))} on "
                      f"{joined(self._patterns(each))}", condition(each))
                for each in found
            ]  # fmt: skip
            value = f"{BUT}what its boundary says: {joined(words)}"
            yield Told(Kind.DENIAL, identity, "boundary", (value,), found[0].evidence)

    def _extents_of(self, identity: str, target: str) -> tuple[Extent, ...]:
        """Return what statements may allow on a resource."""
        return tuple(
            dict.fromkeys(
                Extent(grant.actions, grant.not_actions, part, condition(grant))
                for grant in (*self._own[identity], *self._held[identity, target])
                if grant.holder in {"", target}
                for part in self._parts(grant, target)
            )
        )

    def _parts(self, grant: Grant, target: str) -> Iterator[str]:
        """Yield which parts of a resource a statement is about; "" is all of it."""
        if grant.not_resources:
            yield f"{BUT}{joined(self._patterns(grant))}"
            return
        for pattern in self._patterns(grant) or (EVERYTHING,):
            everything = pattern == EVERYTHING and not grant.holder
            part = EVERYTHING if everything else _part(pattern, self._arns(target))
            if part is not None:
                yield part

    def _patterns(self, grant: Grant, *, outside: bool = False) -> tuple[str, ...]:
        """Return what a Resource lists, canonical; ``outside``: only what is not the app's."""
        if (id(grant), outside) not in self._listed:
            self._listed[id(grant), outside] = self._read(grant, outside=outside)
        return self._listed[id(grant), outside]

    def _read(self, grant: Grant, *, outside: bool) -> tuple[str, ...]:
        listed = [option for value in grant.resources for option in alternatives(value)]
        if outside:
            listed = [option for option in listed if not self._is_ours(option)]
        return tuple(dict.fromkeys(map(self._text, listed)))

    def _is_ours(self, value: Value) -> bool:
        """Tell whether a value is the ARN of one of the app's resources, or of a part of one."""
        if any(symbol.owner in self._directory.resources for symbol in symbols(value)):
            return True
        pattern = self._text(value)
        ends = [end for end, letter in enumerate(pattern) if letter in "/:"]
        return any(pattern[:end] in self._named for end in (*ends, len(pattern)))

    def _arns_of(self, target: str) -> tuple[str, ...]:
        found = self._directory.arns(self._directory.resources[target])
        return tuple(map(self._text, found))

    def _text(self, value: Value) -> str:
        """Return a value as text; what a reference stands for may hold references again."""
        return str(self._directory.canonical(self._directory.canonical(value)))

    def _shortened(self, words: Iterable[str], target: Resource, right: str) -> tuple[str, ...]:
        """Tell all of a service's actions that give a right over a resource as one."""
        kept = set(words)
        for service, all in self._all(target.id, right).items():
            if len(all) >= FEW and all <= kept:
                kept = (kept - all) | {f"{service}:*"}
        return tuple(sorted(kept))

    def _all_actions(self, target: str, right: str) -> dict[str, frozenset[str]]:
        found: defaultdict[str, set[str]] = defaultdict(set)
        for arn in self._directory.arns(self._directory.resources[target]):
            for action in actions_on(_shape(arn)):
                if right in rights_of(action):
                    found[action.partition(":")[0]].add(action)
        return {service: frozenset(all) for service, all in found.items()}


@lru_cache(maxsize=4096)
def _words(
    given: tuple[str, ...], extents: tuple[Extent, ...], *, certain: bool
) -> tuple[str, ...]:
    """Return each action, with the parts and conditions it is allowed in, unless it is on all."""
    allowed = [
        (named(each.actions, given, negated=each.negated), (each.part, each.said))
        for each in extents
    ]
    words: list[str] = []
    for action in given:
        every = {extent for fits, extent in allowed if action in fits}
        found = {(part, said) for part, said in every if part != EVERYTHING}
        if every and not found:
            continue
        if ("", "") in found or not found:
            words.append(action if certain else under(action, UNSURE))
            continue
        for part, said in sorted(found):
            unsure = "" if certain or said else UNSURE
            words.append(under(f"{action}{WHERE}{part}" if part else action, said or unsure))
    return tuple(words)


def _part(pattern: str, arns: Sequence[str]) -> str | None:
    """Return which part of a resource a pattern is about: "" for all of it, None for nothing.

    A pattern that may name the resource by a wildcard stands for all of it.
    """
    for arn in arns:
        if not arn.endswith("*") and pattern.startswith(arn):
            rest = pattern[len(arn) :]
            if rest in WHOLE:
                return ""
            if rest[0] in "/:":
                return rest[1:]
    return "" if not arns or pattern in arns or _may_name(pattern, arns) else None


def _may_name(pattern: str, arns: Sequence[str]) -> bool:
    """Tell whether a pattern with wildcards may name one of some ARNs by them."""
    head, *between = WILD.split(pattern)
    return any(arn.startswith(head) and arn.endswith(end) for end in between[-1:] for arn in arns)


def _shape(arn: Value) -> str:
    """Return an ARN with a letter for what is not known, as the policy engine reads shapes."""
    if isinstance(arn, (Text, Symbol)):
        parts = arn.parts if isinstance(arn, Text) else (arn,)
        return "".join(part if isinstance(part, str) else "x" for part in parts)
    return str(arn)
