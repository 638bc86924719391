"""Many decisions at once: one caller's actions on many ARNs, as sets of bits.

What a pattern names of the ARNs is found once, however many callers and policies use it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from functools import reduce
from operator import and_, or_

from msgspec import Struct

from checkrein.iam.arns import Manner, covers, is_plain, matchers, misplaced
from checkrein.iam.conditions import Context
from checkrein.iam.matching import Matcher
from checkrein.iam.operators import has_symbol
from checkrein.iam.particulars import SERVICES, closed, guarded
from checkrein.iam.planes import NOWHERE, Outcome, Plane, combine, spread, union
from checkrein.iam.questions import Entry, Question, Standing
from checkrein.iam.rules import Rule
from checkrein.iam.symbols import Cover
from checkrein.iam.truth import NO, YES
from checkrein.iam.variables import QUESTION, STAR, Pieces, filled
from checkrein.late import regex

WILDCARD = regex(f"[*?{STAR}{QUESTION}]")
LAST = "\U0010ffff"


class Arns:
    """The ARNs that tables are about; each is a bit, in the order given.

    They may hold symbols of ``matcher``'s table, and wildcards.
    """

    def __init__(self, arns: Iterable[str], matcher: Matcher) -> None:
        self.arns = tuple(dict.fromkeys(arns))
        self.full = (1 << len(self.arns)) - 1
        self._matcher = matcher
        bits = [(arn, 1 << at) for at, arn in enumerate(self.arns)]
        self._plain = sorted(pair for pair in bits if is_plain(pair[0]))
        self._texts = [arn for arn, _ in self._plain]
        self._odd = [pair for pair in bits if not is_plain(pair[0])]
        self._planes: dict[tuple[str, Manner], Plane] = {}
        self._particular: dict[tuple[str, str], Plane] = {}

    def listed(self, bits: int) -> list[str]:
        """Return the ARNs that bits stand for."""
        return [arn for at, arn in enumerate(self.arns) if bits >> at & 1]

    def named(self, pattern: str, manner: Manner) -> Plane:
        """Return which ARNs a pattern names."""
        key = pattern, manner
        found = self._planes.get(key)
        if found is None:
            found = self._planes[key] = self._named(pattern, manner)
        return found

    def where(self, name: str, action: str, tell: Callable[[str], int]) -> Plane:
        """Return where something holds of an ARN, by a name under which it is kept."""
        found = self._particular.get((name, action))
        if found is None:
            planes = [spread(tell(arn), 1 << at) for at, arn in enumerate(self.arns)]
            found = self._particular[name, action] = union(planes)
        return found

    def element(self, rule: Rule, context: Context, unknown: int) -> Plane:
        """Return which ARNs a rule's Resource or NotResource names."""
        element = rule.element
        if element.everything:
            return Plane(self.full, self.full)
        found = union(
            _agreed(
                [self._template(pieces, element.manner, context, unknown) for pieces in options]
            )
            for options in element.values
        )
        named = found.inverted(self.full) if element.negated else found
        return Plane(0, named.possible) if element.lacks(context) else named

    def _template(self, template: Pieces, manner: Manner, context: Context, unknown: int) -> Plane:
        pattern = filled(template, context, self._matcher.symbols, open=unknown > NO)
        if pattern is None:
            return NOWHERE
        found = self.named(pattern, manner)
        return Plane(0, found.possible) if misplaced(template) else found

    def _named(self, pattern: str, manner: Manner) -> Plane:
        if has_symbol(pattern):
            return self._covered(pattern, manner, self._plain + self._odd)
        odd = self._covered(pattern, manner, self._odd)
        near = self._near(pattern)
        sure, possible = matchers(pattern, manner)
        certain = sum([bit for arn, bit in near if sure.fullmatch(arn)])
        alike = sure.pattern == possible.pattern
        perhaps = 0 if alike else sum([bit for arn, bit in near if possible.fullmatch(arn)])
        return Plane(certain | odd.certain, certain | perhaps | odd.possible)

    def _covered(self, pattern: str, manner: Manner, pairs: list[tuple[str, int]]) -> Plane:
        certain = possible = 0
        for arn, bit in pairs:
            cover = covers(pattern, arn, self._matcher, manner)
            certain |= bit if cover is Cover.ALL else 0
            possible |= bit if cover else 0
        return Plane(certain, possible)

    def _near(self, pattern: str) -> list[tuple[str, int]]:
        """Return the plain ARNs that a pattern may name, by what it begins with."""
        head = WILDCARD.split(pattern)[0]
        first, last = bisect_left(self._texts, head), bisect_left(self._texts, head + LAST)
        return self._plain[first:last]


def _agreed(planes: list[Plane]) -> Plane:
    """Return where all of several readings hold, and where some do."""
    return Plane(
        reduce(and_, (plane.certain for plane in planes)),
        reduce(or_, (plane.possible for plane in planes)),
    )


class Table(Struct, frozen=True):
    """Decisions on every action and ARN; an outcome's bits are ARNs, in the order of ``arns``."""

    arns: Arns
    outcomes: Mapping[str, Outcome]

    def allowed(self, action: str, *, perhaps: bool = False) -> list[str]:
        """Return the ARNs on which an action is allowed for certain, or also perhaps."""
        outcome = self.outcomes[action]
        return self.arns.listed(outcome.may if perhaps else outcome.must)


class Columns:
    """Makes the tables of one caller in one context."""

    def __init__(
        self, standing: Standing, arns: Arns, matcher: Matcher, context: Context, unknown: int
    ) -> None:
        self._standing, self._arns, self._matcher = standing, arns, matcher
        self._context, self._unknown = context, unknown
        self._rules: dict[int, Plane] = {}
        self._known: dict[tuple[object, ...], Outcome] = {}

    def outcome(self, action: str) -> Outcome:
        """Decide one action on all ARNs."""
        question = self._standing.question(action)
        if self._standing.free(question.action):
            return Outcome(self._arns.full, self._arns.full, 0)
        particular = question.action.partition(":")[0] in SERVICES
        key = (particular and action, *_signature(question))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._decided(question, particular=particular)
        return found

    def _decided(self, question: Question, *, particular: bool) -> Outcome:
        full = self._arns.full
        planes = {
            seat: union(map(self._plane, entries)) for seat, entries in question.seats.items()
        }
        own = self._particular(question.action) if particular else (NOWHERE, NOWHERE)
        return combine(self._standing.layers(full, planes, *own))

    def _particular(self, action: str) -> tuple[Plane, Plane]:
        who, matcher = self._standing.who, self._matcher
        return (
            self._arns.where("guarded", action, lambda arn: guarded(action, arn, matcher)),
            self._arns.where(who.kind, action, lambda arn: closed(action, arn, who, matcher)),
        )

    def _plane(self, entry: Entry) -> Plane:
        key = id(entry.rule)
        found = self._rules.get(key)
        if found is None:
            found = self._rules[key] = self._of_rule(entry.rule)
        return found if entry.sure == YES else Plane(0, found.possible)

    def _of_rule(self, rule: Rule) -> Plane:
        found = self._arns.element(rule, self._context, self._unknown)
        if rule.condition is None:
            return found
        holds = rule.condition(self._context, self._unknown)
        return Plane(found.certain if holds == YES else 0, found.possible if holds else 0)


def _signature(question: Question) -> tuple[object, ...]:
    """Return what tells one action's question from another's."""
    return tuple(
        (seat, tuple([(id(rule), sure) for rule, sure in entries]))
        for seat, entries in question.seats.items()
    )
