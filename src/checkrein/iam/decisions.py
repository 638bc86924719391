"""What a set of statements allows: for certain, in part, or perhaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from itertools import product
from typing import NamedTuple

from msgspec import Struct

from checkrein.iam.actions import (
    Patterns,
    Universe,
    interned,
    plainly,
    universe_of,
    universe_on,
)
from checkrein.iam.conditions import OF_AN_SDK, Context, condition_test
from checkrein.iam.documents import Statement
from checkrein.iam.matching import Matcher
from checkrein.iam.patterns import subset, witness
from checkrein.iam.planes import Layers, Outcome, Plane, combine, union
from checkrein.iam.symbols import Cover, Symbols
from checkrein.iam.truth import MAYBE, YES
from checkrein.model import Value


class Extent(Struct, frozen=True):
    """How far an action is allowed on what an ARN stands for.

    ``must``: for certain on all of it. ``some``: for certain on at least one resource of it (for
    an ARN without wildcards the same as ``must``). ``may``: there is a way to read the symbols and
    conditions under which it is allowed on some of it. ``statements`` are those that decided:
    first the denials that count, then what allows.
    """

    must: bool
    some: bool
    may: bool
    statements: tuple[Statement, ...] = ()


class Allowed(NamedTuple):
    """The actions allowed on one ARN, in the three grades of :class:`Extent`."""

    must: frozenset[str]
    some: frozenset[str]
    may: frozenset[str]


class _Say:
    """What a statement says of actions, wherever it stands; equal ones are one object."""

    __slots__ = ("actions", "denies", "layer", "negated", "sure")

    def __init__(
        self, layer: int, actions: Patterns, *, denies: bool, negated: bool, sure: bool
    ) -> None:
        self.layer = layer  # 0: the grants, then one for each limit
        self.actions = actions
        self.denies, self.negated = denies, negated
        self.sure = sure  # it applies to every request

    def bits(self, universe: Universe) -> tuple[int, int]:
        """Return which actions it names for certain, and which only perhaps."""
        certain, perhaps = universe.match_all(self.actions)
        return (universe.all & ~certain & ~perhaps, perhaps) if self.negated else (certain, perhaps)

    def cover(self, universe: Universe) -> Cover:
        """Return how it names the only action of a universe."""
        certain, perhaps = self.bits(universe)
        return Cover.ALL if certain else Cover.MAYBE if perhaps else Cover.NONE


_say = cache(_Say)


class _Rule(NamedTuple):
    """A statement made ready: patterns encoded, one tuple of alternatives for each value."""

    say: _Say
    statement: Statement
    resources: tuple[tuple[str, ...], ...]
    everything: bool  # it covers all of any ARN


class _Planes:
    """What one layer's statements say of the actions on one ARN, as bits."""

    def __init__(self) -> None:
        self.must = self.some = self.may = self.refused = self.doubted = self.parted = 0

    def add(self, say: _Say, cover: Cover, universe: Universe) -> None:
        """Add what a rule says that covers some of the ARN."""
        certain, perhaps = say.bits(universe)
        both, sure = certain | perhaps, cover if say.sure else Cover.MAYBE
        if say.denies:
            self.refused |= certain if sure is Cover.ALL else 0
            self.doubted |= both
            self.parted |= both if cover is Cover.SOME else 0
        else:
            self.may |= both
            self.some |= certain if sure >= Cover.SOME else 0
            self.must |= certain if sure is Cover.ALL else 0


def _combined(planes: Sequence[_Planes], full: int, certain: Sequence[int]) -> Outcome:
    own, *limits = [Plane(c, plane.may) for c, plane in zip(certain, planes, strict=True)]
    denied = union(Plane(plane.refused, plane.doubted) for plane in planes)
    return combine(Layers(full, own, limits=tuple(limits), denied=denied, ours=Plane(full, full)))


def _contested(planes: Sequence[_Planes]) -> int:
    """Return the actions for which parts have to be compared: denied, or allowed by two layers."""
    found = once = 0
    for plane in planes:
        partly = plane.may & ~plane.must
        found |= plane.parted | (once & partly)
        once |= partly
    return found


class _Weighed(NamedTuple):
    """What rules that cover an ARN allow on it, as far as that does not depend on the very ARN."""

    allowed: Allowed
    bits: tuple[int, int, int]  # ``must``, and ``some`` and ``may`` without what is contested
    contested: int  # the actions for which parts of the ARN have to be compared


@lru_cache(maxsize=16384)  # of some thousand pairs of policies and ARNs, a hundred are different
def _weighed(universe: Universe, layers: int, bearing: tuple[tuple[_Say, Cover], ...]) -> _Weighed:
    planes = [_Planes() for _ in range(layers)]
    for say, cover in bearing:
        planes[say.layer].add(say, cover, universe)
    wholly = _combined(planes, universe.all, [plane.must for plane in planes])
    alike = all(plane.some == plane.must for plane in planes)
    partly = wholly if alike else _combined(planes, universe.all, [p.some for p in planes])
    contested = _contested(planes) & wholly.may
    bits = wholly.must, partly.must & ~contested, wholly.may & ~contested
    return _Weighed(Allowed(*map(universe.names, bits)), bits, contested)


class Policy:
    """All the statements that bind one identity (or stand in one resource's policy).

    ``symbols`` is the app's table, with which the ARNs were encoded; without one, ARNs are plain
    text; ``matcher`` lets policies share what was compared. ``context`` are condition keys, in
    lower case, that every request has; others may have any value.

    An explicit Deny wins over every Allow. A statement with conditions allows only perhaps,
    and denies only perhaps, unless what every SDK does by itself decides them: it speaks TLS, in
    a current version. Principals are not looked at.

    ``limits`` are what has to allow as well, each the statements of one layer: a permissions
    boundary, a service control policy's level, an endpoint's policy. (Whose grants need which of
    these, an ``Authorizer`` knows.)
    """

    def __init__(
        self,
        statements: Iterable[Statement],
        symbols: Symbols | None = None,
        matcher: Matcher | None = None,
        context: Context = OF_AN_SDK,
        *,
        limits: Sequence[Iterable[Statement]] = (),
    ) -> None:
        self._layers = range(1 + len(limits))
        self._context = context
        self._symbols = symbols or Symbols()
        self._matcher = matcher or Matcher(self._symbols)
        self._rules = tuple(
            self._rule(layer, statement, outcome)
            for layer, group in enumerate((statements, *limits))
            for statement in group
            if (outcome := self._outcome(statement))
        )
        self._covers: dict[tuple[int, str], Cover] = {}
        self._naming: dict[str, tuple[int, ...]] = {}  # action -> the rules that allow it

    def decide(self, action: str, arn: str) -> Extent:
        """Decide one action on one ARN, plain or encoded, which may hold wildcards."""
        universe = universe_of(frozenset((action,)))
        rules = []
        for at, rule in enumerate(self._rules):
            named = rule.say.cover(universe)
            cover = min(named, self._resource_cover(at, arn)) if named else named
            if cover:
                rules.append((rule, cover))
        allows = [(rule, cover) for rule, cover in rules if not rule.say.denies]
        denies = [(rule, cover) for rule, cover in rules if rule.say.denies]
        if {rule.say.layer for rule, _ in allows} != set(self._layers):
            return Extent(must=False, some=False, may=False, statements=_written(denies))
        refused = [(rule, cover) for rule, cover in denies if rule.say.sure and cover is Cover.ALL]
        if refused:
            return Extent(must=False, some=False, may=False, statements=_written(refused))
        return self._extent(arn, allows, denies)

    def allowing(self, action: str, arn: str) -> list[Statement]:
        """Return the statements that allow an action on some of what an ARN stands for."""
        naming = self._naming.get(action)
        if naming is None:
            universe = universe_of(frozenset((action,)))
            naming = self._naming[action] = tuple(
                at
                for at, rule in enumerate(self._rules)
                if not rule.say.denies and not rule.say.layer and rule.say.cover(universe)
            )
        return [self._rules[at].statement for at in naming if self._resource_cover(at, arn)]

    def allowed(
        self, arns: Sequence[str], actions: frozenset[str] | None = None
    ) -> dict[str, Allowed]:
        """Return the actions allowed on each ARN; the same answers as ``decide``, in bulk.

        Asks about ``actions``, or about all that can be limited to an ARN of its shape.
        """
        fixed = None if actions is None else universe_of(actions)
        return {arn: self._allowed(arn, fixed or universe_on(arn)) for arn in arns}

    def _allowed(self, arn: str, universe: Universe) -> Allowed:
        bearing = []
        for at, rule in enumerate(self._rules):
            if any(rule.say.bits(universe)):
                cover = self._resource_cover(at, arn)
                if cover:
                    bearing.append((rule.say, cover))
        found = _weighed(universe, len(self._layers), tuple(bearing))
        if not found.contested:
            return found.allowed
        must, some, may = found.bits
        for action in universe.names(found.contested):
            bit, extent = universe.match(action), self.decide(action, arn)
            some |= bit if extent.some else 0
            may |= bit if extent.may else 0
        return Allowed(universe.names(must), universe.names(some), universe.names(may))

    def _extent(
        self, arn: str, allows: list[tuple[_Rule, Cover]], denies: list[tuple[_Rule, Cover]]
    ) -> Extent:
        """Decide where every layer has an allowance and no denial covers everything."""
        parted = [rule for rule, cover in denies if cover is Cover.SOME and rule.say.sure]
        doubtful = len(parted) < len(denies)
        layers = [[each for each in allows if each[0].say.layer == layer] for layer in self._layers]
        left = [chosen for chosen in product(*layers) if self._remains(arn, chosen, parted)]
        certain = [all(r.say.sure and c >= Cover.SOME for r, c in chosen) for chosen in left]
        whole = [any(r.say.sure and c is Cover.ALL for r, c in layer) for layer in layers]
        kept = {id(rule) for chosen in left for rule, _ in chosen}
        return Extent(
            must=all(whole) and not denies,
            some=any(certain) and not doubtful,
            may=bool(left),
            statements=_written(denies) + _written(pair for pair in allows if id(pair[0]) in kept),
        )

    def _remains(
        self, arn: str, chosen: Sequence[tuple[_Rule, Cover]], denies: list[_Rule]
    ) -> bool:
        """Tell whether one allowance of each layer leave a resource that no denial takes.

        Symbols count as letters; where it depends on them, something may remain.
        """
        parted = [rule for rule, cover in chosen if cover is not Cover.ALL]
        if any(cover is Cover.MAYBE for _, cover in chosen):
            return True
        if not denies and len(parted) < 2:  # noqa: PLR2004 - two parts may have nothing in common
            return True
        wanted, unwanted = [[arn]], []
        for rule, own in [*((rule, True) for rule in parted), *((rule, False) for rule in denies)]:
            patterns = [pattern for options in rule.resources for pattern in options]
            if not patterns:
                continue
            if own is bool(rule.statement.resources):
                wanted.append(patterns)
            else:
                unwanted.extend(patterns)
        return witness(wanted, unwanted) is not None

    def _outcome(self, statement: Statement) -> int:
        if not statement.conditions:
            return YES
        test = condition_test(statement.conditions, self._matcher, variables=statement.variables)
        return test(self._context, MAYBE)

    def _rule(self, layer: int, statement: Statement, outcome: int) -> _Rule:
        written = statement.resources or statement.not_resources
        resources = tuple(map(self._symbols.encode_pattern, written))
        say = _say(
            layer,
            self._patterns(statement.actions or statement.not_actions),
            denies=statement.effect == "Deny",
            negated=not statement.actions,
            sure=outcome == YES and not statement.when,
        )
        every = not resources or (bool(statement.resources) and ("*",) in resources)
        return _Rule(say, statement, resources, every)

    def _patterns(self, actions: tuple[Value, ...]) -> Patterns:
        if all(type(action) is str for action in actions):
            return plainly(actions)
        encode = self._symbols.encode
        return interned(tuple(tuple(text.lower() for text in encode(each)) for each in actions))

    def _resource_cover(self, at: int, arn: str) -> Cover:
        if self._rules[at].everything:
            return Cover.ALL
        found = self._covers.get((at, arn))
        if found is None:
            found = self._covers[at, arn] = self._covering(self._rules[at], arn)
        return found

    def _covering(self, rule: _Rule, arn: str) -> Cover:
        covers = [self._matcher.cover_value(options, arn) for options in rule.resources]
        if rule.statement.resources:
            return max(covers)
        if Cover.ALL in covers:
            return Cover.NONE
        if Cover.MAYBE in covers:
            return Cover.MAYBE
        patterns = [pattern for options in rule.resources for pattern in options]
        if Cover.SOME not in covers:
            return Cover.ALL
        return Cover.NONE if subset([arn], patterns) is None else Cover.SOME


def _written(rules: Iterable[tuple[_Rule, Cover]]) -> tuple[Statement, ...]:
    return tuple(rule.statement for rule, _ in rules)
