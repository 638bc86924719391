"""Placeholders are told from values that may be real."""

from __future__ import annotations

import pytest

from checkrein.catalog.placeholders import is_placeholder


@pytest.mark.parametrize(
    "text",
    [
        "changeme",
        "<your key>",
        "YOUR_API_KEY",
        "xxxx-xxxx",
        "example-secret",
        "password",
        "your-32-byte-key-here",
        "please fill",
        "to be defined",
        "TBD",
        "unused",
        "BLANK",
    ],
)
def test_placeholders(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    [
        "kRt7-correct-horse",
        "example4711",
        "8f3a9c",
        "hunter-two",
        "Fulfillment",
        "refillings",
        "unused-words",
    ],
)
def test_values(text: str) -> None:
    assert not is_placeholder(text)
