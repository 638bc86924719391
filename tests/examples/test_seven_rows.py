"""The talk's table: data declared as the talk's gives the talk's stars."""

from pathlib import Path

from checkrein.model import Row
from checkrein.pipeline import scan

EXAMPLE = Path(__file__).parents[2] / "examples" / "seven-rows"


def test_the_talks_stars() -> None:
    rows = {row.id: row.risk for row in scan([EXAMPLE]).app.every(Row) if row.type != "browser"}

    assert rows == {
        "rides/Zone": 1,
        "rides/Distribution": 3,
        "rides/Pages": 3,
        "rides/Riders": 3,
        "rides/Api": 3,
        "rides/Request": 3,
        "rides/Rides": 3,
    }
