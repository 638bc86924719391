"""The example's README names every planted fault, at its line."""

from __future__ import annotations

import re
from pathlib import Path

EXAMPLE = Path(__file__).parents[2] / "examples" / "wild-rydes"


def planted() -> dict[int, str]:
    found = {}
    for path in sorted(EXAMPLE.rglob("*")):
        if path.is_file() and ".checkrein" not in path.parts and path.name != "README.md":
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                fault = re.search(r"(?:#|//) fault (\d+)$", line)
                if fault:
                    found[int(fault[1])] = f"{path.relative_to(EXAMPLE)}:{number}"
    return found


def test_readme_names_every_fault_at_its_line() -> None:
    readme = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    told = {int(number): line for number, line in re.findall(r"\| (\d+) \| `(\S+)` \|", readme)}
    assert told == planted()
    assert sorted(told) == list(range(1, 14))
