"""Times scans that know what an earlier scan kept, beside one that knows nothing.

    make bench-cache                      our example
    make bench-cache FOLDER=../some-app   another application

Whole processes, the ways in turn so that a busy machine slows all alike; on a copy, with a key of
its own, with the modules that Python compiled as a user has them. ``one remark`` adds a remark to
another file of code before each scan, ``one call`` a line that prints, or a remark to the template
where no code is. The budget is a share of the processor's time without a cache; a scan that finds
nothing changed has to stay below the first, one after a call below the second.
"""

from __future__ import annotations

import itertools
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from statistics import median

from checkrein.cache import VARIABLE, store
from checkrein.model import Summary
from checkrein.pipeline.reading import read

RUNS = 10
REMARKS = {".py": "#", ".yaml": "#", ".yml": "#", ".template": "#"}  # else //
CALLS = {
    ".py": "print(1)",
    ".js": "console.log(1)",
    ".mjs": "console.log(1)",
    ".ts": "console.log(1)",
}
BUDGETS = {"again": 0.25, "one call": 0.6}  # of the time without a cache
ASKED = 300  # ms on the wall of a quiet machine, for DVSA after one changed file


def main() -> int:
    """Time each way and print a table."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "examples/wild-rydes").resolve()
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "app"
        shutil.copytree(folder, copy, symlinks=True, ignore=shutil.ignore_patterns(store.FOLDER))
        os.environ["XDG_CACHE_HOME"] = name
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        _print(copy, _timed(copy))
    return 0


def _timed(copy: Path) -> dict[str, list[tuple[float, float]]]:
    turn = itertools.cycle(_sources(copy))
    scan = [sys.executable, "-m", "checkrein", "scan", str(copy)]
    ways: dict[str, tuple[list[str], Callable[[], None]]] = {
        "no cache": ([*scan, "--no-cache"], lambda: None),
        "first": (scan, lambda: shutil.rmtree(copy / store.FOLDER, ignore_errors=True)),
        "again": (scan, lambda: None),
        "one remark": (scan, lambda: _add(next(turn), {})),
        "one call": (scan, lambda: _add(next(turn), CALLS)),
    }
    found: dict[str, list[tuple[float, float]]] = {way: [] for way in ways}
    for _ in range(RUNS + 1):
        for way, (command, prepare) in ways.items():
            prepare()
            found[way].append(_run(command))
    return {way: runs[1:] for way, runs in found.items()}  # the first fills the disk's cache


def _sources(copy: Path) -> Iterable[Path]:
    """Return the files of code, the templates where there are none."""
    os.environ[VARIABLE] = "off"
    facts = read([copy], lambda _: None)
    del os.environ[VARIABLE]
    named = {name for fact in facts.code if isinstance(fact, Summary) for name in fact.files}
    templates = set(facts.templates.roots)
    return [copy / name for name in sorted(named - templates) or sorted(templates)]


def _add(file: Path, lines: Mapping[str, str]) -> None:
    remark = f"{REMARKS.get(file.suffix, '//')} changed"
    with file.open("a") as opened:
        opened.write(f"\n{lines.get(file.suffix, remark)}\n")


def _run(command: list[str]) -> tuple[float, float]:
    """Return the seconds on the wall and of the processor."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _print(copy: Path, found: dict[str, list[tuple[float, float]]]) -> None:
    files = (copy / store.FOLDER / name for name in (store.FILE, store.JUDGED))
    kept = sum(file.stat().st_size for file in files if file.is_file()) / 1e6
    heads = ("wall ms", "least", "cpu ms", "least", "ratio", "budget")
    print(f"{'':12}{''.join(f'{head:>9}' for head in heads)}   ({kept:.1f} MB are kept)")
    base = min(cpu for _, cpu in found["no cache"])
    for way, runs in found.items():
        walls, cpus = zip(*runs, strict=True)
        times = (median(walls), min(walls), median(cpus), min(cpus))
        ratio, budget = min(cpus) / base, BUDGETS.get(way)
        said = f"{budget:9.2f}{'' if ratio <= budget else '  TOO SLOW'}" if budget else ""
        print(f"{way:12}{''.join(f'{1000 * each:9.0f}' for each in times)}{ratio:9.2f}{said}")
    rescan = 1000 * min(wall for wall, _ in found["one call"])
    print(f"a scan after one changed line: {rescan:.0f} ms; asked for, of DVSA: {ASKED} ms")


if __name__ == "__main__":
    sys.exit(main())
