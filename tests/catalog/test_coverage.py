"""The page of coverage says what the checks say."""

from __future__ import annotations

from tools.coverage import TARGET, page


def test_the_page_is_of_these_checks() -> None:
    assert TARGET.read_text() == page(), "run tools/coverage.py"
