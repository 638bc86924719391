"""Which patterns take exponential time: only those that plainly do."""

from __future__ import annotations

import pytest

from checkrein.catalog.uses import named
from checkrein.code.harm.backtracking import exponential
from checkrein.code.harm.regular import harmless_after


@pytest.mark.parametrize(
    ("pattern", "slow"),
    [
        (r"^(a+)+$", True),
        (r"(a*)*b", True),
        (r"/^([\w.]+)*@/", True),
        (r"^(\w+\s?)*$", True),
        (r"^(?:a+|b)*c", True),
        (r"((a+)?b?)*$", True),
        (r"(x(a+)+y)+z", True),
        (r"^(a|a)*$", True),
        (r"(\d?\d?:)*x", True),  # the same in two ways
        (r"(?:a{0,30}){0,30}b", True),  # a bound that time does not reach
        (r"(?=(a+)+$)b", True),
        (r"^(\d{1,3}\.){3}\d{1,3}$", False),
        (r"^(\d[ -]?){13,19}$", False),
        (r"(a+)+", False),  # nothing after it can fail
        (r"(a+)+b?", False),
        (r"^(a+b)*$", False),  # a letter ends each turn
        (r"^(a{1,3})+$", False),
        (r"^(a+){1,3}$", False),
        (r"^(?:a|b)+$", False),
        (r"^\w+(-\w+)*$", False),
        (r"(", False),
    ],
)
def test_slow_patterns(pattern: str, *, slow: bool) -> None:
    assert exponential(pattern, whole=False) is slow


def test_a_full_match_may_fail_at_the_end() -> None:
    assert exponential("(a+)+", whole=True)


@pytest.mark.parametrize(
    ("pattern", "replacement", "every", "expected"),
    [
        (r"/[^a-z0-9]/gi", "", False, {"sql", "command", "path", "html"}),
        (r"/[^a-z0-9]/i", "", False, set()),  # the first only
        (r"[^\w]+", "_", True, {"sql", "command", "path", "html"}),
        (r"[^\w]", ";", True, {"path", "html"}),
        (r"\/", "-", True, {"path"}),
        (r"/'/g", "''", False, set()),
        (r"/\r?\n/g", " ", False, set()),  # two letters are more than one
        (r"\n", " ", True, {"log", "header"}),
    ],
)
def test_a_text_is_as_harmless_as_what_is_left(
    pattern: str, replacement: str, *, every: bool, expected: set[str]
) -> None:
    families = {*named(harmless_after(pattern, replacement, every=every))}
    known = {"sql", "command", "path", "html", "log", "header"}
    found = known if families == {"all"} else families & known
    assert expected <= found
    assert bool(expected) == bool(found)
