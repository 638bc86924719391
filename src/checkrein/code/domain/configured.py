"""Values that the environment's variables alone decide, and what each then is.

A value of the domain says what may be; beside it a ``Configured`` says how it follows from
variables, as a rule: a tuple of a word and what it is about, other rules as a rule.

==================  ======================================================================
``env NAME``        the variable's text, None where it is not set
``is VALUE``        that constant
``has NAME``        whether the variable is set
``= A B``           whether both are equal
``in A VALUES``     whether it is one of these
``not A``           whether it is false
``and A…  or A…``   as in the languages; ``?? A B`` the second where the first is None
``text METHOD A``   what a method of texts makes of it
``kept PATTERN A``  the text, where the letters of a pattern do not occur in it
==================  ======================================================================

An operand of which nothing is known is None. What a rule gives is asked late: until a test needs
it, it is not known which variables matter.

A variable that no template sets may be set by hand, where code needs it: ``if (!process.env.KEY)
throw …`` is passed by whoever runs it at all. So whether it is there is not known; but it is none
of the texts that it is compared with, and its default stands in its place.

What each deployment chooses (DEPLOYED) is not known either, but is none of the names that people
give to their own machine: ``if (stage === "local")`` runs in no deployment.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from checkrein.code.domain.abstract import Abstract
from checkrein.model import DEPLOYED, MACHINES, Symbol, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

Rule = tuple[Any, ...]
Values = frozenset[Any]  # all that something may be
Ask = Callable[[str], Values | None]
MOST: Final = 64  # values, beyond which they count as not known
DEEPEST: Final = 24  # levels of a rule
MISSING: Final = b""  # of a variable that no template sets: nothing, or set by hand
ABSENT: Final[Values] = frozenset((None, MISSING))
SOME: Final = "\0"  # a text that is not known, and not empty
EMPTY: Final[Values] = frozenset((None, ""))
BY_HAND: Final[Values] = frozenset(("production", "prod", "live"))  # what is set by hand, if so
METHODS: Final[dict[str, Callable[[str], str]]] = {
    "lower": str.lower,
    "toLowerCase": str.lower,
    "casefold": str.casefold,
    "upper": str.upper,
    "toUpperCase": str.upper,
    "strip": str.strip,
    "trim": str.strip,
    "toString": str,
}


class Configured(Abstract):
    """A value that follows from variables of the environment by a rule."""

    __slots__ = ("rule",)

    def __init__(self, value: Abstract, rule: Rule) -> None:
        super().__init__(value.atoms, value.things, value.sources, value.open, value.arms)
        self.rule = rule

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return isinstance(other, Configured) and self.rule == other.rule and super().__eq__(other)

    def __hash__(self) -> int:
        return hash((self.atoms, self.sources, self.open, self.rule))


def bare(value: Abstract) -> Abstract:
    """Return a value without how it follows from the environment."""
    if type(value) is not Configured:
        return value
    return Abstract(value.atoms, value.things, value.sources, value.open, value.arms)


def rule_of(value: Abstract | None) -> Rule | None:
    """Return how a value follows from the environment; a text in the code needs nothing of it."""
    if value is None:
        return None
    if isinstance(value, Configured):
        return value.rule
    if len(value.atoms) != 1 or value.things or value.sources or value.open:
        return None
    (atom,) = value.atoms
    return None if isinstance(atom, (Symbol, Text)) else ("is", atom)


def names(rule: Rule | None) -> Iterator[str]:
    """Yield the variables that a rule asks for."""
    waiting = [] if rule is None else [rule]
    while waiting:
        word, *about = waiting.pop()
        if word in ("env", "has"):
            yield about[0]
        else:
            waiting += [one for one in about if isinstance(one, tuple)]


def given(rule: Rule | None, ask: Ask, depth: int = 0) -> Values | None:
    """Return all values that a rule gives, None where that is not known.

    ``ask`` gives those of a variable.
    """
    if rule is None or depth > DEEPEST:
        return None
    return RULES[rule[0]](rule, ask, depth + 1)


def _constant(rule: Rule, ask: Ask, depth: int) -> Values:  # noqa: ARG001 - a rule
    return frozenset((rule[1],))


def _variable(rule: Rule, ask: Ask, depth: int) -> Values | None:  # noqa: ARG001 - a rule
    return ask(rule[1])


def _is_set(rule: Rule, ask: Ask, depth: int) -> Values | None:  # noqa: ARG001 - a rule
    found = ask(rule[1])
    if found is None or not found.isdisjoint((MISSING, DEPLOYED)):
        return None
    return _each(found, lambda one: one is not None)


def _not(rule: Rule, ask: Ask, depth: int) -> Values | None:
    holds = truth(rule[1], ask, depth)
    return None if holds is None else frozenset((not holds,))


def _among(rule: Rule, ask: Ask, depth: int) -> Values | None:
    found, others = given(rule[1], ask, depth), rule[2]
    known = found is not None and _comparable(found, others)
    return _each(found, lambda one: one in others) if found is not None and known else None


def _equal(rule: Rule, ask: Ask, depth: int) -> Values | None:
    left, right = given(rule[1], ask, depth), given(rule[2], ask, depth)
    if left is None or right is None or len(left) * len(right) > MOST:
        return None
    pairs = [(one, other) for one in left for other in right]
    if not (_comparable(left, right) and _comparable(right, left)) or any(map(_converts, pairs)):
        return None
    return frozenset(type(one) is type(other) and bool(one == other) for one, other in pairs)


def _instead(rule: Rule, ask: Ask, depth: int) -> Values | None:
    found = given(rule[1], ask, depth)
    if found is None or found.isdisjoint(ABSENT):
        return found
    others = given(rule[2], ask, depth)
    return None if others is None else found - ABSENT | others


def _text(rule: Rule, ask: Ask, depth: int) -> Values | None:
    found = given(rule[2], ask, depth)
    texts = _texts(found)
    if found is None or texts is None:
        return None
    return frozenset(map(METHODS[rule[1]], texts)) | (found - texts)


def _kept(rule: Rule, ask: Ask, depth: int) -> Values | None:
    found = given(rule[2], ask, depth)
    texts = _texts(found)
    known = texts is not None and texts.isdisjoint((SOME, DEPLOYED))
    return found if known and not any(re.search(rule[1], one) for one in texts or ()) else None


def _texts(values: Values | None) -> frozenset[str] | None:
    """Return the texts among values, None where there is something else than a missing one."""
    texts = frozenset(one for one in values or () if isinstance(one, str))
    return None if values is None or not values <= texts | {MISSING} else texts


def _chosen(rule: Rule, ask: Ask, depth: int) -> Values | None:
    """Return what ``and`` (``or`` where a true operand ends it) gives of its operands."""
    ending = rule[0] == "or"
    found: Values = frozenset()
    last: Values = frozenset()
    for operand in rule[1:]:
        found |= {value for value in last if bool(value) is ending}
        values = given(operand, ask, depth)
        if values is None or len(found) > MOST:
            return None
        if all(bool(value) is ending for value in values):
            return found | values
        last = values
    return found | last


def truth(rule: Rule | None, ask: Ask, depth: int = 0) -> bool | None:
    """Return whether what a rule gives is true, None where that is not known."""
    if rule is not None and rule[0] in ("and", "or") and depth <= DEEPEST:
        ending = rule[0] == "or"
        found = [truth(operand, ask, depth + 1) for operand in rule[1:]]
        return ending if ending in found else None if None in found else not ending
    values = given(rule, ask, depth)
    said = {bool(value) for value in values or ()}
    open_ = values is None or not values.isdisjoint((MISSING, DEPLOYED))
    return None if open_ or len(said) != 1 else said.pop()


def _comparable(values: Values, others: Values) -> bool:
    """Tell whether it is known of values that are not known whether they are certain others."""
    if SOME in values and not others <= EMPTY:
        return False
    if DEPLOYED in values and not all(map(_is_machine, others)):
        return False
    return MISSING not in values or (None not in others and others.isdisjoint(BY_HAND))


def _is_machine(value: Any) -> bool:
    return isinstance(value, str) and value.lower() in MACHINES


def _each(values: Values, function: Callable[[Any], Any]) -> Values:
    return frozenset(map(function, values))


def _converts(pair: tuple[Any, Any]) -> bool:
    """Tell whether JavaScript makes one of the other before it compares: ``"1" == 1``."""
    return type(pair[0]) is not type(pair[1]) and ABSENT.isdisjoint(pair)


RULES: Final[dict[str, Callable[[Rule, Ask, int], Values | None]]] = {
    "is": _constant,
    "env": _variable,
    "has": _is_set,
    "not": _not,
    "in": _among,
    "=": _equal,
    "??": _instead,
    "text": _text,
    "kept": _kept,
    "and": _chosen,
    "or": _chosen,
}
