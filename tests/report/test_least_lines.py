"""How the lines about rights name the functions of a role."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.model import App
from checkrein.model.least import Least, Leasts
from checkrein.report.least import text


@pytest.mark.parametrize(
    ("functions", "named"),
    [
        ("A", "A: least already"),
        ("A B", "A and B (role R): least already"),
        ("A B C", "A, B and C (role R): least already"),
        ("A B C D E", "A, B, C and 2 more (role R): least already"),
    ],
)
def test_functions_of_a_role_are_listed(functions: str, named: str) -> None:
    first, *others = (f"t/{name}" for name in functions.split())
    one = Least(first, "t/R", tuple(others), (), (), (), {})

    assert text(Leasts(Path(), App([]), (one,))).splitlines()[0] == named
