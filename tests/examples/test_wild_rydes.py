"""The example's README names every planted fault, at its line, and a scan tells it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from checkrein import pipeline

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


TOLD = {  # by which check; that cards go into a queue is in the table
    1: "self-writable-privilege-attribute",
    2: "power-beyond-use",
    3: "power-beyond-use",
    4: "dangling-authorizer",
    5: "power-beyond-use",
    6: "public-route-to-powerful-function",
    7: "runtime-end-of-life",
    8: "plaintext-secret",
    9: "public-function-url",
    10: "data-in-logs",
    12: "unauthenticated-route-to-valuable-data",
    13: "data-in-logs",
}


def test_every_planted_fault_is_told(tmp_path: Path) -> None:
    copy = tmp_path / "wild-rydes"
    shutil.copytree(EXAMPLE, copy, ignore=shutil.ignore_patterns(".checkrein"))
    told = {
        (verdict.check, f"{place.path}:{line}")
        for verdict in pipeline.scan((copy,)).verdicts
        for finding in verdict.findings
        for place in (finding.place, *(step.place for step in (*finding.evidence, *finding.steps)))
        for line in range(place.line, place.end_line + 1)
    }
    lines = planted()
    assert [number for number, check in TOLD.items() if (check, lines[number]) not in told] == []
