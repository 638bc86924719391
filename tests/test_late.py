"""Patterns that are compiled late: each is one, and says what one compiled at once would say."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import checkrein
from checkrein.late import Late, offered, regex

WORDS = st.text("ab1.\n", max_size=8)
PATTERNS = st.sampled_from([r"a+", r"(?P<first>a)|b(1)?", r"^\.$", r"(?i)AB", r"\n", r""])


def test_all_that_stand_in_modules_are_patterns() -> None:
    found = 0
    package = Path(checkrein.__file__).parent
    for file in package.rglob("*.py"):
        if "checkrein.late import regex" in file.read_text():
            module = ".".join(file.relative_to(package.parent).with_suffix("").parts)
            for name, value in vars(importlib.import_module(module)).items():
                if isinstance(value, Late):
                    assert isinstance(value.compiled(), re.Pattern), (module, name)
                    found += 1
    assert found > 300  # else nothing is looked at here


@given(PATTERNS, WORDS)
def test_what_they_find_is_what_a_pattern_finds(text: str, word: str) -> None:
    late, plain = regex(text), re.compile(text)
    assert str(late.search(word)) == str(plain.search(word))
    assert str(late.match(word)) == str(plain.match(word))
    assert str(late.fullmatch(word, 1)) == str(plain.fullmatch(word, 1))
    assert late.sub("-", word) == plain.sub("-", word)
    assert late.split(word) == plain.split(word)
    assert late.findall(word) == plain.findall(word)
    assert [m.span() for m in late.finditer(word)] == [m.span() for m in plain.finditer(word)]
    assert (late.pattern, late.flags, late.groupindex) == (
        plain.pattern,
        plain.flags,
        plain.groupindex,
    )


def test_flags_and_bytes_are_heeded() -> None:
    assert regex("a", re.IGNORECASE).match("A")
    assert regex(rb"\d").findall(b"a1") == [b"1"]


def test_a_text_that_is_no_pattern_is_told_at_its_first_use() -> None:
    late = regex("(")
    with pytest.raises(re.error):
        late.match("a")


def test_a_package_offers_names_from_where_they_are_made() -> None:
    found = offered("checkrein.iam", {"patterns": ("matches",)})

    assert found("matches")("s3:*", "s3:GetObject")
    with pytest.raises(AttributeError, match="no attribute 'missing'"):
        found("missing")
