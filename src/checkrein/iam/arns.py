"""How Resource and NotResource name ARNs.

A pattern has up to two readings: what AWS documents for certain, and what it may mean besides.
They differ where a wildcard inside one of the first five parts would have to cross a colon
(only one that ends its part does so for certain), where the part that names the service has a
wildcard or a variable stands before the fifth colon (AWS says that neither can be), and for
incomplete ARNs such as ``arn:aws:sqs``, which AWS completes with wildcards in identity policies.
A variable without a value matches nothing, or makes the whole statement invalid.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from checkrein.iam.conditions import Context
from checkrein.iam.documents import Statement
from checkrein.iam.matching import Matcher
from checkrein.iam.operators import has_symbol
from checkrein.iam.patterns import expression
from checkrein.iam.symbols import IS_SYMBOL, Cover
from checkrein.iam.truth import MAYBE, NO, YES, agreed
from checkrein.iam.variables import (
    QUESTION,
    STAR,
    Pieces,
    Variable,
    filled,
    lacks_value,
    pieces,
    variable_keys,
)
from checkrein.model import Value

Ask = Callable[[str, Context, int], int]  # resource, context, unknown keys: NO, MAYBE or YES
MOST_KNOWN = 4096  # filled patterns kept for each template
PARTS = 6
SERVICE = 2
NEVER = r"(?!)"
EVERYTHING = ".*"


class Manner(NamedTuple):
    """In which element and policy a pattern stands, where that matters to what it means."""

    completed: bool  # an identity policy's incomplete ARN is completed
    negated: bool  # NotResource


class Reading(NamedTuple):
    """Regular expressions of the ARNs that a pattern names for certain, and perhaps."""

    sure: str
    possible: str


@lru_cache(maxsize=65536)
def reading(pattern: str, manner: Manner) -> Reading:
    """Return how a pattern reads on ARNs that are plain text."""
    loose = expression(pattern)
    if not pattern.startswith("arn:"):
        return Reading(NEVER if pattern.strip("*") else loose, loose)
    parts = complete(pattern).split(":", PARTS - 1)
    sure = ":".join([*map(_part, parts[:-1]), expression(parts[-1])])
    if {"*", "?"} & set(parts[SERVICE]):
        sure = NEVER
    missing = PARTS - 1 - pattern.count(":")
    if missing <= 0:
        return Reading(sure, loose)
    if manner.negated or not manner.completed:
        sure = rf"(?={':'.join(map(_part, parts[:-missing]))}\Z){sure}"
    return Reading(sure, f"{expression(complete(pattern))}|{loose}")


def complete(pattern: str) -> str:
    """Add the parts that an incomplete ARN lacks, as wildcards."""
    return pattern + ":*" * (PARTS - 1 - pattern.count(":"))


def _part(pattern: str) -> str:
    """Return the expression of one of the first five parts, whose last ``*`` may cross colons."""
    within = expression(pattern.rstrip("*"), star="[^:]*", one="[^:]")
    return within + EVERYTHING if pattern.endswith("*") else within


@lru_cache(maxsize=65536)
def matchers(pattern: str, manner: Manner) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return both readings of a pattern, compiled."""
    sure, possible = reading(pattern, manner)
    return re.compile(sure, re.DOTALL), re.compile(possible, re.DOTALL)


def is_plain(arn: str) -> bool:
    """Tell whether an ARN is one resource's, known to the letter; ``*`` alone names none."""
    return (arn.isascii() and "*" not in arn and "?" not in arn) or arn == "*"


def covers(pattern: str, arn: str, matcher: Matcher, manner: Manner) -> Cover:
    """Tell how much of an ARN, which may hold symbols and wildcards, a pattern names."""
    if is_plain(arn) and not has_symbol(pattern):
        sure, possible = matchers(pattern, manner)
        if sure.fullmatch(arn):
            return Cover.ALL
        return Cover.MAYBE if possible.fullmatch(arn) else Cover.NONE
    if arn == "*":  # a pattern that is a value not known may be "*" itself
        return Cover.NONE if IS_SYMBOL.sub("", pattern).strip("*") else Cover.MAYBE
    letters = pattern.replace(STAR, "?").replace(QUESTION, "?")
    found = matcher.cover(letters, arn)
    completed = complete(letters)
    if completed != letters and letters.startswith("arn:"):
        found = _of_incomplete(found, matcher.cover(completed, arn), manner)
    doubtful = found is Cover.ALL and (letters != pattern or _doubted(pattern))
    return Cover.MAYBE if doubtful else found


def _of_incomplete(as_written: Cover, completed: Cover, manner: Manner) -> Cover:
    if manner.completed and not manner.negated and completed is Cover.ALL:
        return completed
    return completed if as_written is completed else Cover.MAYBE


@lru_cache(maxsize=65536)
def _doubted(pattern: str) -> bool:
    """Tell whether a pattern has a reading in which it names less."""
    head = IS_SYMBOL.split(pattern)[0]
    if head != pattern and "arn:".startswith(head):  # a symbol may hold a whole ARN
        return False
    sure, possible = reading(pattern, Manner(completed=True, negated=False))
    return sure == NEVER or (pattern.count(":") >= PARTS - 1 and sure != possible)


def truth(cover: Cover) -> int:
    """Return whether all of what was asked about is covered."""
    return YES if cover is Cover.ALL else MAYBE if cover else NO


class Element:
    """A statement's Resource or NotResource; neither names everything."""

    def __init__(self, statement: Statement, matcher: Matcher, *, completed: bool) -> None:
        self.negated = bool(statement.not_resources)
        self._matcher = matcher
        self.manner = Manner(completed, self.negated)
        self.values: list[list[Pieces]] = [
            [pieces(text) if statement.variables else (text,) for text in options]
            for options in map(
                matcher.symbols.encode, statement.resources or statement.not_resources
            )
        ]
        templates = [template for options in self.values for template in options]
        self._filled = [each for each in templates if any(variable_keys([each]))]
        every = not self.negated and [("*",)] in self.values and not self._filled
        self.everything = every or not self.values
        self.keys = frozenset(variable_keys(templates))
        self.expressions = None if self.everything else self._expressions()

    def _expressions(self) -> Reading | None:
        """Return one reading for all values where all of them are known."""
        templates = [template for options in self.values for template in options]
        plain = len(templates) == len(self.values) and all(map(_is_plain, templates))
        if not plain:
            return None
        readings = [reading(str(template[0]), self.manner) for template in templates]
        return Reading(
            "|".join([each.sure for each in readings]),
            "|".join([each.possible for each in readings]),
        )

    def names(self, arn: str, context: Context, unknown: int) -> int:
        """Tell whether the element names an ARN, which may hold symbols and wildcards."""
        if self.everything:
            return YES
        found = max(
            agreed([self.of_template(template, arn, context, unknown) for template in options])
            for options in self.values
        )
        return self._weighed(YES - found if self.negated else found, context)

    def lacks(self, context: Context) -> bool:
        """Tell whether a variable has no value, which may make the whole statement invalid."""
        return any(lacks_value(template, context) for template in self._filled)

    def _weighed(self, found: int, context: Context) -> int:
        return MAYBE if found == YES and self.lacks(context) else found

    def quick(self) -> Ask | None:
        """Return ``names`` for ARNs that are known to the letter; None if it names everything."""
        if self.everything:
            return None
        if self.expressions is None:
            asks = [
                _of_template(options[0], self) if len(options) == 1 else _of_options(options, self)
                for options in self.values
            ]
            found = any_of(asks)
        else:
            found = _of_reading(self.expressions)
        asked = _inverted(found) if self.negated else found
        if not self._filled:
            return asked
        return lambda resource, context, unknown: self._weighed(
            asked(resource, context, unknown), context
        )

    def of_template(self, template: Pieces, arn: str, context: Context, unknown: int) -> int:
        """Tell whether one pattern, perhaps with variables, names an ARN."""
        pattern = filled(template, context, self._matcher.symbols, open=unknown > NO)
        if pattern is None:
            return NO
        found = truth(covers(pattern, arn, self._matcher, self.manner))
        return min(found, MAYBE) if misplaced(template) else found

    def of_filled(self, template: Pieces, context: Context) -> Ask:
        """Return the question of a template, filled from a context that gives all there is."""
        pattern = filled(template, context, self._matcher.symbols, open=False)
        if pattern is None or has_symbol(pattern):
            return lambda resource, values, unknown: self.of_template(
                template, resource, values, unknown
            )
        sure, possible = reading(pattern, self.manner)
        return _of_reading(Reading(NEVER if misplaced(template) else sure, possible))


@lru_cache(maxsize=16384)
def misplaced(template: Pieces) -> bool:
    """Tell whether a variable stands before the fifth colon."""
    colons = 0
    for piece in template:
        if isinstance(piece, Variable):
            return colons < PARTS - 1
        colons += piece.count(":")
    return False


def _is_plain(template: Pieces) -> bool:
    piece = template[0]
    return not isinstance(piece, Variable) and len(template) == 1 and not has_symbol(piece)


def any_of(asks: Sequence[Ask]) -> Ask:
    """Return whether any of one or more questions is answered with yes, or perhaps."""
    first, *others = asks
    if not others:
        return first

    def ask(resource: str, context: Context, unknown: int) -> int:
        best = NO
        for each in asks:
            found = each(resource, context, unknown)
            if found == YES:
                return YES
            if found:
                best = found
        return best

    return ask


def _of_reading(given: Reading) -> Ask:
    sure = re.compile(given.sure, re.DOTALL).fullmatch
    if given.sure == given.possible:
        return lambda resource, _context, _unknown: YES if sure(resource) else NO
    possible = re.compile(given.possible, re.DOTALL).fullmatch
    return lambda resource, _context, _unknown: (
        YES if sure(resource) else MAYBE if possible(resource) else NO
    )


def _inverted(ask: Ask) -> Ask:
    return lambda resource, context, unknown: YES - ask(resource, context, unknown)


def _of_options(options: Sequence[Pieces], element: Element) -> Ask:
    asks = [_of_template(template, element) for template in options]
    return lambda resource, context, unknown: agreed(
        [ask(resource, context, unknown) for ask in asks]
    )


def _of_template(template: Pieces, element: Element) -> Ask:
    """Return whether a pattern with variables names an ARN; patterns once filled are kept."""
    keys = list(variable_keys([template]))
    head = _literal_head(template)
    known: dict[tuple[Value, ...], Ask] = {}

    def ask(resource: str, context: Context, unknown: int) -> int:
        if not resource.startswith(head):
            return NO
        values = tuple(map(context.get, keys))
        found = None if unknown else known.get(values)
        if found is None:
            if unknown or len(known) > MOST_KNOWN:
                return element.of_template(template, resource, context, unknown)
            found = known[values] = element.of_filled(template, context)
        return found(resource, context, unknown)

    return ask


def _literal_head(template: Pieces) -> str:
    """Return what every ARN that the pattern names begins with."""
    first = template[0]
    if isinstance(first, Variable) or has_symbol(first) or STAR in first or QUESTION in first:
        return ""
    return re.split(r"[*?]", first)[0]
