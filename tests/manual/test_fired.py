"""The page of what has fired names checks that exist, each never or somewhere."""

from __future__ import annotations

import re
from pathlib import Path

from checkrein.checks import load

PAGE = (Path(__file__).parents[2] / "docs" / "coverage-fired.md").read_text()


def test_each_check_stands_once_and_all_are_counted() -> None:
    _, elsewhere, never = PAGE.split("\n## ")
    silent = re.findall(r"^\| `([\w-]+)` \|", never, re.MULTILINE)
    told = re.findall(
        r"`([a-z-]+)`", "".join(re.findall(r"^\| (`.*?) \|", elsewhere, re.MULTILINE))
    )
    named = [*silent, *told]

    assert len(set(named)) == len(named)
    assert set(named) <= {check.id for check in load()}
    assert f"{256 - len(silent)} of 256" in PAGE
    assert silent == sorted(silent)
