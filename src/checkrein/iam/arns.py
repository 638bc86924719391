"""How Resource and NotResource name ARNs.

A pattern has up to two readings: what AWS documents for certain, and what it may mean besides.
They differ where a wildcard inside one of the first five parts would have to cross a colon
(only one that ends its part does so for certain), and for incomplete ARNs such as
``arn:aws:sqs``, which AWS completes with wildcards in identity policies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from checkrein.iam.conditions import Context
from checkrein.iam.documents import Statement
from checkrein.iam.matching import Matcher
from checkrein.iam.operators import has_symbol
from checkrein.iam.patterns import expression
from checkrein.iam.symbols import Cover
from checkrein.iam.truth import MAYBE, NO, YES, agreed
from checkrein.iam.variables import QUESTION, STAR, Pieces, Variable, filled, pieces

PARTS = 6
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
    parts = pattern.split(":", PARTS - 1)
    if parts[0] != "arn":
        return Reading(loose, loose)
    if len(parts) == PARTS:
        return Reading(":".join([*map(_part, parts[:-1]), expression(parts[-1])]), loose)
    completed = expression(complete(pattern))
    if manner.negated:
        return Reading(NEVER, f"{completed}|{loose}")
    if manner.completed:
        return Reading(completed, f"{completed}|{loose}")
    return Reading(rf"(?={loose}\Z){completed}", f"{completed}|{loose}")


def complete(pattern: str) -> str:
    """Add the parts that an incomplete ARN lacks, as wildcards."""
    return pattern + ":*" * (PARTS - 1 - pattern.count(":"))


def _part(pattern: str) -> str:
    """Return the expression of one of the first five parts, whose last ``*`` may cross colons."""
    within = expression(pattern.rstrip("*"), star="[^:]*", one="[^:]")
    return within + EVERYTHING if pattern.endswith("*") else within


@lru_cache(maxsize=65536)
def _matchers(pattern: str, manner: Manner) -> tuple[re.Pattern[str], re.Pattern[str]]:
    sure, possible = reading(pattern, manner)
    return re.compile(sure, re.DOTALL), re.compile(possible, re.DOTALL)


def is_plain(arn: str) -> bool:
    """Tell whether an ARN is one resource's, known to the letter; ``*`` alone names none."""
    return (arn.isascii() and "*" not in arn and "?" not in arn) or arn == "*"


def covers(pattern: str, arn: str, matcher: Matcher, manner: Manner) -> Cover:
    """Tell how much of an ARN, which may hold symbols and wildcards, a pattern names."""
    if is_plain(arn) and not has_symbol(pattern):
        sure, possible = _matchers(pattern, manner)
        if sure.fullmatch(arn):
            return Cover.ALL
        return Cover.MAYBE if possible.fullmatch(arn) else Cover.NONE
    letters = pattern.replace(STAR, "?").replace(QUESTION, "?")
    found = matcher.cover(letters, arn)
    if letters.startswith("arn:") and letters.count(":") < PARTS - 1 and not has_symbol(letters):
        found = _of_incomplete(found, matcher.cover(complete(letters), arn), manner)
    doubtful = found is Cover.ALL and (letters != pattern or _crosses(pattern))
    return Cover.MAYBE if doubtful else found


def _of_incomplete(as_written: Cover, completed: Cover, manner: Manner) -> Cover:
    if manner.negated:
        return Cover.MAYBE if as_written or completed else Cover.NONE
    if manner.completed and completed is Cover.ALL:
        return completed
    return completed if as_written is completed else Cover.MAYBE


@lru_cache(maxsize=65536)
def _crosses(pattern: str) -> bool:
    """Tell whether a wildcard that may not cross a colon for certain stands in a pattern."""
    sure, possible = reading(pattern, Manner(completed=True, negated=False))
    return pattern.count(":") >= PARTS - 1 and sure != possible


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
        every = not self.values or (not self.negated and ("*",) in (v[0] for v in self.values))
        self.everything = every
        self.has_variables = any(
            isinstance(piece, Variable) for options in self.values for t in options for piece in t
        )
        self.expressions = None if every else self._expressions()
        self._quick = _alternatives([self.expressions]) if self.expressions else None

    def _expressions(self) -> Reading | None:
        """Return one reading for all values where all of them are known."""
        templates = [template for options in self.values for template in options]
        plain = len(templates) == len(self.values) and all(map(_is_plain, templates))
        if not plain:
            return None
        readings = [reading(str(template[0]), self.manner) for template in templates]
        sure, possible = zip(*readings, strict=True)
        return Reading("|".join(sure), "|".join(possible))

    def names(self, arn: str, context: Context, unknown: int) -> int:
        """Tell whether the element names an ARN, which may hold symbols and wildcards."""
        if self.everything:
            return YES
        if self._quick and is_plain(arn):
            sure, possible = self._quick
            found = YES if sure.fullmatch(arn) else MAYBE if possible.fullmatch(arn) else NO
        else:
            found = max(
                agreed([self._names(template, arn, context, unknown) for template in options])
                for options in self.values
            )
        return YES - found if self.negated else found

    def _names(self, template: Pieces, arn: str, context: Context, unknown: int) -> int:
        pattern = filled(template, context, self._matcher.symbols, open=unknown > NO)
        if pattern is None:  # no resource matches; whether NotResource then does is doubtful
            return MAYBE if self.negated else NO
        return truth(covers(pattern, arn, self._matcher, self.manner))


def _is_plain(template: Pieces) -> bool:
    piece = template[0]
    return not isinstance(piece, Variable) and len(template) == 1 and not has_symbol(piece)


def _alternatives(
    readings: Iterable[Reading],
) -> tuple[re.Pattern[str], re.Pattern[str]]:
    sure, possible = zip(*readings, strict=True)
    return _joined(sure), _joined(possible)


def _joined(expressions: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(expressions), re.DOTALL)
