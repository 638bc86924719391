"""Times scans that know what an earlier scan kept, beside one that knows nothing.

    make bench-cache                      our example
    make bench-cache FOLDER=../some-app   another application

Whole processes, medians of ten, the four ways in turn so that a busy machine slows all alike; on a
copy, with a key of its own. ``one file`` changes another file of code before each scan, or the
template where no code is.
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
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median

from checkrein.cache import VARIABLE, store
from checkrein.model import Summary
from checkrein.pipeline.reading import read

RUNS = 10
REMARKS = {".py": "#", ".yaml": "#", ".yml": "#", ".template": "#"}  # else //


def main() -> int:
    """Time each way and print a table."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "examples/wild-rydes").resolve()
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / "app"
        shutil.copytree(folder, copy, symlinks=True, ignore=shutil.ignore_patterns(store.FOLDER))
        os.environ["XDG_CACHE_HOME"] = name
        _print(copy, _timed(copy))
    return 0


def _timed(copy: Path) -> dict[str, list[tuple[float, float]]]:
    turn = itertools.cycle(_sources(copy))
    scan = [sys.executable, "-m", "checkrein", "scan", str(copy)]
    ways: dict[str, tuple[list[str], Callable[[], None]]] = {
        "no cache": ([*scan, "--no-cache"], lambda: None),
        "first": (scan, lambda: shutil.rmtree(copy / store.FOLDER, ignore_errors=True)),
        "again": (scan, lambda: None),
        "one file": (scan, lambda: _change(next(turn))),
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


def _change(file: Path) -> None:
    with file.open("a") as opened:
        opened.write(f"\n{REMARKS.get(file.suffix, '//')} changed\n")


def _run(command: list[str]) -> tuple[float, float]:
    """Return the seconds on the wall and of the processor."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _print(copy: Path, found: dict[str, list[tuple[float, float]]]) -> None:
    kept = (copy / store.FOLDER / store.FILE).stat().st_size / 1e6
    print(f"{'':10}{'wall s':>9}{'cpu s':>9}{'ratio':>8}   ({kept:.1f} MB are kept)")
    base = median(cpu for _, cpu in found["no cache"])
    for way, runs in found.items():
        wall, cpu = median(wall for wall, _ in runs), median(cpu for _, cpu in runs)
        print(f"{way:10}{wall:9.2f}{cpu:9.2f}{cpu / base:8.2f}")


if __name__ == "__main__":
    sys.exit(main())
