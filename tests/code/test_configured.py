"""What rules give of values that variables of the environment decide."""

from __future__ import annotations

import pytest

from checkrein.code.domain.configured import DEEPEST, MISSING, SOME, Rule, Values, given, truth

KNOWN: dict[str, Values] = {
    "A": frozenset(("", "a")),
    "NONE": frozenset((None,)),
    "OR_NONE": frozenset((None, "a")),
    "SOME": frozenset((SOME,)),
    "MISSING": frozenset((MISSING,)),
}
X: Rule = ("is", "x")


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (("or", ("env", "A"), X), {"a", "x"}),
        (("and", ("env", "A"), X), {"", "x"}),
        (("or", ("env", "OTHER"), X), None),
        (("??", ("env", "OR_NONE"), X), {"a", "x"}),
        (("??", ("env", "A"), X), {"", "a"}),
        (("??", ("env", "MISSING"), X), {"x"}),
        (("kept", "x", ("env", "A")), {"", "a"}),
        (("kept", "a", ("env", "A")), None),
        (("kept", "a", ("env", "SOME")), None),
        (("text", "upper", ("env", "A")), {"", "A"}),
        (("text", "upper", ("env", "NONE")), None),
        (("has", "A"), {True}),
        (("has", "NONE"), {False}),
        (("has", "MISSING"), None),
        (("=", ("env", "A"), X), {False}),
        (("=", ("env", "SOME"), X), None),
        (("=", ("env", "SOME"), ("is", "")), {False}),
        (("=", ("env", "NONE"), ("is", 1)), {False}),
        (("=", ("env", "A"), ("is", 1)), None),
        (("in", ("env", "A"), frozenset(("a",))), {True, False}),
    ],
)
def test_what_a_rule_gives(rule: Rule, expected: set[object] | None) -> None:
    assert given(rule, KNOWN.get) == expected


def test_a_rule_of_too_many_levels_is_not_known() -> None:
    rule = X
    for _ in range(DEEPEST - 1):
        rule = ("not", ("not", rule))

    assert given(rule, KNOWN.get) is None
    assert truth(rule, KNOWN.get) is None
