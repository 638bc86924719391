"""Several statements as one question about a request: whether any of them applies.

For resources known to the letter, all unconditional statements become one regular expression.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from checkrein.iam.arns import Ask, any_of
from checkrein.iam.conditions import Context, Test, any_of_conditions
from checkrein.iam.questions import Entry
from checkrein.iam.rules import Rule
from checkrein.iam.truth import MAYBE, NO, YES


def settled(entries: Iterable[Entry]) -> int | None:
    """Return the answer if it is the same for every request, None if it depends."""
    entries = list(entries)
    for rule, sure in entries:
        if sure == YES and rule.element.everything and rule.condition is None:
            return YES
    return None if entries else NO


def thorough(entries: Iterable[Entry]) -> Ask:
    """Return the question in its general form, for resources with symbols or wildcards."""
    asked = [(entry.rule.applies, entry.sure) for entry in entries]

    def ask(resource: str, context: Context, unknown: int) -> int:
        return max(
            [min(sure, applies(resource, context, unknown)) for applies, sure in asked], default=NO
        )

    return ask


def quick(entries: Iterable[Entry]) -> Ask:
    """Return the question for resources that are known to the letter; it must not be settled."""
    sure, possible, rest = [], [], []
    everywhere: list[Rule] = []
    for entry in entries:
        element = entry.rule.element
        plain = entry.sure == YES and entry.rule.condition is None
        if plain and element.expressions and not element.negated:
            sure.append(element.expressions.sure)
            possible.append(element.expressions.possible)
        elif entry.sure == YES and element.everything:
            everywhere.append(entry.rule)
        else:
            rest.append(_one(entry))
    if possible and possible != sure:
        rest.append(_perhaps("|".join(possible)))
    if everywhere:
        rest.insert(0, _everywhere(everywhere))
    if not sure:
        return any_of(rest)
    return _certain("|".join(sure), rest)


def _everywhere(rules: list[Rule]) -> Ask:
    """Return the question of statements about every resource, under conditions."""
    tests = [rule.condition for rule in rules if rule.condition]
    test = any_of_conditions(tests, frozenset[str]().union(*[rule.keys for rule in rules]))
    return lambda _resource, context, unknown: test(context, unknown)


def _always(_resource: str, _context: Context, _unknown: int) -> int:
    return YES


def _perhaps(expression: str) -> Ask:
    match = re.compile(expression, re.DOTALL).fullmatch
    return lambda resource, _context, _unknown: MAYBE if match(resource) else NO


def _certain(expression: str, rest: list[Ask]) -> Ask:
    match = re.compile(expression, re.DOTALL).fullmatch
    if not rest:
        return lambda resource, _context, _unknown: YES if match(resource) else NO
    others = any_of(rest)

    def ask(resource: str, context: Context, unknown: int) -> int:
        return YES if match(resource) else others(resource, context, unknown)

    return ask


def _one(entry: Entry) -> Ask:
    names, condition = entry.rule.element.quick() or _always, entry.rule.condition
    ask = names if condition is None else _under(condition, names)
    if entry.sure == YES:
        return ask
    return lambda resource, context, unknown: min(MAYBE, ask(resource, context, unknown))


def _under(condition: Test, names: Ask) -> Ask:
    if names is _always:  # a statement that concerns the caller only perhaps
        return lambda _resource, context, unknown: condition(context, unknown)

    def ask(resource: str, context: Context, unknown: int) -> int:
        found = names(resource, context, unknown)
        if found == YES:
            return condition(context, unknown)
        return min(found, condition(context, unknown)) if found else NO

    return ask
