"""Try every mutant, and print how many are told right: ``make promise``."""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

from checkrein.derive.surface import lines
from checkrein.pipeline import learn
from tests.promise import test_notations as notations
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
        if not only:
            wrong += _written(Path(folder) / "notations")
            wrong += _made(Path(folder) / "made")
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


def _written(folder: Path) -> int:
    """Print the figures of the shop in other notations; return how many mutants are told wrong."""
    wrong = 0
    for name in (notations.TF, notations.SLS):
        before = lines(learn([notations.folder_of(folder / name / "before", name)]).app)

        def told(edit: notations.Edit, at: Path, name: str = name, before: Any = before) -> Any:
            return notations.told(before, notations.folder_of(at, name, edit))

        missed = [
            mutation
            for mutation, (edit, words) in notations.CHANGING[name].items()
            if not notations.is_told(told(edit, folder / name / mutation), words)
        ]
        alarms = [
            mutation
            for mutation, edit in notations.NEUTRAL[name].items()
            if told(edit, folder / name / mutation)
        ]
        wrong += _counted(name, notations.CHANGING[name], missed, "change access")
        wrong += _counted(name, notations.NEUTRAL[name], alarms, "change nothing")
    return wrong


def _made(folder: Path) -> int:
    """Print the figures of what CDK made of the shop; return how many mutants are told wrong."""
    known = notations.MADE
    missed = [
        one.__name__
        for one, words in known
        if words and not notations.is_told(notations.made(one, folder / one.__name__), words)
    ]
    alarms = [
        one.__name__
        for one, words in known
        if not words and notations.made(one, folder / one.__name__)
    ]
    wrong = _counted("CDK", [one for one, words in known if words], missed, "change access")
    return wrong + _counted(
        "CDK", [one for one, words in known if not words], alarms, "change nothing"
    )


def _counted(name: str, tried: Collection[object], wrong: list[str], title: str) -> int:
    for each in wrong:
        print(f"{name} {each}")
    print(f"{name}: {len(tried)} mutants that {title}, {len(tried) - len(wrong)} told right")
    return len(wrong)


if __name__ == "__main__":
    sys.exit(main())
