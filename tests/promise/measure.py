"""Try every mutant, and print how many are told right: ``make promise``."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.promise.kinds import CHANGING, NEUTRAL, every
from tests.promise.mutants import Kind
from tests.promise.surfaces import Surfaces, told_wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="kinds whose name contains this")
    only = parser.parse_args().only
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        surfaces = Surfaces(Path(folder))
        wrong = _tried("change access", CHANGING, surfaces, only)
        wrong += _tried("change nothing", NEUTRAL, surfaces, only)
    print(f"{time.perf_counter() - started:.0f} s")
    return 1 if wrong else 0


def _tried(title: str, kinds: tuple[Kind, ...], surfaces: Surfaces, only: str) -> int:
    """Print the figures of some kinds; return how many mutants are told wrong."""
    tried = wrong = 0
    for kind in kinds:
        if only not in kind.__name__:
            continue
        for mutant in every(kind):
            tried += 1
            found = told_wrong(mutant, surfaces)
            wrong += bool(found)
            for each in found:
                print(f"{mutant.name}\n    {each}")
    print(f"{len(kinds)} kinds that {title}: {tried} mutants, {tried - wrong} told right")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
