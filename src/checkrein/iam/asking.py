"""Several statements as one question about a request: whether any of them applies.

For resources known to the letter, all unconditional statements become one regular expression.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from checkrein.iam.conditions import Context
from checkrein.iam.questions import Entry
from checkrein.iam.truth import MAYBE, NO, YES

Ask = Callable[[str, Context, int], int]  # resource, context, unknown keys: NO, MAYBE or YES


def thorough(entries: Iterable[Entry]) -> Ask:
    """Return the question in its general form, for resources with symbols or wildcards."""
    asked = [(entry.rule.applies, entry.sure) for entry in entries]

    def ask(resource: str, context: Context, unknown: int) -> int:
        return max(
            [min(sure, applies(resource, context, unknown)) for applies, sure in asked], default=NO
        )

    return ask


def quick(entries: Iterable[Entry]) -> Ask:
    """Return the question for resources that are known to the letter."""
    sure, possible, rest = [], [], []
    for entry in entries:
        element = entry.rule.element
        plain = entry.sure == YES and entry.rule.condition is None
        if plain and element.everything:
            return _always
        if plain and element.expressions and not element.negated:
            sure.append(element.expressions.sure)
            possible.append(element.expressions.possible)
        else:
            rest.append(_one(entry))
    if possible and possible != sure:
        rest.append(_perhaps("|".join(possible)))
    if not sure:
        return _any(rest)
    return _certain("|".join(sure), rest)


def _always(_resource: str, _context: Context, _unknown: int) -> int:
    return YES


def _never(_resource: str, _context: Context, _unknown: int) -> int:
    return NO


def _perhaps(expression: str) -> Ask:
    match = re.compile(expression, re.DOTALL).fullmatch
    return lambda resource, _context, _unknown: MAYBE if match(resource) else NO


def _certain(expression: str, rest: list[Ask]) -> Ask:
    match = re.compile(expression, re.DOTALL).fullmatch
    if not rest:
        return lambda resource, _context, _unknown: YES if match(resource) else NO
    others = _any(rest)

    def ask(resource: str, context: Context, unknown: int) -> int:
        return YES if match(resource) else others(resource, context, unknown)

    return ask


def _any(asks: list[Ask]) -> Ask:
    if len(asks) < 2:  # noqa: PLR2004 - one needs no loop
        return asks[0] if asks else _never

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


def _one(entry: Entry) -> Ask:
    element, condition, limit = entry.rule.element, entry.rule.condition, entry.sure
    names = _always if element.everything else element.names
    if condition is None:
        return lambda resource, context, unknown: min(limit, names(resource, context, unknown))

    def ask(resource: str, context: Context, unknown: int) -> int:
        found = names(resource, context, unknown)
        if found:
            found = min(found, limit, condition(context, unknown))
        return found

    return ask
