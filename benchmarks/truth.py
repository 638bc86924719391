"""Scores critical and high findings against readings of real applications by hand.

    .venv/bin/python -m benchmarks.truth FOLDER

FOLDER holds checkouts, each in a folder OWNER__NAME, at the commits that
``benchmarks/truth/applications.tsv`` names. ``benchmarks/truth/judged.tsv`` says of each place that
a reader judged (docs/truth.md) whether the finding there was true, and nothing of where it is: a
digest stands for repository, check, file and line, so that nobody is pointed at. Printed is how
many of the judged places are still told, by verdict and by check, and how many places nobody has
judged. Rules are mended from what was read: this tells nothing of code that nobody has seen.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections import Counter
from collections.abc import Iterator
from csv import DictReader
from pathlib import Path

from checkrein import pipeline
from checkrein.cache import VARIABLE
from checkrein.model import Outcome, Severity

DATA = Path(__file__).parent / "truth"
VERDICTS = ("true", "arguable", "false")
HIGH = (Severity.CRITICAL, Severity.HIGH)
LEFT_OUT = "runtime-end-of-life"  # needs no reading
Place = tuple[str, str, str]  # repository, check, FILE:LINE


def main() -> int:
    """Scan what is there of the applications, and print the score."""
    folder = Path(sys.argv[1])
    os.environ[VARIABLE] = "off"
    judged = {row["place"]: row["verdict"] for row in _rows("judged.tsv")}
    told: dict[str, Place] = {}
    for row in _rows("applications.tsv"):
        checkout = folder / row["repository"].replace("/", "__")
        if checkout.is_dir():
            told |= {digest(each): each for each in places(row["repository"], checkout)}
    every = Counter((judged.get(key, "not judged"), check) for key, (_, check, _) in told.items())
    checks = sorted({check for _, check in every})
    for check in checks:
        print(f"{check:45}{_line(Counter({v: n for (v, c), n in every.items() if c == check}))}")
    total = Counter[str]()
    for (verdict, _), number in every.items():
        total[verdict] += number
    known = sum(total[verdict] for verdict in VERDICTS) or 1
    print(f"{'all':45}{_line(total)}   {total['true'] / known:.0%} of what was judged")
    return 0


def digest(place: Place) -> str:
    """Return what stands for a place: 16 hexadecimal digits of SHA-256."""
    return hashlib.sha256("|".join(place).encode()).hexdigest()[:16]


def places(repository: str, checkout: Path) -> Iterator[Place]:
    """Yield where critical and high findings of an application stand, causes in place of echoes."""
    for verdict in pipeline.scan((checkout,)).verdicts:
        if verdict.outcome is Outcome.FAIL and verdict.severity in HIGH:
            for finding in verdict.findings:
                if finding.cause is None and verdict.check != LEFT_OUT:
                    yield repository, verdict.check, str(finding.place)


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from DictReader(file, delimiter="\t")


def _line(counts: Counter[str]) -> str:
    said = " / ".join(str(counts[verdict]) for verdict in VERDICTS)
    return f"{said:>16}   {counts['not judged']} not judged"


if __name__ == "__main__":
    sys.exit(main())
