"""Patterns that take exponential time on a text that is made for it.

Only what is plainly so counts: a repetition without bound, or with one that time does not reach,
of what is itself nothing but such a repetition (``(a+)+``, ``(a+ ?)*``, ``(a+|b)*``) or can be the
same in two ways (``(a|a)*``), with something after it that can fail.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from checkrein.code.harm.regular import letters, parsed, sre

if TYPE_CHECKING:
    from collections.abc import Sequence

REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT)
ENDS = (sre.AT_END, sre.AT_END_STRING)
LOOKING = (sre.ASSERT, sre.ASSERT_NOT)
NOTHING_READ = (sre.AT, *LOOKING)
MOST = 32  # ways that are looked at of what a group may be
ENDLESS = 25  # turns: two ways in each are more than thirty million


@cache
def exponential(pattern: str, *, whole: bool) -> bool:
    """Tell whether matching a pattern may take exponential time; ``whole`` for a full match."""
    return _any(parsed(pattern), fails=whole)


def _any(parts: Sequence[Any], *, fails: bool) -> bool:
    """Tell it of a sequence; ``fails`` tells whether what follows may not match."""
    for operator, argument in reversed(parts):
        if operator in REPEATS and _is_endless(argument) and fails and _is_ambiguous(argument[2]):
            return True
        if any(_any(inner, fails=fails) for inner in _inside(operator, argument)):
            return True
        fails = fails or _may_fail(operator, argument)
    return False


def _inside(operator: Any, argument: Any) -> list[Any]:
    if operator in REPEATS:
        return [argument[2]]
    if operator is sre.SUBPATTERN:
        return [argument[3]]
    if operator in LOOKING:
        return [argument[1]]
    return list(argument[1]) if operator is sre.BRANCH else []


def _may_fail(operator: Any, argument: Any) -> bool:
    if operator is sre.AT:
        return argument in ENDS
    if operator in LOOKING:
        return True
    return not _is_nullable([(operator, argument)])


def _is_endless(argument: Any) -> bool:
    return bool(argument[1] >= ENDLESS)  # no bound is the largest number


def _is_nullable(parts: Sequence[Any]) -> bool:
    """Tell whether a sequence may match nothing."""
    for operator, argument in parts:
        if operator in NOTHING_READ:
            continue
        if operator in REPEATS and (argument[0] == 0 or _is_nullable(argument[2])):
            continue
        if operator is sre.SUBPATTERN and _is_nullable(argument[3]):
            continue
        if operator is sre.BRANCH and any(map(_is_nullable, argument[1])):
            continue
        return False
    return True


def _is_ambiguous(body: Sequence[Any]) -> bool:
    """Tell whether the same letters can be one turn of a repetition or several."""
    options = _options(body)
    if any(option and option in options[:place] for place, option in enumerate(options)):
        return True
    for option in options:
        for position, (operator, argument) in enumerate(option):
            others = [*option[:position], *option[position + 1 :]]
            endless = operator in REPEATS and _is_endless(argument)
            if endless and _is_nullable(others) and letters(argument[2]):
                return True
    return False


def _options(body: Sequence[Any]) -> list[list[Any]]:
    """Return what a group may be, groups in it opened."""
    found: list[list[Any]] = [[]]
    for operator, argument in body:
        if operator is sre.SUBPATTERN:
            options = _options(argument[3])
        elif operator is sre.BRANCH:
            options = [option for branch in argument[1] for option in _options(branch)]
        elif operator in REPEATS and argument[1] == 1:
            options = [[], *_options(argument[2])]
        else:
            options = [[(operator, argument)]]
        found = [[*before, *option] for before in found for option in options][:MOST]
    return found
