"""A plain command line means what the library that reads all others takes it for."""

from pathlib import Path
from typing import Any

import pytest
from cyclopts import CycloptsError
from hypothesis import given
from hypothesis import strategies as st

from checkrein.cli import program  # noqa: F401 - it has the commands
from checkrein.cli.commands import commands
from checkrein.cli.scanning import LEVELS, Order, plain

WORDS = (
    *("scan", "--all", "--fail-on", "--persona", "--format", "--no-baseline", "--", "-", ""),
    *(*LEVELS, "HIGH", "regular", "auditor", "text", "json", "sarif", "json=out.json", "out"),
    *("a/b", ".", "~", "--fail-on=high", "--output", "-x", "diff"),
)


def read_by_library(words: list[str]) -> tuple[tuple[Path, ...], Order]:
    _, bound, _ = commands.parse_args(words, exit_on_error=False, print_error=False)
    bound.apply_defaults()
    found: dict[str, Any] = bound.arguments
    order = Order(fail_on=found["fail_on"], **vars(found["chosen"]), **vars(found["told"]))
    return tuple(found["paths"]), order


@given(words=st.lists(st.sampled_from(WORDS), max_size=6))
def test_plain_lines_mean_the_same(words: list[str]) -> None:
    found = plain(["scan", *words])

    if found is not None:
        assert found == read_by_library(["scan", *words])


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["scan"],
        ["scan", "a", "b"],
        ["scan", "--all", "a"],
        ["scan", "--fail-on", "medium", "--persona", "auditor", "--format", "json", "a"],
    ],
)
def test_what_most_people_type_is_plain(words: list[str]) -> None:
    assert plain(words) == read_by_library(words)


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["diff"],
        ["a"],
        ["scan", "--output", "x"],
        ["scan", "--fail-on"],
        ["scan", "--fail-on", "worst"],
        ["scan", "--", "a"],
    ],
)
def test_the_rest_is_left_to_the_library(words: list[str]) -> None:
    assert plain(words) is None


def test_the_library_refuses_what_is_no_level() -> None:
    with pytest.raises(CycloptsError):
        read_by_library(["scan", "--fail-on", "worst"])
