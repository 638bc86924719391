from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checkrein.iam import matches, overlap, subset
from checkrein.iam.patterns import witness

TABLES = "arn:aws:dynamodb:eu-west-1:111122223333:table/"
SYMBOL = "\ue000"


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("*", "", True),
        ("s3:Get*", "s3:GetObject", True),
        ("s3:Get*", "s3:getobject", False),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("a*c", "abcb", False),
        ("a.c", "abc", False),
        ("bucket/*", "bucket/*", True),
        ("bucket/*", "bucket", False),
        ("bucket/?", "bucket/*", False),
        (f"table/{SYMBOL}", f"table/{SYMBOL}", True),
        ("table/*", f"table/{SYMBOL}", True),
        ("table/?", f"table/{SYMBOL}", False),
        ("line*end", "line\nend", True),
    ],
)
def test_a_pattern_matches_the_whole_text(pattern: str, text: str, *, expected: bool) -> None:
    assert matches(pattern, text) is expected


def test_case_does_not_count_for_actions() -> None:
    assert matches("S3:GET*", "s3:getObject", fold=True)


def test_a_subset_has_no_witness_and_a_wider_set_shows_one() -> None:
    assert subset([f"{TABLES}Rides"], [f"{TABLES}*"]) is None
    assert subset([f"{TABLES}Rides*"], [f"{TABLES}Rides", f"{TABLES}R*/index/*"]) == (
        f"{TABLES}Ridesz"  # x and y stand in the patterns
    )


def test_questions_and_stars_together_can_cover_what_neither_does() -> None:
    assert subset(["a*"], ["a", "a?*"]) is None
    assert subset(["a*"], ["a", "a?", "a??*"]) is None
    assert subset(["a*"], ["a", "a??*"]) == "ax"


def test_a_witness_of_an_overlap_is_a_shortest_common_text() -> None:
    assert overlap("arn:*:b/x*", "arn:aws:*y") == "arn:aws:b/xy"
    assert overlap("a*", "b*") is None


def test_many_leading_stars_do_not_explode() -> None:
    patterns = [f"arn:*:service{i}:*:?{i}*" for i in range(12)]
    assert subset(["arn:aws:*"], patterns) is not None
    assert subset(patterns, ["arn:*:service*"]) is None


pattern_texts = st.text("ab*?", max_size=5)
pattern_lists = st.lists(pattern_texts, max_size=3)


def wildcard(pattern: str, text: str) -> bool:
    """Match by definition: try every split."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return any(wildcard(pattern[1:], text[i:]) for i in range(len(text) + 1))
    return bool(text) and pattern[0] in {"?", text[0]} and wildcard(pattern[1:], text[1:])


def any_of(patterns: list[str], text: str) -> bool:
    return any(wildcard(pattern, text) for pattern in patterns)


@given(pattern_texts, st.text("abc", max_size=6))
def test_matching_is_what_the_definition_says(pattern: str, text: str) -> None:
    assert matches(pattern, text) == wildcard(pattern, text)


@given(pattern_lists, pattern_lists, st.text("abc", max_size=6))
def test_a_subset_leaves_nothing_out(inner: list[str], outer: list[str], text: str) -> None:
    missed = subset(inner, outer)
    if missed is None:
        assert not any_of(inner, text) or any_of(outer, text)
    else:
        assert any_of(inner, missed)
        assert not any_of(outer, missed)


@given(pattern_texts, pattern_texts, st.text("abc", max_size=6))
def test_an_overlap_is_found_whenever_there_is_one(a: str, b: str, text: str) -> None:
    common = overlap(a, b)
    if common is None:
        assert not (wildcard(a, text) and wildcard(b, text))
    else:
        assert wildcard(a, common)
        assert wildcard(b, common)


@given(pattern_lists, pattern_lists, pattern_lists)
def test_the_automaton_agrees_with_both(a: list[str], b: list[str], none: list[str]) -> None:
    assert (witness([a], none) is None) == (subset(a, none) is None)
    both = witness([a, b], [])
    assert (both is None) == all(overlap(x, y) is None for x in a for y in b)
