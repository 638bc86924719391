"""Dates and languages of Lambda's runtimes."""

from __future__ import annotations

from datetime import date

import pytest

from checkrein.catalog.runtimes import Runtime, runtime, runtimes


def test_a_runtime_past_its_end() -> None:
    assert runtime("python2.7") == Runtime(
        "python2.7", "python", date(2021, 7, 15), date(2021, 7, 15), date(2022, 5, 30)
    )


@pytest.mark.parametrize(
    ("id", "language"),
    [
        ("nodejs", "javascript"),
        ("nodejs22.x", "javascript"),
        ("python3.13", "python"),
        ("java8.al2", "java"),
        ("dotnet8", "dotnet"),
        ("go1.x", "go"),
        ("ruby3.3", "ruby"),
        ("provided.al2023", ""),
    ],
)
def test_language(id: str, language: str) -> None:
    found = runtime(id)
    assert found
    assert found.language == language


def test_what_aws_does_not_list() -> None:
    assert runtime("cobol85") is None


def test_every_runtime_has_an_end_and_is_blocked_before_changes_are() -> None:
    assert len(runtimes()) > 40
    for one in runtimes():
        assert one.deprecated
        assert not one.block_update or one.block_update >= (one.block_create or date.min)
