"""A fix is shown by the lines that it changes, not by those that only stand elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from checkrein.model import Edit, Place
from checkrein.report.diff import diff
from checkrein.report.secrets import Secrets

TABLE = 'resource "t" "a" {\n  name = "a"\n  key  = "id"\n}\n\nresource "t" "b" {\n}\n'


@pytest.mark.parametrize(
    ("edits", "shown"),
    [
        (
            (
                Edit(Place("main.tf", 2, 7, 2, 7), "   "),
                Edit(Place("main.tf", 3, 7, 3, 7), "   "),
                Edit(Place("main.tf", 3, 14, 3, 14), "\n  backup  = true"),
            ),
            ["+  backup  = true"],
        ),
        (
            (Edit(Place("main.tf", 4, 2, 4, 2), '\n\nresource "log" "a" {\n  days = 30\n}'),),
            ['+resource "log" "a" {', "+  days = 30", "+}"],
        ),
        (
            (Edit(Place("main.tf", 2, 10, 2, 13), '"c"'),),
            ['-  name = "a"', '+  name = "c"'],
        ),
    ],
)
def test_a_fix_is_the_lines_that_it_is_about(
    edits: tuple[Edit, ...], shown: list[str], tmp_path: Path
) -> None:
    (tmp_path / "main.tf").write_text(TABLE)
    assert list(diff(edits, tmp_path, Secrets())) == shown
