"""A statement's Condition as a test of a request's context: no, perhaps or yes.

All operators and all their keys must hold; the values of one key are alternatives, and under a
negated operator none of them may match. A key that an open request does not give may be anything.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Final, NamedTuple

from checkrein.iam.matching import Matcher
from checkrein.iam.operators import (
    NEGATED,
    POSITIVE,
    TEXTUAL,
    Comparison,
    comparison,
    has_symbol,
)
from checkrein.iam.truth import MAYBE, NO, YES, agreed
from checkrein.iam.variables import (
    LITERAL,
    Pieces,
    Variable,
    filled,
    lacks_value,
    pieces,
    variable_keys,
)
from checkrein.model import Value
from checkrein.model.values import alternatives, plain_text

Context = Mapping[str, Value]  # keys in lower case
MOST_KNOWN = 4096  # answers kept for each test
Test = Callable[[Context, int], int]  # the int: NO, or MAYBE where other keys may be given

# What every AWS SDK does by itself: it speaks TLS, in a current version.
OF_AN_SDK: Final = {"aws:securetransport": "true", "s3:tlsversion": "1.3"}


# One page says that Bool takes variables, another that it does not.
VARIABLE: Final = TEXTUAL | {"bool"}


class Operator(NamedTuple):
    """An operator taken apart: ``ForAnyValue:StringNotLikeIfExists``."""

    base: str  # the positive operator, lower case; "null"
    negated: bool
    quantifier: str  # forallvalues, foranyvalue or empty
    if_exists: bool


def operator(name: str) -> Operator | None:
    """Take an operator's name apart, whose case does not count; None if there is none such."""
    quantifier, colon, rest = name.lower().rpartition(":")
    if colon and quantifier not in {"forallvalues", "foranyvalue"}:
        return None
    if rest == "null" and not colon:
        return Operator("null", negated=False, quantifier="", if_exists=False)
    positive = rest.removesuffix("ifexists")
    base = NEGATED.get(positive, positive)
    if base not in POSITIVE:
        return None
    return Operator(base, base != positive, quantifier, positive != rest)


def condition_test(conditions: Value, matcher: Matcher, *, variables: bool) -> Test:
    """Return the test of a whole Condition block; a part that cannot be told is MAYBE."""
    if not isinstance(conditions, dict):
        return _doubtful
    return _kept(
        [
            test
            for name, keys in conditions.items()
            for test in _tests(name, keys, matcher, variables=variables)
        ],
        keys_read(conditions, matcher),
        min,
    )


def keys_read(conditions: Value, matcher: Matcher) -> frozenset[str]:
    """Return the keys that a Condition block asks about, in lower case."""
    tests = conditions.values() if isinstance(conditions, dict) else ()
    found = set()
    for keys in tests:
        for key, values in keys.items() if isinstance(keys, dict) else ():
            found.add(str(key).lower())
            texts = [text for v in _flat(values) for text in matcher.symbols.encode(v)]
            found.update(variable_keys(map(pieces, texts)))
    return frozenset(found)


def _flat(values: Value) -> list[Value]:
    return [value for option in alternatives(values) for value in _listed(option)]


def any_of_conditions(tests: list[Test], keys: Iterable[str]) -> Test:
    """Return the test that one of several holds; ``keys`` are those that any of them asks about."""
    return _kept(tests, keys, max)


def _kept(tests: list[Test], keys: Iterable[str], choose: Callable[..., int]) -> Test:
    """Return the least or greatest answer of several tests, which the keys' values decide."""
    if len(tests) == 1:
        return tests[0]
    read, known = list(keys), dict[Value, int]()

    def kept(context: Context, unknown: int) -> int:
        if unknown:
            return choose([test(context, unknown) for test in tests], default=YES)
        values = tuple(map(context.get, read))
        found = known.get(values)
        if found is None:
            found = choose([test(context, NO) for test in tests], default=YES)
            if len(known) < MOST_KNOWN:
                known[values] = found
        return found

    return kept


def _tests(name: str, keys: Value, matcher: Matcher, *, variables: bool) -> Iterable[Test]:
    taken = operator(name)
    if taken is None or not isinstance(keys, dict):
        yield _doubtful
        return
    for key, values in keys.items():
        readings = [
            _test(taken, str(key).lower(), _listed(option), matcher, variables=variables)
            for option in alternatives(values)
        ]
        yield readings[0] if len(readings) == 1 else _either(readings)


def _doubtful(_context: Context, _unknown: int) -> int:
    return MAYBE


def _either(readings: list[Test]) -> Test:
    return lambda context, unknown: agreed(test(context, unknown) for test in readings)


def _listed(values: Value) -> list[Value]:
    return list(values) if isinstance(values, (list, tuple)) else [values]


def _test(
    taken: Operator, key: str, values: list[Value], matcher: Matcher, *, variables: bool
) -> Test:
    if taken.base == "null":
        return _null(key, values)
    wanted = _Values(taken, values, matcher, variables=variables)
    if taken.quantifier:
        test = _quantified(taken, key, wanted.match)
    else:
        test = _single(taken, key, wanted)
    holds_without = taken.negated or taken.quantifier == "forallvalues" or len(values) > 1
    return _doubting(taken, key, test, wanted) if wanted.keys and holds_without else test


def _doubting(taken: Operator, key: str, test: Test, wanted: _Values) -> Test:
    """Return a test in doubt where a variable has no value: that may void the statement."""

    def doubting(context: Context, unknown: int) -> int:
        found = test(context, unknown)
        if found < YES or (taken.if_exists and not _texts(context.get(key))):
            return found
        return MAYBE if wanted.lack(context) else found

    return doubting


EMPTY = ("", ("",))  # null to the set operators; whether to Null, is not documented


def _null(key: str, values: list[Value]) -> Test:
    """Null holds with ``true`` where the key is absent or has no value."""
    words = {plain_text(value).lower() for value in values}
    if not words <= {"true", "false"}:
        return _doubtful

    def null(context: Context, unknown: int) -> int:
        value = context.get(key)
        unsure = unknown if value is None else value in EMPTY
        if unsure and len(words) == 1:
            return MAYBE
        missing = value is None or value == ()
        return YES if ("true" if missing else "false") in words else NO

    return null


Match = Callable[[str, Context, int], int]


def _single(taken: Operator, key: str, values: _Values) -> Test:
    """Return the test of a key that has one value; what a value gives is kept."""
    absent = YES if taken.negated or taken.if_exists else NO
    several, others = _several(taken, values.match, absent), values.keys
    known: dict[Value, int] = {}

    def single(context: Context, unknown: int) -> int:
        value = context.get(key)
        if value is None:
            return MAYBE if unknown else absent
        if value.__class__ is not str or (unknown and others):
            return several(_texts(value), context, unknown)
        asked = (value, *map(context.get, others)) if others else value
        found = known.get(asked)
        if found is None:
            found = several((value,), context, unknown)
            if len(known) < MOST_KNOWN:
                known[asked] = found
        return found

    return single


def _several(
    taken: Operator, match: Match, absent: int
) -> Callable[[tuple[str, ...], Context, int], int]:
    """Return the answer for a key's values; with more than one, AWS documents only refusal."""
    negated = taken.negated

    def several(texts: tuple[str, ...], context: Context, unknown: int) -> int:
        if not texts:
            return absent
        found = max([match(text, context, unknown) for text in texts])
        if len(texts) > 1:
            return MAYBE if found or negated else NO
        return YES - found if negated else found

    return several


def _quantified(taken: Operator, key: str, match: Match) -> Test:
    every = taken.quantifier == "forallvalues"
    absent = YES if every or taken.if_exists else NO
    choose, negated = (min if every else max), taken.negated

    def quantified(context: Context, unknown: int) -> int:
        value = context.get(key)
        texts = _texts(value)
        if not texts:
            return MAYBE if unknown and value is None else absent
        if not any(texts):  # an empty text is an empty set, of a key that is there
            return YES if every else NO
        found = [match(text, context, unknown) for text in texts]
        whole = choose([YES - each for each in found] if negated else found)
        # a value that is known only when it is deployed may be empty, too
        return agreed((whole, YES if every else NO)) if all(map(_may_be_empty, texts)) else whole

    return quantified


def _may_be_empty(text: str) -> bool:
    return not text or (not text.isascii() and all(map(has_symbol, text)))


def _texts(value: Value) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, (tuple, list)):
        return tuple(map(plain_text, value))
    return (plain_text(value),)


class _Values:
    """The values of one key: plain ones compared once and for all, those with variables anew."""

    def __init__(
        self, taken: Operator, values: list[Value], matcher: Matcher, *, variables: bool
    ) -> None:
        self._base, self._matcher = taken.base, matcher
        # What cannot be read matches nothing; whether the opposite then holds is not documented.
        self._unreadable = MAYBE if taken.negated else NO
        self._exact: set[str] = set()
        self._plain: list[list[Comparison]] = []
        self._templates: list[list[Pieces]] = []
        for value in values:
            options = matcher.symbols.encode(value)
            self._add(options, variables=variables and taken.base in VARIABLE)
        self._only_exact = not self._plain and not self._templates
        # the other keys that what a value gives depends on
        self.keys = list(dict.fromkeys(variable_keys(chain.from_iterable(self._templates))))

    def _add(self, options: tuple[str, ...], *, variables: bool) -> None:
        templates = [pieces(text) if variables else (text,) for text in options]
        if any(isinstance(piece, Variable) for template in templates for piece in template):
            self._templates.append(templates)
            return
        texts = [str(template[0]) for template in templates]
        if self._base == "stringequals" and len(texts) == 1 and not has_symbol(texts[0]):
            self._exact.add(texts[0].translate(LITERAL))
        else:
            self._plain.append([self._comparison(text) for text in texts])

    def _comparison(self, wanted: str) -> Comparison:
        return comparison(self._base, wanted, self._matcher, unreadable=self._unreadable)

    def lack(self, context: Context) -> bool:
        """Tell whether a variable has no value, where there can be one."""
        return self._base in TEXTUAL and any(
            lacks_value(template, context)
            for templates in self._templates
            for template in templates
        )

    def match(self, value: str, context: Context, unknown: int) -> int:
        """Tell whether one of the values matches."""
        if value in self._exact:
            return YES
        if self._only_exact and value.isascii():
            return NO
        return max(self._answers(value, context, unknown), default=NO)

    def _answers(self, value: str, context: Context, unknown: int) -> Iterator[int]:
        if has_symbol(value):
            yield from (comparison("stringequals", e, self._matcher)(value) for e in self._exact)
        for options in self._plain:
            yield _of_options([compare(value) for compare in options])
        for templates in self._templates:
            yield _of_options([self._fill(t, value, context, unknown) for t in templates])

    def _fill(self, template: Pieces, value: str, context: Context, unknown: int) -> int:
        wanted = filled(template, context, self._matcher.symbols, open=unknown > NO)
        found = NO if wanted is None else self._comparison(wanted)(value)
        return found if self._base in TEXTUAL else min(found, MAYBE)


def _of_options(answers: list[int]) -> int:
    return answers[0] if len(answers) == 1 else agreed(answers)
